"""Celery tasks of the books: each does one due job under its lease; losing or doubling a message changes nothing."""

from datetime import date
from uuid import UUID

from foundation import clock
from foundation.celery_task import job
from foundation.jobs import Lease
from settlements.services import closing, export_run, statements


@job("settlements.close_day")
def close_day(lease: Lease) -> None:
    """Close the days of a book that are over by its clock; the period is `<book>:<day>:<clock offset>`."""
    closing.close_days_that_are_over(book_id=UUID(lease.period.partition(":")[0]), now=clock.now())


@job("settlements.settle_day")
def settle_day(lease: Lease) -> None:
    """Make the statements of a closed day (and of earlier ones, should they wait); the period is `<book>:<day>`."""
    book, _, day = lease.period.partition(":")
    statements.settle_day(
        book_id=UUID(book), day=date.fromisoformat(day), made_by_id=None, now=clock.now(), lease=lease
    )


@job("settlements.run_export")
def run_export(lease: Lease) -> None:
    """Make the file of an export; the period is its id."""
    export_run.run_export(export_id=UUID(lease.period), lease=lease, now=clock.now())
