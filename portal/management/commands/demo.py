"""`manage.py demo --if-missing --base-url http://127.0.0.1:8000`: loads the demo and writes var/demo.json."""

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from foundation import clock
from portal.demo import document, loading


class Command(BaseCommand):
    """Loads the demo once (a load that was cut off goes on where it stopped) and always writes var/demo.json."""

    help = "Load the demo data if they are missing and write var/demo.json."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-missing", action="store_true", help="the default and only way; kept for clarity")
        parser.add_argument("--base-url", default=settings.FENQI_BASE_URL)
        parser.add_argument("--days", type=int, default=loading.HISTORY_DAYS, help="days of history to load")
        parser.add_argument("--helpers", type=int, default=2, help="processes that share the loading")
        parser.add_argument("--path", type=Path, default=settings.BASE_DIR / "var" / "demo.json")

    def handle(self, *args: Any, **options: Any) -> None:
        now = clock.now()
        if str(settings.DATABASES["default"]["HOST"]).startswith("/"):
            # On the database beside us, commits of the load need not wait for the disk: a crash loses its last moments,
            # in order, and the next start goes on there. Helpers inherit it.
            os.environ.setdefault("PGOPTIONS", "-c synchronous_commit=off")
        cast = loading.load(now=now, days=options["days"], say=self._say, helpers=options["helpers"])
        document.write(path=options["path"], cast=cast, base_url=options["base_url"], now=now)

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
