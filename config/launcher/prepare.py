"""What Django has to do before the children start, in one process because each costs a second to load.

Run as `python -m config.launcher.prepare`, with the addresses in the environment:
migrations, then the static files, then the demo data, each only if something is missing.
"""

import argparse
import hashlib
import os
import sys
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor


def main(arguments: list[str]) -> int:
    """Prepare the database and the files of one start."""
    options = argparse.ArgumentParser(prog="prepare")
    options.add_argument("--demo", action="store_true")
    options.add_argument("--base-url", required=True)
    chosen = options.parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    if migrations_are_due():
        say("Bringing the tables up to date …")
        call_command("migrate", database="owner", interactive=False, verbosity=0)
    collect_static()
    if chosen.demo:
        call_command("demo", if_missing=True, base_url=chosen.base_url)
    return 0


def migrations_are_due() -> bool:
    """Return whether the database lacks a migration that the code has."""
    executor = MigrationExecutor(connections["owner"])
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def collect_static() -> None:
    """Collect the static files if any of them has changed since the last time."""
    target = Path(settings.STATIC_ROOT)
    stamp = target / ".collected"
    mark = fingerprint([Path(folder) for folder in settings.STATICFILES_DIRS])
    if stamp.exists() and stamp.read_text() == mark:
        return
    say("Collecting the static files …")
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(mark)


def fingerprint(folders: list[Path]) -> str:
    """Return a mark that changes with the name, size or time of any file in the folders."""
    digest = hashlib.sha256(django.__version__.encode())
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                found = path.stat()
                digest.update(f"{path}|{found.st_size}|{found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def say(text: str) -> None:
    """Tell the person who waits what takes so long."""
    sys.stdout.write(f"  {text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
