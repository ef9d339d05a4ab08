"""Closing: one day at a time, in the book's own time zone, and safe against bookings under way."""

import threading
import time
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connections

from domain.ledger import capture_legs
from foundation import db
from foundation.ids import UnknownId
from settlements.models import ClosedDay
from settlements.selectors import books as book_selectors
from settlements.services import booking, books, closing, statements
from tests.settlements import world as w

pytestmark = pytest.mark.usefixtures("database")


def close(world, **rest):
    with db.staff_transaction():
        return closing.close_day(book_id=world.book, closed_by_id=w.MAKER, now=rest.pop("now", w.NOW), **rest)


def test_closing_names_the_day_the_last_sequence_and_who(database):
    world = w.make_world()
    w.capture(world)

    assert close(world) == w.DAY

    day, last_seq, by = database.execute("SELECT day, last_seq, closed_by_id FROM settlements_closedday").fetchone()
    highest = database.execute("SELECT max(seq) FROM settlements_transfer").fetchone()[0]
    assert (day, last_seq, by) == (w.DAY, highest, w.MAKER)
    with db.staff_transaction():
        assert book_selectors.book(world.book).open_day == w.DAY + timedelta(days=1)


def test_a_repeated_close_of_the_same_day_does_not_close_tomorrow(database):
    world = w.make_world()
    close(world, day=w.DAY)

    with pytest.raises(closing.NotTheOpenDay):
        close(world, day=w.DAY)

    assert database.execute("SELECT count(*) FROM settlements_closedday").fetchone()[0] == 1


def test_the_live_book_closes_a_day_when_it_is_over_in_shanghai_and_not_before(database):
    world = w.make_world(livemode=True)

    with pytest.raises(closing.DayNotOver):
        close(world, now=datetime(2026, 11, 21, 15, 59, tzinfo=UTC))

    assert close(world, now=datetime(2026, 11, 21, 16, 0, tzinfo=UTC)) == w.DAY


def test_a_book_nobody_knows_is_unknown(database):
    with pytest.raises(UnknownId), db.staff_transaction():
        closing.close_day(book_id=UUID(int=5), closed_by_id=None, now=w.NOW)


def test_closing_leaves_the_statements_due_and_tells_the_outbox(database):
    world = w.make_world()
    close(world)

    jobs = database.execute("SELECT kind, period FROM due_job ORDER BY kind").fetchall()
    topics = database.execute("SELECT topic, payload FROM outbox_message").fetchall()

    assert jobs == [("settlements.settle_day", f"{world.book}:2026-11-21")]
    assert topics == [("book.closed", {"book_id": str(world.book), "day": "2026-11-21"})]


def test_the_nightly_close_is_due_five_minutes_after_midnight_in_shanghai(database):
    world = w.make_world(closes_itself=True)

    (due_at,) = database.execute("SELECT due_at FROM due_job WHERE kind = 'settlements.close_day'").fetchone()

    assert due_at == datetime(2026, 11, 21, 16, 5, tzinfo=UTC)
    assert closing.close_days_that_are_over(book_id=world.book, now=due_at) == [w.DAY]
    assert closing.close_days_that_are_over(book_id=world.book, now=due_at) == []
    dues = database.execute("SELECT due_at FROM due_job WHERE kind = 'settlements.close_day' ORDER BY 1").fetchall()
    assert dues[-1] == (datetime(2026, 11, 22, 16, 5, tzinfo=UTC),)


def test_a_book_that_loads_history_is_not_closed_by_the_night(database):
    world = w.make_world()

    assert closing.close_days_that_are_over(book_id=world.book, now=w.NOW + timedelta(days=9)) == []
    with db.staff_transaction():
        books.start_nightly_close(book_id=world.book)
    assert len(closing.close_days_that_are_over(book_id=world.book, now=w.NOW + timedelta(days=9))) == 9


