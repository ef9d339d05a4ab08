"""A process that settles one day slowly, to be killed in the middle. Run by test_statements.py only."""

import os
import sys
import time
from datetime import UTC, date, datetime
from uuid import UUID

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from settlements.services import settling, statements  # noqa: E402 - Django must be set up first

settling.LINES_A_BATCH = 11


def step(_name: str) -> None:
    time.sleep(0.02)


print("settling", flush=True)
statements.settle_day(
    book_id=UUID(sys.argv[1]),
    day=date.fromisoformat(sys.argv[2]),
    made_by_id=None,
    now=datetime(2026, 11, 21, 4, 0, tzinfo=UTC),
    checkpoint=step,
)
