"""Loads the demo day by day with an injected clock. A load that was cut off goes on with the book's open day."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from foundation import db
from portal.demo import campaigning, finding, history, offers, shift
from portal.demo.cast import Cast, bring_in
from settlements.services import books

HISTORY_DAYS: Final = offers.HISTORY_DAYS
ZONE: Final = offers.ZONE
_PAST: Final = frozenset({"live", "paused", "ended"})


def load(*, now: datetime, days: int, say: Callable[[str], object], helpers: int = 0) -> Cast:
    """Everything up to `now`: who, campaigns, `days` days of trade. Returns at once when it is all there.

    `helpers` processes share the work; the outcome does not depend on them.
    """
    book = finding.demo_book()
    if book is not None and book.closes_itself:
        return finding.cast_of(book.id)
    today = now.astimezone(ZONE).date()
    if book is None:
        first = today - timedelta(days=days - 1)
        cast = bring_in(start=first, now=_midnight(first))
    else:
        first = book.open_day
        cast = finding.cast_of(book.id)
    _campaigns(cast=cast, now=now, began=_midnight(first), states=_PAST)
    with shift.staffed(helpers) as hands:
        for day in (first + timedelta(days=step) for step in range((today - first).days + 1)):
            history.live_through(cast=cast, day=day, now=now, shift=hands)
            if day != today:
                history.close(cast=cast, day=day, shift=hands)
            if day.day % 10 == 1 or day == today:
                say(f"  demo: {(day - first).days + 1} of {(today - first).days + 1} days …")
    _campaigns(cast=cast, now=now, began=now, states=frozenset({"scheduled", "in_review", "draft"}))
    with db.staff_transaction():
        books.start_nightly_close(book_id=cast.book_id)
    return cast


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=ZONE).astimezone(UTC)


def _campaigns(*, cast: Cast, now: datetime, began: datetime, states: frozenset[str]) -> None:
    for tenant, wanted in (
        (cast.chain, offers.of_the_chain(cast=cast, now=now)),
        (cast.shop, offers.of_the_shop(cast=cast, now=now)),
    ):
        campaigning.carry(cast=cast, tenant=tenant, wanted=[row for row in wanted if row[0] in states], now=began)
