"""Booking: once per event, into the open day only, append-only by the database, and each owner sees its side."""

from datetime import timedelta
from uuid import UUID

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError
from msgspec.structs import replace

from domain.ledger import Account, Leg, LineType, Purpose, capture_legs
from foundation import db, ids
from settlements.models import Transfer
from settlements.services import booking
from settlements.services.events import NotAParty
from tests.settlements import world as w

pytestmark = pytest.mark.usefixtures("database")


def legs_of(world):
    return capture_legs(facts=w.worked_example(world))


def book(world, *events):
    with db.tenant_transaction(world.merchant):
        return booking.book(list(events))


def count(database) -> int:
    return database.execute("SELECT count(*) FROM settlements_transfer").fetchone()[0]


def test_an_event_booked_three_times_is_booked_once(database):
    world = w.make_world()
    event = w.event_of(world, legs_of(world), key="capture:1")

    done = [book(world, event).transfers, book(world, event, event).transfers]

    assert done == [6, 0]
    assert count(database) == 6


def test_the_same_key_with_one_fen_more_is_refused_and_books_nothing(database):
    world = w.make_world()
    event = w.event_of(world, legs_of(world), key="capture:1")
    book(world, event)
    other = replace(event, legs=(replace(event.legs[0], amount_minor=510_001), *event.legs[1:]))

    for batch in ([other], [w.event_of(world, legs_of(world), key="capture:2"), other]):
        with pytest.raises(booking.EventConflict):
            book(world, *batch)

    assert count(database) == 6


def test_two_contents_under_one_key_in_one_batch_are_refused(database):
    world = w.make_world()
    event = w.event_of(world, legs_of(world), key="capture:1")

    with pytest.raises(booking.EventConflict):
        book(world, event, replace(event, order_reference="A-2"))

    assert count(database) == 0


def test_yesterdays_event_is_booked_today_and_marked_as_prior_period(database):
    world = w.make_world()
    # 15:59 UTC of the 20th is still the 20th in Shanghai; one minute later is the 21st.
    late = w.NOW.replace(day=20, hour=15, minute=59)
    book(world, w.event_of(world, legs_of(world), key="late", at=late))
    book(world, w.event_of(world, legs_of(world), key="just in time", at=late + timedelta(minutes=1)))

    found = database.execute(
        "SELECT event_key, booked_on, prior_period FROM settlements_transfer WHERE leg_no = 1 ORDER BY seq"
    ).fetchall()

    assert found == [("late", w.DAY, True), ("just in time", w.DAY, False)]


def test_transfers_keep_everything_a_statement_prints(database):
    world = w.make_world()
    book(world, w.event_of(world, legs_of(world), key="c", store_id="sto_x", order_reference="订单-1", note="n"))

    row = database.execute(
        "SELECT order_id, order_reference, store_id, sku, item_id, campaign_id, campaign_version, rule_set, claim_id, term "
        "FROM settlements_transfer WHERE line_type = 'subsidy'"
    ).fetchone()

    assert row[:5] == (ids.public_id("pl", UUID(int=1)), "订单-1", "sto_x", "FRIDGE-1", "1")
    assert (row[5], row[6], row[7], row[9]) == ("", None, "cn-2026-appliance", 12)
    assert row[8].startswith("clm_")


def test_an_account_of_no_party_is_refused(database):
    world = w.make_world()
    leg = Leg(
        debit=Account("sto_1", Purpose.BANK),
        credit=Account(world.contract.merchant_id, Purpose.MERCHANT_PENDING),
        amount_minor=1,
        line_type=LineType.SALE,
    )

    with pytest.raises(NotAParty):
        book(world, w.event_of(world, [leg], key="x"))


@pytest.mark.parametrize("amount", [0, -1])
def test_the_database_refuses_an_amount_of(database, amount):
    world = w.make_world()
    first = legs_of(world)[0]

    with pytest.raises(IntegrityError, match="transfer_amount_positive"):
        book(world, w.event_of(world, [replace(first, amount_minor=amount)], key="x"))


def test_the_database_refuses_a_transfer_from_an_account_to_itself(database):
    world = w.make_world()
    first = legs_of(world)[0]

    with pytest.raises(IntegrityError, match="transfer_between_two_accounts"):
        book(world, w.event_of(world, [replace(first, debit=first.credit)], key="x"))


INSERT = (
    "INSERT INTO settlements_transfer (id, book_id, tenant_id, debit_party_id, debit_purpose, credit_party_id, "
    "credit_purpose, currency, amount_minor, line_type, event_key, leg_no, effective_at, booked_on) "
    "SELECT gen_random_uuid(), book_id, tenant_id, debit_party_id, debit_purpose, credit_party_id, credit_purpose, "
    "currency, amount_minor, line_type, 'again', leg_no, effective_at, %s FROM settlements_transfer LIMIT 1"
)


