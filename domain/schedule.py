"""Dated repayment schedules: what the lender earns, and what the buyer signs.

The lender's schedule carries the whole fee. A campaign waives part of it; the buyer's schedule then carries the rest,
in the same lender's rounding, and its columns re-add: principal to financed, fee to the buyer's fee, amount to the total.
"""

from collections.abc import Callable
from datetime import date
from typing import Literal

from msgspec import Struct

from domain import amortisation
from domain.amortisation import Columns, Loan
from domain.errors import DomainError
from domain.money import allocate
from domain.periods import monthly_dates
from domain.priced import Installment
from domain.rates import PPM
from domain.rounding_profiles import RoundingProfile

Method = Literal["flat_fee", "annuity", "equal_principal", "interest_only_discount"]

LONGEST_TERM = 600
_MONTHS_A_YEAR = 12

_COLUMNS: dict[Method, Callable[[Loan], Columns]] = {
    "flat_fee": amortisation.flat_fee_columns,
    "annuity": amortisation.annuity_columns,
    "equal_principal": amortisation.equal_principal_columns,
    "interest_only_discount": amortisation.no_cost_columns,
}


class InvalidLoan(DomainError):
    """A principal or a term below 1, a term above 600 months, or a rate below zero."""

    code = "invalid_loan"
    status = 422


class InvalidBuyerFee(DomainError):
    """The buyer's part of a fee is between nothing and the lender's whole fee."""

    code = "invalid_buyer_fee"
    status = 422


class Schedule(Struct, frozen=True, gc=False, kw_only=True):
    """The lender's view of one loan.

    `financed_minor` is what the buyer pays by instalments before any fee. Rows re-add: fees to `fee_total_minor`,
    principals to `financed_minor`. For `interest_only_discount` the discount is inside the price: there the amounts
    re-add to `financed_minor` and the principals to what is really lent, `financed_minor - fee_total_minor`.
    """

    method: Method
    financed_minor: int
    profile: RoundingProfile
    rows: tuple[Installment, ...]
    fee_total_minor: int


def build_schedule(
    *,
    principal_minor: int,
    term: int,
    method: Method,
    rate_ppm: int,
    profile: RoundingProfile,
    start_on: date,
    first_due_on: date | None = None,
) -> Schedule:
    """The lender's schedule with its whole fee.

    `rate_ppm` is the total fee over the principal for `flat_fee`, the annual rate otherwise (a month is a twelfth).
    Payments are due monthly from `first_due_on`, or from one month after `start_on`; a month end keeps its day
    (31 Jan, 28 Feb, 31 Mar). 4,999.00 at 75,000 ppm flat over 12 in `huabei` rounding has a fee of 374.92 (half-even).
    For `interest_only_discount` the principal is the price. Raises InvalidLoan.
    """
    if principal_minor < 1 or not 1 <= term <= LONGEST_TERM or rate_ppm < 0:
        raise InvalidLoan(principal_minor=principal_minor, term=term, rate_ppm=rate_ppm)
    loan = Loan(
        principal_minor=principal_minor,
        term=term,
        rate_numerator=rate_ppm,
        rate_denominator=PPM if method == "flat_fee" else _MONTHS_A_YEAR * PPM,
        profile=profile,
    )
    columns = _COLUMNS[method](loan)
    if first_due_on is None:
        due_dates = monthly_dates(anchor=start_on, first_step=1, count=term)
    else:
        due_dates = monthly_dates(anchor=first_due_on, first_step=0, count=term)
    return Schedule(
        method=method,
        financed_minor=principal_minor,
        profile=profile,
        rows=_dated_rows(due_dates=due_dates, columns=columns),
        fee_total_minor=sum(columns[1]),
    )


def _dated_rows(*, due_dates: tuple[date, ...], columns: Columns) -> tuple[Installment, ...]:
    numbers = range(1, len(due_dates) + 1)
    return tuple(
        [
            Installment(number, due_on, principal, fee, principal + fee)
            for number, due_on, principal, fee in zip(numbers, due_dates, *columns, strict=True)
        ]
    )


def buyer_schedule(*, schedule: Schedule, buyer_fee_minor: int) -> tuple[Installment, ...]:
    """What the buyer pays when a campaign waives all of the lender's fee but `buyer_fee_minor`.

    4,999.00 over 12 in `huabei` rounding with the fee waived: first 416.62, then eleven times 416.58, every fee 0.
    Equal payments stay equal: a partly waived annuity is paid in level rows, its fee column in proportion to the
    lender's interest. Raises InvalidBuyerFee.
    """
    if not 0 <= buyer_fee_minor <= schedule.fee_total_minor:
        raise InvalidBuyerFee(buyer_fee_minor=buyer_fee_minor, fee_total_minor=schedule.fee_total_minor)
    discounted = schedule.method == "interest_only_discount"
    if buyer_fee_minor == schedule.fee_total_minor and not discounted:
        return schedule.rows
    due_dates = tuple([row.due_on for row in schedule.rows])
    return _dated_rows(due_dates=due_dates, columns=_buyer_columns(schedule=schedule, buyer_fee_minor=buyer_fee_minor))


def _buyer_columns(*, schedule: Schedule, buyer_fee_minor: int) -> Columns:
    financed, profile, rows = schedule.financed_minor, schedule.profile, schedule.rows
    if schedule.method == "equal_principal":
        fees = allocate(total=buyer_fee_minor, weights=[row.fee_minor for row in rows])
        return [row.principal_minor for row in rows], fees
    if schedule.method == "annuity" and buyer_fee_minor:
        fees = allocate(total=buyer_fee_minor, weights=[row.fee_minor for row in rows])
        return amortisation.level_payment_columns(principal_minor=financed, fees=fees, profile=profile)
    return amortisation.level_columns(
        principal_minor=financed, fee_minor=buyer_fee_minor, term=len(rows), profile=profile
    )
