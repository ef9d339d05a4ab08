"""How calendars measure a loan: periods of months, weeks or days, and the fraction of a year between two dates.

Fractions are exact. `equal_periods` asks no calendar: a month is a twelfth of a year, a week a 52nd, a day a 365th.
"""

from datetime import date, timedelta
from fractions import Fraction
from typing import Literal

from msgspec import Struct

from domain.errors import DomainError
from domain.periods import add_months, monthly_dates

PeriodUnit = Literal["month", "week", "day"]
DayCount = Literal["equal_periods", "30/360", "actual/360", "actual/365", "actual/actual"]

_PER_YEAR: dict[PeriodUnit, int] = {"month": 12, "week": 52, "day": 365}
_DAYS: dict[PeriodUnit, int] = {"week": 7, "day": 1}
_LONGEST: dict[PeriodUnit, int] = {"month": 120, "week": 520, "day": 3650}
_YEAR_DAYS = 365
_LEAP_YEAR_DAYS = 366
_LAST_DAY = 30


class InvalidPeriod(DomainError):
    """A period of less than one month, week or day, or of more than ten years."""

    code = "invalid_period"
    status = 422
    pointer = "/period"


class DateOutOfRange(DomainError):
    """A date before the year 1 or after the year 9999."""

    code = "date_out_of_range"
    status = 422


class Period(Struct, frozen=True, gc=False):
    """What lies between two payments: `Period("month", 1)`, `Period("week", 2)`, `Period("day", 15)`."""

    unit: PeriodUnit = "month"
    every: int = 1

    def __post_init__(self) -> None:
        """Raises InvalidPeriod."""
        if not 1 <= self.every <= _LONGEST[self.unit]:
            raise InvalidPeriod(unit=self.unit, every=self.every)

    @property
    def per_year(self) -> Fraction:
        """How many make a year: 12 months, 26 fortnights, 365 / 15 periods of 15 days."""
        return Fraction(_PER_YEAR[self.unit], self.every)


def period_dates(*, anchor: date, period: Period, first_step: int, count: int) -> tuple[date, ...]:
    """`count` dates a period apart, the first `first_step` periods after the anchor; month ends keep their day.

    From 2027-01-31 by months: 2027-02-28, 2027-03-31, ... Raises DateOutOfRange.
    """
    try:
        if period.unit != "month":
            stride = timedelta(days=_DAYS[period.unit] * period.every)
            return tuple([anchor + stride * step for step in range(first_step, first_step + count)])
        if period.every == 1:
            return monthly_dates(anchor=anchor, first_step=first_step, count=count)
        return tuple(
            [add_months(anchor=anchor, step=step * period.every) for step in range(first_step, first_step + count)]
        )
    except (ValueError, OverflowError) as error:
        raise DateOutOfRange(anchor=anchor.isoformat(), steps=first_step + count) from error


def year_fraction(*, start: date, end: date, day_count: DayCount) -> Fraction:
    """The part of a year from `start` to `end`: 2027-01-31 to 2027-02-28 is 28/360, 28/360, 28/365, 28/365.

    `30/360` is the bond basis and `actual/actual` the ISDA reading (days of leap years over 366) of the 2006 ISDA
    Definitions 4.16 (f) and (b). `equal_periods` has no dates: counting it by 30/360 is the nearest to it.
    """
    days = (end - start).days
    if day_count == "actual/360":
        return Fraction(days, 360)
    if day_count == "actual/365":
        return Fraction(days, _YEAR_DAYS)
    if day_count == "actual/actual":
        return _actual_actual(start=start, end=end)
    return Fraction(bond_days(start=start, end=end), 360)


def bond_days(*, start: date, end: date) -> int:
    """Days of 30/360, bond basis: a 31st counts as a 30th, the later one only when the earlier day is 30 or 31."""
    first = min(start.day, _LAST_DAY)
    last = _LAST_DAY if end.day > _LAST_DAY and first == _LAST_DAY else end.day
    return 360 * (end.year - start.year) + 30 * (end.month - start.month) + last - first


def _actual_actual(*, start: date, end: date) -> Fraction:
    total = Fraction(end.year - start.year)
    total -= Fraction((start - date(start.year, 1, 1)).days, days_in_year(start.year))
    return total + Fraction((end - date(end.year, 1, 1)).days, days_in_year(end.year))


def days_in_year(year: int) -> int:
    """365 or 366."""
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return _LEAP_YEAR_DAYS if leap else _YEAR_DAYS


def whole_months(*, start: date, end: date) -> tuple[int, int]:
    """Months from `start` that fit before `end`, and the days that remain: 31 Jan to 28 Feb is (1, 0), to 5 Mar (1, 5)."""
    months = 12 * (end.year - start.year) + end.month - start.month
    if add_months(anchor=start, step=months) > end:
        months -= 1
    return months, (end - add_months(anchor=start, step=months)).days


def whole_years_back(*, start: date, end: date) -> Fraction:
    """Years counted backwards from `end`, the days that remain over 365 or 366.

    The 366 is used when the year that ends where the remaining days end has a 29 February. Directive 2014/17/EU, Annex
    I (c); 2020-01-01 to 2021-03-15 is 1 + 74/366.
    """
    years = end.year - start.year
    if add_months(anchor=start, step=12 * years) == end:
        return Fraction(years)
    back = add_months(anchor=end, step=-12 * years)
    if back < start:
        years -= 1
        back = add_months(anchor=end, step=-12 * years)
    if back.year == 1:
        return years + Fraction((back - start).days, _YEAR_DAYS)
    return years + Fraction((back - start).days, (back - add_months(anchor=back, step=-12)).days)
