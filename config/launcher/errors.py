"""The ways in which a start can fail, each said in one sentence.

A person who types `make run` on a fresh machine should read what is wrong and
what to do, never a traceback. Anything that is not a `StartError` is a bug.
"""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LAST_PORT = 65_535
FIRST_CHOICE = 8000


class StartError(Exception):
    """A start that cannot go on; the text is the one sentence shown."""


class DiskFull(StartError):
    """No room is left where the data live."""

    def __init__(self, *, where: Path) -> None:
        super().__init__(f"The disk holding {where} is full: free some space, then start again.")


class NotWritable(StartError):
    """The folder that should hold the data cannot be written."""

    def __init__(self, *, where: Path) -> None:
        super().__init__(
            f"Fenqi cannot write to {where}: start it as the owner of this folder, or put the project in a writable one."
        )


class DataFromOtherVersion(StartError):
    """The data directory was made by another major version of PostgreSQL."""

    def __init__(self, *, data_dir: Path, found: str, wanted: str) -> None:
        super().__init__(
            f"The data in {data_dir} was made by PostgreSQL {found} and this release runs PostgreSQL {wanted}: "
            "move it by dump and restore (docs/running.md, Upgrading), or move the folder away to start afresh."
        )


class DatabaseDidNotStart(StartError):
    """PostgreSQL refused to start; its own last words are given."""

    def __init__(self, *, reason: str, log: Path) -> None:
        super().__init__(f"The embedded PostgreSQL did not start ({reason}); its log is {log}.")


class DatabaseRefused(StartError):
    """An outside PostgreSQL cannot be used as it is."""


class SystemUserMissing(StartError):
    """Started as root, but no unprivileged user can be made to run PostgreSQL."""


class AlreadyRunning(StartError):
    """Another starter holds the lock of this folder."""

    def __init__(self, *, pid: str, url: str) -> None:
        super().__init__(
            f"Fenqi is already running from this folder (process {pid}, {url}): stop it with Ctrl-C where it runs, or use it."
        )


class PortTaken(StartError):
    """Something else listens on the port."""

    def __init__(self, *, port: int) -> None:
        free = port + 1 if port < LAST_PORT else FIRST_CHOICE
        super().__init__(
            f"Port {port} is taken by another program: choose another one, for example `PORT={free} make run`."
        )


class BadSetting(StartError):
    """An environment variable has a value that means nothing."""


class StepFailed(StartError):
    """Migrations, demo or a child failed; the log tells why."""


FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
NOT_ALLOWED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


def says_disk_full(text: str) -> bool:
    """Return whether a program's output complains about a full disk."""
    return "No space left on device" in text or "Disk quota exceeded" in text or "DiskFull" in text


@contextmanager
def told_plainly(*, where: Path) -> Iterator[None]:
    """Turn a full disk or a read-only folder into its sentence; let the rest pass."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise DiskFull(where=where) from error
        if error.errno in NOT_ALLOWED:
            raise NotWritable(where=where) from error
        raise
