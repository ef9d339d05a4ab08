"""`manage.py replay_quote pl_…`: price a plan again from what it kept; 0 when identical, 1 when not or unknown."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from foundation import ids
from installments.services import replaying


class Command(BaseCommand):
    """Replay the quote of a confirmed plan."""

    help = "Price a confirmed plan again from its stored input and pinned versions, and compare."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The plan's public id."""
        parser.add_argument("plan", help="public id of the plan, pl_…")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the digest, or what differs; exit with 0 or 1."""
        try:
            found = replaying.replay_plan(ids.parse_public_id("pl", options["plan"]))
        except ids.UnknownId:
            self.stderr.write("no such plan, or a version it was priced with is gone")
            sys.exit(1)
        if found.identical:
            self.stdout.write(f"identical {found.stored}")
            return
        self.stdout.write(f"different: stored {found.stored}, again {found.again}")
        for difference in found.differences:
            self.stdout.write(difference)
        sys.exit(1)
