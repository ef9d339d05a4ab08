"""Statements: opening + lines = closing, each side once, chained hashes, the same bytes however often a run is killed."""

import itertools
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from domain.ledger import Account, Leg, LineType, MoneyNow, Purpose, capture_legs, refund_legs
from domain.netting import statement_totals
from domain.refunds import RefundState, return_units
from domain.states import IllegalMove
from foundation import db, ids
from settlements.selectors import positions
from settlements.services import booking, proofs, settling, statements
from tests.settlements import world as w

pytestmark = pytest.mark.usefixtures("database")
ROOT = Path(__file__).resolve().parents[2]
SNAPSHOT = (
    "SELECT party_type, period_start, state, opening_minor, closing_minor, line_count, totals, balances, sha256, "
    "previous_sha256, id FROM settlements_statement ORDER BY period_start, id"
)
LINES = "SELECT * FROM settlements_statementline ORDER BY booked_on, statement_id, line_no"


def book(world, legs, *, key, **rest):
    with db.tenant_transaction(world.merchant):
        booking.book([w.event_of(world, legs, key=key, **rest)])


def settle(world, day, **rest):
    return statements.settle_day(book_id=world.book, day=day, made_by_id=None, now=w.NOW, **rest)


def snapshot(database):
    return database.execute(SNAPSHOT).fetchall(), database.execute(LINES).fetchall()


def busy_day(world, orders=25):
    """Captures, and refunds of one unit of every third order."""
    for number in range(orders):
        facts = w.facts_of(
            world, financed=50_001 + number, shares=(701, 350, 117), subsidy=9_001 + number, service_fee=301
        )
        order = ids.uuid7()
        book(world, capture_legs(facts=facts), key=f"capture:{number}", order=order, order_reference=f"A-{number}")
        if number % 3 == 0:
            before = RefundState()
            after = return_units(facts=facts, before=before, quantities={"1": 1})
            legs = refund_legs(facts=facts, before=before, after=after, money_now=MoneyNow())
            book(world, legs, key=f"refund:{number}", order=order, order_reference=f"A-{number}")


def test_a_statement_says_who_when_what_and_how_much(database):
    world = w.make_world()
    w.capture(world)
    w.close_and_settle(world)

    row = database.execute(
        "SELECT state, opening_minor, closing_minor, line_count, totals, balances, made_by_id, previous_sha256 "
        "FROM settlements_statement WHERE party_id = %s", (world.merchant,)
    ).fetchone()  # fmt: skip

    assert row[:4] == ("in_review", 0, 574_908, 4)
    assert row[4] == {
        "sale": {"debit": 0, "credit": 510_000, "count": 1},
        "lender_fee": {"debit": 22_032, "credit": 0, "count": 1},
        "subsidy": {"debit": 0, "credit": 90_000, "count": 1},
        "platform_fee": {"debit": 3_060, "credit": 0, "count": 1},
    }
    assert row[5] == {"merchant_pending": 484_908, "merchant_contingent": 90_000}
    assert row[6:] == (w.MAKER, "")
    moves = database.execute(
        "SELECT move, from_state, to_state, person_id FROM settlements_statementevent WHERE party_id = %s ORDER BY id",
        (world.merchant,),
    ).fetchall()
    assert moves == [
        ("compute", "open", "computing", w.MAKER),
        ("finish", "computing", "computed", w.MAKER),
        ("submit", "computed", "in_review", w.MAKER),
    ]


def test_the_second_day_opens_with_the_first_days_closing_and_names_its_hash(database):
    world = w.make_world()
    w.capture(world, key="one")
    w.close_and_settle(world)
    w.close_and_settle(world)  # a day without movements makes no statement
    w.capture(world, key="two")
    w.close_and_settle(world)

    first, second = database.execute(
        "SELECT opening_minor, closing_minor, sha256, previous_sha256, period_start FROM settlements_statement "
        "WHERE party_type = 'merchant' ORDER BY period_start"
    ).fetchall()

    assert (second[0], second[1]) == (574_908, 2 * 574_908)
    assert second[3] == first[2] != second[2]
    assert second[4] == w.DAY + timedelta(days=2)
    (balance,) = database.execute(
        "SELECT balance_after_minor FROM settlements_statementline l JOIN settlements_statement s ON s.id = l.statement_id "
        "WHERE s.party_type = 'merchant' AND s.period_start = %s ORDER BY line_no DESC LIMIT 1", (second[4],)
    ).fetchone()  # fmt: skip
    assert balance == 2 * 484_908
    assert proofs.check_books() == []


