"""Heartbeats, and the removal of what has served its time."""

from datetime import datetime, timedelta
from typing import Final

from foundation import db
from foundation.models import Heartbeat

KEEP_ANSWERS: Final = timedelta(hours=96)  # the contract promises 72
KEEP_SENT: Final = timedelta(days=7)
KEEP_JOBS: Final = timedelta(days=90)
KEEP_FAILURES: Final = timedelta(days=1)  # far longer than any window they are counted in
_AT_ONCE: Final = 10_000

_PURGES: Final = (
    ("idempotency", "created_at < %s", KEEP_ANSWERS),
    ("outbox_message", "done_at < %s", KEEP_SENT),
    ("due_job", "state = 'done' AND finished_at < %s", KEEP_JOBS),
    ("failure_count", "since < %s", KEEP_FAILURES),
)


def beat(*, name: str, now: datetime) -> None:
    """Write that a background part is alive."""
    with db.staff_transaction():
        Heartbeat.objects.update_or_create(name=name, defaults={"at": now})


def last_beat(*, name: str) -> datetime | None:
    """When it last was. Heartbeats belong to no tenant: any role may read them."""
    return Heartbeat.objects.filter(name=name).values_list("at", flat=True).first()


def purge(*, now: datetime) -> int:
    """Remove old answers, sent messages, done jobs and counted failures, at most 10,000 of each; returns how many went."""
    gone = 0
    for table, condition, keep in _PURGES:
        with db.staff_transaction(), db.cursor() as cursor:
            cursor.execute(
                f"DELETE FROM {table} WHERE ctid = ANY(ARRAY("  # noqa: S608 - names from the table above
                f"SELECT ctid FROM {table} WHERE {condition} LIMIT {_AT_ONCE}))",
                (now - keep,),
            )
            gone += cursor.rowcount
    return gone
