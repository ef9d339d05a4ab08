"""What moved, as two integers a party."""

from collections.abc import Sequence
from uuid import UUID

from foundation import db

_SQL = (
    "SELECT party_id, max(id), count(*) FROM merchants_cataloguechange "
    "WHERE party_id = ANY(%s) OR party_id IS NULL GROUP BY party_id"
)


def fingerprint(party_ids: Sequence[UUID]) -> dict[UUID | None, tuple[int, int]]:
    """(largest id, count) of the changes of each party, and under None of those that concern everybody.

    Both figures, because a row with a smaller id may commit after one with a larger. A party without changes is (0, 0).
    """
    with db.cursor() as cursor:
        cursor.execute(_SQL, [list(party_ids)])
        found = {row[0]: (row[1], row[2]) for row in cursor.fetchall()}
    return {party: found.get(party, (0, 0)) for party in (None, *party_ids)}
