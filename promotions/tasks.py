"""Celery tasks of promotions: wake-ups for due jobs."""

from foundation import clock, db, jobs
from foundation.celery_task import job
from promotions.services import campaigns


@job("promotions.sweep")
def sweep(lease: jobs.Lease) -> None:
    """Bring campaign states after their windows, 200 a transaction."""
    moved = 1
    while moved:
        with db.staff_transaction():
            jobs.fence(lease)
            moved = campaigns.sweep(now=clock.now())