def test_a_sandbox_clock_moves_40_days_and_the_night_closes_40_days(database):
    world = w.make_world(closes_itself=True)
    with db.staff_transaction():
        moved = books.advance_clock(book_id=world.book, seconds=40 * 86_400)

    assert moved.at(w.NOW) == w.NOW + timedelta(days=40)
    closed = closing.close_days_that_are_over(book_id=world.book, now=w.NOW)
    assert (len(closed), closed[-1]) == (40, date(2026, 12, 30))
    due = database.execute("SELECT min(due_at) FROM due_job WHERE period LIKE '%%:2026-11-21:3456000'").fetchone()
    assert due[0] < w.NOW


def test_the_live_clock_stands_and_no_clock_goes_back(database):
    live = w.make_world(livemode=True)
    sandbox = w.make_world()

    with pytest.raises(books.LiveClock), db.staff_transaction():
        books.advance_clock(book_id=live.book, seconds=60)
    for seconds in (0, -1, 401 * 86_400):
        with pytest.raises(books.AdvanceTooLong), db.staff_transaction():
            books.advance_clock(book_id=sandbox.book, seconds=seconds)


def test_a_booking_that_began_before_the_close_makes_it_wait_and_lands_in_the_day(database):
    world = w.make_world()
    legs = capture_legs(facts=w.worked_example(world))
    order: list[str] = []

    def close_later():
        close(world)
        order.append("closed")
        connections.close_all()

    thread = threading.Thread(target=close_later)
    with db.tenant_transaction(world.merchant):
        done = booking.book([w.event_of(world, legs, key="early")])
        thread.start()
        time.sleep(0.4)  # the close waits for us
        order.append("committing")
    thread.join()

    assert order == ["committing", "closed"]
    assert set(done.booked_on.values()) == {w.DAY}


def test_a_booking_that_comes_while_the_day_is_closing_lands_on_the_next_day(database):
    world = w.make_world()
    legs = capture_legs(facts=w.worked_example(world))
    landed: list[date] = []

    def book_late():
        with db.tenant_transaction(world.merchant):
            landed.extend(booking.book([w.event_of(world, legs, key="late")]).booked_on.values())
        connections.close_all()

    thread = threading.Thread(target=book_late)
    with db.staff_transaction():
        closing.close_day(book_id=world.book, closed_by_id=None, now=w.NOW)
        thread.start()
        time.sleep(0.4)
        assert landed == []
    thread.join()

    assert landed == [w.DAY + timedelta(days=1)]
    rows = database.execute("SELECT DISTINCT booked_on, prior_period FROM settlements_transfer").fetchall()
    assert rows == [(w.DAY + timedelta(days=1), True)]


def test_8_threads_book_while_the_day_closes_5_times_and_nothing_is_lost_or_late(database):
    world = w.make_world()
    legs = capture_legs(facts=w.worked_example(world))
    stop = threading.Event()
    booked: list[str] = []
    failures: list[BaseException] = []

    def work(number: int):
        try:
            step = 0
            while not stop.is_set():
                key = f"{number}:{step}"
                with db.tenant_transaction(world.merchant):
                    booking.book([w.event_of(world, legs, key=key)])
                booked.append(key)
                step += 1
        except BaseException as error:  # noqa: BLE001 - a thread's failure is told by the test
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for _ in range(5):
        time.sleep(0.15)
        close(world)
    stop.set()
    for thread in threads:
        thread.join()
    w.close_and_settle(world)

    assert failures == []
    # Every transfer of a closed day has a sequence up to that day's last; every acknowledged event is there once.
    assert database.execute(
        "SELECT count(*) FROM settlements_transfer t JOIN settlements_closedday d ON d.day = t.booked_on "
        "WHERE t.seq > d.last_seq"
    ).fetchone() == (0,)
    assert database.execute(
        "SELECT count(*) FROM settlements_transfer t JOIN settlements_closedday d ON d.day = t.booked_on - 1 "
        "WHERE t.seq <= d.last_seq"
    ).fetchone() == (0,)
    assert database.execute("SELECT count(*) FROM settlements_transfer").fetchone() == (6 * len(booked),)
    assert len(booked) > 20


def test_statements_are_made_of_closed_days_only(database):
    world = w.make_world()

    with pytest.raises(statements.DayNotClosed):
        statements.settle_day(book_id=world.book, day=w.DAY, made_by_id=None, now=w.NOW)
    with db.staff_transaction():
        assert ClosedDay.objects.count() == 0
