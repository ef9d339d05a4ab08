"""One request, one effect: the answer is stored in the transaction of its effect and replayed byte for byte.

Two requests with one key meet at an advisory lock that lives as long as the transaction, so a killed process leaves
neither a stuck key nor half an effect. Only successes are stored; a refusal is judged afresh at the next try.
"""

import hashlib
import random
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, ClassVar, Final, Protocol
from uuid import UUID

from django.conf import settings
from msgspec import Struct

from domain.errors import DomainError
from foundation import db
from foundation.caller import Caller
from foundation.errors import register_constraints

_WAIT_SECONDS: Final = 2.0
_STEP_SECONDS: Final = (0.02, 0.05)
_KEY_MAX: Final = 255


class IdempotencyKeyRequired(DomainError):
    """Send an Idempotency-Key header of 1 to 255 printable ASCII characters with every POST."""

    code = "idempotency_key_required"
    status = 400


class IdempotencyKeyReused(DomainError):
    """This Idempotency-Key was used for another request; take a fresh one."""

    code = "idempotency_key_reused"
    status = 422


class IdempotencyInProgress(DomainError):
    """The first request with this Idempotency-Key is still running."""

    code = "idempotency_in_progress"
    status = 409
    retry_after: ClassVar[int] = 1


register_constraints({"idempotency_pkey": IdempotencyInProgress})


class Answer(Struct, frozen=True, gc=False):
    """An HTTP answer ready to send: the body is JSON bytes."""

    status: int
    body: bytes
    replayed: bool = False


RECORD_SQL: Final = (
    "INSERT INTO idempotency (tenant_id, key, fingerprint, status, body) VALUES "
    "(%(idem_tenant)s, %(idem_key)s, %(idem_fingerprint)s, %(idem_status)s, %(idem_body)s)"
)
"""For effects that are one big statement: `WITH …, idem AS (RECORD_SQL) …` with `Handle.record_sql_params`."""


class Handle:
    """What an effect gets to know about the claim it runs under."""

    __slots__ = ("_fingerprint", "_key", "_tenant", "recorded")

    def __init__(self, *, tenant: UUID, key: str, fingerprint: bytes) -> None:
        self._tenant, self._key, self._fingerprint = tenant, key, fingerprint
        self.recorded = False

    def record_sql_params(self, *, status: int, body: bytes) -> dict[str, Any]:
        """Parameters for `RECORD_SQL`. Calling this promises to run it; `run_idempotent` then does not insert again."""
        self.recorded = True
        return self._params(status, body)

    def record(self, answer: Answer) -> None:
        """Store the answer with a statement of its own, once."""
        if self.recorded:
            return
        with db.cursor() as cursor:
            cursor.execute(RECORD_SQL, self._params(answer.status, answer.body))
        self.recorded = True

    def find(self) -> Answer | None:
        """The stored first answer, if any. Raises `IdempotencyKeyReused` when it answered another request."""
        with db.cursor() as cursor:
            cursor.execute(
                "SELECT fingerprint, status, body FROM idempotency WHERE tenant_id = %s AND key = %s",
                (self._tenant, self._key),
            )
            row = cursor.fetchone()
        if row is None:
            return None
        if bytes(row[0]) != self._fingerprint:
            raise IdempotencyKeyReused
        return Answer(row[1], bytes(row[2]), replayed=True)

    def _params(self, status: int, body: bytes) -> dict[str, Any]:
        return {
            "idem_tenant": self._tenant,
            "idem_key": self._key,
            "idem_fingerprint": self._fingerprint,
            "idem_status": status,
            "idem_body": body,
        }


Effect = Callable[[Handle], Answer]


class _Opener(Protocol):
    def __call__(self, *, try_lock: int) -> AbstractContextManager[db.Scope]: ...


