"""When money moves: entries as people write them, and the time each convention sees between two of them.

An entry falls on a date, or so many months and days after the start; `count` repeats it. Dates are kept as dates as long
as they can be: how many years lie between two of them is what the conventions differ in.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction

from msgspec import Struct

from domain.calendars import DateOutOfRange, whole_months, whole_years_back
from domain.errors import DomainError
from domain.periods import add_months

MOST_FLOWS = 1_000
_MONTHS = 12
_YEAR_DAYS = Fraction(365)


class TooManyFlows(DomainError):
    """More than 1,000 advances, or more than 1,000 payments, repetitions counted."""

    code = "too_many_flows"
    status = 422


class InvalidEntry(DomainError):
    """An amount, a count or a step below 1, a month or a day below 0, or both a date and an offset."""

    code = "invalid_entry"
    status = 422


class Entry(Struct, frozen=True, gc=False, kw_only=True):
    """An amount on a date, or `month` months and `day` days after the start (at the start when neither is given).

    `count` of them `every` months apart, or `every` days for an entry that has only a `day`.
    """

    amount_minor: int
    on: date | None = None
    month: int | None = None
    day: int | None = None
    count: int = 1
    every: int = 1


class Offset(Struct, frozen=True, gc=False, order=True):
    """So many months and days after the start."""

    months: int
    days: int


class Moments(Struct, frozen=True, gc=False, kw_only=True):
    """All flows in time order, amounts signed (advances below zero), times of one kind: dates, or offsets."""

    amounts: tuple[int, ...]
    dates: tuple[date, ...] = ()
    offsets: tuple[Offset, ...] = ()


def moments(*, advances: Sequence[Entry], payments: Sequence[Entry]) -> Moments:
    """Write every entry out. Where any has a date, offsets count from the earliest date.

    Raises TooManyFlows, InvalidEntry, DateOutOfRange.
    """
    entries = [*advances, *payments]
    for side in (advances, payments):
        counted = sum([entry.count for entry in side])
        if counted > MOST_FLOWS:
            raise TooManyFlows(limit=MOST_FLOWS, actual=counted)
    for entry in entries:
        _check(entry)
    signed = [(-1, entry) for entry in advances] + [(1, entry) for entry in payments]
    starts = [entry.on for entry in entries if entry.on is not None]
    if starts:
        return _dated(signed, anchor=min(starts))
    flows = [(offset, sign * entry.amount_minor) for sign, entry in signed for offset in _offsets(entry)]
    flows.sort(key=lambda flow: (flow[0].months * 30 + flow[0].days, flow[0]))
    return Moments(amounts=tuple([amount for _, amount in flows]), offsets=tuple([offset for offset, _ in flows]))


def _check(entry: Entry) -> None:
    if min(entry.amount_minor, entry.count, entry.every) < 1 or min(entry.month or 0, entry.day or 0) < 0:
        raise InvalidEntry(amount=entry.amount_minor, count=entry.count, every=entry.every)
    if entry.on is not None and (entry.month is not None or entry.day is not None):
        raise InvalidEntry(on=entry.on.isoformat(), month=entry.month or 0, day=entry.day or 0)


def _offsets(entry: Entry) -> list[Offset]:
    months, days = entry.month or 0, entry.day or 0
    if entry.month is None and entry.day is not None:
        return [Offset(0, days + step * entry.every) for step in range(entry.count)]
    return [Offset(months + step * entry.every, days) for step in range(entry.count)]


def _dated(signed: Sequence[tuple[int, Entry]], *, anchor: date) -> Moments:
    try:
        flows = [(on, sign * entry.amount_minor) for sign, entry in signed for on in _dates(entry, anchor=anchor)]
    except (ValueError, OverflowError) as error:
        raise DateOutOfRange(anchor=anchor.isoformat()) from error
    flows.sort(key=lambda flow: flow[0])
    return Moments(amounts=tuple([amount for _, amount in flows]), dates=tuple([on for on, _ in flows]))


def _dates(entry: Entry, *, anchor: date) -> list[date]:
    if entry.on is not None:
        return [add_months(anchor=entry.on, step=step * entry.every) for step in range(entry.count)]
    return [add_months(anchor=anchor, step=offset.months) + timedelta(days=offset.days) for offset in _offsets(entry)]


def years(found: Moments, *, year_days: Fraction | None) -> list[Fraction]:
    """Years after the start as `effective_365` counts them: days over 365 (or `year_days`), a month a twelfth."""
    length = year_days or _YEAR_DAYS
    if found.dates:
        return [(on - found.dates[0]).days / length for on in found.dates]
    return [Fraction(offset.months, _MONTHS) + offset.days / length for offset in found.offsets]


def directive_years(found: Moments, *, year_days: Fraction | None) -> list[Fraction]:
    """Years after the first drawdown as the European directives count them.

    Offsets are the standard basis: equal months of a twelfth, days over 365. Dates are the calendar basis of Directive
    98/7/EC, Annex III A: whole years back from the payment, the days that remain over 365, or 366 where that year has a
    29 February. `year_days` (365, 366 or 365.25) asks for actual days over that many instead.
    """
    if found.dates and year_days is None:
        return [whole_years_back(start=found.dates[0], end=on) for on in found.dates]
    return years(found, year_days=year_days)


def months(found: Moments, *, year_days: Fraction | None) -> list[Fraction]:
    """Months after the start: dates a month apart are exactly one, whatever its length; odd days are 12/365 each."""
    per_day = _MONTHS / (year_days or _YEAR_DAYS)
    if found.dates:
        counted = [whole_months(start=found.dates[0], end=on) for on in found.dates]
        return [count + days * per_day for count, days in counted]
    return [offset.months + offset.days * per_day for offset in found.offsets]
