"""`Authorization: Bearer sk_test_…` becomes a `Caller`. Keys are cached; expiry is judged by the clock at every use."""

import re
import threading
import time
from typing import Any, ClassVar, Final

from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from domain.errors import DomainError
from foundation import clock
from foundation.caller import Caller
from foundation.errors import Unauthenticated
from merchants.services import key_cache, key_use, keys

_BEARER: Final = re.compile(r"(?i:bearer) +([!-~]{1,200})")
_KEY: Final = re.compile(r"(?:sk|pk|rk)_(?:test|live)_[A-Za-z0-9_-]{43}")
_WRONG_A_MINUTE: Final = 60
_ADDRESSES: Final = 10_000


class KeyUnknown(DomainError):
    """No such API key; check that it was copied whole."""

    code = "key_unknown"
    status = 401


class KeyExpired(DomainError):
    """This API key has expired; make a new one."""

    code = "key_expired"
    status = 401


class KeyRevoked(DomainError):
    """This API key was revoked."""

    code = "key_revoked"
    status = 401


class TooManyWrongKeys(DomainError):
    """Too many wrong API keys came from this address; wait a minute."""

    code = "too_many_wrong_keys"
    status = 429
    retry_after: ClassVar[int] = 60


class _WrongKeys:
    """Counts wrong keys an address a minute, so that guessing is slow. Right keys are never held up by it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[str, tuple[int, int]] = {}

    def note(self, address: str) -> None:
        """Raises TooManyWrongKeys beyond 60 in one minute."""
        minute = int(time.monotonic()) // 60
        with self._lock:
            if len(self._counts) > _ADDRESSES:
                self._counts.clear()
            seen, count = self._counts.get(address, (minute, 0))
            count = count + 1 if seen == minute else 1
            self._counts[address] = (minute, count)
        if count > _WRONG_A_MINUTE:
            raise TooManyWrongKeys

    def clear(self) -> None:
        """Start anew (tests)."""
        with self._lock:
            self._counts.clear()


wrong_keys = _WrongKeys()


class KeyAuthentication(BaseAuthentication):
    """The one way into the API."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        """(None, Caller), or None without a key. Raises KeyUnknown, KeyExpired, KeyRevoked, TooManyWrongKeys."""
        header = request.META.get("HTTP_AUTHORIZATION", "")
        if not header:
            return None
        bearer = _BEARER.fullmatch(header.strip())
        if bearer is None:
            raise Unauthenticated
        return None, caller_of(bearer.group(1), address=request.META.get("REMOTE_ADDR", ""))

    def authenticate_header(self, request: Request) -> str:
        """For WWW-Authenticate."""
        del request
        return 'Bearer realm="fenqi"'


def caller_of(secret: str, *, address: str) -> Caller:
    """Who holds this secret, now. Raises as `KeyAuthentication.authenticate`."""
    known = key_cache.find(keys.hash_of(secret)) if _KEY.fullmatch(secret) else None
    if known is None:
        wrong_keys.note(address)
        raise KeyUnknown
    if known.revoked:
        raise KeyRevoked
    now = clock.now()
    if known.expires_at is not None and now >= known.expires_at:
        raise KeyExpired
    key_use.note_use(known, now=now)
    return known.caller
