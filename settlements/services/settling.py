"""Make the statements of a closed day: in batches of parties, each batch one transaction, restartable at any point.

A batch takes one lock per (party, currency, period), writes statements and lines, hashes the lines as they are streamed,
and submits the statements for review. A party with very many lines has a batch of its own and takes several transactions.
A killed run leaves whole batches and whole chunks; the next run goes on behind them and ends in the same bytes.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

from msgspec import Struct

from domain import statement_states
from domain.statement_states import StatementMove, StatementState
from foundation import db, ids
from settlements.selectors import accounts, books
from settlements.services import locks, settling_sql
from settlements.services.hashing import hashes_of, statement_id

LINES_A_BATCH: Final = 50_000
PARTIES_A_BATCH: Final = 200
_NEVER_ENDS: Final = 2**62

Checkpoint = Callable[[str], None]


class Waiting(Struct, frozen=True, gc=False):
    """A party with movements and no finished statement, and how many lines it will have."""

    party_id: UUID
    currency: str
    lines: int


class Run(Struct, frozen=True, gc=False):
    """What one run needs to know. `checkpoint` is told each step, so that a test can kill the run there."""

    book_id: UUID
    day: date
    made_by_id: UUID | None
    now: datetime
    checkpoint: Checkpoint


def settle_closed_day(run: Run) -> None:
    """Make what is missing of one closed day, whose earlier days are settled, and mark it settled."""
    with db.staff_transaction():
        waiting = _waiting(run)
    for batch in batches(waiting):
        while not db.run_in_staff_transaction(lambda batch=batch: _step(run, batch)):  # type: ignore[misc]
            run.checkpoint("chunk")
        run.checkpoint("batch")

    def settled() -> None:
        with db.cursor() as cursor:
            cursor.execute(settling_sql.SETTLED, {"book": run.book_id, "day": run.day, "now": run.now})

    db.run_in_staff_transaction(settled)


def batches(waiting: Sequence[Waiting]) -> Iterator[list[Waiting]]:
    """Parties together up to 50,000 lines and 200 parties: small transactions, and not one a party."""
    batch: list[Waiting] = []
    lines = 0
    for one in waiting:
        if batch and (lines + one.lines > LINES_A_BATCH or len(batch) >= PARTIES_A_BATCH):
            yield batch
            batch, lines = [], 0
        batch.append(one)
        lines += one.lines
    if batch:
        yield batch


def _waiting(run: Run) -> list[Waiting]:
    with db.cursor() as cursor:
        cursor.execute(settling_sql.WAITING, {"book": run.book_id, "day": run.day})
        return [Waiting(*row) for row in cursor.fetchall()]


def _step(run: Run, batch: list[Waiting]) -> bool:
    """One transaction of a batch. False when a large statement has more lines to come."""
    _prepare_session()
    locks.lock_statements([(one.party_id, one.currency, run.day) for one in batch])
    _open(run, batch)
    run.checkpoint("opened")
    unfinished = _unfinished(run, batch)
    if not unfinished:
        return True
    until, more = _chunk(run, unfinished[0]) if batch[0].lines > LINES_A_BATCH else (_NEVER_ENDS, False)
    _write_lines(run, [row[0] for row in unfinished], until=until)
    run.checkpoint("lines")
    if more:
        return False
    _finish(run, unfinished)
    return True


def _prepare_session() -> None:
    """Give the batch time and room: it is long by design, and sorts its lines."""
    with db.cursor() as cursor:
        cursor.execute(
            "SET LOCAL statement_timeout = '15min'; SET LOCAL work_mem = '64MB'; SET LOCAL lock_timeout = '60s'"
        )


def _open(run: Run, batch: list[Waiting]) -> None:
    computing = statement_states.move(StatementState.OPEN, StatementMove.COMPUTE)
    with db.cursor() as cursor:
        cursor.execute(
            settling_sql.OPEN,
            {
                "book": run.book_id,
                "day": run.day,
                "state": computing,
                "maker": run.made_by_id,
                "now": run.now,
                "ids": [statement_id(run.book_id, one.party_id, one.currency, run.day) for one in batch],
                "parties": [one.party_id for one in batch],
                "currencies": [one.currency for one in batch],
            },
        )
        opened = cursor.fetchall()
    record_moves(run, opened, move=StatementMove.COMPUTE, before=StatementState.OPEN, after=computing)


def record_moves(
    run: Run,
    statements: Sequence[tuple[UUID, UUID]],
    *,
    move: StatementMove,
    before: StatementState,
    after: StatementState,
) -> None:
    """An event for each (statement, party)."""
    count = len(statements)
    if not count:
        return
    with db.cursor() as cursor:
        cursor.execute(
            settling_sql.EVENTS,
            {
                "ids": [ids.uuid7(now=run.now) for _ in statements],
                "statements": [row[0] for row in statements],
                "parties": [row[1] for row in statements],
                "moves": [move.value] * count,
                "froms": [before.value] * count,
                "tos": [after.value] * count,
                "maker": run.made_by_id,
                "now": run.now,
            },
        )


Unfinished = tuple[UUID, UUID, str, int]


def _unfinished(run: Run, batch: list[Waiting]) -> list[Unfinished]:
    with db.cursor() as cursor:
        cursor.execute(
            settling_sql.UNFINISHED,
            {
                "book": run.book_id,
                "day": run.day,
                "parties": [one.party_id for one in batch],
                "currencies": [one.currency for one in batch],
            },
        )
        return [(row[0], row[1], row[2], row[3]) for row in cursor.fetchall()]


def _chunk(run: Run, one: Unfinished) -> tuple[int, bool]:
    """Up to which sequence this transaction goes, and whether more may come, for the one statement of a large batch."""
    _, party_id, currency, after = one
    with db.cursor() as cursor:
        cursor.execute(
            settling_sql.CHUNK_END,
            {
                "book": run.book_id,
                "day": run.day,
                "party": party_id,
                "currency": currency,
                "after": after,
                "chunk": LINES_A_BATCH,
            },
        )
        end, full = cursor.fetchone() or (None, False)
    return (_NEVER_ENDS if end is None else int(end)), bool(full)


def _write_lines(run: Run, statements: list[UUID], *, until: int) -> None:
    with db.cursor() as cursor:
        cursor.execute(
            settling_sql.LINES,
            {
                "book": run.book_id,
                "day": run.day,
                "statements": statements,
                "until": until,
                "debit_normal": accounts.DEBIT_NORMAL,
            },
        )


def _finish(run: Run, unfinished: list[Unfinished]) -> None:
    statements = [row[0] for row in unfinished]
    hashes = hashes_of(statements, day=run.day)
    run.checkpoint("hashed")
    computed = statement_states.move(StatementState.COMPUTING, StatementMove.FINISH)
    in_review = statement_states.move(computed, StatementMove.SUBMIT)
    with db.cursor() as cursor:
        cursor.execute(
            settling_sql.FINISH,
            {"state": in_review, "ids": statements, "hashes": [hashes[statement] for statement in statements]},
        )
    pairs = [(row[0], row[1]) for row in unfinished]
    record_moves(run, pairs, move=StatementMove.FINISH, before=StatementState.COMPUTING, after=computed)
    record_moves(run, pairs, move=StatementMove.SUBMIT, before=computed, after=in_review)
    run.checkpoint("finished")


def days_to_settle(book_id: UUID, *, up_to: date) -> tuple[date, ...]:
    """Closed days without their statements, oldest first, in a transaction of its own."""
    with db.staff_transaction():
        return books.unsettled_days(book_id, up_to=up_to)
