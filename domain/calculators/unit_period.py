"""Regulation Z, Appendix J: the unit-period of a transaction and the time of each advance and payment in it.

The unit-period is the commonest period between payments, between advances, or from the start to the first of them;
the shorter one where two are as common; the average interval where none comes twice. Time is measured back from each
date in whole unit-periods, and the odd days at the start are a fraction that earns simple interest.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from msgspec import Struct

from domain.calculators.moments import Moments, Offset
from domain.periods import add_months

_MONTH_DAYS = 30
_YEAR_MONTHS = 12
_YEAR_DAYS = 365
_WEEK = 7
_SEMIMONTH_DAYS = 15
_WEEKS = 52
_SHORTEST_SEMIMONTH = 13
_LONGEST_SEMIMONTH = 18

Kind = Literal["days", "semimonth", "months", "year"]


class UnitPeriod(Struct, frozen=True, gc=False):
    """`UnitPeriod("months", 3)` is a quarter, `("days", 14)` a fortnight."""

    kind: Kind
    size: int = 1

    @property
    def per_year(self) -> Fraction:
        """Unit-periods a year, (b)(5): 24 semimonths, 52 weeks, 365 days, 12 over the months."""
        if self.kind == "semimonth":
            return Fraction(2 * _YEAR_MONTHS)
        if self.kind == "months":
            return Fraction(_YEAR_MONTHS, self.size)
        if self.kind == "year":
            return Fraction(1)
        return Fraction(_WEEKS * _WEEK if self.size % _WEEK == 0 else _YEAR_DAYS, self.size)

    @property
    def days(self) -> Fraction:
        """Its length, to tell which of two is shorter."""
        if self.kind == "days":
            return Fraction(self.size)
        if self.kind == "semimonth":
            return Fraction(_SEMIMONTH_DAYS)
        return Fraction(_YEAR_DAYS) if self.kind == "year" else Fraction(_MONTH_DAYS * self.size)


class Gap(Struct, frozen=True, gc=False):
    """What lies between two moments: whole months and the days before them, and the plain number of days."""

    months: int
    odd_days: int
    days: int


class Clock(Struct, frozen=True, gc=False, kw_only=True):
    """Measures gaps between moments of one transaction: dates, or offsets whose months have 30 days."""

    dates: tuple[date, ...]
    offsets: tuple[Offset, ...]
    month_end: int = 0

    def gap(self, earlier: int, later: int) -> Gap:
        """The gap between two moments by their positions, months measured back from the later one, (b)(5)(ii)."""
        if self.dates:
            return self._calendar_gap(self.dates[earlier], self.dates[later])
        first, last = self.offsets[earlier], self.offsets[later]
        days = _MONTH_DAYS * (last.months - first.months) + last.days - first.days
        if first.months == last.months == 0:
            return Gap(0, days, days)
        return Gap(days // _MONTH_DAYS, days % _MONTH_DAYS, days)

    def _calendar_gap(self, earlier: date, later: date) -> Gap:
        months = _YEAR_MONTHS * (later.year - earlier.year) + later.month - earlier.month
        back = self._back(later, months)
        if back < earlier:
            months -= 1
            back = self._back(later, months)
        return Gap(months, (back - earlier).days, (later - earlier).days)

    def _back(self, later: date, months: int) -> date:
        """So many months before: a payment due on the 29th to 31st keeps that day where February cut it, (b)(3)(iv)."""
        if later.day >= self.month_end or later.day < _month_length(later):
            return add_months(anchor=later, step=-months)
        first = add_months(anchor=date(later.year, later.month, 1), step=-months)
        return first.replace(day=min(self.month_end, _month_length(first)))


def clock_of(found: Moments) -> Clock:
    """The clock of a transaction; a series on month ends is recognised by its payments' latest day of the month."""
    paid = [on for on, amount in zip(found.dates, found.amounts, strict=False) if amount > 0]
    latest = max([on.day for on in paid], default=0)
    return Clock(dates=found.dates, offsets=found.offsets, month_end=latest)


def _month_length(on: date) -> int:
    following = add_months(anchor=date(on.year, on.month, 1), step=1)
    return (following - date(on.year, on.month, 1)).days


def unit_period(found: Moments, clock: Clock) -> UnitPeriod:
    """The unit-period of a transaction by (b)(4). At least two moments."""
    advances = _positions(found, paid=False)
    payments = _positions(found, paid=True)
    if len(advances) == len(payments) == 1:
        return _single(clock.gap(0, len(found.amounts) - 1))
    pairs = _pairs(advances) + _pairs(payments)
    # The interval from the start to what comes first after it is a period as well, (b)(3).
    first = payments[0] if advances[0] == 0 else advances[0]
    pairs.append((0, first))
    gaps = [clock.gap(earlier, later) for earlier, later in pairs if later > earlier]
    gaps = [gap for gap in gaps if gap.days > 0]
    common = _common(gaps, semimonths=_semimonths(clock, payments))
    return common if common is not None else _average(gaps)


