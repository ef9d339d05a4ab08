"""Who runs PostgreSQL: ourselves, or an unprivileged user when we are root.

# Note [Root and the embedded PostgreSQL]
PostgreSQL refuses to run as root. Started as root we run it as the system user
`pgserver`, made on the first start. That user must be able to walk to the data
directory and to the programs, so each parent folder that others may not pass
gets the one right `o+x` (walk through, not list). The data directory itself
stays 0700. Prefer an ordinary user: then none of this happens.
"""

import os
import pwd
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

from config.launcher.errors import SystemUserMissing

SYSTEM_USER = "pgserver"


@dataclass(frozen=True)
class Runner:
    """The user under whom PostgreSQL runs, and how to become that user."""

    name: str
    uid: int
    gid: int
    is_other: bool

    def owns(self, path: Path) -> None:
        """Hand a folder over to this user, privately."""
        if self.is_other:
            os.chown(path, self.uid, self.gid)
        path.chmod(0o700)

    def drop(self) -> dict[str, object]:
        """Return the `subprocess` arguments that start a program as this user."""
        if not self.is_other:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def runner() -> Runner:
    """Return ourselves, or `pgserver` (made if missing) when we are root."""
    uid = os.geteuid()
    if uid != 0:
        return Runner(name=_name_of(uid), uid=uid, gid=os.getegid(), is_other=False)
    try:
        entry = pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        entry = _make_user()
    return Runner(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid, is_other=True)


def own_name() -> str:
    """Return the name of the user who runs this process."""
    return _name_of(os.geteuid())


def let_walk_to(path: Path) -> None:
    """Give others the right to pass through the parents of `path`, where it lacks."""
    for parent in path.parents:
        mode = parent.stat().st_mode
        if not mode & stat.S_IXOTH:
            parent.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)


def let_read(folder: Path) -> None:
    """Let others read and run what is in a folder of programs."""
    for path in [folder, *folder.rglob("*")]:
        if path.is_symlink():
            continue
        mode = stat.S_IMODE(path.stat().st_mode)
        wanted = mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0)
        if wanted != mode:
            path.chmod(wanted)


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError as error:
        raise SystemUserMissing(
            f"The user with number {uid} has no name on this machine and PostgreSQL needs one: add it, or set DATABASE_URL."
        ) from error


def _make_user() -> pwd.struct_passwd:
    command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER]
    try:
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - fixed words, run as root on purpose
        return pwd.getpwnam(SYSTEM_USER)
    except (OSError, subprocess.CalledProcessError, KeyError) as error:
        raise SystemUserMissing(
            f"PostgreSQL may not run as root and the user {SYSTEM_USER} could not be made: start as an ordinary user, or set DATABASE_URL."
        ) from error