def test_an_internal_move_is_two_lines_debit_before_credit(database):
    world = w.make_world()
    mer = world.contract.merchant_id
    pending, available = Account(mer, Purpose.MERCHANT_PENDING), Account(mer, Purpose.MERCHANT_AVAILABLE)
    book(world, [Leg(debit=pending, credit=available, amount_minor=5, line_type=LineType.RELEASE)], key="r")
    w.close_and_settle(world)

    rows = database.execute(
        "SELECT line_no, side, balance_after_minor FROM settlements_statementline ORDER BY line_no"
    ).fetchall()
    assert rows == [(1, "debit", -5), (2, "credit", 5)]
    assert database.execute("SELECT closing_minor FROM settlements_statement").fetchall() == [(0,)]


def test_odd_fen_in_every_split_leave_every_statement_equal_to_the_domains_own_sum(database):
    world = w.make_world()
    # 100.01 in 3 units, fee 7.01 as 4.21 / 2.10 / 0.70, subsidy 20.02, service fee 0.59: nothing divides.
    facts = w.facts_of(world, financed=10_001, shares=(421, 210, 70), subsidy=2_002, service_fee=59)
    captured = capture_legs(facts=facts)
    states = [RefundState()]
    for _ in range(3):
        states.append(return_units(facts=facts, before=states[-1], quantities={"1": 1}))
    returned = [
        refund_legs(facts=facts, before=before, after=after, money_now=MoneyNow())
        for before, after in itertools.pairwise(states)
    ]
    book(world, captured, key="capture")
    for number, legs in enumerate(returned[:2]):
        book(world, legs, key=f"refund:{number}")
    w.close_and_settle(world)
    book(world, returned[2], key="refund:2")
    w.close_and_settle(world)

    for party_id, prefix in (
        (world.merchant, "mer"),
        (world.lender, "len"),
        (world.brand, "brd"),
        (world.platform, "plt"),
    ):
        public = ids.public_id(prefix, party_id)
        first = statement_totals(party_id=public, opening_minor=0, legs=[*captured, *returned[0], *returned[1]])
        second = statement_totals(party_id=public, opening_minor=first.closing_minor, legs=returned[2])
        found = database.execute(
            "SELECT closing_minor, line_count FROM settlements_statement WHERE party_id = %s ORDER BY period_start",
            (party_id,),
        ).fetchall()
        assert found == [(one.closing_minor, one.line_count) for one in (first, second)]
        # Everything came back: nobody owes anybody a fen.
        assert second.closing_minor == 0
    assert proofs.check_books() == []


def test_two_currencies_of_one_party_are_two_statements(database):
    world = w.make_world()
    legs = capture_legs(facts=w.worked_example(world))
    book(world, legs, key="cny")
    with db.tenant_transaction(world.merchant):
        booking.book([replace(w.event_of(world, legs, key="jpy"), currency="JPY")])
    w.close_and_settle(world)

    found = database.execute(
        "SELECT currency, closing_minor FROM settlements_statement WHERE party_type = 'merchant' ORDER BY currency"
    ).fetchall()
    assert found == [("CNY", 574_908), ("JPY", 574_908)]
    assert proofs.check_books() == []


def test_positions_are_the_last_statement_and_what_moved_since(database):
    world = w.make_world()
    w.capture(world, key="one")
    w.close_and_settle(world)
    w.capture(world, key="two")

    with db.tenant_transaction(world.merchant):
        mine = positions.positions(party_id=world.merchant, book_id=world.book)
        funders = positions.shares(party_id=world.merchant, book_id=world.book, first=w.DAY, last=w.DAY)
    with db.tenant_transaction(world.lender):
        lenders = positions.positions(party_id=world.lender, book_id=world.book)

    assert [(one.purpose, one.balance_minor, one.owed_minor) for one in mine] == [
        ("merchant_contingent", 180_000, 180_000),
        ("merchant_pending", 969_816, 969_816),
    ]
    assert [(one.purpose, one.owed_minor) for one in lenders] == [
        ("lender_payable", 73_440),
        ("lender_receivable", -1_020_000),
    ]
    assert [(one.counterparty_kind, one.line_type, one.in_minor, one.out_minor) for one in funders] == [
        ("government", "subsidy", 90_000, 0),
        ("lender", "lender_fee", 0, 22_032),
        ("lender", "sale", 510_000, 0),
        ("platform", "platform_fee", 0, 3_060),
    ]


