"""Make a book, move a sandbox's clock, and see to it that days are closed by themselves.

A book's present is the real one plus an offset. Nobody sets the offset of the live book.
"""

from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.errors import DomainError
from foundation import db, ids, jobs
from settlements.models import Book
from settlements.selectors import books
from settlements.selectors.books import BookView
from settlements.services import locks

CLOSE_JOB = "settlements.close_day"
CLOSES_AFTER_MIDNIGHT = timedelta(minutes=5)
PARTITIONS_AHEAD = timedelta(days=62)
LONGEST_ADVANCE = timedelta(days=400)


class LiveClock(DomainError):
    """The live book runs on real time; only a sandbox's clock can be moved."""

    code = "live_clock"
    status = 409


class AdvanceTooLong(DomainError):
    """A sandbox's clock moves forward, by at most 400 days at once."""

    code = "advance_too_long"
    status = 422
    pointer = "/seconds"


@db.transaction_required
def create_book(
    *,
    name: str,
    timezone: str,
    open_day: date,
    platform_id: UUID,
    now: datetime,
    livemode: bool = False,
    closes_itself: bool = True,
    book_id: UUID | None = None,
) -> UUID:
    """Open a book whose first day is `open_day`; returns its id. Staff transaction.

    With `closes_itself=False` nothing closes its days until `start_nightly_close`: that is how history is loaded.
    """
    ensure_partitions(first=open_day, last=open_day + PARTITIONS_AHEAD)
    row = Book.objects.create(
        id=book_id or ids.uuid7(now=now),
        name=name,
        livemode=livemode,
        timezone=timezone,
        open_day=open_day,
        platform_id=platform_id,
        closes_itself=closes_itself,
        created_at=now,
    )
    if closes_itself:
        schedule_close(books.view_of(row))
    return row.id


@db.transaction_required
def start_nightly_close(*, book_id: UUID) -> None:
    """From now on the book closes each day by itself, 5 minutes after its midnight. Staff transaction."""
    Book.objects.filter(pk=book_id).update(closes_itself=True)
    schedule_close(books.book(book_id))


@db.transaction_required
def schedule_close(book: BookView) -> None:
    """Make the close of the open day due once, in real time, at 00:05 of the next day by the book's clock."""
    midnight = datetime.combine(book.open_day + timedelta(days=1), datetime.min.time(), ZoneInfo(book.timezone))
    due_at = midnight + CLOSES_AFTER_MIDNIGHT - timedelta(seconds=book.clock_offset_seconds)
    jobs.schedule(kind=CLOSE_JOB, period=f"{book.id}:{book.open_day}:{book.clock_offset_seconds}", due_at=due_at)


@db.transaction_required
def advance_clock(*, book_id: UUID, seconds: int) -> BookView:
    """Move a sandbox's clock forward; days that are over by then are closed by the worker. Staff transaction.

    Raises UnknownId, LiveClock, AdvanceTooLong.
    """
    locks.lock_book(book_id)
    row = Book.objects.select_for_update().filter(pk=book_id).first()
    if row is None:
        raise ids.UnknownId
    if row.livemode:
        raise LiveClock
    if not 0 < seconds <= LONGEST_ADVANCE.total_seconds():
        raise AdvanceTooLong(seconds=seconds, most=int(LONGEST_ADVANCE.total_seconds()))
    row.clock_offset_seconds += seconds
    row.save(update_fields=["clock_offset_seconds"])
    moved = books.view_of(row)
    if moved.closes_itself:
        schedule_close(moved)
    return moved


@db.transaction_required
def ensure_partitions(*, first: date, last: date) -> int:
    """Make the monthly partitions of these days where missing; returns how many tables were made. Staff transaction."""
    with db.cursor() as cursor:
        cursor.execute("SELECT settlements_ensure_partitions(%s, %s)", (first, last))
        (made,) = cursor.fetchone() or (0,)
    return int(made)
