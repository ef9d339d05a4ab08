"""A brake on guessing passwords: failed sign-ins are counted per e-mail and per address, over all processes.

Five failures of one e-mail or thirty of one address in a window of fifteen minutes, then a wait until the window ends. An
e-mail nobody has is counted like any other.
"""

from datetime import datetime, timedelta
from typing import Final

from foundation import failures

PER_EMAIL: Final = 5
PER_ADDRESS: Final = 30
WINDOW: Final = timedelta(minutes=15)


def wait_seconds(*, email: str, address: str, now: datetime) -> int:
    """How long this e-mail or address has to wait before the next try; 0 when it may try now."""
    limits = {_email(email): PER_EMAIL, _address(address): PER_ADDRESS}
    found = failures.counted(keys=list(limits), window=WINDOW, now=now)
    waits = [
        int((since + WINDOW - now).total_seconds()) + 1 for key, (count, since) in found.items() if count >= limits[key]
    ]
    return max(waits, default=0)


def failed(*, email: str, address: str, now: datetime) -> None:
    """Count a failed try."""
    failures.count(keys=[_email(email), _address(address)], window=WINDOW, now=now)


def succeeded(*, email: str) -> None:
    """Forget the failures of an e-mail whose owner has signed in; those of the address stay."""
    failures.forget(key=_email(email))


def forget() -> None:
    """Forget everything, for tests."""
    failures.forget()


def _email(email: str) -> str:
    return failures.key_of(kind="email", name=email.strip().casefold())


def _address(address: str) -> str:
    return failures.key_of(kind="address", name=address)
