"""What the best interest campaign waives of a plan's fee, and who funds it.

# Note [Mixed baskets]
A campaign that covers only some lines waives the fee on their share of the financed amount: the financed amount is
allocated to the lines by what is payable for each, and the fee follows. 5,000.00 financed of which 3,000.00 is in scope,
fee 375.00: 225.00 can be waived. Its minimum and maximum test the whole financed amount.
"""

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from domain.funding import fund
from domain.money import Rounding, allocate, divide
from domain.offers import LenderProduct, Offer, TermOffer
from domain.plan_terms import Loan, lender_fee
from domain.priced import FunderAmount
from domain.purchase import Purchase
from domain.rates import PPM, apply


class Financing(Struct, frozen=True, gc=False, kw_only=True):
    """What is financed, minor units, and when. `by_line` is the financed amount allocated to the basket's lines.

    `interest` are the interest-lane offers that meet the basket, with the positions of their lines, in stacking order.
    """

    purchase: Purchase
    financed_minor: int
    by_line: tuple[int, ...]
    sold_on: date
    merchant_id: str
    interest: tuple[tuple[Offer, tuple[int, ...]], ...]


class Waiver(Struct, frozen=True, gc=False, kw_only=True):
    """What one campaign waives of one plan's fee."""

    offer: Offer
    term: TermOffer
    fee_minor: int
    waived_minor: int


def allocate_financed(*, financed_minor: int, payables: Sequence[int]) -> tuple[int, ...]:
    """The financed amount on the lines, by what is payable for each."""
    if financed_minor == 0:
        return (0,) * len(payables)
    return tuple(allocate(total=financed_minor, weights=payables))


def best_waiver(*, product: LenderProduct, loan: Loan, financing: Financing) -> Waiver | None:
    """The campaign that waives most; among equals the larger priority, then the campaign id (the order they come in)."""
    best: Waiver | None = None
    fee: int | None = None
    for offer, lines in financing.interest:
        term = _term_of(offer=offer, product=product, months=loan.term, financed_minor=loan.financed_minor)
        if term is None:
            continue
        if fee is None:
            fee = lender_fee(loan)
        waived = _waived(offer=offer, term=term, fee_minor=fee, lines=lines, financing=financing)
        if waived > 0 and (best is None or waived > best.waived_minor):
            best = Waiver(offer=offer, term=term, fee_minor=fee, waived_minor=waived)
    return best


def _term_of(*, offer: Offer, product: LenderProduct, months: int, financed_minor: int) -> TermOffer | None:
    for term in offer.terms:
        if term.term != months or (term.lenders and product.lender_id not in term.lenders):
            continue
        above = term.min_minor is None or financed_minor >= term.min_minor
        if above and (term.max_minor is None or financed_minor <= term.max_minor):
            return term
    return None


def _waived(*, offer: Offer, term: TermOffer, fee_minor: int, lines: tuple[int, ...], financing: Financing) -> int:
    if len(lines) < len(financing.by_line):
        covered = sum([financing.by_line[position] for position in lines])
        fee_minor = divide(
            numerator=fee_minor * covered, denominator=financing.financed_minor, rounding=Rounding.HALF_EVEN
        )
    waived = fee_minor
    if term.waived_share_ppm != PPM:
        waived = apply(rate_ppm=term.waived_share_ppm, to=fee_minor, rounding=Rounding.HALF_EVEN)
    return waived if offer.cap_minor is None else min(waived, offer.cap_minor)


def waiver_funders(*, product: LenderProduct, waiver: Waiver | None, merchant_id: str) -> tuple[FunderAmount, ...]:
    """The lender's own share first, by its agreement; the campaign's funders share the rest."""
    if waiver is None:
        return ()
    lender = apply(rate_ppm=product.funder_share_lender_ppm, to=waiver.waived_minor, rounding=Rounding.HALF_EVEN)
    own = (FunderAmount("lender", product.lender_id, lender),) if lender else ()
    funders = waiver.term.funders or waiver.offer.funders
    return own + fund(total=waiver.waived_minor - lender, funders=funders, merchant_id=merchant_id)
