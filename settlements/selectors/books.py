"""Books as values: their open day, their clock, and the days that are closed and settled."""

from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Struct

from foundation import ids
from settlements.models import Book, ClosedDay, SettledDay


class BookView(Struct, frozen=True, gc=False, kw_only=True):
    """A book, read only."""

    id: UUID
    name: str
    timezone: str
    open_day: date
    clock_offset_seconds: int
    livemode: bool
    platform_id: UUID
    closes_itself: bool

    def at(self, real_now: datetime) -> datetime:
        """The book's own present: the real one in the live book, a moved one in a sandbox."""
        return real_now + timedelta(seconds=self.clock_offset_seconds)

    def day_of(self, instant: datetime) -> date:
        """The day of an instant in the book's time zone: 16:00 UTC is already tomorrow in Shanghai."""
        return instant.astimezone(ZoneInfo(self.timezone)).date()


class DayView(Struct, frozen=True, gc=False, kw_only=True):
    """A closed day of a book. `statement_count` is None until its statements are made."""

    day: date
    last_seq: int
    closed_at: datetime
    statement_count: int | None
    line_count: int | None


class BookStatus(Struct, frozen=True, gc=False, kw_only=True):
    """What a finance page says about the book: the open day, and how far closing and settling are."""

    book: BookView
    last_closed: date | None
    last_settled: date | None
    days_to_settle: int


def view_of(row: Book) -> BookView:
    """The value of a row."""
    return BookView(
        id=row.id,
        name=row.name,
        timezone=row.timezone,
        open_day=row.open_day,
        clock_offset_seconds=row.clock_offset_seconds,
        livemode=row.livemode,
        platform_id=row.platform_id,
        closes_itself=row.closes_itself,
    )


def book(book_id: UUID) -> BookView:
    """One book. Raises UnknownId."""
    row = Book.objects.filter(pk=book_id).first()
    if row is None:
        raise ids.UnknownId
    return view_of(row)


def books() -> tuple[BookView, ...]:
    """All books, the live one first."""
    return tuple(view_of(row) for row in Book.objects.order_by("-livemode", "name", "id"))


def clock(book_id: UUID, real_now: datetime) -> datetime:
    """The book's present. Raises UnknownId."""
    return book(book_id).at(real_now)


def status(book_id: UUID) -> BookStatus:
    """How far the book is. Raises UnknownId."""
    closed = ClosedDay.objects.filter(book_id=book_id).order_by("-day").values_list("day", flat=True).first()
    settled = SettledDay.objects.filter(book_id=book_id).order_by("-day").values_list("day", flat=True).first()
    waiting = ClosedDay.objects.filter(book_id=book_id)
    if settled is not None:
        waiting = waiting.filter(day__gt=settled)
    return BookStatus(book=book(book_id), last_closed=closed, last_settled=settled, days_to_settle=waiting.count())


def days(book_id: UUID, *, limit: int = 31) -> tuple[DayView, ...]:
    """The latest closed days, newest first."""
    closed = list(ClosedDay.objects.filter(book_id=book_id).order_by("-day")[:limit])
    made = {
        row.day: row for row in SettledDay.objects.filter(book_id=book_id, day__in=[closing.day for closing in closed])
    }
    return tuple(
        DayView(
            day=row.day,
            last_seq=row.last_seq,
            closed_at=row.closed_at,
            statement_count=made[row.day].statement_count if row.day in made else None,
            line_count=made[row.day].line_count if row.day in made else None,
        )
        for row in closed
    )


def unsettled_days(book_id: UUID, *, up_to: date) -> tuple[date, ...]:
    """Closed days without their statements, oldest first."""
    settled = SettledDay.objects.filter(book_id=book_id).values("day")
    found = ClosedDay.objects.filter(book_id=book_id, day__lte=up_to).exclude(day__in=settled).order_by("day")
    return tuple(found.values_list("day", flat=True))


def book_of_platform(platform_id: UUID) -> BookView:
    """The book a platform party runs. Raises UnknownId."""
    row = Book.objects.filter(platform_id=platform_id).order_by("created_at").first()
    if row is None:
        raise ids.UnknownId
    return view_of(row)
