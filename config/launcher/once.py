"""Run one command with the databases up: `python -m config.launcher.once manage.py demo --if-missing`.

Uses the running Fenqi of this folder if there is one; otherwise starts the database, brings the
tables up to date, runs the command and stops the database again.
"""

import os
import subprocess
import sys
import threading
from pathlib import Path

from config import embedded
from config.launcher import checks, errors, places, programs, start
from config.launcher.__main__ import ROOT
from config.launcher.locks import try_hold
from config.launcher.reaper import Reaper


def main(words: list[str]) -> int:
    """Run the command in `words` and return its exit code."""
    try:
        with errors.told_plainly(where=ROOT / "var"):
            return run(words, root=ROOT)
    except errors.StartError as error:
        sys.stderr.write(f"{error}\n")
        return 1


def run(words: list[str], *, root: Path) -> int:
    """See `main`. Raises StartError."""
    where = places.Places(root=root)
    where.make()
    settings = checks.read_settings(os.environ)
    if try_hold(where.run / "starter.lock") is None:
        found = {name: str(value) for name, value in places.read_json(where.run / "connections.json").items()}
        return call(words, root=root, environment=programs.environment(found, mark=""))
    reaper = Reaper(folder=root)
    try:
        kept = places.kept_secrets(where)
        urls = start.provide_database(where, settings=settings, secret=kept["database_secret"], reaper=reaper)
        found = programs.connections(urls, settings=settings, secret_key=kept["secret_key"])
        places.write_private(where.run / "connections.json", found)
        environment = programs.environment(found, mark="")
        start.prepare(
            where,
            wants_demo=False,
            environment=environment,
            reaper=reaper,
            stopping=threading.Event(),
        )
        return call(words, root=root, environment=environment)
    finally:
        if not settings.database_url:
            embedded.stop(where.data)
        reaper.dismiss()


def call(words: list[str], *, root: Path, environment: dict[str, str]) -> int:
    """Run Python with `words` to its end; a Ctrl-C reaches it directly."""
    child = subprocess.Popen([sys.executable, *words], cwd=root, env=environment)  # noqa: S603 - the person's own words
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:
            continue


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
