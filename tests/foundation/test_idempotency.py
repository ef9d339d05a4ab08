"""One request, one effect."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from domain.errors import DomainError
from foundation import db
from foundation.caller import Caller
from foundation.idempotency import (
    RECORD_SQL,
    Answer,
    IdempotencyInProgress,
    IdempotencyKeyRequired,
    IdempotencyKeyReused,
    fingerprint_of,
    run_idempotent,
    run_idempotent_as_staff,
)
from foundation.ids import uuid7
from foundation.models import IdempotencyRecord, OutboxMessage

pytestmark = pytest.mark.usefixtures("database")

PRINT = fingerprint_of(b"POST", b"/v1/plans", b"{}")


def caller() -> Caller:
    return Caller(key_id=None, tenant_id=uuid7(), party_kind="merchant", kind="secret", livemode=False)


def run(who: Caller, effect, *, key: str | None = "k1", fingerprint: bytes = PRINT) -> Answer:
    return run_idempotent(caller=who, key=key, fingerprint=fingerprint, effect=effect)


def writing(who: Caller, *, slow_seconds: float = 0.0):
    """An effect that leaves one row behind and answers with its own random id."""

    def effect(_handle) -> Answer:
        row = OutboxMessage.objects.create(tenant_id=who.tenant_id, topic="t", ref="r", payload={})
        time.sleep(slow_seconds)
        return Answer(201, f'{{"id":"{row.pk}"}}'.encode())

    return effect


def rows(database) -> int:
    return database.execute("SELECT count(*) FROM outbox_message").fetchone()[0]


def test_16_threads_with_one_key_make_1_effect_and_get_16_equal_answers(database, settings):
    # Seen to bite: with try_lock answering True always (`pg_try_advisory_xact_lock(%s) OR true` in foundation.db) the
    # effect runs in several threads and this fails, the primary key refusing all but one with an IntegrityError.
    settings.FENQI_BLOCKING_THREADS = 64
    who, ran, start = caller(), [], threading.Barrier(16)

    def attempt(_number: int) -> Answer:
        def effect(handle) -> Answer:
            ran.append(1)
            return writing(who, slow_seconds=0.2)(handle)

        try:
            start.wait()
            return run(who, effect)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(attempt, range(16)))

    assert (len(ran), rows(database)) == (1, 1)
    assert len({(answer.status, answer.body) for answer in answers}) == 1
    assert sorted(answer.replayed for answer in answers) == [False] + [True] * 15


def test_a_second_request_gets_the_first_answer_byte_for_byte(database):
    who = caller()

    first, second = run(who, writing(who)), run(who, writing(who))

    assert (second.status, second.body, second.replayed) == (first.status, first.body, True)
    assert rows(database) == 1


def test_another_request_under_the_same_key_is_422():
    who = caller()
    run(who, writing(who))

    with pytest.raises(IdempotencyKeyReused) as raised:
        run(who, writing(who), fingerprint=fingerprint_of(b"POST", b"/v1/plans", b'{"a":1}'))

    assert raised.value.status == 422


def test_two_tenants_may_use_the_same_key(database):
    for who in (caller(), caller()):
        assert not run(who, writing(who)).replayed

    assert rows(database) == 2


def test_a_refusal_is_not_stored_and_leaves_nothing_behind(database):
    class Refused(DomainError):
        code = "refused_once"

    who = caller()

    def refusing(handle) -> Answer:
        writing(who)(handle)
        raise Refused

    with pytest.raises(Refused):
        run(who, refusing)

    assert rows(database) == 0
    assert run(who, writing(who)).replayed is False


def test_an_effect_may_write_its_record_in_its_own_statement(database):
    who = caller()

    def effect(handle) -> Answer:
        with db.cursor() as cursor:
            cursor.execute(RECORD_SQL, handle.record_sql_params(status=201, body=b"{}"))
        return Answer(201, b"{}")

    assert [run(who, effect).replayed for _ in range(2)] == [False, True]
    assert database.execute("SELECT count(*) FROM idempotency").fetchone() == (1,)


def test_a_request_that_runs_longer_than_2_s_answers_its_duplicate_409_with_retry_after(settings, database):
    settings.FENQI_BLOCKING_THREADS = 64
    who, holding, done = caller(), threading.Event(), threading.Event()

    def slow() -> None:
        def effect(handle) -> Answer:
            holding.set()
            done.wait(10)
            return writing(who)(handle)

        try:
            run(who, effect)
        finally:
            connections.close_all()

    thread = threading.Thread(target=slow)
    thread.start()
    holding.wait(5)
    started = time.monotonic()
    with pytest.raises(IdempotencyInProgress) as raised:
        run(who, writing(who))
    waited = time.monotonic() - started
    done.set()
    thread.join()

    assert (raised.value.status, raised.value.retry_after) == (409, 1)
    assert 1.9 < waited < 3.0
    assert rows(database) == 1


def test_of_4_threads_1_may_wait_and_the_others_are_answered_at_once(settings):
    settings.FENQI_BLOCKING_THREADS = 4
    who, holding, done = caller(), threading.Event(), threading.Event()

    def effect(handle) -> Answer:
        holding.set()
        done.wait(10)
        return writing(who)(handle)

    def duplicate(own_effect) -> tuple[str, float]:
        started = time.monotonic()
        try:
            run(who, own_effect)
        except IdempotencyInProgress:
            return "409", time.monotonic() - started
        else:
            return "answered", time.monotonic() - started
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(duplicate, effect)
        holding.wait(5)
        others = [pool.submit(duplicate, writing(who)) for _ in range(3)]
        time.sleep(0.5)
        early = [other.result() for other in others if other.done()]
        done.set()
        late = [other.result() for other in others]

    assert first.result()[0] == "answered"
    assert [said for said, _ in early] == ["409", "409"]
    assert sorted(said for said, _ in late) == ["409", "409", "answered"]


@pytest.mark.parametrize("key", [None, "", "a" * 256, "tab\there", "schlüssel", "a\x00"])
def test_a_missing_or_unprintable_key_is_400(key):
    who = caller()

    with pytest.raises(IdempotencyKeyRequired) as raised:
        run(who, writing(who), key=key)

    assert raised.value.status == 400


def test_staff_acts_are_remembered_under_the_platforms_own_tenant():
    who, effect = caller(), lambda _handle: Answer(200, b"{}")

    answers = [
        run_idempotent_as_staff(caller=who, key="close", fingerprint=PRINT, effect=effect).replayed for _ in range(2)
    ]

    assert answers == [False, True]
    with db.tenant_transaction(who.tenant_id):
        assert IdempotencyRecord.objects.count() == 1