@pytest.mark.parametrize("days", [-1, 1, 4_000])
def test_the_database_refuses_a_transfer_on_any_day_but_the_open_one(database, migrated, days):
    world = w.make_world()
    w.capture(world)

    with psycopg.connect(migrated["worker"]) as worker, pytest.raises(psycopg.errors.CheckViolation) as refused:
        worker.execute(INSERT, (w.DAY + timedelta(days=days),))

    assert refused.value.diag.constraint_name == "transfer_on_open_day"
    assert count(database) == 6


def test_the_database_refuses_a_transfer_into_a_closed_day_for_the_web_as_well(database):
    world = w.make_world()
    w.capture(world)
    w.close(world)

    refused = pytest.raises(IntegrityError, match="is refused: the open day of the book is 2026-11-22")
    with refused, db.tenant_transaction(world.merchant), db.cursor() as cursor:
        cursor.execute(INSERT, (w.DAY,))


GROWING = [
    "settlements_transfer",
    "settlements_statementline",
    "settlements_statementevent",
    "settlements_bookedevent",
    "settlements_closedday",
    "settlements_settledday",
    "settlements_holder",
]


@pytest.mark.parametrize("table", GROWING)
def test_the_database_refuses_to_change_or_remove_rows_even_to_a_superuser(database, admin_url, table):
    world = w.make_world()
    w.capture(world)
    w.close_and_settle(world)
    column = database.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 ORDER BY attnum LIMIT 1",
        (table,),
    ).fetchone()[0]
    database.execute("SET session_replication_role = origin")
    try:
        for sql in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
            with pytest.raises(psycopg.errors.RestrictViolation):
                database.execute(sql)
    finally:
        database.execute("SET session_replication_role = replica")


def test_every_partition_refuses_change_and_truncate_too(database):
    world = w.make_world()
    w.capture(world)
    w.close_and_settle(world)
    parts = [
        row[0]
        for row in database.execute(
            "SELECT c.relname FROM pg_class c WHERE c.relispartition AND c.relkind = 'r' "
            "AND c.relname ~ '^settlements_(transfer|statementline)_'"
        ).fetchall()
    ]
    database.execute("SET session_replication_role = origin")
    try:
        for part in parts:
            with pytest.raises(psycopg.errors.RestrictViolation):
                database.execute(f"TRUNCATE {part}")
        for part in ("settlements_transfer_202611", "settlements_statementline_202611"):
            with pytest.raises(psycopg.errors.RestrictViolation):
                database.execute(f"DELETE FROM {part}")
    finally:
        database.execute("SET session_replication_role = replica")

    assert len(parts) >= 8


def test_a_computed_statement_is_frozen_but_for_its_state(database):
    world = w.make_world()
    w.capture(world)
    w.close_and_settle(world)
    database.execute("SET session_replication_role = origin")
    try:
        for sql in (
            "UPDATE settlements_statement SET closing_minor = 0",
            "UPDATE settlements_statement SET sha256 = 'x'",
            "DELETE FROM settlements_statement",
        ):
            with pytest.raises(psycopg.errors.RestrictViolation):
                database.execute(sql)
        database.execute("UPDATE settlements_statement SET state = 'approved'")
    finally:
        database.execute("SET session_replication_role = replica")


def test_no_role_may_touch_a_partition_directly(database, migrated):
    w.capture(w.make_world())

    for role in ("app", "worker", "reader"):
        with psycopg.connect(migrated[role]) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT count(*) FROM settlements_transfer_202611")


def test_the_brand_sees_its_side_the_other_merchant_nothing_and_nobody_without_a_tenant_anything(database):
    world = w.make_world()
    w.capture(world)
    w.close_and_settle(world)
    tables = (
        "settlements_transfer",
        "settlements_statement",
        "settlements_statementline",
        "settlements_statementevent",
    )

    def seen(tenant):
        counts = []
        with db.tenant_transaction(tenant), db.cursor() as cursor:
            for table in tables:
                cursor.execute(f"SELECT count(*) FROM {table}")
                counts.append(cursor.fetchone()[0])
        return counts

    assert seen(world.merchant) == [6, 1, 4, 3]
    assert seen(world.brand) == [1, 1, 1, 3]
    assert seen(world.other) == [0, 0, 0, 0]
    assert Transfer.objects.count() == 0


def test_a_tenant_cannot_book_in_anothers_name(database):
    world = w.make_world()
    event = w.event_of(world, legs_of(world), key="x")

    with pytest.raises(DatabaseError, match="row-level security"), db.tenant_transaction(world.other):
        booking.book([event])


def test_2000_orders_of_6_transfers_are_booked_in_one_batch(database):
    world = w.make_world()
    legs = legs_of(world)

    with db.staff_transaction():
        done = booking.book([w.event_of(world, legs, key=f"capture:{number}") for number in range(2_000)])

    assert done.transfers == 12_000
    first, last, numbers = database.execute(
        "SELECT min(seq), max(seq), count(DISTINCT seq) FROM settlements_transfer"
    ).fetchone()
    assert (last - first + 1, numbers) == (12_000, 12_000)