def fingerprint_of(*parts: bytes) -> bytes:
    """SHA-256 over length-prefixed parts (method, path, canonical body): what "the same request" means."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.digest()


def lock_key(tenant: UUID, key: str) -> int:
    """The advisory lock of a key: 64 signed bits. A collision only makes two strangers wait for each other."""
    digest = hashlib.blake2b(tenant.bytes + key.encode(), digest_size=8, person=b"idempotency").digest()
    return int.from_bytes(digest, "big", signed=True)


def checked_key(key: str | None) -> str:
    """Raises `IdempotencyKeyRequired` unless the key is 1 to 255 printable ASCII characters."""
    if not key or len(key) > _KEY_MAX or not (key.isascii() and key.isprintable()):
        raise IdempotencyKeyRequired
    return key


def run_idempotent(*, caller: Caller, key: str | None, fingerprint: bytes, effect: Effect) -> Answer:
    """Run `effect` in a tenant transaction of the caller, at most once per (tenant, key).

    The effect may run again after a deadlock (its transaction was rolled back), so it must do nothing but database work.
    Raises `IdempotencyKeyRequired`, `IdempotencyKeyReused`, `IdempotencyInProgress`, and whatever the effect raises.
    """

    def opener(*, try_lock: int) -> AbstractContextManager[db.Scope]:
        return db.tenant_transaction(caller.tenant_id, user=caller.person_id, try_lock=try_lock)

    return _run(opener, tenant=caller.tenant_id, key=checked_key(key), fingerprint=fingerprint, effect=effect)


def run_idempotent_as_staff(*, caller: Caller, key: str | None, fingerprint: bytes, effect: Effect) -> Answer:
    """As `run_idempotent`, in a staff transaction: for acts of the platform across tenants. Check the caller before."""

    def opener(*, try_lock: int) -> AbstractContextManager[db.Scope]:
        return db.staff_transaction(user=caller.person_id, try_lock=try_lock)

    return _run(opener, tenant=caller.tenant_id, key=checked_key(key), fingerprint=fingerprint, effect=effect)


def _run(opener: _Opener, *, tenant: UUID, key: str, fingerprint: bytes, effect: Effect) -> Answer:
    lock = lock_key(tenant, key)
    aliases: list[str] = []

    def attempt() -> Answer | None:
        handle = Handle(tenant=tenant, key=key, fingerprint=fingerprint)
        with opener(try_lock=lock) as scope:
            aliases[:] = [scope.alias]
            if not scope.locked:
                return None
            # A statement of its own: its snapshot must be younger than the lock, or it would miss the first answer.
            answer = handle.find()
            if answer is None:
                answer = effect(handle)
                handle.record(answer)
            return answer

    answer = db.retrying(attempt)
    return answer if answer is not None else _wait(attempt, aliases)


def _wait(attempt: Callable[[], Answer | None], aliases: list[str]) -> Answer:
    """Try again every 20-50 ms for 2 s, holding no connection meanwhile.

    A quarter of the threads may wait here; the others are answered at once, so that duplicates never starve new work.
    """
    if not waiting_room.enter():
        raise IdempotencyInProgress
    try:
        deadline = time.monotonic() + _WAIT_SECONDS
        while time.monotonic() < deadline:
            for alias in aliases:
                db.release_connection(alias)
            time.sleep(random.uniform(*_STEP_SECONDS))  # noqa: S311 - spreading, not secrecy
            answer = db.retrying(attempt)
            if answer is not None:
                return answer
    finally:
        waiting_room.leave()
    raise IdempotencyInProgress


class _WaitingRoom:
    """Counts the threads that wait; `settings.FENQI_BLOCKING_THREADS` (default 4) are all there are."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0

    def enter(self) -> bool:
        """Whether there was room."""
        room = max(1, int(getattr(settings, "FENQI_BLOCKING_THREADS", 4)) // 4)
        with self._lock:
            if self._inside >= room:
                return False
            self._inside += 1
            return True

    def leave(self) -> None:
        """Make room again."""
        with self._lock:
            self._inside -= 1


waiting_room = _WaitingRoom()
