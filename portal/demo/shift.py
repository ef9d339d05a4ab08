"""Who does the demo's work: this process alone, or helpers beside it, so that the first start is short."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any, Final

import django
from django.conf import settings

_AN_HOUR: Final = 3_600.0


class Shift:
    """Hands work out and waits for it; without a pool everything is done at once, here."""

    def __init__(self, pool: ProcessPoolExecutor | None) -> None:
        self._pool = pool
        self._given: list[Future[None]] = []

    def hand_out(self, work: Callable[..., None], **facts: Any) -> None:  # noqa: ANN401  # whatever the work takes
        """Do `work(**facts)`, somewhere; it must be independent of what else is handed out before `wait`."""
        if self._pool is None:
            work(**facts)
        else:
            self._given.append(self._pool.submit(work, **facts))

    def wait(self) -> None:
        """Until everything is done; raises what the first failure raised."""
        given, self._given = self._given, []
        for future in given:
            future.result()


def _begin() -> None:
    """A helper asks for the newest catalogue itself before each batch; a thread that polls beside it only costs."""
    django.setup()
    settings.FENQI_CATALOGUE_POLL_SECONDS = _AN_HOUR


@contextmanager
def staffed(helpers: int) -> Iterator[Shift]:
    """A shift with so many helper processes; none makes it sequential. Helpers are started afresh, never forked:
    a fork would share this process's database connections."""
    if not helpers:
        yield Shift(None)
        return
    with ProcessPoolExecutor(helpers, mp_context=get_context("spawn"), initializer=_begin) as pool:
        yield Shift(pool)
