"""One loan's figures, remembered: its lender's schedule, and what the buyer pays when part of the fee is waived.

Pure in (amount, term, method, rate, rounding, dates), so a shop whose prices repeat pays for each schedule once.
"""

from datetime import date
from functools import lru_cache

from msgspec import Struct

from domain.annual_cost import NO_COST, annual_cost
from domain.money import Remainder
from domain.offers import LenderProduct
from domain.priced import AnnualCost, Installment
from domain.rates import parse_percent
from domain.rounding_profiles import profile_named
from domain.schedule import Method, Schedule, build_schedule, buyer_schedule

# A schedule of 24 rows is about 3 KB: at most some 12 MB a process.
_REMEMBERED = 2048


class Loan(Struct, frozen=True, gc=False):
    """All that a lender's schedule depends on. `rate_ppm` is the total fee for `flat_fee`, else the annual rate."""

    financed_minor: int
    term: int
    method: Method
    rate_ppm: int
    rounding: str
    currency: str
    start_on: date
    first_due_on: date | None


class BuyerTerms(Struct, frozen=True, gc=False, kw_only=True):
    """What the buyer signs. `installment_minor` is the regular payment; `simple_ppm` the simple annual cost."""

    rows: tuple[Installment, ...]
    installment_minor: int
    total_minor: int
    annual_cost: AnnualCost
    before_subsidy: AnnualCost
    simple_ppm: int


def loan_of(
    *, product: LenderProduct, term: int, rate_ppm: int, financed_minor: int, start_on: date, first_due_on: date | None
) -> Loan:
    """The loan a product would give."""
    return Loan(
        financed_minor, term, product.method, rate_ppm, product.rounding, product.currency, start_on, first_due_on
    )


def lender_fee(loan: Loan) -> int:
    """The lender's whole fee: 4,999.00 at 75,000 ppm flat in `huabei` rounding is 374.92."""
    return lender_schedule(loan).fee_total_minor


@lru_cache(maxsize=_REMEMBERED)
def lender_schedule(loan: Loan) -> Schedule:
    """The lender's schedule with its whole fee."""
    return build_schedule(
        principal_minor=loan.financed_minor,
        term=loan.term,
        method=loan.method,
        rate_ppm=loan.rate_ppm,
        profile=profile_named(loan.rounding, currency=loan.currency),
        start_on=loan.start_on,
        first_due_on=loan.first_due_on,
    )


@lru_cache(maxsize=_REMEMBERED)
def buyer_terms(loan: Loan, buyer_fee_minor: int) -> BuyerTerms:
    """The buyer's rows and what they cost a year, with and without the subsidy."""
    schedule = lender_schedule(loan)
    rows = buyer_schedule(schedule=schedule, buyer_fee_minor=buyer_fee_minor)
    amounts = [row.amount_minor for row in rows]
    cost = annual_cost(advance_minor=loan.financed_minor, payments=amounts) or NO_COST
    return BuyerTerms(
        rows=rows,
        installment_minor=_regular(amounts=amounts, remainder=schedule.profile.remainder),
        total_minor=sum(amounts),
        annual_cost=cost,
        before_subsidy=_before_subsidy(schedule),
        simple_ppm=parse_percent(cost.simple),
    )


def _before_subsidy(schedule: Schedule) -> AnnualCost:
    """The cost if the buyer paid the whole fee. A no-cost discount is inside the price: there less is lent instead."""
    advance = schedule.financed_minor
    if schedule.method == "interest_only_discount":
        advance -= schedule.fee_total_minor
    return annual_cost(advance_minor=advance, payments=[row.amount_minor for row in schedule.rows]) or NO_COST


def _regular(*, amounts: list[int], remainder: Remainder) -> int:
    """The payment most rows have: the row that does not carry the odd fen."""
    if len(amounts) == 1:
        return amounts[0]
    return amounts[1] if remainder is Remainder.FIRST else amounts[0]
