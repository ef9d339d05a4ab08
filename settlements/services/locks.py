"""The advisory locks of the books; all of them end with their transaction. Order and reasons: docs/locking.md."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from foundation import db

StatementKey = tuple[UUID, str, date]


@db.transaction_required
def share_books(book_ids: Iterable[UUID]) -> None:
    """Take the shared lock of each book: the open day stays as it is until this transaction ends."""
    with db.cursor() as cursor:
        for book_id in sorted(set(book_ids)):
            cursor.execute("SELECT pg_advisory_xact_lock_shared(settlements_book_lock(%s))", (book_id,))


@db.transaction_required
def lock_book(book_id: UUID) -> None:
    """Wait until nobody books, and keep everybody from booking until this transaction ends."""
    with db.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(settlements_book_lock(%s))", (book_id,))


def statement_lock_key(key: StatementKey) -> int:
    """64 signed bits for (party, currency, first day). A collision only makes two strangers wait for each other."""
    party_id, currency, start = key
    text = f"{party_id}:{currency}:{start}".encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=8, person=b"statement").digest(), "big", signed=True)


@db.transaction_required
def lock_statements(keys: Sequence[StatementKey]) -> None:
    """Take one lock per (party, currency, period), in the order of the keys' numbers, so that two runs cannot deadlock."""
    numbers = sorted({statement_lock_key(key) for key in keys})
    with db.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_advisory_xact_lock(number)) FROM unnest(%s::bigint[]) WITH ORDINALITY AS wanted(number, place)",
            (numbers,),
        )


@db.transaction_required
def try_lock(*, noun: str, key: UUID) -> bool:
    """Take a named lock on one object if nobody has it."""
    number = int.from_bytes(
        hashlib.blake2b(key.bytes, digest_size=8, person=noun.encode()[:16]).digest(), "big", signed=True
    )
    with db.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", (number,))
        (taken,) = cursor.fetchone() or (False,)
    return bool(taken)
