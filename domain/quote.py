"""The one implementation of pricing: a purchase and a catalogue in, a quote that explains itself out.

The same function serves a single quote, a listing page, the portal's preview, a back-test and the replay of an old
quote. It reads no clock and no database, and the order of lines, offers and coupons never changes money: lines are
taken in the order of their ids (`2` before `10`).
"""

from typing import ClassVar

from msgspec.structs import replace

from domain.contest import lane_ranks, pose
from domain.eligibility import Reason, setting_of, withheld
from domain.errors import DomainError
from domain.index import Index, build_index
from domain.money import Rounding
from domain.offers import Catalogue, Offer
from domain.plans import plan_options
from domain.priced import Amounts, Priced, Withheld
from domain.purchase import Line, Purchase
from domain.rates import apply
from domain.screening import InterestOffer, Screened, screen
from domain.stacking import choose
from domain.waivers import Financing, allocate_financed
from domain.waterfall import Waterfall, read


class DownPaymentTooHigh(DomainError):
    """The down payment is above what the merchant allows of the payable amount."""

    code: ClassVar[str] = "down_payment_too_high"
    status: ClassVar[int] = 422
    pointer: ClassVar[str | None] = "/down_payment"


def price(*, purchase: Purchase, catalogue: Catalogue, index: Index | None = None, explain_all: bool = False) -> Priced:
    """Price a basket: waterfall, plans, verdicts. Amounts in minor units of the purchase's currency.

    5,999.00 less 500.00 instant discount less 15 % subsidy capped at 500.00 is 4,999.00; over 12 months at 7.5 % the
    lender's fee is 374.92. `explain_all` also judges the offers that are wholly out of scope (slower).
    Raises DownPaymentTooHigh.
    """
    drawers = build_index(catalogue) if index is None else index
    purchase = _in_id_order(purchase)
    setting = setting_of(purchase=purchase, merchant=catalogue.merchant)
    screened = screen(setting=setting, catalogue=catalogue, index=drawers, explain_all=explain_all)
    ranks = _ranks(screened)
    field = pose(eligible=screened.price, basket=purchase.lines, index=drawers, ranks=ranks)
    chosen = choose(field)
    waterfall = read(field=field, chosen=chosen, ranks=ranks, merchant_id=catalogue.merchant.id)
    amounts = _amounts(purchase=purchase, waterfall=waterfall, catalogue=catalogue, ranks=ranks)
    interest, barred = _interest(screened, waterfall, drawers, purchase, amounts.financed_minor)
    plans, plan_verdicts = plan_options(
        financing=Financing(
            purchase=purchase,
            financed_minor=amounts.financed_minor,
            by_line=allocate_financed(financed_minor=amounts.financed_minor, payables=waterfall.running),
            sold_on=setting.local.date(),
            merchant_id=catalogue.merchant.id,
            interest=interest,
        ),
        products=drawers.products,
        explain_all=explain_all,
    )
    return Priced(
        currency=purchase.currency,
        amounts=amounts,
        waterfall=waterfall.reductions,
        plans=plans,
        withheld=(*screened.refused, *waterfall.refused, *barred, *plan_verdicts),
        search=chosen.search,
        rule_sets=tuple(sorted({step.rule_set for step in waterfall.reductions if step.rule_set is not None})),
    )


def _in_id_order(purchase: Purchase) -> Purchase:
    ordered = tuple(sorted(purchase.lines, key=_id_order))
    return purchase if ordered == purchase.lines else replace(purchase, lines=ordered)


def _id_order(line: Line) -> tuple[int, str]:
    return len(line.id), line.id


def _ranks(screened: Screened) -> dict[str, int]:
    """The day's lane order: what any rule set that may pay here counts into the base comes before the subsidy."""
    rule_sets = [
        entry.ruleset for _, _, programme in screened.price if programme is not None for entry in programme.entitled
    ]
    return lane_ranks(
        old_item_in_base=any(rule_set.old_item_in_base for rule_set in rule_sets),
        channel_in_base=any(rule_set.channel_in_base for rule_set in rule_sets),
    )


def _amounts(*, purchase: Purchase, waterfall: Waterfall, catalogue: Catalogue, ranks: dict[str, int]) -> Amounts:
    government = ranks["government"]
    subsidy = old_item = channel = 0
    for step in waterfall.reductions:
        if step.lane == "government":
            subsidy += step.amount_minor
        elif step.lane == "old_item" and ranks["old_item"] > government:
            old_item += step.amount_minor
        elif step.lane == "channel" and ranks["channel"] > government:
            channel += step.amount_minor
    base = sum(waterfall.before_subsidy)
    payable = base - subsidy - old_item - channel
    down_payment = purchase.down_payment_minor
    most = apply(rate_ppm=catalogue.merchant.down_payment_max_ppm, to=payable, rounding=Rounding.DOWN)
    if down_payment > most:
        raise DownPaymentTooHigh(maximum=most, actual=down_payment)
    return Amounts(
        list_minor=purchase.list_minor,
        reductions_minor=purchase.list_minor - base,
        base_minor=base,
        government_subsidy_minor=subsidy,
        old_item_credit_minor=old_item,
        channel_reductions_minor=channel,
        payable_minor=payable,
        down_payment_minor=down_payment,
        financed_minor=payable - down_payment,
    )


def _interest(
    screened: Screened, waterfall: Waterfall, index: Index, purchase: Purchase, financed_minor: int
) -> tuple[tuple[InterestOffer, ...], list[Withheld]]:
    """Interest campaigns that may stand beside the price steps taken. The price is settled first: a lower price is
    money in hand, so an interest campaign that is excluded yields. Its minimum tests the financed amount."""
    kept: list[InterestOffer] = []
    barred: list[Withheld] = []
    for offer, lines in screened.interest:
        reason = _interest_bar(offer, waterfall, index, financed_minor)
        if reason is None:
            kept.append((offer, lines))
        else:
            covered = tuple([purchase.lines[position].id for position in lines])
            barred.append(withheld(offer, *reason, lines=covered))
    return tuple(kept), barred


def _interest_bar(offer: Offer, waterfall: Waterfall, index: Index, financed_minor: int) -> Reason | None:
    if waterfall.with_subsidy and not offer.with_trade_in:
        return "not_with_trade_in", {}
    rivals = index.enemies.get(offer.campaign_id)
    if rivals and not rivals.isdisjoint(waterfall.applied):
        return "excluded_by", {"campaign": min(rivals & waterfall.applied)}
    if offer.min_minor is not None and financed_minor < offer.min_minor:
        return "below_minimum_amount", {"required": offer.min_minor, "actual": financed_minor}
    if offer.max_minor is not None and financed_minor > offer.max_minor:
        return "above_maximum_amount", {"allowed": offer.max_minor, "actual": financed_minor}
    return None
