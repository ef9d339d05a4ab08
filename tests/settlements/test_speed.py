"""The size the product promises: 90 days with 200,000 transfers, settled in well under a minute."""

import time
from datetime import UTC, date, datetime, timedelta

import pytest

from domain.ledger import capture_legs
from foundation import db, ids
from settlements.services import booking, proofs, statements
from tests.settlements import world as w

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.full]


def test_90_days_with_200_000_transfers_settle_in_under_60_seconds(database):
    first = date(2026, 8, 1)
    world = w.make_world(open_day=first)
    legs = capture_legs(facts=w.worked_example(world))
    settling = 0.0
    for step in range(90):
        day = first + timedelta(days=step)
        noon = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
        with db.staff_transaction():
            booking.book(
                [
                    w.event_of(world, legs, key=f"{day}:{number}", at=noon, order=ids.uuid7(now=noon))
                    for number in range(371)
                ]
            )
        w.close(world)
        began = time.perf_counter()
        statements.settle_day(book_id=world.book, day=day, made_by_id=None, now=w.NOW)
        settling += time.perf_counter() - began

    assert database.execute("SELECT count(*) FROM settlements_transfer").fetchone() == (200_340,)
    assert settling < 60, f"{settling:.1f} s"
    assert proofs.check_books() == []
