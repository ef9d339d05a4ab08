"""The schedule calculator: any instalment loan, dated, rounded as a lender rounds, with what it costs a year."""

import math
from datetime import date
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from domain import annual_cost
from domain.calculators import loan_rows
from domain.calculators.annual_cost import simple_and_compound
from domain.calculators.exact import percent, rounded
from domain.calculators.loan_rows import LoanRows
from domain.calculators.row_rates import Calendar, implied_rate
from domain.calculators.schedule_terms import (
    RowFee,
    ScheduleAnswer,
    ScheduleRequest,
    ScheduleRow,
    ScheduleTotals,
    check,
)
from domain.calendars import Period, period_dates, whole_months
from domain.money import Remainder, Rounding, allocate
from domain.priced import AnnualCost
from domain.rates import PPM, apply

_MONTHS = 12
_YEAR_DAYS = 365
_MONTHLY = Period("month", 1)


class _Columns(Struct, frozen=True, kw_only=True):
    principals: list[int]
    fees: list[int]
    taxes: list[int]
    discount_minor: int = 0
    waived_fee_minor: int = 0
    funder_tax_minor: int = 0


def calculate_schedule(request: ScheduleRequest) -> ScheduleAnswer:
    """Lay a loan out: 4,999.00 over 12 at a fee of 7.5 % in `huabei` rounding is 447.90 and then eleven times 447.82.

    Raises InvalidLoan, InvalidSchedule, InvalidRate, DateOutOfRange.
    """
    check(request)
    calendar, following = _calendar(request)
    loan = _loan(request, calendar, following)
    columns = _no_cost(request, loan) if request.method == "no_cost_discount" else _lent(request, loan)
    regular = _regular(columns, request)
    fees = _with_single_fees(columns.fees, request.fees)
    rows = tuple(
        [
            ScheduleRow(
                number=number,
                due_on=due_on,
                principal_minor=principal,
                fee_minor=fee,
                tax_minor=tax,
                amount_minor=principal + fee + tax,
            )
            for number, (due_on, principal, fee, tax) in enumerate(
                zip(calendar.due_dates, columns.principals, fees, columns.taxes, strict=True), start=1
            )
        ]
    )
    amounts = [row.amount_minor for row in rows]
    lent = sum(columns.principals)
    totals = ScheduleTotals(
        principal_minor=lent, fee_minor=sum(fees), tax_minor=sum(columns.taxes), amount_minor=sum(amounts)
    )
    return ScheduleAnswer(
        installment_minor=regular,
        first_installment_minor=amounts[0],
        last_installment_minor=amounts[-1],
        rows=rows,
        totals=totals,
        discount_minor=columns.discount_minor,
        waived_fee_minor=columns.waived_fee_minor,
        funder_tax_minor=columns.funder_tax_minor,
        annual_cost=_cost(lent=lent, amounts=amounts, calendar=calendar),
    )


def _calendar(request: ScheduleRequest) -> tuple[Calendar, date]:
    """The rows' dates, and the date after the last: what a payment in advance pays for."""
    at_start = request.payment_at == "start"
    anchor, first_step = request.first_due_on, 0
    if anchor is None:
        anchor, first_step = request.start_on, 0 if at_start else 1
    count = request.term + 1 if at_start else request.term
    dates = period_dates(anchor=anchor, period=request.period, first_step=first_step, count=count)
    calendar = Calendar(
        start_on=request.start_on,
        due_dates=dates[: request.term],
        period=request.period,
        day_count=request.day_count,
        payment_at=request.payment_at,
    )
    return calendar, dates[-1]


def _loan(request: ScheduleRequest, calendar: Calendar, following: date) -> LoanRows:
    stated = percent(request.rate_percent)
    per_year = request.period.per_year
    cost: Fraction | None = None
    if request.rate_kind == "total_fee":
        cost = stated
        # The rate that spreads a stated fee over the rows counts equal periods: no date says how it was made.
        calendar = replace(calendar, day_count="equal_periods")
        period_rate = implied_rate(cost=cost, term=request.term, payment_at=request.payment_at)
        annual = [period_rate * per_year] * request.term
    else:
        scale = Fraction(1) if request.rate_kind == "annual" else per_year
        annual = _stepped(request, stated * scale, scale=scale)
    if request.method == "flat_fee" and cost is None:
        held = calendar.held(following=following)
        cost = sum([rate * span for rate, span in zip(annual, held, strict=True)], Fraction(0))
    spans = calendar.accrued()
    year = math.lcm(*[span.denominator for span in spans])
    return LoanRows(
        principal_minor=request.principal_minor,
        annual=tuple(annual),
        spans=tuple([int(span * year) for span in spans]),
        year=year,
        profile=request.profile,
        grace=request.grace_principal,
        steps=tuple([step.from_number - 1 for step in request.rate_steps]),
        cost=cost,
    )


