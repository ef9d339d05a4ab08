"""Celery tasks of installments: wake-ups around services that find their own work."""

from foundation import clock, jobs
from foundation.celery_task import task
from installments.services import cancelling, release


@task("installments.expire_plans")
def expire_plans(*, job_id: str, kind: str, period: str) -> int:
    """Expire authorisations that ran out, complete plans past their last due date, move money whose day has come.

    Every part takes its own rows with SKIP LOCKED and is idempotent, so two at once share the work.
    """
    del kind, period
    with jobs.running(job_id=job_id):
        return sweep()


def sweep() -> int:
    """All that time does to plans; returns how many moved."""
    now = clock.now()
    moved = cancelling.expire_due(now=now) + release.complete_due(now=now)
    return moved + release.release_all(now=now) + release.remit_sandboxes(now=now)