class Killed(BaseException):
    pass


def test_a_run_killed_after_any_step_and_run_again_gives_the_same_bytes(database, monkeypatch):
    monkeypatch.setattr(settling, "LINES_A_BATCH", 7)
    monkeypatch.setattr(settling, "PARTIES_A_BATCH", 2)
    world = w.make_world()
    busy_day(world)
    day = w.close(world)
    steps: list[str] = []
    settle(world, day, checkpoint=steps.append)
    whole = snapshot(database)
    assert {"opened", "lines", "chunk", "hashed", "finished", "batch"} == set(steps)
    assert proofs.check_books() == []

    for stop_at in range(0, len(steps), max(1, len(steps) // 12)):
        for table in ("statementline", "statementevent", "statement", "settledday"):
            database.execute(f"DELETE FROM settlements_{table}")
        seen = 0

        def kill(_name, stop_at=stop_at):
            nonlocal seen
            seen += 1
            if seen > stop_at:
                raise Killed

        with pytest.raises(Killed):
            settle(world, day, checkpoint=kill)
        settle(world, day)
        assert snapshot(database) == whole, f"killed after step {stop_at}: {steps[stop_at]}"


def test_the_size_of_batches_and_chunks_changes_no_byte(database, monkeypatch):
    world = w.make_world()
    busy_day(world)
    day = w.close(world)
    settle(world, day)
    whole = snapshot(database)
    for table in ("statementline", "statementevent", "statement", "settledday"):
        database.execute(f"DELETE FROM settlements_{table}")
    monkeypatch.setattr(settling, "LINES_A_BATCH", 3)

    settle(world, day)

    assert snapshot(database) == whole


def test_4_runs_at_once_make_each_statement_once(database, monkeypatch):
    monkeypatch.setattr(settling, "PARTIES_A_BATCH", 1)
    world = w.make_world()
    busy_day(world, orders=10)
    day = w.close(world)
    failures: list[BaseException] = []

    def work():
        try:
            settle(world, day)
        except BaseException as error:  # noqa: BLE001 - a thread's failure is told by the test
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert proofs.check_books() == []
    assert database.execute("SELECT count(*) FROM settlements_statementevent").fetchone() == (3 * 5,)


def test_a_later_day_settles_the_days_before_it_first(database):
    world = w.make_world()
    for key in ("one", "two", "three"):
        w.capture(world, key=key)
        day = w.close(world)

    assert settle(world, day) == 3
    assert settle(world, day) == 0
    assert proofs.check_books() == []


@pytest.mark.faults
def test_a_settling_process_killed_with_kill_9_leaves_nothing_that_the_next_run_does_not_mend(
    database, migrated, monkeypatch
):
    monkeypatch.setattr(settling, "LINES_A_BATCH", 11)
    world = w.make_world()
    busy_day(world, orders=60)
    day = w.close(world)
    program = Path(__file__).with_name("slow_settling.py")
    roles = {"default": "app", "worker": "worker", "reader": "reader", "owner": "owner"}
    urls = {f"FENQI_DB_{role.upper()}_URL": migrated[role] for role in roles.values()}

    for pause in (0.05, 0.1, 0.2):
        child = subprocess.Popen(
            [sys.executable, str(program), str(world.book), str(day)],
            env=os.environ | urls | {"PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            cwd=ROOT,
        )
        assert child.stdout is not None
        assert child.stdout.readline() == b"settling\n"
        time.sleep(pause)
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
    half = snapshot(database)
    settle(world, day)
    killed = snapshot(database)
    for table in ("statementline", "statementevent", "statement", "settledday"):
        database.execute(f"DELETE FROM settlements_{table}")
    settle(world, day)

    assert half != killed
    assert snapshot(database) == killed
    assert proofs.check_books() == []


def merchant_statement(database, world):
    return database.execute(
        "SELECT id, sha256 FROM settlements_statement WHERE party_id = %s", (world.merchant,)
    ).fetchone()


def approve(world, key, sha256, *, by=w.CHECKER):
    with db.tenant_transaction(world.merchant):
        return statements.approve(statement_id=key, person_id=by, expected_sha256=sha256, now=w.NOW)


def test_the_maker_cannot_approve_and_a_second_person_can_once(database):
    world = w.make_world()
    w.capture(world)
    w.close_and_settle(world)
    key, sha256 = merchant_statement(database, world)

    with pytest.raises(statements.MakerIsChecker):
        approve(world, key, sha256, by=w.MAKER)
    with pytest.raises(statements.CheckerUnknown):
        approve(world, key, sha256, by=None)
    done = approve(world, key, sha256)
    with pytest.raises(IllegalMove):
        approve(world, key, sha256)

    assert (done.state, done.approved_by_id, done.approved_at) == ("approved", w.CHECKER, w.NOW)


def test_a_statement_that_is_not_the_one_looked_at_is_not_approved(database):
    world = w.make_world()
    w.capture(world)
    w.close_and_settle(world)
    key, sha256 = merchant_statement(database, world)

    with pytest.raises(statements.StatementHashChanged) as refused:
        approve(world, key, "0" * 64)
    assert refused.value.figures == {"expected": "0" * 64, "actual": sha256}

    database.execute("UPDATE settlements_transfer SET amount_minor = amount_minor + 1 WHERE line_type = 'sale'")
    with pytest.raises(statements.StatementHashChanged):
        approve(world, key, sha256)


def test_a_rejected_statement_goes_back_and_may_be_submitted_again(database):
    world = w.make_world()
    w.capture(world)
    w.close_and_settle(world)
    key, sha256 = merchant_statement(database, world)

    with db.tenant_transaction(world.merchant):
        rejected = statements.reject(statement_id=key, person_id=w.CHECKER, reason="ask the brand", now=w.NOW)
        assert rejected.state == "computed"
        statements.submit(statement_id=key, person_id=w.MAKER, now=w.NOW)
    assert approve(world, key, sha256).state == "approved"

    notes = database.execute(
        "SELECT move, note FROM settlements_statementevent WHERE statement_id = %s AND person_id = %s ORDER BY id",
        (key, w.CHECKER),
    ).fetchall()
    assert notes == [("reject", "ask the brand"), ("approve", "")]


def test_another_merchants_statement_is_like_one_that_does_not_exist(database):
    world = w.make_world()
    w.capture(world)
    w.close_and_settle(world)
    key, sha256 = merchant_statement(database, world)

    for statement_id in (key, UUID(int=99)):
        with pytest.raises(ids.UnknownId), db.tenant_transaction(world.other):
            statements.approve(statement_id=statement_id, person_id=w.CHECKER, expected_sha256=sha256, now=w.NOW)


MOVES = st.lists(
    st.tuples(
        st.sampled_from(["capture", "refund", "close", "settle", "replay"]),
        st.integers(1, 300_000),
        st.tuples(st.integers(0, 999), st.integers(0, 999), st.integers(0, 999)),
        st.integers(0, 50_000),
        st.integers(0, 3),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(moves=MOVES)
def test_any_short_history_of_captures_refunds_and_closes_keeps_every_invariant(database, cleaning_sql, moves):
    database.execute(cleaning_sql)
    world = w.make_world()
    open_orders: list[tuple[UUID, object, RefundState]] = []
    last_event = None
    for number, (what, financed, shares, subsidy, units) in enumerate(moves):
        if what == "capture":
            facts = w.facts_of(world, financed=financed, shares=shares, subsidy=subsidy, service_fee=financed // 167)
            order = ids.uuid7()
            last_event = w.event_of(world, capture_legs(facts=facts), key=f"c:{number}", order=order)
            open_orders.append((order, facts, RefundState()))
        elif what == "refund" and open_orders:
            order, facts, before = open_orders.pop(0)
            left = 3 - before.returned.get("1", 0)
            if not left:
                continue
            after = return_units(facts=facts, before=before, quantities={"1": min(left, units or 1)})
            legs = refund_legs(facts=facts, before=before, after=after, money_now=MoneyNow())
            last_event = w.event_of(world, legs, key=f"r:{number}", order=order)
            open_orders.append((order, facts, after))
        elif what == "close":
            w.close(world)
        elif what == "settle":
            w.close_and_settle(world)
        if last_event is not None:
            with db.tenant_transaction(world.merchant):
                booking.book([last_event])
    w.close_and_settle(world)

    assert proofs.check_books(book_id=world.book) == []
    total = database.execute(
        "SELECT coalesce(sum(closing_minor), 0) FROM (SELECT DISTINCT ON (party_id) closing_minor "
        "FROM settlements_statement ORDER BY party_id, period_start DESC) x"
    ).fetchone()
    assert total == (0,)
