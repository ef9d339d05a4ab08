"""What the calculators may be asked. Amounts are minor units, rates and shares percent as text, dates plain dates."""

from datetime import date
from typing import Annotated, Final, Literal

from msgspec import Meta

from domain.calculators.annual_cost import Convention, YearDays
from domain.calculators.loan_rows import Method
from domain.calculators.rebate import RebateMethod
from domain.calculators.row_rates import PaymentAt
from domain.calculators.schedule_terms import RateKind, TaxBearer
from domain.calculators.trade_in import ReductionLane
from domain.calendars import DayCount, PeriodUnit
from domain.money import RemainderPolicy
from foundation.structs import Amount, AmountOrZero, Currency, In
from installments.services.quote_in import Category, Region, Term

ENTRIES_MAX: Final = 1_000
_RoundingName = Literal["half_even", "half_up", "down", "up"]

Percent = Annotated[
    str,
    Meta(
        pattern=r"^(0|[1-9][0-9]{0,5}|1000000)(\.[0-9]{1,30})?$",
        description="Percent, such as 7.5 or 0.6; never a number.",
    ),
]
Share = Annotated[
    str, Meta(pattern=r"^(100(\.0{1,4})?|(0|[1-9][0-9]?)(\.[0-9]{1,4})?)$", description="Percent, 0 to 100.")
]
Row = Annotated[int, Meta(ge=1, le=600, description="The number of a row, from 1.")]


class RateIn(In, frozen=True, kw_only=True):
    """A rate: of the principal in all, of what is owed a year, or a period."""

    kind: RateKind
    value: Percent


class PeriodIn(In, frozen=True, kw_only=True):
    """What lies between two payments."""

    unit: PeriodUnit
    every: Annotated[int, Meta(ge=1, le=3_650)] = 1


class RateStepIn(In, frozen=True, kw_only=True):
    """Another rate of the same kind from a row on."""

    from_number: Row
    value: Percent


class RowFeeIn(In, frozen=True, kw_only=True):
    """A single charge with one payment."""

    number: Row
    amount: AmountOrZero


class RoundingIn(In, frozen=True, kw_only=True):
    """How a lender rounds: the regular payment, fees in all, the interest of each period, and who gets the remainder."""

    installment: _RoundingName
    fee: _RoundingName
    interest: _RoundingName
    split: Literal["parts", "sum"] = "parts"
    remainder: Literal["first", "last"] = "last"
    step: Literal[1, 100] = 1
    total: Literal["schedule", "formula"] = "schedule"


class ScheduleIn(In, frozen=True, kw_only=True):
    """POST /v1/calculators/schedule. `rounding` names a preset or spells one out."""

    currency: Currency
    principal: Amount
    term: Term
    method: Method
    rate: RateIn
    start_on: date
    rounding: Annotated[str, Meta(min_length=1, max_length=40)] | RoundingIn
    waived_share: Share | None = None
    tax_on_interest: Percent | None = None
    tax_borne_by: TaxBearer = "buyer"
    first_due_on: date | None = None
    period: PeriodIn = PeriodIn(unit="month")
    payment_at: PaymentAt = "end"
    day_count: DayCount = "equal_periods"
    grace_principal: Annotated[int, Meta(ge=0, le=599)] = 0
    rate_steps: Annotated[list[RateStepIn], Meta(max_length=240)] = []
    fees: Annotated[list[RowFeeIn], Meta(max_length=600)] = []


class EntryIn(In, frozen=True, kw_only=True):
    """An amount on a date, or so many months and days after the start; `count` of them, `every` apart."""

    amount: Amount
    on: date | None = None
    month: Annotated[int, Meta(ge=0, le=12_000)] | None = None
    day: Annotated[int, Meta(ge=0, le=366_000)] | None = None
    count: Annotated[int, Meta(ge=1, le=1_000_000)] = 1
    every: Annotated[int, Meta(ge=1, le=3_650)] = 1


Entries = Annotated[list[EntryIn], Meta(max_length=ENTRIES_MAX)]


class AnnualCostIn(In, frozen=True, kw_only=True):
    """POST /v1/calculators/annual_cost."""

    advances: Entries
    payments: Entries
    convention: Convention
    year_days: YearDays | None = None


class LaneReductionIn(In, frozen=True, kw_only=True):
    """What one lane takes off the list price."""

    lane: ReductionLane
    amount: AmountOrZero


class SubsidyIn(In, frozen=True, kw_only=True):
    """POST /v1/calculators/trade_in: one unit sold on a day."""

    on: date
    category: Category
    list_price: Amount
    region: Region | None = None
    energy_grade: Annotated[int, Meta(ge=1, le=5)] | None = None
    reductions: Annotated[list[LaneReductionIn], Meta(max_length=100)] = []
    already_claimed: Annotated[int, Meta(ge=0, le=10_000)] = 0


class RebateIn(In, frozen=True, kw_only=True):
    """POST /v1/calculators/rebate: a loan with level monthly payments that ends before its time."""

    principal: Amount
    installment: Amount
    term: Term
    paid: Annotated[int, Meta(ge=0, le=600)]
    method: RebateMethod
    rate: Percent | None = None
    start_on: date | None = None
    on: date | None = None


class AllocateIn(In, frozen=True, kw_only=True):
    """POST /v1/calculators/allocate."""

    total: AmountOrZero
    weights: Annotated[list[AmountOrZero], Meta(min_length=1, max_length=1_000)]
    policy: RemainderPolicy = "largest_remainder"