def _stepped(request: ScheduleRequest, first: Fraction, *, scale: Fraction) -> list[Fraction]:
    annual = [first] * request.term
    for step in request.rate_steps:
        rate = percent(step.percent) * scale
        annual[step.from_number - 1 :] = [rate] * (request.term - step.from_number + 1)
    return annual


def _lent(request: ScheduleRequest, loan: LoanRows) -> _Columns:
    lender = loan_rows.lender_columns(loan, method=request.method)
    fee = sum(lender[1])
    waived = apply(rate_ppm=request.waived_share_ppm or 0, to=fee, rounding=Rounding.HALF_EVEN)
    principals, fees = loan_rows.buyer_columns(loan, method=request.method, lender=lender, fee_minor=fee - waived)
    tax = _tax_on(fee, request)
    borne = tax if request.tax_borne_by == "buyer" else 0
    return _Columns(
        principals=principals,
        fees=fees,
        taxes=_spread_tax(borne, lender[1]),
        waived_fee_minor=waived,
        funder_tax_minor=tax - borne,
    )


def _no_cost(request: ScheduleRequest, loan: LoanRows) -> _Columns:
    """The bank charges the buyer interest and the tax on it; the discount makes up for one or both."""
    tax_rate = percent(request.tax_percent)
    in_price = tax_rate if request.tax_borne_by == "funder" else Fraction(0)
    share = Fraction(PPM if request.waived_share_ppm is None else request.waived_share_ppm, PPM)
    discount = loan_rows.no_cost_discount(loan, tax=in_price, share=share)
    if share < 1:
        principals, fees = loan_rows.annuity_columns(replace(loan, principal_minor=loan.principal_minor - discount))
        tax = _tax_on(sum(fees), request)
        return _Columns(principals=principals, fees=fees, taxes=_spread_tax(tax, fees), discount_minor=discount)
    principals, fees = loan_rows.discounted_columns(loan, discount_minor=discount, tax_in_price=in_price > 0)
    if not in_price:
        taxes = _spread_tax(_tax_on(discount, request), fees)
        return _Columns(principals=principals, fees=fees, taxes=taxes, discount_minor=discount)
    tax = rounded(discount * tax_rate / (1 + tax_rate), request.profile.interest)
    taxes = _spread_tax(tax, fees)
    fees = [fee - part for fee, part in zip(fees, taxes, strict=True)]
    return _Columns(principals=principals, fees=fees, taxes=taxes, discount_minor=discount)


def _tax_on(interest: int, request: ScheduleRequest) -> int:
    """The tax on all the interest, rounded once: 18 % of 367.33 is 66.12."""
    return rounded(percent(request.tax_percent) * interest, request.profile.interest)


def _spread_tax(tax: int, interest: list[int]) -> list[int]:
    """The tax on the rows whose interest it is on."""
    return allocate(total=tax, weights=interest) if tax else [0] * len(interest)


def _with_single_fees(fees: list[int], single: tuple[RowFee, ...]) -> list[int]:
    charged = list(fees)
    for fee in single:
        charged[fee.number - 1] += fee.amount_minor
    return charged


def _regular(columns: _Columns, request: ScheduleRequest) -> int:
    """The first payment after the grace that does not carry the odd fen; a no-cost plan's includes the tax it covers."""
    in_price = request.method == "no_cost_discount" and request.tax_borne_by == "funder"
    row = request.grace_principal
    if request.profile.remainder is Remainder.FIRST and row + 1 < request.term:
        row += 1
    return columns.principals[row] + columns.fees[row] + (columns.taxes[row] if in_price else 0)


def _cost(*, lent: int, amounts: list[int], calendar: Calendar) -> AnnualCost | None:
    """Equal periods count as one each; under a day count, months between dates do, odd days as parts of one."""
    if sum(amounts) == lent:
        return annual_cost.NO_COST
    equal = calendar.day_count == "equal_periods"
    if equal and calendar.period == _MONTHLY and calendar.payment_at == "end":
        return annual_cost.annual_cost(advance_minor=lent, payments=amounts)
    times = _equal_times(calendar) if equal else _dated_times(calendar)
    per_year = calendar.period.per_year if equal else Fraction(_MONTHS)
    found = simple_and_compound(advance_minor=lent, payments=amounts, times=times, per_year=per_year)
    return None if found is None else AnnualCost(*found)


def _equal_times(calendar: Calendar) -> list[Fraction]:
    first = 0 if calendar.payment_at == "start" else 1
    return [Fraction(step) for step in range(first, first + len(calendar.due_dates))]


def _dated_times(calendar: Calendar) -> list[Fraction]:
    counted = [whole_months(start=calendar.start_on, end=due_on) for due_on in calendar.due_dates]
    return [months + Fraction(_MONTHS * days, _YEAR_DAYS) for months, days in counted]
