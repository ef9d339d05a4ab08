"""Outlives the starter by a moment, to end what a kill -9 of it would leave.

Reads lines `+<pid>` and `-<pid>` from the starter's pipe, and one line `=<data folder>` for
the embedded PostgreSQL. When the pipe breaks, the starter is dead: end the groups, then stop
the database. See Note [Nothing is left behind].
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from config import embedded
from config.launcher.processes import group_lives, signal_group

GRACE_S = 3.0


class Reaper:
    """The starter's end of the pipe."""

    def __init__(self, *, folder: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "config.launcher.reaper"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            start_new_session=True,
        )

    def add(self, pid: int) -> None:
        """Say that a group is ours."""
        self._tell(f"+{pid}")

    def drop(self, pid: int) -> None:
        """Say that a group is gone."""
        self._tell(f"-{pid}")

    def guard_database(self, data_dir: Path) -> None:
        """Say that an embedded server is ours to stop."""
        self._tell(f"={data_dir}")

    def dismiss(self) -> None:
        """End the reaper after an orderly stop."""
        self._process.kill()
        self._process.wait()

    def _tell(self, line: str) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(os.fsencode(line) + b"\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            return


def main() -> None:
    """Listen until the starter is gone, then clean up."""
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    groups: set[int] = set()
    data_dir: Path | None = None
    for line in sys.stdin.buffer:
        text = os.fsdecode(line).rstrip("\n")
        if text.startswith("+"):
            groups.add(int(text[1:]))
        elif text.startswith("-"):
            groups.discard(int(text[1:]))
        else:
            data_dir = Path(text[1:])
    end_groups(groups, grace_s=GRACE_S)
    if data_dir is not None:
        embedded.stop(data_dir)


def end_groups(groups: set[int], *, grace_s: float) -> None:
    """Ask the groups to end, and kill what has not after `grace_s`."""
    deadline = time.monotonic() + grace_s
    left = {group for group in groups if signal_group(group, signal.SIGTERM)}
    while left and time.monotonic() < deadline:
        time.sleep(0.1)
        left = {group for group in left if group_lives(group)}
    for group in left:
        signal_group(group, signal.SIGKILL)


if __name__ == "__main__":
    main()
