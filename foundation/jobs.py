"""Work that is due: one row per (kind, period), leased to one worker at a time, fenced by an epoch.

A tick marks what is due as sent and gives its id to the Celery task that `settings.DUE_JOB_HANDLERS` maps its kind to;
while nobody begins, it is sent again every 60 s (a worker may be away for hours, and loses no job). The task does the work
inside `running(...)`: whichever message comes first begins, gets a lease and the next epoch; the others find the job taken.
When its process dies the lease runs out and the job is sent anew: whatever the first one still writes raises `LeaseLost`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import structlog
from django.conf import settings
from msgspec import Struct

from domain.errors import DomainError
from foundation import clock, db, ids, nudge

MAX_ATTEMPTS: Final = 8
DISPATCH_LEASE: Final = timedelta(seconds=60)
OWN_HANDLERS: Final = {"foundation.purge": "foundation.purge"}
OWN_PERIODIC: Final = {"foundation.purge": 3_600}
WORK_LEASE: Final = timedelta(seconds=300)
_ERROR_MAX: Final = 500
_BACKOFF_MAX_SECONDS: Final = 900

log = structlog.get_logger("foundation.jobs")
Send = Callable[..., object]


class LeaseLost(DomainError):
    """Another worker has taken this job over; stop and write nothing more."""

    code = "lease_lost"
    status = 409


class Lease(Struct, frozen=True):
    """The right to do one job until the lease ends, or until somebody with a higher epoch has it."""

    job_id: UUID
    epoch: int
    kind: str
    period: str


@db.transaction_required
def schedule(*, kind: str, period: str, due_at: datetime) -> None:
    """Make a job due once: a second call with the same kind and period changes nothing. What is due now starts at once."""
    with db.cursor() as cursor:
        cursor.execute(
            "INSERT INTO due_job (id, kind, period, due_at) VALUES (%s, %s, %s, %s) ON CONFLICT (kind, period) DO NOTHING",
            (ids.uuid7(), kind, period, due_at),
        )
    db.on_commit(nudge.poke)


_DISPATCH_SQL: Final = """
WITH ready AS MATERIALIZED (
    SELECT id FROM due_job
    WHERE kind = ANY(%(kinds)s)
      AND ((state = 'due' AND due_at <= %(now)s) OR (state IN ('sent', 'running') AND lease_until <= %(now)s))
    ORDER BY due_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
)
UPDATE due_job AS job
SET state = CASE WHEN attempts >= %(most)s THEN 'failed' ELSE 'sent' END,
    finished_at = CASE WHEN attempts >= %(most)s THEN %(now)s END,
    error = CASE WHEN attempts >= %(most)s AND error = '' THEN 'its process died every time' ELSE error END,
    epoch = epoch + 1, lease_until = %(until)s
