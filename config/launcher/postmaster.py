"""What a PostgreSQL data directory says about its server, and whether it is true.

`postmaster.pid` outlives a kill -9, and its process number may by then belong to
another program; so a number counts only if it is a `postgres` working in that folder.
"""

import hashlib
import os
import signal
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from config.launcher.errors import NotWritable
from config.launcher.system_user import Runner

SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_PATH_LIMIT = 100  # bytes; Linux takes 107, macOS 103


@dataclass(frozen=True)
class Postmaster:
    """The lines of `postmaster.pid` that we use."""

    pid: int
    socket_folder: str
    status: str


def read(data_dir: Path) -> Postmaster:
    """Return what `postmaster.pid` says. Raises OSError or ValueError when it is absent or half-written."""
    lines = (data_dir / "postmaster.pid").read_text(errors="surrogateescape").splitlines()
    if len(lines) < 8:  # noqa: PLR2004 - the file has eight lines once the server is up
        return Postmaster(pid=int(lines[0]), socket_folder="", status="starting")
    return Postmaster(pid=int(lines[0]), socket_folder=lines[4], status=lines[7].strip())


def running_process(data_dir: Path) -> psutil.Process | None:
    """Return the server's process, if there is one and it is really this folder's."""
    try:
        process = psutil.Process(read(data_dir).pid)
        return process if _works_in(process, data_dir) else None
    except (OSError, ValueError, IndexError, psutil.Error):
        return None


def is_running(data_dir: Path) -> bool:
    """Return whether the folder's server is alive."""
    return running_process(data_dir) is not None


def is_ready(data_dir: Path, *, pid: int) -> bool:
    """Return whether the folder's server is this one and says that it takes connections."""
    try:
        found = read(data_dir)
    except (OSError, ValueError, IndexError):
        return False
    return found.pid == pid and found.status == "ready"


def forget_if_stale(data_dir: Path) -> None:
    """Remove a `postmaster.pid` whose server is gone.

    PostgreSQL does this itself unless another program was given the same number.
    A `postgres` still working in the folder keeps the file: then PostgreSQL decides.
    """
    path = data_dir / "postmaster.pid"
    if not path.exists():
        return
    if any(_works_in(process, data_dir) for process in psutil.process_iter()):
        return
    path.unlink(missing_ok=True)


def send(process: psutil.Process, what: signal.Signals) -> None:
    """Send a signal to a process that may be gone already."""
    try:
        process.send_signal(what)
    except psutil.NoSuchProcess:
        return


def wait_gone(process: psutil.Process, *, limit_s: float) -> bool:
    """Wait for a process to end; return whether it did."""
    try:
        process.wait(timeout=limit_s)
    except psutil.TimeoutExpired:
        return False
    return True


def socket_folder(data_dir: Path, *, user: Runner) -> Path:
    """Return the private folder of the socket: the data directory, or a short one if its path is too long."""
    if len(os.fsencode(data_dir / SOCKET_NAME)) <= SOCKET_PATH_LIMIT and '"' not in str(data_dir):
        return data_dir
    mark = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]
    folder = Path(tempfile.gettempdir()) / f"fenqi-{user.uid}-{mark}"
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        pass
    else:
        user.owns(folder)
    # Anyone may write to the temporary folder: trust only a real folder, ours, closed to others.
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != user.uid or stat.S_IMODE(found.st_mode) != 0o700:  # noqa: PLR2004 - a mode
        raise NotWritable(where=folder)
    return folder


def _works_in(process: psutil.Process, data_dir: Path) -> bool:
    try:
        if process.name() != "postgres" or process.status() == psutil.STATUS_ZOMBIE:
            return False
        return os.path.samefile(process.cwd(), data_dir)
    except (psutil.Error, OSError):
        return False
