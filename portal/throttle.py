"""A brake on guessing passwords: failed sign-ins are counted per e-mail and per address, in this process's memory.

Five failures of one e-mail or thirty of one address in fifteen minutes, then a wait. The counters are small, bounded and
forgotten at a restart: several processes together allow that many times as much, which is still far too slow to guess.
"""

import threading
from collections import OrderedDict, deque
from datetime import datetime, timedelta
from typing import Final

PER_EMAIL: Final = 5
PER_ADDRESS: Final = 30
WINDOW: Final = timedelta(minutes=15)
_REMEMBER: Final = 20_000

_lock = threading.Lock()
_failures: OrderedDict[tuple[str, str], deque[datetime]] = OrderedDict()


def wait_seconds(*, email: str, address: str, now: datetime) -> int:
    """How long this e-mail or address has to wait before the next try; 0 when it may try now."""
    with _lock:
        waits = [
            _wait(("email", email.strip().casefold()), PER_EMAIL, now),
            _wait(("address", address), PER_ADDRESS, now),
        ]
    return max(waits)


def failed(*, email: str, address: str, now: datetime) -> None:
    """Count a failed try."""
    with _lock:
        for name in (("email", email.strip().casefold()), ("address", address)):
            _failures.setdefault(name, deque(maxlen=PER_ADDRESS)).append(now)
            _failures.move_to_end(name)
        while len(_failures) > _REMEMBER:
            _failures.popitem(last=False)


def succeeded(*, email: str) -> None:
    """Forget the failures of an e-mail whose owner has signed in; those of the address stay."""
    with _lock:
        _failures.pop(("email", email.strip().casefold()), None)


def forget() -> None:
    """Forget everything, for tests."""
    with _lock:
        _failures.clear()


def _wait(name: tuple[str, str], limit: int, now: datetime) -> int:
    times = _failures.get(name)
    if not times:
        return 0
    while times and times[0] <= now - WINDOW:
        times.popleft()
    if len(times) < limit:
        return 0
    return int((times[-limit] + WINDOW - now).total_seconds()) + 1
