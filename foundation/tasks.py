"""Celery tasks of the shared floor. They are wake-ups: losing or doubling one changes nothing."""

from celery import current_app

from foundation import clock, jobs, outbox, request_id, sweeper
from foundation.celery_task import task

_ROUNDS = 50


@task("foundation.drain_outbox")
def drain_outbox() -> int:
    """Send what waits in the outbox, batch by batch; returns how many messages were taken."""
    taken = 0
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
    sent = jobs.dispatch(now=now, send=current_app.send_task)
    sweeper.beat(name="tick", now=now)
    return sent + drain_outbox()


@task("foundation.heartbeat")
def heartbeat() -> None:
    """Show that a worker takes messages."""
    sweeper.beat(name="worker", now=clock.now())


@task("foundation.purge")
def purge(*, job_id: str, epoch: int, kind: str, period: str) -> int:
    """Remove what has served its time, as a due job."""
    del kind, period
    with jobs.running(job_id=job_id, epoch=epoch):
        return sweeper.purge(now=clock.now())
