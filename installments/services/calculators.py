"""The calculators behind the API: from text and plain figures to the domain and back. Nothing is stored."""

from collections.abc import Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING

from domain.calculators.allocate import calculate_allocation
from domain.calculators.annual_cost import calculate_annual_cost
from domain.calculators.moments import Entry
from domain.calculators.rebate import RebateRequest, calculate_rebate
from domain.calculators.schedule import calculate_schedule
from domain.calculators.schedule_terms import InvalidSchedule, RateStep, RowFee, ScheduleRequest
from domain.calculators.trade_in import LaneReduction, TradeInRequest, calculate_trade_in
from domain.calendars import DateOutOfRange, Period
from domain.money import Remainder, Rounding, exponent
from domain.rates import parse_percent
from domain.rounding_profiles import RoundingProfile, profile_named
from foundation import db
from foundation.caller import Caller
from foundation.errors import InvalidRequest
from installments.services.calculator_in import (
    AllocateIn,
    AnnualCostIn,
    EntryIn,
    RebateIn,
    RoundingIn,
    ScheduleIn,
    SubsidyIn,
)
from installments.services.calculator_out import (
    AllocateOut,
    AnnualCostOut,
    RebateOut,
    ScheduleOut,
    SubsidyOut,
    annual_cost_out,
    rebate_out,
    schedule_out,
    subsidy_out,
)
from promotions.selectors import rulesets
from promotions.selectors.rulesets import CurrentRuleSet

if TYPE_CHECKING:
    from collections.abc import Iterator


def schedule(request: ScheduleIn) -> ScheduleOut:
    """Lay a loan out: 4,999.00 over 12 at a fee of 7.5 % in `huabei` rounding is 447.90 and then eleven times 447.82.

    Raises InvalidSchedule, InvalidLoan, InvalidRate, InvalidPeriod, UnknownRoundingProfile, UnknownCurrency, DateOutOfRange.
    """
    exponent(request.currency)
    asked = ScheduleRequest(
        principal_minor=request.principal,
        term=request.term,
        method=request.method,
        rate_kind=request.rate.kind,
        rate_percent=Decimal(request.rate.value),
        profile=_profile(request),
        start_on=request.start_on,
        waived_share_ppm=None if request.waived_share is None else parse_percent(request.waived_share),
        tax_percent=Decimal(request.tax_on_interest or "0"),
        tax_borne_by=request.tax_borne_by,
        first_due_on=request.first_due_on,
        period=Period(request.period.unit, request.period.every),
        payment_at=request.payment_at,
        day_count=request.day_count,
        grace_principal=request.grace_principal,
        rate_steps=tuple([RateStep(step.from_number, Decimal(step.value)) for step in request.rate_steps]),
        fees=tuple([RowFee(fee.number, fee.amount) for fee in request.fees]),
    )
    with _pointed():
        return schedule_out(calculate_schedule(asked), with_tax=request.tax_on_interest is not None)


def _profile(request: ScheduleIn) -> RoundingProfile:
    chosen = request.rounding
    if not isinstance(chosen, RoundingIn):
        return profile_named(chosen, currency=request.currency)
    return RoundingProfile(
        installment=Rounding(chosen.installment),
        fee=Rounding(chosen.fee),
        interest=Rounding(chosen.interest),
        split=chosen.split,
        remainder=Remainder.FIRST if chosen.remainder == "first" else Remainder.LAST,
        step=chosen.step,
        total=chosen.total,
    )


@contextmanager
def _pointed() -> "Iterator[None]":
    """Terms that contradict each other name the field they are about: the first word of their reason."""
    try:
        yield
    except InvalidSchedule as error:
        field = str(error.figures.get("reason", "")).partition(" ")[0]
        if field not in ScheduleIn.__struct_fields__:
            raise
        raise PointedSchedule(f"/{field}", error.figures) from None


class PointedSchedule(InvalidSchedule):
    """Terms that contradict each other: grace as long as the loan, a step out of the rows, a fee of no row."""

    def __init__(self, at: str, figures: dict[str, int | str]) -> None:
        super().__init__(**figures)
        self.at = at


def annual_cost(request: AnnualCostIn) -> AnnualCostOut:
    """What advances repaid by payments cost a year. Raises InvalidRequest, TooManyFlows, DateOutOfRange."""
    advances, payments = _entries(request.advances, at="/advances"), _entries(request.payments, at="/payments")
    try:
        answer = calculate_annual_cost(
            advances=advances, payments=payments, convention=request.convention, year_days=request.year_days
        )
    except ValueError as error:  # A unit period may step past the year 9999 from dates that are all inside of it.
        raise DateOutOfRange(convention=request.convention) from error
    return annual_cost_out(answer)


def _entries(entries: Sequence[EntryIn], *, at: str) -> list[Entry]:
    for number, entry in enumerate(entries):
        if entry.on is not None and (entry.month is not None or entry.day is not None):
            raise InvalidRequest(
                at=f"{at}/{number}", reason="invalid_entry", detail="An entry has a date, or months and days; not both."
            )
    return [
        Entry(
            amount_minor=entry.amount,
            on=entry.on,
            month=entry.month,
            day=entry.day,
            count=entry.count,
            every=entry.every,
        )
        for entry in entries
    ]


def trade_in(*, caller: Caller, request: SubsidyIn) -> SubsidyOut:
    """The subsidy of one unit by the rules of its day. Raises ReductionsExceedPrice."""
    asked = TradeInRequest(
        on=request.on,
        category=request.category,
        list_price_minor=request.list_price,
        region=request.region,
        energy_grade=request.energy_grade,
        reductions=tuple([LaneReduction(part.lane, part.amount) for part in request.reductions]),
        already_claimed=request.already_claimed,
    )
    known = [current.ruleset for current in current_rulesets(caller)]
    return subsidy_out(calculate_trade_in(request=asked, rulesets=known))


def current_rulesets(caller: Caller) -> tuple[CurrentRuleSet, ...]:
    """The newest version of every rule set, under its own programme.

    Not from the catalogue in memory: there a programme is the party that pays, and one party may pay several, so that
    "phones are not covered yet" and "phones were never covered" could not be told apart.
    """
    with db.tenant_transaction(caller.tenant_id):
        return rulesets.current()


def rebate(request: RebateIn) -> RebateOut:
    """What is given back when a loan ends before its time. Raises InvalidSettlement, InvalidRate, DateOutOfRange."""
    return rebate_out(
        calculate_rebate(
            RebateRequest(
                principal_minor=request.principal,
                installment_minor=request.installment,
                term=request.term,
                paid=request.paid,
                method=request.method,
                rate_percent=None if request.rate is None else Decimal(request.rate),
                start_on=request.start_on,
                on=request.on,
            )
        )
    )


def allocate(request: AllocateIn) -> AllocateOut:
    """100 by equal thirds is 34, 33, 33. Raises InvalidWeights."""
    parts = calculate_allocation(total=request.total, weights=request.weights, policy=request.policy)
    return AllocateOut(parts=list(parts))