FROM ready WHERE job.id = ready.id
RETURNING job.id, job.epoch, job.kind, job.period, job.state
"""


def dispatch(*, now: datetime, send: Send, limit: int = 100) -> int:
    """Lease what is due, or left behind by a dead worker, and send it to its task. Returns how many were sent.

    Safe to run anywhere at any time: rows are taken with SKIP LOCKED, and a message that is lost or doubled is cured by
    lease and epoch. A job that was begun 8 times is failed and stays for a person to see.
    """
    handlers: dict[str, str] = {**OWN_HANDLERS, **settings.DUE_JOB_HANDLERS}
    params: dict[str, Any] = {
        "kinds": list(handlers),
        "now": now,
        "limit": limit,
        "most": MAX_ATTEMPTS,
        "until": now + DISPATCH_LEASE,
    }

    def attempt() -> list[Any]:
        with db.staff_transaction(), db.cursor() as cursor:
            cursor.execute(_DISPATCH_SQL, params)
            return list(cursor.fetchall())

    sent = 0
    for job_id, epoch, kind, period, state in db.retrying(attempt):
        if state == "failed":
            log.error("job_given_up", kind=kind, period=period, attempts=MAX_ATTEMPTS)
            continue
        job = {"job_id": str(job_id), "kind": kind, "period": period}
        try:
            send(handlers[kind], kwargs=job, task_id=f"{job_id}:{epoch}")
            sent += 1
        except Exception as error:  # noqa: BLE001 - the lease runs out and the job is sent again
            log.warning("job_not_sent", kind=kind, period=period, error=repr(error))
    return sent


@contextmanager
def running(*, job_id: str) -> Iterator[Lease]:
    """Do a job: begins it, finishes it on a normal end, and on an exception puts it back to be tried later.

    Raises `LeaseLost` at once when the message is stale (the job is done, or in other hands). No transaction is open
    around the body: it opens its own, and calls `fence` first thing in each that writes.
    """
    lease = _begin(UUID(job_id), now=clock.now())
    try:
        yield lease
    except LeaseLost:
        raise
    except Exception as error:
        _fail(lease, error=repr(error)[:_ERROR_MAX], now=clock.now())
        raise
    _finish(lease, now=clock.now())


def _begin(job_id: UUID, *, now: datetime) -> Lease:
    with db.staff_transaction(), db.cursor() as cursor:
        cursor.execute(
            "UPDATE due_job SET state = 'running', epoch = epoch + 1, attempts = attempts + 1, lease_until = %s "
            "WHERE id = %s AND state = 'sent' RETURNING epoch, kind, period",
            (now + WORK_LEASE, job_id),
        )
        row = cursor.fetchone()
    if row is None:
        raise LeaseLost(job=str(job_id))
    return Lease(job_id, row[0], row[1], row[2])


@db.transaction_required
def fence(lease: Lease) -> None:
    """Lock the job's row for the rest of this staff transaction. Raises `LeaseLost` when the epoch has moved on."""
    with db.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM due_job WHERE id = %s AND epoch = %s AND state = 'running' FOR UPDATE",
            (lease.job_id, lease.epoch),
        )
        if cursor.fetchone() is None:
            raise LeaseLost(epoch=lease.epoch)


@db.transaction_required
def progress(lease: Lease, *, done: int, total: int, now: datetime) -> None:
    """Show how far the work is and extend the lease by 300 s, in a staff transaction. Raises `LeaseLost`."""
    _write(lease, "progress_done = %s, progress_total = %s, lease_until = %s", (done, total, now + WORK_LEASE))


def _finish(lease: Lease, *, now: datetime) -> None:
    with db.staff_transaction():
        _write(lease, "state = 'done', finished_at = %s, lease_until = NULL, error = ''", (now,))


def _fail(lease: Lease, *, error: str, now: datetime) -> None:
    """Put the job back: due again after 2, 4, 8 … up to 900 s; failed after 8 attempts."""
    log.warning("job_failed", kind=lease.kind, period=lease.period, error=error)
    assignments = (
        "state = CASE WHEN attempts >= %s THEN 'failed' ELSE 'due' END, error = %s, lease_until = NULL, "
        "finished_at = CASE WHEN attempts >= %s THEN %s::timestamptz END, "
        "due_at = %s + make_interval(secs => least(power(2, attempts), %s))"
    )
    with db.staff_transaction():
        _write(lease, assignments, (MAX_ATTEMPTS, error, MAX_ATTEMPTS, now, now, _BACKOFF_MAX_SECONDS))


def _write(lease: Lease, assignments: str, values: tuple[Any, ...]) -> None:
    with db.cursor() as cursor:
        cursor.execute(
            f"UPDATE due_job SET {assignments} WHERE id = %s AND epoch = %s AND state = 'running'",  # noqa: S608 - ours
            (*values, lease.job_id, lease.epoch),
        )
        if cursor.rowcount == 0:
            raise LeaseLost(epoch=lease.epoch)


def ensure_periodic(*, now: datetime) -> None:
    """Make the present period of each `settings.PERIODIC_JOBS` (kind -> every so many seconds) due, once.

    Example: every 60 s at 12:00:30 makes the period "2026-11-21T12:00:00+00:00"; two beats make one row.
    """
    periodic: dict[str, int] = {**OWN_PERIODIC, **getattr(settings, "PERIODIC_JOBS", {})}
    for kind, every in periodic.items():
        start = datetime.fromtimestamp(now.timestamp() // every * every, tz=now.tzinfo)
        with db.staff_transaction():
            schedule(kind=kind, period=start.isoformat(), due_at=start)
