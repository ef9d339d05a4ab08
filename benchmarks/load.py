"""A small HTTP load: keep-alive connections in one thread, each sends its next request when it has its answer."""

import os
import re
import selectors
import socket
import time
from collections.abc import Mapping

from msgspec import Struct

from benchmarks import machine

CONNECTIONS = 16
_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


class Outcome(Struct, frozen=True):
    """What a run saw; `cpu_us` is the server's processor time a request."""

    requests: int
    rps: float
    p50_ms: float
    p99_ms: float
    cpu_us: float


class _Connection:
    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = b""
        self.sent_at = 0.0

    def send(self, request: bytes) -> None:
        self.received = b""
        self.sent_at = time.perf_counter()
        self.socket.sendall(request)

    def answered(self) -> bool:
        """Take what has come; True when the answer is whole. Raises RuntimeError for anything but 200."""
        self.received += self.socket.recv(262_144)
        head, found, body = self.received.partition(b"\r\n\r\n")
        if not found:
            return False
        length = _LENGTH.search(head)
        if length is None or not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"not an answer to measure: {self.received[:400]!r}")
        return len(body) >= int(length[1])


def post(path: str, body: bytes, headers: Mapping[str, str]) -> bytes:
    """A request as bytes."""
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: 127.0.0.1",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body


def run(*, port: int, request: bytes, seconds: float, pids: list[int]) -> Outcome:
    """Send `request` for some seconds on 16 connections, pinned to the load's core."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {machine.cores()[1]})
    connections = [_Connection(port) for _ in range(CONNECTIONS)]
    try:
        cpu, began = machine.cpu_seconds(pids), time.perf_counter()
        times = _drive(connections, request, until=began + seconds)
        spent, used = time.perf_counter() - began, machine.cpu_seconds(pids) - cpu
    finally:
        for connection in connections:
            connection.socket.close()
        os.sched_setaffinity(0, before)
    times.sort()
    count = len(times)
    return Outcome(
        requests=count,
        rps=count / spent,
        p50_ms=times[count // 2] * 1e3,
        p99_ms=times[count * 99 // 100] * 1e3,
        cpu_us=used / count * 1e6,
    )


def _drive(connections: list[_Connection], request: bytes, *, until: float) -> list[float]:
    times: list[float] = []
    with selectors.DefaultSelector() as ready:
        for connection in connections:
            ready.register(connection.socket, selectors.EVENT_READ, connection)
            connection.send(request)
        while time.perf_counter() < until:
            for key, _ in ready.select(timeout=5):
                connection = key.data
                if connection.answered():
                    times.append(time.perf_counter() - connection.sent_at)
                    connection.send(request)
    return times
