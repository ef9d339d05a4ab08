"""Celery tasks of the shared floor. They are wake-ups: losing or doubling one changes nothing."""

from celery import current_app

from foundation import clock, jobs, outbox, request_id, sweeper
from foundation.celery_task import job, task

_ROUNDS = 50


@task("foundation.drain_outbox")
def drain_outbox() -> int:
    """Send what waits in the outbox, batch by batch, and what is due; returns how many messages and jobs were taken."""
    taken = jobs.dispatch(now=clock.now(), send=current_app.send_task)
    for _ in range(_ROUNDS):
        count = outbox.drain(now=clock.now(), send=current_app.send_task)
        taken += count
        if count < outbox.BATCH:
            break
    return taken


@task("foundation.tick")
def tick() -> int:
    """Find due jobs, jobs of dead workers and forgotten messages. Two beats at once are harmless."""
    request_id.begin()
    now = clock.now()
    jobs.ensure_periodic(now=now)
    sweeper.beat(name="tick", now=now)
    return drain_outbox()


@task("foundation.heartbeat")
def heartbeat() -> None:
    """Show that a worker takes messages."""
    sweeper.beat(name="worker", now=clock.now())


@job("foundation.purge")
def purge(_lease: jobs.Lease) -> None:
    """Remove what has served its time."""
    sweeper.purge(now=clock.now())
