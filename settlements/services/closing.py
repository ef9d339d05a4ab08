"""Close a day of a book: after it nothing is booked into that day, and its statements can be made.

Bookings hold the book's lock shared; the close waits for those under way and keeps new ones waiting for the few statements
it takes. Whoever comes later reads the next day as the open one.
"""

from datetime import date, datetime, timedelta
from uuid import UUID

from domain.errors import DomainError
from foundation import db, ids, jobs, outbox
from settlements.models import Book, ClosedDay
from settlements.selectors import books
from settlements.services import locks
from settlements.services.books import PARTITIONS_AHEAD, ensure_partitions, schedule_close

SETTLE_JOB = "settlements.settle_day"


class DayNotOver(DomainError):
    """The live book closes a day only when it is over."""

    code = "day_not_over"
    status = 409


class NotTheOpenDay(DomainError):
    """The day to close is not the book's open day: it is closed already, or its turn has not come."""

    code = "not_the_open_day"
    status = 409
    pointer = "/day"


@db.transaction_required
def close_day(*, book_id: UUID, closed_by_id: UUID | None, now: datetime, day: date | None = None) -> date:
    """Close the book's open day and return it; `closed_by_id` becomes the maker of its statements. Staff transaction.

    `day` says which day is meant, so that a repeated click does not close tomorrow. Leaves the making of the statements
    due. Raises UnknownId, NotTheOpenDay, DayNotOver (live book).
    """
    locks.lock_book(book_id)
    book = books.book(book_id)
    if day not in {None, book.open_day}:
        raise NotTheOpenDay(day=str(day), open_day=str(book.open_day))
    if book.livemode and book.day_of(book.at(now)) <= book.open_day:
        raise DayNotOver(day=str(book.open_day))
    closed = book.open_day
    ensure_partitions(first=closed + timedelta(days=1), last=closed + PARTITIONS_AHEAD)
    ClosedDay.objects.create(
        id=ids.uuid7(), book_id=book_id, day=closed, last_seq=_last_seq(), closed_by_id=closed_by_id, closed_at=now
    )
    Book.objects.filter(pk=book_id).update(open_day=closed + timedelta(days=1))
    jobs.schedule(kind=SETTLE_JOB, period=f"{book_id}:{closed}", due_at=now)
    outbox.record(
        topic="book.closed",
        tenant_id=book.platform_id,
        ref=str(book_id),
        payload={"book_id": str(book_id), "day": str(closed)},
    )
    if book.closes_itself:
        schedule_close(books.book(book_id))
    return closed


def close_days_that_are_over(*, book_id: UUID, now: datetime) -> list[date]:
    """Close every day that has ended by the book's own clock, each in a transaction of its own. The nightly job.

    Does nothing for a book that does not close itself.
    """
    closed: list[date] = []

    def attempt() -> date | None:
        book = books.book(book_id)
        if not book.closes_itself or book.day_of(book.at(now)) <= book.open_day:
            return None
        return close_day(book_id=book_id, closed_by_id=None, now=now, day=book.open_day)

    while True:
        day = db.run_in_staff_transaction(attempt)
        if day is None:
            return closed
        closed.append(day)


def _last_seq() -> int:
    """The last number handed out. Under the exclusive lock no booking of this book is under way, so all its rows are below."""
    with db.cursor() as cursor:
        cursor.execute("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM settlements_transfer_seq")
        (number,) = cursor.fetchone() or (0,)
    return int(number)