def _positions(found: Moments, *, paid: bool) -> list[int]:
    return [position for position, amount in enumerate(found.amounts) if (amount > 0) is paid]


def _pairs(positions: Sequence[int]) -> list[tuple[int, int]]:
    return list(pairwise(positions))


def _single(term: Gap) -> UnitPeriod:
    """One advance, one payment: the term is the unit-period, but not more than a year, (b)(4)(ii), (b)(5)(vi), (vii)."""
    if term.months >= _YEAR_MONTHS:
        return UnitPeriod("year")
    if term.months and term.odd_days == 0:
        return UnitPeriod("months", term.months)
    return UnitPeriod("days", max(term.days, 1))


def _common(gaps: Sequence[Gap], *, semimonths: int) -> UnitPeriod | None:
    """The period that comes most often, at least twice; the shorter one of equals. Standard intervals go first."""
    standard: Counter[UnitPeriod] = Counter()
    other: Counter[UnitPeriod] = Counter()
    for gap in gaps:
        if gap.months and gap.odd_days == 0:
            standard[_months(gap.months)] += 1
        (standard if gap.days == 1 or gap.days % _WEEK == 0 else other)[_days(gap.days)] += 1
    if semimonths:
        standard[UnitPeriod("semimonth")] = semimonths
    for counted in (standard, other):
        repeated = [unit for unit, times in counted.items() if times > 1]
        if repeated:
            return min(repeated, key=lambda unit: (-counted[unit], unit.kind == "days", unit.days))
    return None


def _months(months: int) -> UnitPeriod:
    return UnitPeriod("year") if months >= _YEAR_MONTHS else UnitPeriod("months", months)


def _days(days: int) -> UnitPeriod:
    return UnitPeriod("year") if days > _WEEKS * _WEEK else UnitPeriod("days", days)


def _semimonths(clock: Clock, payments: Sequence[int]) -> int:
    """How many gaps are half months: every second payment falls a month after the last but one."""
    halves = set()
    for first, middle, last in zip(payments, payments[1:], payments[2:], strict=False):
        whole, half = clock.gap(first, last), clock.gap(first, middle)
        if (whole.months, whole.odd_days) == (1, 0) and _SHORTEST_SEMIMONTH <= half.days <= _LONGEST_SEMIMONTH:
            halves |= {first, middle}
    return len(halves)


def _average(gaps: Sequence[Gap]) -> UnitPeriod:
    """No period comes twice: the average interval, to the nearest standard one, the shorter of two as near."""
    average = Fraction(sum([gap.days for gap in gaps]), max(len(gaps), 1))
    standard = [UnitPeriod("days"), UnitPeriod("semimonth"), UnitPeriod("year")]
    standard += [UnitPeriod("days", _WEEK * weeks) for weeks in range(1, _WEEKS + 1)]
    standard += [UnitPeriod("months", months) for months in range(1, _YEAR_MONTHS)]
    return min(standard, key=lambda unit: (abs(unit.days - average), unit.days))


def unit_times(clock: Clock, unit: UnitPeriod, *, position: int) -> tuple[Fraction, Fraction]:
    """Whole unit-periods and the odd fraction from the start to a moment, (b)(5)."""
    gap = clock.gap(0, position)
    if unit.kind == "days":
        return _parted(Fraction(gap.days, unit.size))
    if unit.kind == "year":
        whole = gap.months // _YEAR_MONTHS
        odd = Fraction(gap.months % _YEAR_MONTHS, _YEAR_MONTHS)
        return _parted(whole + (_odd_year(clock, gap, position) if gap.odd_days else odd))
    if unit == UnitPeriod("months", 1):
        return _parted(gap.months + Fraction(gap.odd_days, _MONTH_DAYS))
    return _parted((_MONTH_DAYS * gap.months + gap.odd_days) / unit.days)


def _odd_year(clock: Clock, gap: Gap, position: int) -> Fraction:
    """What remains before the whole years, in days over 365, (b)(5)(v)(B)."""
    whole = gap.months // _YEAR_MONTHS
    if not clock.dates:
        return Fraction(gap.days - whole * _YEAR_MONTHS * _MONTH_DAYS, _YEAR_DAYS)
    back = add_months(anchor=clock.dates[position], step=-_YEAR_MONTHS * whole)
    return Fraction((back - clock.dates[0]).days, _YEAR_DAYS)


def _parted(time: Fraction) -> tuple[Fraction, Fraction]:
    """Whole unit-periods and a fraction below one: a fraction of one would earn the same as a whole."""
    whole = time.numerator // time.denominator
    return Fraction(whole), time - whole
