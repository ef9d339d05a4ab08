"""Keeps children running: starts them, replaces the dead, stops them all.

Knows nothing of Django or Celery: it is given a list of `ChildSpec`.
"""

import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from config.launcher.processes import ChildSpec, group_lives, signal_group, spawn
from config.launcher.reaper import Reaper

POLL_S = 0.5
FIRST_WAIT_S = 1.0
LONGEST_WAIT_S = 15.0
STEADY_AFTER_S = 60.0
STOP_LIMIT_S = 10.0
LOG_LIMIT_BYTES = 10_000_000


@dataclass
class _Child:
    spec: ChildSpec
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    wait_s: float = FIRST_WAIT_S
    due_at: float = 0.0


class Supervisor:
    """Starts children and replaces any that dies, sooner at first and more slowly if it keeps dying."""

    def __init__(self, specs: Sequence[ChildSpec], *, log_folder: Path, reaper: Reaper | None = None) -> None:
        self._children = [_Child(spec=spec) for spec in specs]
        self._log_folder = log_folder
        self._reaper = reaper

    def start(self) -> None:
        """Start every child."""
        for child in self._children:
            self._spawn(child)

    def pids(self) -> dict[str, int]:
        """Return the process number of each living child by its name."""
        return {child.spec.name: child.process.pid for child in self._children if child.process is not None}

    def poll(self) -> list[str]:
        """Look once after all children; return the names of those that were found dead."""
        now = time.monotonic()
        died = []
        for child in self._children:
            if child.process is not None and child.process.poll() is not None:
                died.append(child.spec.name)
                self._bury(child, now=now)
            if child.process is None and now >= child.due_at:
                self._spawn(child)
            self._limit_log(child.spec)
        return died

    def run(self, *, until: Callable[[], bool], each_time: Callable[[], None]) -> None:
        """Look after the children until told to stop; `each_time` does the caller's own round."""
        while not until():
            self.poll()
            each_time()
            time.sleep(POLL_S)

    def stop(self, *, limit_s: float = STOP_LIMIT_S) -> None:
        """Stop all children and everything they started; kill what does not listen within `limit_s`."""
        living = [child.process for child in self._children if child.process is not None]
        for process in living:
            # To the leader alone: it knows how to end its own workers in good order.
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + limit_s
        while time.monotonic() < deadline and any(process.poll() is None for process in living):
            time.sleep(0.05)
        for process in living:
            signal_group(process.pid, signal.SIGKILL)
            process.wait()
        for child in self._children:
            child.process = None

    def _spawn(self, child: _Child) -> None:
        try:
            child.process = spawn(child.spec, log=self.log_of(child.spec.name))
        except OSError:
            # A full disk or process table must not end the starter: try again later.
            self._delay(child, now=time.monotonic())
            return
        child.started_at = time.monotonic()
        if self._reaper is not None:
            self._reaper.add(child.process.pid)

    def _bury(self, child: _Child, *, now: float) -> None:
        """End what a dead child left of its group, and set when its successor starts."""
        assert child.process is not None
        leader = child.process.pid
        signal_group(leader, signal.SIGKILL)
        deadline = now + 1.0
        while group_lives(leader) and time.monotonic() < deadline:
            time.sleep(0.02)
        if self._reaper is not None:
            self._reaper.drop(leader)
        if now - child.started_at > STEADY_AFTER_S:
            child.wait_s = FIRST_WAIT_S
        child.process = None
        self._delay(child, now=now)

    def _delay(self, child: _Child, *, now: float) -> None:
        child.due_at = now + child.wait_s
        child.wait_s = min(child.wait_s * 2, LONGEST_WAIT_S)

    def log_of(self, name: str) -> Path:
        """Return the log file of a child."""
        return self._log_folder / f"{name}.log"

    def _limit_log(self, spec: ChildSpec) -> None:
        """Keep one older part of a log that has grown too long; the child goes on writing to the same file."""
        log = self.log_of(spec.name)
        try:
            if log.stat().st_size > LOG_LIMIT_BYTES:
                log.with_suffix(".log.1").write_bytes(log.read_bytes())
                with log.open("r+b") as file:
                    file.truncate(0)
        except OSError:
            return
