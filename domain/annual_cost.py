"""What borrowing costs a year, from the payments really made: simple (12 x monthly IRR, 单利) and compound.

Amounts are minor units. The rate is solved in floating point, which never touches money, to about 1e-13 a month; a
digit that this leaves in doubt is decided in long decimals, so the two decimals shown are exact, halves up.
"""

import math
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import lru_cache

from domain.priced import AnnualCost

NO_COST = AnnualCost("0.00", "0.00")

_MONTHS_A_YEAR = 12
_CENT = Decimal("0.01")
_CLOSE_ENOUGH = 1e-13
_NEARLY_ZERO = 1e-6  # below it the closed form loses digits, the flow sum does not
_SHORTEST_LEVEL = 4
_MAX_STEPS = 200
_EXACT_STEPS = 6  # each doubles the digits: from 13 to far more than the 250 kept
_EXACT_DIGITS = 250
_TRUSTED_DIGITS = 200


def annual_cost(*, advance_minor: int, payments: Sequence[int]) -> AnnualCost | None:
    """Annual cost of an advance repaid by `payments`, one a month, the first a month after the advance.

    10,000.00 repaid by 12 times 895.83 (7.5 % flat fee) is 13.57 % simple and 14.44 % compound. Payments that add up to
    the advance cost "0.00". Less than the advance is a negative cost. None when no rate exists or it would not be
    unique: nothing advanced, nothing paid, or a payment below zero.
    """
    if advance_minor <= 0 or not payments:
        return None
    paid = sum(payments)
    if paid == advance_minor and min(payments) >= 0:
        return NO_COST
    if paid <= 0 or min(payments) < 0:
        return None
    return _cost_of(advance_minor, tuple(payments))


@lru_cache(maxsize=16_384)
def _cost_of(advance_minor: int, payments: tuple[int, ...]) -> AnnualCost | None:
    """Memoised by the very flows: a shop's prices repeat, and a shown rate must be that of the shown rows."""
    monthly = _monthly_rate(advance=advance_minor, payments=payments)
    if monthly is None:
        return None
    simple = 100 * _MONTHS_A_YEAR * monthly
    compound = 100 * math.expm1(_MONTHS_A_YEAR * math.log1p(monthly))
    if _in_doubt(simple) or _in_doubt(compound):
        return _exact_cost(advance=advance_minor, payments=payments, guess=monthly)
    return AnnualCost(_two_decimals(simple), _two_decimals(compound))


def _monthly_rate(*, advance: int, payments: tuple[int, ...]) -> float | None:
    """Newton on the present value, which falls and is convex in the rate: from below it closes in without overshooting."""
    present_value = _level_value if _is_level(payments) else _flow_value
    rate = min(1.0, 2 * (sum(payments) - advance) / (advance * (len(payments) + 1)))
    try:
        for _ in range(_MAX_STEPS):
            value, slope = present_value(payments, rate)
            following = rate - (value - advance) / slope
            if following <= -1:
                # Nobody loses more than everything a month: go half the way there.
                following = (rate - 1) / 2
            if abs(following - rate) <= _CLOSE_ENOUGH * (1 + abs(following)):
                return following
            rate = following
    except (OverflowError, ZeroDivisionError):
        # A loss of nearly everything in the first of many months: beyond floats, and beyond any loan.
        return None
    return None


def _is_level(payments: tuple[int, ...]) -> bool:
    """Equal but for the first and the last: nearly every plan, and its present value is a closed form."""
    count = len(payments)
    if count < _SHORTEST_LEVEL:
        return False
    regular = payments[1]
    odd_ends = (payments[0] != regular) + (payments[-1] != regular)
    return payments.count(regular) == count - odd_ends


def _level_value(payments: tuple[int, ...], rate: float) -> tuple[float, float]:
    """Present value and slope of payments that are level but for both ends."""
    if abs(rate) < _NEARLY_ZERO:
        return _flow_value(payments, rate)
    count, regular = len(payments), payments[1]
    one = 1 / (1 + rate)
    less = -math.expm1(-count * math.log1p(rate))
    end = 1 - less
    annuity = less / rate
    first_odd, last_odd = payments[0] - regular, payments[-1] - regular
    value = regular * annuity + first_odd * one + last_odd * end
    slope = regular * (count * end * one - annuity) / rate - (first_odd * one + last_odd * count * end) * one
    return value, slope


def _flow_value(payments: tuple[int, ...], rate: float) -> tuple[float, float]:
    """Present value and slope of any monthly payments (Horner)."""
    one = 1 / (1 + rate)
    value = slope = 0.0
    for payment in reversed(payments):
        slope = slope * one + value
        value = value * one + payment
    return value * one, -(value + slope * one) * one * one


def _in_doubt(percent: float) -> bool:
    """Whether the float is too near a tie, or too large, to be sure of its second decimal."""
    hundredths = abs(percent) * 100
    return abs(hundredths - math.floor(hundredths) - 0.5) < 1e-6 + hundredths * 1e-11


def _exact_cost(*, advance: int, payments: tuple[int, ...], guess: float) -> AnnualCost:
    with localcontext() as context:
        context.prec = _EXACT_DIGITS
        growth = 1 + Decimal(guess)
        for _ in range(_EXACT_STEPS):
            value, slope = _exact_value(payments=payments, one=1 / growth)
            growth -= (value - advance) / slope
        simple = 100 * _MONTHS_A_YEAR * (growth - 1)
        compound = 100 * (growth**_MONTHS_A_YEAR - 1)
        # A true tie comes out as a tie only without the noise of the last digits.
        context.prec = _TRUSTED_DIGITS
        return AnnualCost(_two_decimals(+simple), _two_decimals(+compound))


def _exact_value(*, payments: tuple[int, ...], one: Decimal) -> tuple[Decimal, Decimal]:
    value = slope = Decimal(0)
    for payment in reversed(payments):
        slope = slope * one + value
        value = value * one + payment
    return value * one, -(value + slope * one) * one * one


def _two_decimals(percent: float | Decimal) -> str:
    """`13.57`; what rounds to nothing is `0.00`, never `-0.00`."""
    if isinstance(percent, Decimal):
        percent = percent.quantize(_CENT, rounding=ROUND_HALF_UP)
    text = f"{percent:.2f}"
    return "0.00" if text == "-0.00" else text
