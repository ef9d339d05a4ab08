"""Due work runs once a period, survives dead workers, and is fenced by its epoch."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from celery import current_app
from django.db import connections

from foundation import db, jobs, nudge, sweeper, tasks
from foundation.celery_task import job as job_task
from foundation.clock import now
from foundation.ids import uuid7
from foundation.models import DueJob

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(autouse=True)
def handlers(settings):
    settings.DUE_JOB_HANDLERS = {"close_day": "books.close_day"}
    settings.PERIODIC_JOBS = {"close_day": 60}


class Post:
    def __init__(self) -> None:
        self.sent, self.lock = [], threading.Lock()

    def __call__(self, name, *, kwargs, task_id) -> None:
        with self.lock:
            self.sent.append(kwargs)


def due(period: str = "2026-11-21") -> None:
    with db.tenant_transaction(uuid7()):
        jobs.schedule(kind="close_day", period=period, due_at=now())


def job() -> DueJob:
    with db.staff_transaction():
        return DueJob.objects.get(kind="close_day")


def sent_once(moment: datetime) -> dict:
    post = Post()
    assert jobs.dispatch(now=moment, send=post) == 1
    return {"job_id": post.sent[0]["job_id"]}


def test_scheduling_one_period_5_times_makes_1_job():
    for _ in range(5):
        due()

    assert job().period == "2026-11-21"


def test_4_ticks_at_once_send_20_jobs_once_each():
    for number in range(20):
        due(f"day-{number}")
    post, moment, start = Post(), now() + timedelta(seconds=1), threading.Barrier(4)

    def tick() -> None:
        try:
            start.wait()
            jobs.dispatch(now=moment, send=post)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=tick) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(sent["period"] for sent in post.sent) == sorted(f"day-{number}" for number in range(20))


def test_two_beats_make_one_job_of_a_minute():
    moment = datetime(2026, 11, 21, 12, 0, 30, tzinfo=UTC)
    for second in (0, 5, 10):
        jobs.ensure_periodic(now=moment + timedelta(seconds=second))

    assert (job().period, job().due_at) == ("2026-11-21T12:00:00+00:00", datetime(2026, 11, 21, 12, tzinfo=UTC))


def test_a_finished_job_is_done_and_its_second_message_does_nothing():
    due()
    message = sent_once(now())

    with jobs.running(**message) as lease, db.staff_transaction():
        jobs.progress(lease, done=1, total=2, now=now())
    assert (job().state, job().progress_done) == ("done", 1)
    with pytest.raises(jobs.LeaseLost), jobs.running(**message):
        pytest.fail("the body must not run")


def test_a_worker_whose_lease_ran_out_may_write_nothing_more():
    # Seen to bite: without `epoch = %s` in `fence` the first worker's write goes through and this fails.
    due()
    first = sent_once(now())
    seconds = []

    def work_past_the_lease() -> None:
        with jobs.running(**first) as lease:
            seconds.append(sent_once(now() + timedelta(seconds=301)))
            with db.staff_transaction():
                jobs.fence(lease)
                pytest.fail("written under a lost lease")

    with pytest.raises(jobs.LeaseLost):
        work_past_the_lease()
    (second,) = seconds

    with jobs.running(**second):
        pass
    assert job().state == "done"


def test_a_failed_job_waits_2_s_then_4_and_is_given_up_after_8_attempts():
    due()
    moment = now()
    for attempt in range(1, 9):
        message = sent_once(moment)
        with pytest.raises(ZeroDivisionError), jobs.running(**message):
            raise ZeroDivisionError
        assert job().attempts == attempt
        moment = now() + timedelta(seconds=2**attempt + 1)

    assert (job().state, job().error) == ("failed", "ZeroDivisionError()")
    assert jobs.dispatch(now=moment + timedelta(days=1), send=Post()) == 0


def test_a_job_whose_process_dies_8_times_is_given_up_too():
    due()
    moment = now()
    for _ in range(8):
        message = sent_once(moment)
        killed = jobs.running(**message)
        killed.__enter__()  # and never leaves
        moment = now() + timedelta(seconds=301)

    assert jobs.dispatch(now=moment, send=Post()) == 0
    assert (job().state, job().error) == ("failed", "its process died every time")


def test_a_worker_that_is_away_for_an_hour_loses_no_job_however_often_it_was_sent():
    due()
    moment = now()
    messages = [sent_once(moment + timedelta(seconds=61 * minute)) for minute in range(60)]

    with jobs.running(**messages[0]) as lease:
        assert lease.kind == "close_day"

    assert (job().state, job().attempts) == ("done", 1)
    with pytest.raises(jobs.LeaseLost), jobs.running(**messages[59]):
        pytest.fail("the body must not run")


def test_a_declared_job_runs_under_its_lease_and_a_second_message_is_only_noted():
    ran = []
    perform = job_task("tests.close_day")(ran.append)
    due()
    message = {**sent_once(now()), "kind": "close_day", "period": "2026-11-21"}

    perform(**message)
    perform(**message)

    assert [lease.period for lease in ran] == ["2026-11-21"]
    assert job().state == "done"


def test_the_tick_beats_and_has_the_purge_of_the_hour_done(settings, monkeypatch):
    settings.PERIODIC_JOBS = {}
    monkeypatch.setattr(
        "celery.current_app.send_task", lambda name, *, kwargs, task_id: current_app.tasks[name](**kwargs)
    )

    tasks.tick()

    assert sweeper.last_beat(name="tick") is not None
    with db.staff_transaction():
        purge = DueJob.objects.get(kind="foundation.purge")
    assert (purge.state, purge.period[-12:]) == ("done", ":00:00+00:00")


def test_a_nudge_to_a_broker_that_is_away_is_lost_without_a_word(monkeypatch):
    def away(*_args, **_options) -> None:
        raise ConnectionError

    monkeypatch.setattr("celery.current_app.send_task", away)

    assert nudge.send() is False


def test_answers_are_kept_72_hours_and_gone_after_96(database):
    for hours in (73, 97):
        database.execute(
            "INSERT INTO idempotency VALUES (%s, 'k', '', 200, '', now() - make_interval(hours => %s))",
            (uuid7(), hours),
        )

    assert sweeper.purge(now=now()) == 1
    assert database.execute("SELECT count(*) FROM idempotency").fetchone() == (1,)


def test_counted_failures_are_gone_after_a_day(database):
    for key, hours in (("a", 23), ("b", 25)):
        database.execute("INSERT INTO failure_count VALUES (%s, 5, now() - make_interval(hours => %s))", (key, hours))

    assert sweeper.purge(now=now()) == 1
    assert database.execute("SELECT key FROM failure_count").fetchall() == [("a",)]
