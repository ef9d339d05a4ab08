"""Prove the books: every invariant is a question to the database, and every hash is made again from the lines."""

from typing import Any, Final
from uuid import UUID

from msgspec import Struct

from domain.accounts import Purpose
from foundation import db, ids
from settlements.models import Statement
from settlements.services import hashing, proofs_sql
from settlements.services.events import CLAIMED

PROBLEMS_A_CHECK: Final = 50
STATEMENTS_A_BATCH: Final = 200
_CLAIMED: Final = [Purpose.GOVERNMENT_ACCRUED, Purpose.GOVERNMENT_SUBMITTED, Purpose.GOVERNMENT_DISPUTED]


class Problem(Struct, frozen=True, gc=False):
    """Something that must never be: which check found it, in what, and why."""

    check: str
    what: str
    why: str


CHECKS: Final = {
    "amounts_positive": proofs_sql.AMOUNTS,
    "events_booked_once": proofs_sql.EVENTS,
    "closed_days_stay_closed": proofs_sql.DAYS,
    "opening_plus_lines_is_closing": proofs_sql.TOTALS,
    "statements_are_chained": proofs_sql.CHAIN,
    "each_side_on_one_statement": proofs_sql.SIDES,
    "settled_days_are_complete": proofs_sql.UNSETTLED,
    "balances_are_carried": proofs_sql.BALANCES,
    "sums_are_those_of_the_lines": proofs_sql.SUMS,
    "contingent_is_claimed": proofs_sql.CONTINGENT,
    "claims_are_in_the_books": proofs_sql.CLAIMS,
}
"""The checks that are one query each; `hashes_hold` is the last."""


def check_books(*, book_id: UUID | None = None) -> list[Problem]:
    """Everything that is wrong with the books, of one book or of all; an empty list is the proof.

    Outside of any transaction; reads every transfer and every line. At most 50 problems a check are listed.
    """
    problems: list[Problem] = []
    params: dict[str, Any] = {
        "book": book_id,
        "claimed": [purpose.value for purpose in _CLAIMED],
        "types": [line_type.value for line_type in CLAIMED],
    }
    for name, sql in CHECKS.items():
        with db.staff_transaction(), db.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '15min'; SET LOCAL work_mem = '64MB'")
            cursor.execute(f"{sql} LIMIT {PROBLEMS_A_CHECK}", params)
            problems += [Problem(name, str(what), str(why)) for what, why in cursor.fetchall()]
    return problems + _hashes(book_id)


def _hashes(book_id: UUID | None) -> list[Problem]:
    """Make every hash again from the lines, day by day."""
    with db.staff_transaction():
        rows = Statement.objects.exclude(state__in=("open", "computing")).order_by("period_start", "id")
        if book_id is not None:
            rows = rows.filter(book_id=book_id)
        stored = list(rows.values_list("period_start", "id", "sha256"))
    problems: list[Problem] = []
    for start in range(0, len(stored), STATEMENTS_A_BATCH):
        problems += _hashes_of(stored[start : start + STATEMENTS_A_BATCH])
    return problems[:PROBLEMS_A_CHECK]


def _hashes_of(stored: list[tuple[Any, UUID, str]]) -> list[Problem]:
    problems: list[Problem] = []
    for day in sorted({day for day, _, _ in stored}):
        expected = {statement_id: sha256 for of, statement_id, sha256 in stored if of == day}
        with db.staff_transaction(), db.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '15min'")
            try:
                actual = hashing.hashes_of(list(expected), day=day)
            except hashing.LinesDoNotMatchCount:
                actual = {}
        problems += [
            Problem("hashes_hold", ids.public_id("st", key), f"the lines hash to {actual.get(key, 'nothing')[:12]}…")
            for key, sha256 in expected.items()
            if actual.get(key) != sha256
        ]
    return problems
