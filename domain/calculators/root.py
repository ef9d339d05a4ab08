"""The rate at which dated amounts are worth nothing today: bracketed in floats, then polished in long decimals.

An amount `t` whole and `f` simple periods away is worth amount / ((1 + f i)(1 + i)^t); `f` is Regulation Z's odd
fraction of a unit-period, and zero in every other convention, whose `t` may itself be a fraction.

# Note [Which rate]
Where several rates would do (money goes out again after it came in) the answer is the positive one nearest to zero,
else the negative one nearest to zero, as the FCA's MCOB 10.3.1 has it. No rate below -100 % a period exists.
"""

import math
from collections.abc import Iterator, Sequence
from decimal import Decimal, localcontext
from fractions import Fraction

from msgspec import Struct

_FIRST_STEP = 1e-12
_SMALL = 1e-4  # no two rates of one loan lie closer to zero than this
_SMALL_GROWTH = 10.0
_STEP_GROWTH = 1.35
_FURTHEST = 700.0  # natural log of the growth a period: e^700 is the largest a float holds
_BISECTIONS = 60
_CLOSE_ENOUGH = 1e-10
_POLISHINGS = 60
DIGITS = 60
_SLACK = 12


class Flow(Struct, frozen=True, gc=False):
    """An amount (advances below zero) and when it falls: `t` periods after the start, and `f` of a period before them."""

    amount: int
    t: Fraction
    f: Fraction = Fraction(0)


class Root(Struct, frozen=True, gc=False):
    """The rate of a period to 60 digits after its magnitude: the power of ten of the growth, 109 for 10^109 a period."""

    rate: Decimal
    magnitude: int


def solve(flows: Sequence[Flow]) -> Root | None:
    """The rate of one period, or None where none exists (or every rate would do). Never raises."""
    merged = _merged(flows)
    if len(merged) < 2 or not _changes_sign(merged):  # noqa: PLR2004 - one moment has no time
        return None
    if sum(flow.amount for flow in merged) == 0:
        return Root(Decimal(0), 0)
    log_growth = _nearest(merged)
    return None if log_growth is None else _polished(merged, log_growth)


def _merged(flows: Sequence[Flow]) -> list[Flow]:
    """One flow a moment, in time order, no empty ones."""
    amounts: dict[tuple[Fraction, Fraction], int] = {}
    for flow in flows:
        moment = flow.t, flow.f
        amounts[moment] = amounts.get(moment, 0) + flow.amount
    ordered = sorted(amounts.items(), key=lambda item: (sum(item[0]), item[0]))
    return [Flow(amount, t, f) for (t, f), amount in ordered if amount]


def _changes_sign(flows: Sequence[Flow]) -> bool:
    return min(flow.amount for flow in flows) < 0 < max(flow.amount for flow in flows)


def _nearest(flows: Sequence[Flow]) -> float | None:
    """The natural log of the growth a period at the root of Note [Which rate], to float precision."""
    points = [(float(flow.amount), float(flow.t), float(flow.f)) for flow in flows]
    for direction in (1.0, -1.0):
        inner, sign = 0.0, _sign(points, 0.0)
        for outer in _steps():
            if _sign(points, outer * direction) != sign:
                return _bisected(points, inner * direction, outer * direction)
            inner = outer
    return None


def _steps() -> Iterator[float]:
    point = _FIRST_STEP
    while point < _FURTHEST:
        point *= _SMALL_GROWTH if point < _SMALL else _STEP_GROWTH
        yield min(point, _FURTHEST)


def _sign(points: Sequence[tuple[float, float, float]], log_growth: float) -> int:
    """The sign of the present value. Factors are scaled by the largest one, so that no size overflows."""
    rate = math.expm1(log_growth)
    exponents = [-t * log_growth - (math.log1p(f * rate) if f else 0.0) for _, t, f in points]
    largest = max(exponents)
    value = math.fsum(
        amount * math.exp(exponent - largest) for (amount, _, _), exponent in zip(points, exponents, strict=True)
    )
    return (value > 0) - (value < 0)


def _bisected(points: Sequence[tuple[float, float, float]], inner: float, outer: float) -> float:
    sign = _sign(points, outer)
    for _ in range(_BISECTIONS):
        middle = (inner + outer) / 2
        if abs(outer - inner) <= _CLOSE_ENOUGH * abs(middle):
            break
        if _sign(points, middle) == sign:
            outer = middle
        else:
            inner = middle
    return (inner + outer) / 2


def _polished(flows: Sequence[Flow], log_growth: float) -> Root | None:
    """Newton from a root known to about ten digits; each step doubles them."""
    magnitude = int(abs(log_growth) / math.log(10))
    ticks = math.lcm(*[flow.t.denominator for flow in flows])
    with localcontext() as context:
        context.prec = DIGITS + magnitude + _SLACK
        context.Emax, context.Emin = 999_999_999, -999_999_999
        rate = Decimal(log_growth).exp() - 1
        enough = Decimal(10) ** (-DIGITS)
        for _ in range(_POLISHINGS):
            value, slope = _value(flows, rate, ticks)
            if slope == 0:
                return None
            change = value / slope
            if rate - change <= -1:
                return None
            rate -= change
            if abs(change) <= enough * min(1 + rate, 1 / (1 + rate)):
                return Root(rate, magnitude)
    return None


def _value(flows: Sequence[Flow], rate: Decimal, ticks: int) -> tuple[Decimal, Decimal]:
    """Present value and slope. Times have a common denominator, so one root and whole powers are enough."""
    growth = 1 + rate
    one = 1 / growth if ticks == 1 else (-growth.ln() / ticks).exp()
    value = slope = Decimal(0)
    factor, passed = Decimal(1), 0
    for flow in sorted(flows, key=lambda flow: flow.t):
        tick = int(flow.t * ticks)
        factor *= one ** (tick - passed)
        passed = tick
        odd = Decimal(flow.f.numerator) / flow.f.denominator
        worth = flow.amount * factor / (1 + odd * rate)
        value += worth
        slope -= worth * (odd / (1 + odd * rate) + Decimal(tick) / ticks / growth)
    return value, slope
