"""Dates, months and wall clocks. The clock itself is never read here: instants arrive as arguments."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from domain.errors import DomainError
from domain.offers import WeeklyHours

_MONTH_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_FEBRUARY = 2


class UnknownTimezone(DomainError):
    """Not a name of the IANA time zone database."""

    code = "unknown_timezone"
    status = 422
    pointer = "/timezone"


def add_months(*, anchor: date, step: int) -> date:
    """The date `step` months from the anchor, at its day or the month's last: 31 Jan + 1 is 28 Feb, + 2 is 31 Mar.

    Always count from the anchor: stepping from the result would drift after February. `step` may be negative.
    """
    year, month_index = divmod(anchor.year * 12 + anchor.month - 1 + step, 12)
    month = month_index + 1
    return date(year, month, min(anchor.day, _days_in(year=year, month=month)))


def monthly_dates(*, anchor: date, first_step: int, count: int) -> tuple[date, ...]:
    """`count` dates a month apart, the first `first_step` months after the anchor. Most quotes of a day share them."""
    return _monthly_dates(anchor, first_step, count)


@lru_cache(maxsize=512)
def _monthly_dates(anchor: date, first_step: int, count: int) -> tuple[date, ...]:
    return tuple(add_months(anchor=anchor, step=step) for step in range(first_step, first_step + count))


def _days_in(*, year: int, month: int) -> int:
    if month == _FEBRUARY and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0):
        return 29
    return _MONTH_LENGTHS[month - 1]


def in_window(*, at: datetime, starts_at: datetime, ends_at: datetime) -> bool:
    """Half-open: the first instant is inside, the last is not."""
    return starts_at <= at < ends_at


def zone(timezone: str) -> ZoneInfo:
    """The zone by IANA name, cached by the standard library. Raises UnknownTimezone."""
    try:
        return ZoneInfo(timezone)
    except (KeyError, ValueError, OSError) as error:
        raise UnknownTimezone(timezone=timezone) from error


def local_date(*, at: datetime, timezone: str) -> date:
    """The calendar day of an instant where the merchant is: 16:00 UTC is already tomorrow in Shanghai."""
    return _local(at=at, timezone=timezone).date()


def _local(*, at: datetime, timezone: str) -> datetime:
    if at.tzinfo is None:
        # astimezone() would silently take the server's zone.
        message = "an instant must be aware"
        raise ValueError(message)
    return at.astimezone(zone(timezone))


def day_bounds(*, on: date, timezone: str) -> tuple[datetime, datetime]:
    """The half-open UTC instants of a local day; 23 or 25 hours long when clocks change.

    Shanghai, 2026-08-01: 2026-07-31 16:00 to 2026-08-01 16:00 UTC. Where clocks jump at midnight the day starts at the
    jump; a day that a zone skipped (Apia, 2011-12-30) is empty.
    """
    place = zone(timezone)
    start = datetime.combine(on, time.min, tzinfo=place).astimezone(UTC)
    end = datetime.combine(on + timedelta(days=1), time.min, tzinfo=place).astimezone(UTC)
    return start, end


def in_weekly_hours(*, at: datetime, hours: Sequence[WeeklyHours], timezone: str) -> bool:
    """Whether the shop's wall clock shows one of the hours; no hours at all means always.

    Wall time is what the poster says, so 20:00 stays 20:00 across a change of clocks, an hour that is skipped never
    comes and one that is repeated counts twice. Hours do not cross midnight: 22:00-02:00 is written as two entries.
    """
    if not hours:
        return True
    local = _local(at=at, timezone=timezone)
    weekday = local.isoweekday()
    minute = local.hour * 60 + local.minute
    return any(weekday in entry.days and entry.from_minute <= minute < entry.to_minute for entry in hours)
