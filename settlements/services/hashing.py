"""The names and hashes of statements: both follow from the books alone, so that every run ends in the same bytes."""

import hashlib
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from foundation import db
from settlements.selectors.lines import canonical_sql


class LinesDoNotMatchCount(RuntimeError):
    """A statement has more or fewer lines than it counts: a bug, or somebody who went around the triggers."""


def statement_id(book_id: UUID, party_id: UUID, currency: str, start: date) -> UUID:
    """The key of a statement follows from what it is about, so that a repeated run writes the same bytes.

    A UUIDv7 whose time is the first day of the period and whose other bits are a hash.
    """
    days = start.toordinal() - date(1970, 1, 1).toordinal()
    named = f"{book_id}:{party_id}:{currency}:{start}".encode()
    tail = int.from_bytes(hashlib.blake2b(named, digest_size=10, person=b"statement-id").digest(), "big")
    tail = tail & ~(0xF << 76) & ~(0b11 << 62) | (0x7 << 76) | (0b10 << 62)
    return UUID(int=(days * 86_400_000) << 80 | tail)


def hashes_of(statements: Sequence[UUID], *, day: date) -> dict[UUID, str]:
    """SHA-256 of each statement, streamed: a first line with what came before, then its lines as `canonical_sql` writes them.

    The first line is `previous sha256,opening,closing,line count`, so that every hash stands on the one before.
    """
    order, digests = _first_lines(statements)
    with db.cursor() as cursor:
        # The cursor below Django's: its wrapper of debug mode knows no COPY with parameters.
        copied = cursor.cursor.copy(canonical_sql(), {"first": day, "last": day, "statements": list(statements)})
        with copied as rows:
            for statement_id, count in order:
                update = digests[statement_id].update
                for _ in range(count):
                    row = rows.read()
                    if not row:
                        raise LinesDoNotMatchCount
                    update(row)
            if rows.read():
                raise LinesDoNotMatchCount
    return {statement_id: digest.hexdigest() for statement_id, digest in digests.items()}


def _first_lines(statements: Sequence[UUID]) -> "tuple[list[tuple[UUID, int]], dict[UUID, hashlib._Hash]]":
    order: list[tuple[UUID, int]] = []
    digests: dict[UUID, hashlib._Hash] = {}
    with db.cursor() as cursor:
        cursor.execute(
            "SELECT id, previous_sha256, opening_minor, closing_minor, line_count FROM settlements_statement "
            "WHERE id = ANY(%s) ORDER BY id",
            (list(statements),),
        )
        for statement_id, previous, opening, closing, count in cursor.fetchall():
            order.append((statement_id, count))
            digests[statement_id] = hashlib.sha256(f"{previous},{opening},{closing},{count}\n".encode())
    return order, digests
