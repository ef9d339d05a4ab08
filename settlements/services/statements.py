"""Statements: make those of a closed day, and let a second person approve them or send them back."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Final
from uuid import UUID

from domain import statement_states
from domain.errors import DomainError
from domain.statement_states import StatementMove
from foundation import clock, db, ids, jobs
from foundation.ids import UnknownId
from foundation.jobs import Lease
from settlements.models import ClosedDay, Statement, StatementEvent
from settlements.services import settling
from settlements.services.hashing import hashes_of

HASHED_AT_THE_CLICK_MAX: Final = 100_000


class DayNotClosed(DomainError):
    """Statements are made of closed days only."""

    code = "day_not_closed"
    status = 409


class MakerIsChecker(DomainError):
    """Whoever closed the day may not approve its statements; somebody else must."""

    code = "maker_is_checker"
    status = 403


class CheckerUnknown(DomainError):
    """A statement is approved by a person; this key acts for nobody."""

    code = "checker_unknown"
    status = 403


class StatementHashChanged(DomainError):
    """The statement is not the one that was looked at; read it again before approving."""

    code = "statement_hash_changed"
    status = 409


def settle_day(
    *,
    book_id: UUID,
    day: date,
    made_by_id: UUID | None,
    now: datetime,
    lease: Lease | None = None,
    checkpoint: Callable[[str], None] | None = None,
) -> int:
    """Make the statements of a closed day for every party with movements; returns how many days were settled.

    Earlier days that still wait are settled first, because each statement opens where the last one closed. The maker is
    who closed the day, else `made_by_id`, else nobody (the system). Call it outside of transactions: it opens its own,
    can be killed anywhere and run again, by many at once, and ends in the same bytes. Raises DayNotClosed, LeaseLost.
    """
    waiting = settling.days_to_settle(book_id, up_to=day)
    with db.staff_transaction():
        closers = dict(
            ClosedDay.objects.filter(book_id=book_id, day__in=[*waiting, day]).values_list("day", "closed_by_id")
        )
    if day not in closers:
        raise DayNotClosed(day=str(day))

    def step(name: str) -> None:
        if checkpoint is not None:
            checkpoint(name)
        if lease is not None and name in {"batch", "chunk"}:
            _extend(lease)

    for one in waiting:
        maker = closers[one] or made_by_id
        settling.settle_closed_day(settling.Run(book_id, one, maker, now, step))
    return len(waiting)


def _extend(lease: Lease) -> None:
    with db.staff_transaction():
        jobs.progress(lease, done=0, total=0, now=clock.now())


@db.transaction_required
def approve(
    *, statement_id: UUID, person_id: UUID | None, expected_sha256: str, now: datetime, note: str = ""
) -> Statement:
    """Approve what was looked at: the hash is compared, and made again from the lines (up to 100,000 of them).

    Raises UnknownId, CheckerUnknown, MakerIsChecker, StatementHashChanged(expected, actual), IllegalMove.
    """
    if person_id is None:
        raise CheckerUnknown
    statement = _locked(statement_id)
    statement_states.move(statement.state, StatementMove.APPROVE)
    if statement.made_by_id == person_id:
        raise MakerIsChecker
    actual = _hash_now(statement)
    if expected_sha256 != actual or statement.sha256 != actual:
        raise StatementHashChanged(expected=expected_sha256, actual=actual)
    statement.approved_by_id = person_id
    statement.approved_at = now
    return _move(statement, StatementMove.APPROVE, person_id=person_id, note=note, now=now)


@db.transaction_required
def reject(*, statement_id: UUID, person_id: UUID | None, reason: str, now: datetime) -> Statement:
    """Send a statement back to its maker with a reason; its lines stay what the books say.

    Raises UnknownId, CheckerUnknown, IllegalMove.
    """
    if person_id is None:
        raise CheckerUnknown
    return _move(_locked(statement_id), StatementMove.REJECT, person_id=person_id, note=reason, now=now)


@db.transaction_required
def submit(*, statement_id: UUID, person_id: UUID | None, now: datetime) -> Statement:
    """Put a statement that was sent back before the checker again. Raises UnknownId, IllegalMove."""
    return _move(_locked(statement_id), StatementMove.SUBMIT, person_id=person_id, note="", now=now)


def _locked(statement_id: UUID) -> Statement:
    statement = Statement.objects.select_for_update().filter(pk=statement_id).first()
    if statement is None:
        raise UnknownId
    return statement


def _hash_now(statement: Statement) -> str:
    if statement.line_count > HASHED_AT_THE_CLICK_MAX:
        return statement.sha256
    return hashes_of([statement.pk], day=statement.period_start)[statement.pk]


def _move(statement: Statement, move: StatementMove, *, person_id: UUID | None, note: str, now: datetime) -> Statement:
    before = statement.state
    statement.state = statement_states.move(before, move)
    statement.save(update_fields=["state", "approved_by_id", "approved_at"])
    StatementEvent.objects.create(
        id=ids.uuid7(),
        statement=statement,
        party_id=statement.party_id,
        move=move.value,
        from_state=before,
        to_state=statement.state,
        person_id=person_id,
        note=note,
        at=now,
    )
    return statement
