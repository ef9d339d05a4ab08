"""Several threads that each work through their share as fast as they can, started together."""

import contextlib
import threading
import time
from collections.abc import Callable
from typing import TypeVar

Work = TypeVar("Work")


def per_second(shares: list[list[Work]], worker: Callable[[list[Work], Callable[[], object]], None]) -> float:
    """Items a second over all threads. `worker` prepares itself, calls the barrier it is given, then does its share.

    The first exception of any thread is raised here.
    """
    barrier = threading.Barrier(len(shares) + 1)
    errors: list[BaseException] = []

    def run(share: list[Work]) -> None:
        try:
            worker(share, barrier.wait)
        except BaseException as error:  # noqa: BLE001 - told to the caller below
            errors.append(error)
            barrier.abort()

    threads = [threading.Thread(target=run, args=(share,)) for share in shares]
    for thread in threads:
        thread.start()
    with contextlib.suppress(threading.BrokenBarrierError):
        barrier.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return sum(map(len, shares)) / (time.perf_counter() - began)
