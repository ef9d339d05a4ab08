"""Dump and restore the embedded database: `python -m config.launcher.backup dump|restore <file>`.

Run as superuser, because row-level security hides rows even from their owner. The queue is left out:
its messages are wake-ups. Keep `var/secrets.json` with the dump: keys and passwords follow from it.
"""

import subprocess
import sys
from pathlib import Path

import psycopg
from psycopg import sql

from config import embedded, roles
from config.launcher import errors, places
from config.launcher.__main__ import ROOT
from config.launcher.locks import try_hold
from config.launcher.start import DATABASE, say

USAGE = "Say `dump <file>` or `restore <file>`."


def main(words: list[str]) -> int:
    """Run one of the two acts and return the exit code."""
    acts = {"dump": dump, "restore": restore}
    if len(words) != 2 or words[0] not in acts:  # noqa: PLR2004 - act and file
        sys.stderr.write(USAGE + "\n")
        return 1
    try:
        acts[words[0]](places.Places(root=ROOT), file=Path(words[1]))
    except errors.StartError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def dump(where: places.Places, *, file: Path) -> None:
    """Write the whole database into `file`, while Fenqi runs or not. Raises StepFailed."""
    was_running = embedded.is_running(where.data)
    try:
        admin = roles.address(embedded.start(where.data), dbname=DATABASE)
        _call("pg_dump", admin, "--format=custom", "--exclude-schema=pgmq", f"--file={file}")
    finally:
        if not was_running:
            embedded.stop(where.data)
    say(f"Written to {file}. Keep a copy of {where.var / 'secrets.json'} with it.")


def restore(where: places.Places, *, file: Path) -> None:
    """Replace the database by what `file` holds. Raises StepFailed, and AlreadyRunning if Fenqi runs."""
    if not file.is_file():
        raise errors.BadSetting(f"There is no file {file}.")
    where.make()
    if try_hold(where.run / "starter.lock") is None:
        raise errors.StepFailed("Fenqi is running from this folder: stop it before restoring.")
    secret = places.kept_secrets(where)["database_secret"]
    try:
        server = embedded.start(where.data)
        roles.provision(server, database=DATABASE, secret=secret)
        with psycopg.connect(server, autocommit=True) as connection:
            name = sql.Identifier(DATABASE)
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER fenqi_owner TEMPLATE template0").format(name))
        _call("pg_restore", "--exit-on-error", "--dbname", roles.address(server, dbname=DATABASE), str(file))
        roles.provision(server, database=DATABASE, secret=secret)
    finally:
        embedded.stop(where.data)
    say(f"Restored from {file}: now `make run`, and `manage.py check_books` to prove it.")


def _call(program: str, *words: str) -> None:
    done = subprocess.run(  # noqa: S603 - our own program
        [str(embedded.programs() / program), *words], check=False, capture_output=True, text=True
    )
    if done.returncode != 0:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise errors.StepFailed(f"{program} failed ({reason}).")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
