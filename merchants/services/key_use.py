"""Remember when a key was last used: at most once a minute a key, by a thread of its own, never by the request."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Final

import structlog
from django.db import DatabaseError, connections

from foundation import db
from merchants.models import ApiKey
from merchants.services.key_cache import KnownKey

_EVERY_SECONDS: Final = 60.0
_writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="key-use")
log = structlog.get_logger("merchants.key_use")


def note_use(known: KnownKey, *, now: datetime) -> None:
    """Have `last_used_at` written soon, unless that was done less than a minute ago."""
    moment = time.monotonic()
    if moment - known.touched_at < _EVERY_SECONDS:
        return
    known.touched_at = moment
    _writer.submit(_write, known, now)


def _write(known: KnownKey, now: datetime) -> None:
    key_id = known.caller.key_id
    if key_id is None:
        return
    try:
        with db.tenant_transaction(known.caller.tenant_id):
            ApiKey.objects.filter(pk=key_id).update(last_used_at=now)
    except (DatabaseError, RuntimeError) as error:
        # A missed minute harms nobody; the next use tries again.
        known.touched_at = float("-inf")
        log.debug("key_use_not_written", error=type(error).__name__)
    finally:
        connections[db.APP].close()


def wait_until_written() -> None:
    """For tests: return when everything noted so far is written."""
    _writer.submit(lambda: None).result()
