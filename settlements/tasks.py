"""Celery tasks of the books. Each does one due job under its lease; losing or doubling a message changes nothing."""

from datetime import date
from uuid import UUID

from celery import current_app, shared_task

from foundation import clock, jobs
from settlements.services import closing, export_run, statements


@shared_task(name="settlements.wake_jobs")
def wake_jobs(*, message_id: str, tenant_id: str, ref: str, payload: dict[str, object]) -> int:
    """Something was made due a moment ago: start it now instead of at the next tick."""
    del message_id, tenant_id, ref, payload
    return jobs.dispatch(now=clock.now(), send=current_app.send_task)


@shared_task(name="settlements.close_day")
def close_day(*, job_id: str, epoch: int, kind: str, period: str) -> list[str]:
    """Close the days of a book that are over by its clock; the period is `<book>:<day>:<clock offset>`."""
    del kind
    with jobs.running(job_id=job_id, epoch=epoch):
        book_id = UUID(period.partition(":")[0])
        return [str(day) for day in closing.close_days_that_are_over(book_id=book_id, now=clock.now())]


@shared_task(name="settlements.settle_day")
def settle_day(*, job_id: str, epoch: int, kind: str, period: str) -> int:
    """Make the statements of a closed day (and of earlier ones, should they wait); the period is `<book>:<day>`."""
    del kind
    with jobs.running(job_id=job_id, epoch=epoch) as lease:
        book, _, day = period.partition(":")
        return statements.settle_day(
            book_id=UUID(book), day=date.fromisoformat(day), made_by_id=None, now=clock.now(), lease=lease
        )


@shared_task(name="settlements.run_export")
def run_export(*, job_id: str, epoch: int, kind: str, period: str) -> bool:
    """Make the file of an export; the period is its id."""
    del kind
    with jobs.running(job_id=job_id, epoch=epoch) as lease:
        return export_run.run_export(export_id=UUID(period), lease=lease, now=clock.now())
