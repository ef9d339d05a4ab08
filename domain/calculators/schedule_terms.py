"""What the schedule calculator is asked and what it answers."""

from datetime import date
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from domain.calculators.exact import percent
from domain.calculators.loan_rows import Method
from domain.calculators.row_rates import PaymentAt
from domain.calendars import DayCount, Period
from domain.errors import DomainError
from domain.priced import AnnualCost
from domain.rates import PPM
from domain.rounding_profiles import RoundingProfile
from domain.schedule import LONGEST_TERM, InvalidLoan

RateKind = Literal["total_fee", "annual", "per_period"]
TaxBearer = Literal["funder", "buyer"]


class InvalidSchedule(DomainError):
    """Terms that contradict each other: grace as long as the loan, a step out of the rows, a fee of no row."""

    code = "invalid_schedule"
    status = 422


class RateStep(Struct, frozen=True, gc=False):
    """Another rate of the same kind from a row on."""

    from_number: int
    percent: Decimal


class RowFee(Struct, frozen=True, gc=False):
    """A single charge with one payment, such as a processing fee with the first."""

    number: int
    amount_minor: int


class ScheduleRequest(Struct, frozen=True, kw_only=True):
    """A loan to lay out. For `no_cost_discount` the principal is the price.

    `waived_share_ppm` of the fee is not the buyer's; unset it is nothing, for `no_cost_discount` everything. The tax on
    interest is borne by the buyer in the rows, or by the funder: outside the rows, and in a no-cost plan by a larger
    discount. Payments fall `period` apart from `first_due_on` (unset: one period after `start_on`, or on it when paid
    at the start). `rate_percent` is of the principal in all, of what is owed a year, or a period.
    """

    principal_minor: int
    term: int
    method: Method
    rate_kind: RateKind
    rate_percent: Decimal
    profile: RoundingProfile
    start_on: date
    waived_share_ppm: int | None = None
    tax_percent: Decimal = Decimal(0)
    tax_borne_by: TaxBearer = "buyer"
    first_due_on: date | None = None
    period: Period = Period()
    payment_at: PaymentAt = "end"
    day_count: DayCount = "equal_periods"
    grace_principal: int = 0
    rate_steps: tuple[RateStep, ...] = ()
    fees: tuple[RowFee, ...] = ()


class ScheduleRow(Struct, frozen=True, gc=False, kw_only=True):
    """amount = principal + fee + tax."""

    number: int
    due_on: date
    principal_minor: int
    fee_minor: int
    tax_minor: int
    amount_minor: int


class ScheduleTotals(Struct, frozen=True, gc=False, kw_only=True):
    """The columns added up."""

    principal_minor: int
    fee_minor: int
    tax_minor: int
    amount_minor: int


class ScheduleAnswer(Struct, frozen=True, kw_only=True):
    """The rows and what they say. `installment_minor` is the regular payment before tax and single fees.

    `discount_minor` is what the price loses in a no-cost plan, else 0. `waived_fee_minor` and `funder_tax_minor` are
    paid by somebody else. The annual cost is that of the rows on what they repay; None when no rate exists.
    """

    installment_minor: int
    first_installment_minor: int
    last_installment_minor: int
    rows: tuple[ScheduleRow, ...]
    totals: ScheduleTotals
    discount_minor: int
    waived_fee_minor: int
    funder_tax_minor: int
    annual_cost: AnnualCost | None


def check(request: ScheduleRequest) -> None:
    """Raises InvalidLoan, InvalidSchedule, InvalidRate."""
    principal, term, grace = request.principal_minor, request.term, request.grace_principal
    if principal < 1 or not 1 <= term <= LONGEST_TERM:
        raise InvalidLoan(principal_minor=principal, term=term)
    for stated in (request.rate_percent, request.tax_percent, *[step.percent for step in request.rate_steps]):
        percent(stated)
    share = request.waived_share_ppm
    if share is not None and not 0 <= share <= PPM:
        raise InvalidSchedule(reason="waived_share is 0 to 100", waived_share_ppm=share)
    if request.first_due_on is not None and request.first_due_on < request.start_on:
        raise InvalidSchedule(reason="first_due_on is before start_on", first_due_on=request.first_due_on.isoformat())
    if not 0 <= grace < term:
        raise InvalidSchedule(reason="grace_principal leaves a row for the principal", grace_principal=grace, term=term)
    _check_rows(request)
    _check_kind(request)


def _check_rows(request: ScheduleRequest) -> None:
    numbers = [step.from_number for step in request.rate_steps]
    if numbers != sorted(set(numbers)) or (numbers and not 1 <= numbers[0] <= numbers[-1] <= request.term):
        raise InvalidSchedule(reason="rate_steps rise and are rows of the schedule", term=request.term)
    for fee in request.fees:
        if not 1 <= fee.number <= request.term or fee.amount_minor < 0:
            raise InvalidSchedule(reason="fees belong to rows of the schedule", number=fee.number, term=request.term)


def _check_kind(request: ScheduleRequest) -> None:
    graceful = request.method in ("flat_fee", "equal_principal")
    if request.rate_kind == "total_fee" and request.rate_steps:
        raise InvalidSchedule(reason="a total fee has no rate that could change")
    if request.grace_principal and request.method == "no_cost_discount":
        raise InvalidSchedule(reason="a no-cost plan is paid in equal parts, without grace")
    if request.grace_principal and request.rate_kind == "total_fee" and not graceful:
        raise InvalidSchedule(reason="an annuity with grace needs a rate, not a total fee")
