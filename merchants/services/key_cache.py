"""Keys in process memory, so that a warm request asks the database nothing.

A key is believed for two seconds after it was read. The catalogue's poll thread confirms (`refresh`) the parties it just
compared for another five, and drops (`forget`) those that moved; without that thread a key is read again every 2 s.
"""

import threading
import time
from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from msgspec import Struct

from foundation import db
from foundation.caller import Caller

READ_SECONDS: Final = 2.0
CONFIRMED_SECONDS: Final = 5.0
MAX_KEYS: Final = 10_000


class KnownKey(Struct, gc=False, kw_only=True):
    """A key as read, and until when (monotonic seconds) we believe it unread."""

    caller: Caller
    expires_at: datetime | None
    revoked: bool
    fresh_until: float
    touched_at: float = float("-inf")


_lock = threading.Lock()
_keys: dict[str, KnownKey] = {}
_generation = 0


def find(secret_hash: str) -> KnownKey | None:
    """The key with that hash, from memory or by one query. None for an unknown one."""
    known = _keys.get(secret_hash)
    if known is not None and known.fresh_until > time.monotonic():
        return known
    generation = _generation
    found = _read(secret_hash)
    with _lock:
        if found is None:
            _keys.pop(secret_hash, None)
        elif generation == _generation:  # else it may have been read before the revocation we were told of
            if known is not None:
                found.touched_at = known.touched_at
            if len(_keys) >= MAX_KEYS:
                _keys.pop(next(iter(_keys)))
            _keys[secret_hash] = found
    return found


def forget(party_id: UUID | None) -> None:
    """Drop the keys of a party, or all with None: they are read again at their next use."""
    global _generation  # noqa: PLW0603 - one cache a process
    with _lock:
        _generation += 1
        for name in [key for key, known in _keys.items() if party_id in (None, known.caller.tenant_id)]:
            del _keys[name]


def refresh(party_ids: Iterable[UUID]) -> None:
    """Nothing of these parties moved as of now: believe their keys for another five seconds."""
    confirmed = frozenset(party_ids)
    until = time.monotonic() + CONFIRMED_SECONDS
    with _lock:
        for known in _keys.values():
            if known.caller.tenant_id in confirmed:
                known.fresh_until = until


def cached_parties() -> frozenset[UUID]:
    """Whose keys are in memory: the poll thread watches these parties too."""
    with _lock:
        return frozenset(known.caller.tenant_id for known in _keys.values())


def _read(secret_hash: str) -> KnownKey | None:
    with db.cursor() as cursor:
        cursor.execute(
            "SELECT key_id, tenant_id, person_id, kind, livemode, scopes, expires_at, revoked_at, party_kind, party_active "
            "FROM fenqi_find_key(%s)",
            [secret_hash],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    caller = Caller(
        key_id=row[0],
        tenant_id=row[1],
        party_kind=row[8],
        kind=row[3],
        livemode=row[4],
        person_id=row[2],
        scopes=frozenset(row[5]),
        staff=row[8] == "platform",
    )
    return KnownKey(
        caller=caller,
        expires_at=row[6],
        revoked=row[7] is not None or not row[9],
        fresh_until=time.monotonic() + READ_SECONDS,
    )
