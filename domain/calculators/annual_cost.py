"""What borrowing costs a year under five conventions, from any advances and payments, to at least seven decimals.

`cn_simple` and `cn_compound` are China's: twelve monthly internal rates, added or compounded. `eu_aprc` is the annual
percentage rate of charge of Directives 2008/48/EC and 2011/90/EU, `us_actuarial` that of Regulation Z, Appendix J,
`effective_365` the yearly rate on actual days that spreadsheets call XIRR.
"""

import math
from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from typing import Literal

from msgspec import Struct

from domain.calculators import moments
from domain.calculators.moments import Entry, Moments
from domain.calculators.root import DIGITS, Flow, Root, solve
from domain.calculators.unit_period import clock_of, unit_period, unit_times

Convention = Literal["cn_simple", "cn_compound", "eu_aprc", "us_actuarial", "effective_365"]
YearDays = Literal["365", "366", "365.25"]

_MONTHS = 12
_SHOWN = Decimal("0.01")
_EXACT = Decimal("0.0000000001")
_GUARD = 16
_Clocked = Callable[..., list[Fraction]]


class AnnualCostAnswer(Struct, frozen=True, gc=False, kw_only=True):
    """Percent a year with two decimals, halves up, and with ten; both None when no rate was found."""

    percent: str | None
    percent_exact: str | None
    converged: bool


NOT_FOUND = AnnualCostAnswer(percent=None, percent_exact=None, converged=False)


def calculate_annual_cost(
    *,
    advances: Sequence[Entry],
    payments: Sequence[Entry],
    convention: Convention,
    year_days: YearDays | None = None,
) -> AnnualCostAnswer:
    """The annual cost of advances repaid by payments; no rate is an answer too, `converged` false.

    1,000 repaid by 1,200 after 18 months is 12.92 % by `eu_aprc`; after 546 days it is 12.96 %. `year_days` is how many
    days a year has where days are counted; without it each convention's own rule holds. Raises TooManyFlows,
    InvalidEntry, DateOutOfRange.
    """
    found = moments.moments(advances=advances, payments=payments)
    length = None if year_days is None else Fraction(year_days)
    if convention == "us_actuarial":
        return _actuarial(found)
    times = _CLOCKS[convention](found, year_days=length)
    root = solve([Flow(amount, time) for amount, time in zip(found.amounts, times, strict=True)])
    return NOT_FOUND if root is None else _answer(root, yearly=_YEARLY[convention])


def _simple(rate: Decimal, per_year: Fraction) -> Decimal:
    return rate * per_year.numerator / per_year.denominator


def _compound(rate: Decimal, per_year: Fraction) -> Decimal:
    growth = 1 + rate
    if per_year.denominator == 1:
        return growth**per_year.numerator - 1
    return (growth.ln() * per_year.numerator / per_year.denominator).exp() - 1


class _Yearly(Struct, frozen=True, gc=False):
    per_year: Fraction
    turn: Callable[[Decimal, Fraction], Decimal]


_CLOCKS: dict[str, _Clocked] = {
    "cn_simple": moments.months,
    "cn_compound": moments.months,
    "eu_aprc": moments.directive_years,
    "effective_365": moments.years,
}
_YEARLY: dict[str, _Yearly] = {
    "cn_simple": _Yearly(Fraction(_MONTHS), _simple),
    "cn_compound": _Yearly(Fraction(_MONTHS), _compound),
    "eu_aprc": _Yearly(Fraction(1), _simple),
    "effective_365": _Yearly(Fraction(1), _simple),
}


def _actuarial(found: Moments) -> AnnualCostAnswer:
    if not found.amounts or not min(found.amounts) < 0 < max(found.amounts):
        return NOT_FOUND
    clock = clock_of(found)
    unit = unit_period(found, clock)
    flows = [Flow(amount, *unit_times(clock, unit, position=position)) for position, amount in enumerate(found.amounts)]
    root = solve(flows)
    return NOT_FOUND if root is None else _answer(root, yearly=_Yearly(unit.per_year, _simple))


def simple_and_compound(
    *, advance_minor: int, payments: Sequence[int], times: Sequence[Fraction], per_year: Fraction
) -> tuple[str, str] | None:
    """Simple and compound percent a year of payments so many periods after the advance; None when no rate exists."""
    flows = [Flow(payment, time) for payment, time in zip(payments, times, strict=True)]
    root = solve([Flow(-advance_minor, Fraction(0)), *flows])
    if root is None:
        return None
    simple = _answer(root, yearly=_Yearly(per_year, _simple)).percent
    compound = _answer(root, yearly=_Yearly(per_year, _compound)).percent
    return (simple, compound) if simple is not None and compound is not None else None


def _answer(root: Root, *, yearly: _Yearly) -> AnnualCostAnswer:
    with localcontext() as context:
        # A growth of 10^109 a period is no loan, but an answer: as many digits more.
        context.prec = DIGITS + _GUARD + (root.magnitude + 1) * math.ceil(yearly.per_year)
        context.Emax, context.Emin = 999_999_999, -999_999_999
        percent = 100 * yearly.turn(root.rate, yearly.per_year)
        return AnnualCostAnswer(percent=_text(percent, _SHOWN), percent_exact=_text(percent, _EXACT), converged=True)


def _text(percent: Decimal, places: Decimal) -> str:
    """Plain decimals, halves away from zero; nothing is `0.00`, never `-0.00`."""
    rounded = percent.quantize(places, rounding=ROUND_HALF_UP)
    return f"{rounded.copy_abs() if rounded.is_zero() else rounded:f}"
