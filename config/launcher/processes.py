"""Children that cannot outlive us, and the means to find those that did.

# Note [Nothing is left behind]
Four fences, because each has a hole. (1) A stop signals each child's whole process group.
(2) The kernel tells each child when its starter dies (Linux). (3) A reaper process
holds a pipe from us and ends the groups when the pipe breaks, so kill -9 is covered elsewhere
too. (4) The next start ends whatever still carries the mark of the dead one.
"""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psutil  # type: ignore[import-untyped]

MARK = "FENQI_START_MARK"
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class ChildSpec:
    """One program to keep running."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: Path | None = None


def spawn(spec: ChildSpec, *, log: Path) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own, writing to `log`. See Note [Nothing is left behind]."""
    log.touch(mode=0o600)
    with log.open("ab") as out:
        return subprocess.Popen(  # noqa: S603 - commands are ours
            spec.command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            cwd=spec.folder,
            env=dict(spec.environment),
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509 - the launcher has one thread
        )


def die_with_parent(what: signal.Signals) -> Callable[[], None] | None:
    """Return a function that asks the kernel for `what` when the parent dies; None where it cannot."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()

    def ask() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, int(what), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return ask


def follow_parent() -> None:
    """End like a Ctrl-C when our own parent, such as `make`, is killed."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)


def signal_group(leader: int, what: signal.Signals) -> bool:
    """Signal a child's process group; return whether anybody was there."""
    try:
        os.killpg(leader, what)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def group_lives(leader: int) -> bool:
    """Return whether a process group still has a member."""
    try:
        os.killpg(leader, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def end_marked(mark: str) -> int:
    """Kill every process that carries a dead starter's mark; return how many there were."""
    ended = 0
    for process in psutil.process_iter():
        try:
            if process.pid != os.getpid() and process.environ().get(MARK) == mark:
                process.kill()
                ended += 1
        except (psutil.Error, OSError):
            continue
    return ended
