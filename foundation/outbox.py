"""What must happen after a commit is written in the transaction that causes it, and sent when that has committed.

`record` stands or falls with its cause. `drain` leases waiting messages, hands each to the Celery tasks its topic is
mapped to (`settings.OUTBOX_TOPICS`), and marks it done. A crash in between sends a message twice under the same task id,
never not at all: tasks are idempotent by their ids.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import structlog
from django.conf import settings
from msgspec import Struct

from foundation import db, ids, nudge

LEASE_SECONDS: Final = 60
BATCH: Final = 200
_PAYLOAD_MAX_BYTES: Final = 4_000
_BACKOFF_MAX_SECONDS: Final = 600
_ERROR_MAX: Final = 500

log = structlog.get_logger("foundation.outbox")

Payload = Mapping[str, "str | int | list[str] | None"]
Send = Callable[..., object]


class Message(Struct, frozen=True, kw_only=True):
    """One thing to tell: `ref` names the noun (a public id), `payload` holds ids and counts only, never personal data."""

    topic: str
    tenant_id: UUID
    ref: str
    payload: Payload = {}


RECORD_SQL: Final = (
    "INSERT INTO outbox_message (id, tenant_id, topic, ref, payload) "
    "SELECT * FROM unnest(%(outbox_ids)s::uuid[], %(outbox_tenants)s::uuid[], %(outbox_topics)s::text[], "
    "%(outbox_refs)s::text[], %(outbox_payloads)s::jsonb[])"
)
"""For services that write everything in one statement: a CTE of this, with `record_sql_params`, then `wake()`."""


def record_sql_params(messages: Iterable[Message]) -> dict[str, Any]:
    """Parameters for `RECORD_SQL`. Raises LookupError for a topic that config does not map (a bug)."""
    rows = list(messages)
    for row in rows:
        if row.topic not in settings.OUTBOX_TOPICS:
            raise LookupError(f"no task is mapped to the topic {row.topic!r} in settings.OUTBOX_TOPICS")
    return {
        "outbox_ids": [ids.uuid7() for _ in rows],
        "outbox_tenants": [row.tenant_id for row in rows],
        "outbox_topics": [row.topic for row in rows],
        "outbox_refs": [row.ref for row in rows],
        "outbox_payloads": [_payload(row.payload) for row in rows],
    }


def _payload(payload: Payload) -> str:
    text = json.dumps(payload, separators=(",", ":"))
    if len(text) > _PAYLOAD_MAX_BYTES:
        raise ValueError("an outbox payload carries ids, not data")
    return text


def record(*, topic: str, tenant_id: UUID, ref: str, payload: Payload | None = None) -> None:
    """Write one message in the current transaction; it is sent after the commit."""
    record_many([Message(topic=topic, tenant_id=tenant_id, ref=ref, payload=payload or {})])


@db.transaction_required
def record_many(messages: Iterable[Message]) -> None:
    """Write messages set-wise in the current transaction."""
    params = record_sql_params(messages)
    if not params["outbox_ids"]:
        return
    with db.cursor() as cursor:
        cursor.execute(RECORD_SQL, params)
    wake()


def wake() -> None:
    """Nudge the drain after the commit. Best effort and never slow: the tick finds what a lost nudge leaves."""
    if db.in_transaction():
        db.on_commit(nudge.poke)
    else:
        nudge.poke()


class Leased(Struct, frozen=True):
    """A message this process may send now."""

    id: UUID
    tenant_id: UUID
    topic: str
    ref: str
    payload: dict[str, Any]
    attempts: int


_LEASE_SQL: Final = """
WITH due AS MATERIALIZED (
    SELECT id FROM outbox_message
    WHERE done_at IS NULL AND available_at <= %(now)s
    ORDER BY available_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
)
UPDATE outbox_message AS message
SET attempts = attempts + 1, available_at = %(now)s + make_interval(secs => %(lease)s)
FROM due WHERE message.id = due.id
RETURNING message.id, message.tenant_id, message.topic, message.ref, message.payload, message.attempts
"""


def lease(*, now: datetime, limit: int = BATCH) -> list[Leased]:
    """Take up to `limit` waiting messages for 60 s; two drainers never take the same ones. Oldest first."""

    def attempt() -> list[Any]:
        with db.staff_transaction(), db.cursor() as cursor:
            cursor.execute(_LEASE_SQL, {"now": now, "limit": limit, "lease": LEASE_SECONDS})
            return list(cursor.fetchall())

    rows = [Leased(row[0], row[1], row[2], row[3], _plain(row[4]), row[5]) for row in db.retrying(attempt)]
    return sorted(rows, key=lambda row: row.id)


def _plain(payload: Any) -> dict[str, Any]:  # noqa: ANN401 - Django's raw cursors hand jsonb over as text
    loaded: dict[str, Any] = json.loads(payload) if isinstance(payload, str) else payload
    return loaded


def drain(*, now: datetime, send: Send, limit: int = BATCH) -> int:
    """Send one batch; returns how many messages were leased, so that the caller can go on while it is full.

    `send(task_name, kwargs=…, task_id=…)` publishes; no transaction is open while it does. What cannot be sent waits
    2, 4, 8 … up to 600 s and is tried again for ever, with its error on the row.
    """
    batch = lease(now=now, limit=limit)
    done: list[UUID] = []
    failed: list[tuple[UUID, int, str]] = []
    for message in batch:
        try:
            _send(message, send)
            done.append(message.id)
        except Exception as error:  # noqa: BLE001 - one bad message must not hold up the others
            log.warning("outbox_not_sent", topic=message.topic, attempts=message.attempts, error=repr(error))
            pause = min(2**message.attempts, _BACKOFF_MAX_SECONDS)
            failed.append((message.id, pause, repr(error)[:_ERROR_MAX]))
    if batch:
        _settle(done, failed, now=now)
    return len(batch)


def _send(message: Leased, send: Send) -> None:
    names = settings.OUTBOX_TOPICS[message.topic]
    for name in [names] if isinstance(names, str) else names:
        send(
            name,
            kwargs={
                "message_id": str(message.id),
                "tenant_id": str(message.tenant_id),
                "ref": message.ref,
                "payload": message.payload,
            },
            task_id=f"{message.id}:{name}",
        )


def _settle(done: list[UUID], failed: list[tuple[UUID, int, str]], *, now: datetime) -> None:
    def attempt() -> None:
        with db.staff_transaction(), db.cursor() as cursor:
            cursor.execute("UPDATE outbox_message SET done_at = %s, error = '' WHERE id = ANY(%s)", (now, done))
            for message_id, pause, error in failed:
                cursor.execute(
                    "UPDATE outbox_message SET available_at = %s + make_interval(secs => %s), error = %s WHERE id = %s",
                    (now, pause, error, message_id),
                )

    db.retrying(attempt)


def oldest_waiting(*, now: datetime) -> float:
    """Age in seconds of the oldest message not yet sent; 0 when none waits. Inside a staff transaction."""
    with db.cursor() as cursor:
        cursor.execute("SELECT min(created_at) FROM outbox_message WHERE done_at IS NULL")
        (oldest,) = cursor.fetchone() or (None,)
    return 0.0 if oldest is None else max(0.0, (now - oldest).total_seconds())
