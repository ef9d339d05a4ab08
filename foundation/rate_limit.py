"""A brake per API key and process: a window of one second, so that one runaway client cannot starve the others."""

import threading
import time
from typing import Final

from django.conf import settings
from django.http import HttpResponseBase

from foundation.caller import Caller
from foundation.errors import RateLimited

_DEFAULT_PER_SECOND: Final = 5_000
_FORGET_OVER: Final = 10_000

_lock = threading.Lock()
_windows: dict[object, tuple[int, int]] = {}


def per_second() -> int:
    """Requests a key may make in one second of one process: `settings.FENQI_RATE_PER_SECOND`, default 5,000."""
    return int(getattr(settings, "FENQI_RATE_PER_SECOND", _DEFAULT_PER_SECOND))


def spend(caller: Caller) -> int:
    """Count one request of the caller's key; returns how many are left this second. Raises `RateLimited` (429)."""
    limit = per_second()
    second = int(time.monotonic())
    name = caller.key_id or caller.tenant_id
    with _lock:
        window, used = _windows.get(name, (second, 0))
        used = used + 1 if window == second else 1
        if len(_windows) > _FORGET_OVER:
            _windows.clear()
        _windows[name] = (second, used)
    if used > limit:
        raise RateLimited(limit=limit)
    return limit - used


def tell(response: HttpResponseBase, *, left: int) -> None:
    """Put the RateLimit headers (IETF draft) on an answer; the window is one second."""
    response.headers["RateLimit-Limit"] = str(per_second())
    response.headers["RateLimit-Remaining"] = str(left)
    response.headers["RateLimit-Reset"] = "1"
