"""A background thread that tells the worker "there is something in the outbox", at most ten times a second.

The request that wrote the message neither waits for the broker nor notices that it is away.
"""

import os
import threading
import time
from typing import Final

import structlog
from celery import current_app
from django.conf import settings

_PAUSE_SECONDS: Final = 0.1
_PAUSE_WHEN_AWAY_SECONDS: Final = 5.0
DRAIN_TASK: Final = "foundation.drain_outbox"

log = structlog.get_logger("foundation.nudge")
_wanted = threading.Event()
_starting = threading.Lock()
_owner_pid = 0


def poke() -> None:
    """Ask for a nudge soon. Does nothing without a broker."""
    if not getattr(settings, "CELERY_BROKER_URL", ""):
        return
    if _owner_pid != os.getpid():
        _start()
    _wanted.set()


def _start() -> None:
    """One thread a process; a forked child starts its own."""
    global _owner_pid  # noqa: PLW0603 - the one fact this module keeps
    with _starting:
        if _owner_pid != os.getpid():
            _owner_pid = os.getpid()
            threading.Thread(target=_serve, name="outbox-nudge", daemon=True).start()


def _serve() -> None:
    while True:
        _wanted.wait()
        _wanted.clear()
        time.sleep(_PAUSE_SECONDS if send() else _PAUSE_WHEN_AWAY_SECONDS)


def send() -> bool:
    """Publish one nudge; False when the broker is away, which the tick makes good."""
    try:
        current_app.send_task(DRAIN_TASK, retry=False, ignore_result=True, expires=60)
    except Exception as error:  # noqa: BLE001 - a nudge may be lost for any reason
        log.info("nudge_lost", error=repr(error))
        return False
    return True
