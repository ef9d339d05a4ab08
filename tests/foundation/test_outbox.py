"""What was caused is told, at least once, and by one drainer at a time."""

import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from django.db import connections

from foundation import db, outbox
from foundation.clock import now
from foundation.ids import uuid7

pytestmark = pytest.mark.usefixtures("database")

TENANT = uuid7()


@pytest.fixture(autouse=True)
def topics(settings):
    settings.OUTBOX_TOPICS = {"plan.confirmed": ["books.book"], "book.closed": ["books.settle", "books.tell"]}


class Post:
    """Stands for Celery: keeps what is sent, and can be away."""

    def __init__(self, *, away: bool = False) -> None:
        self.sent, self.away, self.lock = [], away, threading.Lock()

    def __call__(self, name, *, kwargs, task_id) -> None:
        if self.away:
            raise ConnectionError("the broker is away")
        with self.lock:
            self.sent.append((name, kwargs["ref"], task_id))


def record(count: int, *, topic: str = "plan.confirmed") -> None:
    with db.tenant_transaction(TENANT):
        outbox.record_many(
            outbox.Message(topic=topic, tenant_id=TENANT, ref=f"pl_{n}", payload={"n": n}) for n in range(count)
        )


def test_two_drainers_send_500_messages_once_each():
    # Seen to bite: without FOR UPDATE SKIP LOCKED in the lease (and its available_at step) both send the same batches.
    record(500)
    post, start = Post(), threading.Barrier(2)

    def drain() -> None:
        try:
            start.wait()
            while outbox.drain(now=now(), send=post, limit=50):
                pass
        finally:
            connections.close_all()

    threads = [threading.Thread(target=drain) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(ref for _, ref, _ in post.sent) == sorted(f"pl_{n}" for n in range(500))
    assert len({task_id for _, _, task_id in post.sent}) == 500


def test_a_message_stands_or_falls_with_its_cause(database):
    class Broken(Exception):
        pass

    def record_and_break() -> None:
        outbox.record(topic="plan.confirmed", tenant_id=TENANT, ref="pl_1")
        raise Broken

    with pytest.raises(Broken):
        db.run_in_tenant_transaction(record_and_break, tenant=TENANT)

    assert database.execute("SELECT count(*) FROM outbox_message").fetchone() == (0,)


def test_outside_a_transaction_recording_is_a_bug():
    with pytest.raises(db.OutsideTransaction):
        outbox.record(topic="plan.confirmed", tenant_id=TENANT, ref="pl_1")


def test_a_topic_nobody_is_told_of_is_a_bug():
    with pytest.raises(LookupError, match=r"nobody\.cares"), db.tenant_transaction(TENANT):
        outbox.record(topic="nobody.cares", tenant_id=TENANT, ref="pl_1")


def test_one_topic_may_wake_two_tasks():
    record(1, topic="book.closed")
    post = Post()

    outbox.drain(now=now(), send=post)

    assert [name for name, _, _ in post.sent] == ["books.settle", "books.tell"]


def test_while_the_broker_is_away_messages_wait_2_then_4_seconds_and_are_sent_when_it_is_back(database):
    record(1)
    moment, away, back = now(), Post(away=True), Post()

    assert outbox.drain(now=moment, send=away) == 1
    assert outbox.drain(now=moment + timedelta(seconds=1), send=back) == 0
    assert outbox.drain(now=moment + timedelta(seconds=3), send=away) == 1
    assert "broker is away" in database.execute("SELECT error FROM outbox_message").fetchone()[0]
    assert outbox.drain(now=moment + timedelta(seconds=6), send=back) == 0
    assert outbox.drain(now=moment + timedelta(seconds=8), send=back) == 1
    assert [ref for _, ref, _ in back.sent] == ["pl_0"]


def test_a_drainer_that_dies_after_leasing_leaves_its_messages_to_the_next_after_60_s():
    record(3)
    moment, post = now(), Post()
    assert len(outbox.lease(now=moment)) == 3  # and the process dies here

    assert outbox.drain(now=moment + timedelta(seconds=59), send=post) == 0
    assert outbox.drain(now=moment + timedelta(seconds=61), send=post) == 3


def test_the_lag_is_the_age_of_the_oldest_unsent_message():
    record(1)
    later = now() + timedelta(seconds=90)

    with db.staff_transaction():
        assert 89 < outbox.oldest_waiting(now=later) < 92
    outbox.drain(now=later, send=Post())
    with db.staff_transaction():
        assert outbox.oldest_waiting(now=later) == 0


def test_the_web_process_nudges_through_our_broker():
    """Seen before: without the import the nudge went to amqp://localhost, and every job waited for the tick."""
    seen = (
        "import config.wsgi, celery\nfrom django.conf import settings\n"
        "app = celery.current_app\nprint(app.main, app.conf.broker_url == settings.CELERY_BROKER_URL)"
    )
    done = subprocess.run([sys.executable, "-c", seen], capture_output=True, text=True, check=True)

    assert done.stdout.split()[-2:] == ["fenqi", "True"]
