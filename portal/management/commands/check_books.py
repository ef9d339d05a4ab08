"""`manage.py check_books`: proves every invariant of the books; exit code 0, or 1 with a line for each problem."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from portal import proofs


class Command(BaseCommand):
    """Asks every question there is; what is wrong is named."""

    help = "Prove the books, the plans against them, and the budgets. Exit code 1 when anything is wrong."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        problems = proofs.problems()
        for problem in problems:
            self.stdout.write(problem)
        if problems:
            self.stdout.write(f"{len(problems)} problems found.")
            sys.exit(1)
        self.stdout.write("The books hold: every check passed.")
