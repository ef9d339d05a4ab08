"""POST /v1/books/close and /v1/test_clock/advance: the book's day and a sandbox's clock."""

from datetime import date, datetime, timedelta
from typing import Annotated, Literal

from msgspec import Meta

from foundation.api import Answer, Call, Endpoint, Handle, In, Out, Route, answer
from foundation.errors import Forbidden, InvalidRequest
from settlements.api.access import book_of, once_for_own_sandbox
from settlements.services import books, closing


class CloseIn(In, frozen=True, kw_only=True):
    """`day` says which day is meant; without it the open day is closed."""

    day: date | None = None


class ClosedDayOut(Out, frozen=True, kw_only=True):
    """A closed day. Its statements are made within moments: watch `GET /v1/statements`."""

    object: Literal["closed_day"] = "closed_day"
    day: date
    open_day: date
    timezone: str
    closed_at: datetime


class AdvanceIn(In, frozen=True, kw_only=True):
    """How far: exactly one of the three."""

    seconds: Annotated[int, Meta(ge=1)] | None = None
    days: Annotated[int, Meta(ge=1, le=400)] | None = None
    to: datetime | None = None


class TestClockOut(Out, frozen=True, kw_only=True):
    """A sandbox's present. Days that are over are closed by the worker."""

    object: Literal["test_clock"] = "test_clock"
    now: datetime
    open_day: date
    timezone: str
    offset_seconds: int


class CloseBook(Endpoint):
    """The end of a day in the books."""

    tag = "Books"

    @Route(
        scope="books:close",
        body=CloseIn,
        returns=ClosedDayOut,
        idempotent=True,
        errors=(closing.DayNotOver, closing.NotTheOpenDay, Forbidden),
    )
    def post(self, call: Call, *, body: CloseIn) -> Answer:
        """Close the open day of the book; whoever closes it is the maker of its statements."""

        def effect(_handle: Handle) -> Answer:
            book = book_of(call.caller)
            day = closing.close_day(
                book_id=book.id, closed_by_id=call.caller.person_id, now=book.at(call.now), day=body.day
            )
            return answer(
                ClosedDayOut(
                    day=day, open_day=day + timedelta(days=1), timezone=book.timezone, closed_at=book.at(call.now)
                )
            )

        return once_for_own_sandbox(call, effect)


class AdvanceTestClock(Endpoint):
    """Time travel in a sandbox."""

    tag = "Books"

    @Route(
        scope="clock:write",
        body=AdvanceIn,
        returns=TestClockOut,
        idempotent=True,
        errors=(books.LiveClock, books.AdvanceTooLong, Forbidden),
    )
    def post(self, call: Call, *, body: AdvanceIn) -> Answer:
        """Move the sandbox's clock forward."""

        def effect(_handle: Handle) -> Answer:
            book = book_of(call.caller)
            if book.livemode:
                raise books.LiveClock
            moved = books.advance_clock(book_id=book.id, seconds=_seconds(body, now=book.at(call.now)))
            return answer(
                TestClockOut(
                    now=moved.at(call.now),
                    open_day=moved.open_day,
                    timezone=moved.timezone,
                    offset_seconds=moved.clock_offset_seconds,
                )
            )

        return once_for_own_sandbox(call, effect)


def _seconds(body: AdvanceIn, *, now: datetime) -> int:
    given = [value for value in (body.seconds, body.days, body.to) if value is not None]
    if len(given) != 1:
        raise InvalidRequest(at="", reason="one_of", detail="Give exactly one of seconds, days and to.")
    if body.to is not None:
        if body.to.tzinfo is None:
            raise InvalidRequest(at="/to", reason="offset_missing", detail="An instant needs its offset from UTC.")
        return int((body.to - now).total_seconds())
    return body.seconds if body.seconds is not None else (body.days or 0) * 86_400
