"""The second wall: what each role sees, and the one door to the database."""

import pytest
from django.db import DatabaseError, connections, transaction

from foundation import db
from foundation.clock import now
from foundation.ids import uuid7
from foundation.models import DueJob, Heartbeat, OutboxMessage

pytestmark = pytest.mark.usefixtures("database")

A, B = uuid7(), uuid7()


@pytest.fixture
def two_messages(database):
    for tenant in (A, B):
        with db.tenant_transaction(tenant):
            OutboxMessage.objects.create(tenant_id=tenant, topic="t", ref=str(tenant), payload={})


@pytest.mark.usefixtures("two_messages")
def test_of_two_tenants_each_sees_its_own_row_staff_sees_2_and_nobody_in_particular_sees_0():
    for tenant in (A, B):
        with db.tenant_transaction(tenant):
            assert [row.tenant_id for row in OutboxMessage.objects.all()] == [tenant]
    with db.staff_transaction():
        assert OutboxMessage.objects.count() == 2
    assert OutboxMessage.objects.count() == 0


@pytest.mark.usefixtures("two_messages")
def test_the_tenant_ends_with_its_transaction_although_the_connection_lives_on():
    with db.tenant_transaction(A):
        pid = connections["default"].connection.info.backend_pid

    assert connections["default"].connection.info.backend_pid == pid
    assert OutboxMessage.objects.count() == 0


def test_a_row_of_another_tenant_cannot_be_written():
    with pytest.raises(DatabaseError, match="row-level security"), db.tenant_transaction(A):
        OutboxMessage.objects.create(tenant_id=B, topic="t", ref="r", payload={})


@pytest.mark.usefixtures("two_messages")
def test_even_the_owner_of_the_table_sees_0_rows():
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM outbox_message")
        assert cursor.fetchone() == (0,)


def test_the_app_may_not_update_answers_nor_end_jobs():
    for sql in (
        "UPDATE idempotency SET status = 500",
        "UPDATE due_job SET state = 'done'",
        "DELETE FROM outbox_message",
    ):
        with pytest.raises(DatabaseError, match="permission denied"), db.tenant_transaction(A), db.cursor() as cursor:
            cursor.execute(sql)


def test_the_app_reads_jobs_and_heartbeats_but_a_reader_writes_nothing():
    with db.staff_transaction():
        Heartbeat.objects.create(name="tick", at=now())
    with db.tenant_transaction(A):
        assert (Heartbeat.objects.count(), DueJob.objects.count()) == (1, 0)
    with pytest.raises(DatabaseError, match="read-only transaction"), db.reader_transaction(None):
        Heartbeat.objects.create(name="other", at=now())


def test_transactions_do_not_nest_not_even_across_roles():
    with pytest.raises(RuntimeError, match="do not nest"), db.tenant_transaction(A), db.staff_transaction():
        pass
    with db.tenant_transaction(A):
        assert db.current_tenant() == A
    assert db.current_scope() is None


def test_a_function_that_needs_a_transaction_says_so_without_one():
    @db.transaction_required
    def write() -> int:
        return 1

    with pytest.raises(db.OutsideTransaction, match="write needs a transaction"):
        write()
    with db.tenant_transaction(A):
        assert write() == 1


def test_a_deadlock_is_tried_3_times_more_and_then_surfaces():
    tries = []

    def deadlock() -> None:
        tries.append(1)
        with db.cursor() as cursor:
            cursor.execute("DO $$ BEGIN RAISE EXCEPTION 'made' USING ERRCODE = 'deadlock_detected'; END $$")

    with pytest.raises(DatabaseError):
        db.run_in_tenant_transaction(deadlock, tenant=A)
    assert len(tries) == 4


def test_a_deadlock_that_passes_is_not_noticed():
    tries = []

    def once() -> str:
        tries.append(1)
        if len(tries) == 1:
            with db.cursor() as cursor:
                cursor.execute("DO $$ BEGIN RAISE EXCEPTION 'made' USING ERRCODE = 'serialization_failure'; END $$")
        return "done"

    assert db.run_in_staff_transaction(once) == "done"


def test_an_append_only_table_refuses_update_delete_and_truncate(database, role_urls):
    from foundation import rls

    with connections["owner"].cursor() as cursor:
        cursor.execute("CREATE TABLE only_grows (n int); INSERT INTO only_grows VALUES (1)")
        cursor.execute(rls.append_only("only_grows").sql)
        for sql in ("UPDATE only_grows SET n = 2", "DELETE FROM only_grows", "TRUNCATE only_grows"):
            with pytest.raises(DatabaseError, match="rows here are only added"):
                cursor.execute(sql)
        cursor.execute("DROP TABLE only_grows")
