"""A web server as the product runs it, with one worker, on a core of its own."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from msgspec import Struct

from benchmarks import machine
from benchmarks.stage import ROOT

START_LIMIT_S = 30


class Server(Struct, frozen=True):
    """Where it listens, and the processes whose time is counted."""

    port: int
    pids: list[int]


@contextmanager
def granian(application: str, **environment: str) -> Iterator[Server]:
    """Serve a WSGI application: 1 worker, 4 blocking threads, pinned to the server's core."""
    port = _free_port()
    words = [
        sys.executable, "-m", "granian", application, "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", "1", "--blocking-threads", "4", "--no-ws", "--no-access-log", "--log-level", "warning",
    ]  # fmt: skip
    core = machine.cores()[0]
    process = subprocess.Popen(
        words,
        cwd=ROOT,
        env={**os.environ, **environment},
        preexec_fn=lambda: os.sched_setaffinity(0, {core}),  # noqa: PLW1509 - the parent has one thread here
    )
    try:
        _wait(port)
        yield Server(port, machine.children_of(process.pid))
    finally:
        process.terminate()
        process.wait(timeout=20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int) -> None:
    deadline = time.monotonic() + START_LIMIT_S
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return
