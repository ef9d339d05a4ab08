"""Celery tasks of installments: wake-ups around services that find their own work."""

from foundation import clock
from foundation.celery_task import job
from foundation.jobs import Lease
from installments.services import cancelling, release


@job("installments.expire_plans")
def expire_plans(_lease: Lease) -> None:
    """Expire authorisations that ran out, complete plans past their last due date, move money whose day has come.

    Every part takes its own rows with SKIP LOCKED and is idempotent, so two at once share the work.
    """
    now = clock.now()
    cancelling.expire_due(now=now)
    release.complete_due(now=now)
    release.release_all(now=now)
    release.remit_sandboxes(now=now)
