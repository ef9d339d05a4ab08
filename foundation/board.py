"""What the operator's health page shows: signs of life, jobs by state, what waits to be sent."""

from datetime import datetime

from django.db.models import Count, Max, Min
from msgspec import Struct

from foundation.models import DueJob, Heartbeat, OutboxMessage


class Beat(Struct, frozen=True, gc=False):
    """When a background part last showed that it is alive."""

    name: str
    at: datetime


class JobGroup(Struct, frozen=True, gc=False):
    """Jobs of one kind in one state."""

    kind: str
    state: str
    count: int
    oldest_due: datetime
    newest_finish: datetime | None


class JobRow(Struct, frozen=True, gc=False):
    """One job that runs, waits or failed."""

    kind: str
    period: str
    state: str
    due_at: datetime
    attempts: int
    done: int
    total: int
    error: str


def beats() -> tuple[Beat, ...]:
    """By name."""
    return tuple(Beat(row.name, row.at) for row in Heartbeat.objects.order_by("name"))


def job_groups() -> tuple[JobGroup, ...]:
    """By kind and state (staff)."""
    rows = DueJob.objects.values_list("kind", "state").annotate(Count("id"), Min("due_at"), Max("finished_at"))
    return tuple(JobGroup(*row) for row in rows.order_by("kind", "state"))


def open_jobs(*, limit: int = 50) -> tuple[JobRow, ...]:
    """What is not done, failures first, then the longest due (staff)."""
    rows = DueJob.objects.exclude(state="done").order_by("-state", "due_at", "id")[:limit]
    return tuple(
        JobRow(
            row.kind, row.period, row.state, row.due_at, row.attempts, row.progress_done, row.progress_total, row.error
        )
        for row in rows
    )


def outbox_waiting() -> tuple[int, datetime | None]:
    """How many messages wait, and since when the oldest (staff)."""
    found = OutboxMessage.objects.filter(done_at__isnull=True).aggregate(Count("id"), Min("created_at"))
    return found["id__count"], found["created_at__min"]
