"""The books as finance sees them: statements, their lines and proof, claims and their age, files, what is on its way."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Q
from msgspec import Struct

from foundation import db, ids
from settlements.models import Statement, StatementEvent


class StatementRow(Struct, frozen=True, gc=False, kw_only=True):
    """A statement. Positive amounts are owed to the party."""

    id: UUID
    public_id: str
    party_id: UUID
    party_type: str
    book_id: UUID
    currency: str
    period_start: date
    period_end: date
    state: str
    opening_minor: int
    closing_minor: int
    line_count: int
    totals: dict[str, dict[str, int]]
    sha256: str
    previous_sha256: str
    made_by_id: UUID | None
    approved_by_id: UUID | None
    approved_at: datetime | None
    created_at: datetime


class LineRow(Struct, frozen=True, gc=False, kw_only=True):
    """A line: one side of one transfer."""

    line_no: int
    line_type: str
    side: str
    amount_minor: int
    balance_after_minor: int
    purpose: str
    order_id: str
    order_reference: str
    campaign_id: str
    counterparty_id: UUID
    effective_at: datetime
    prior_period: bool


class Proof(Struct, frozen=True, gc=False):
    """What the lines of a statement add up to, counted anew: opening + credits - debits."""

    lines: int
    credit_minor: int
    debit_minor: int


class EventView(Struct, frozen=True, gc=False, kw_only=True):
    """One move of a statement."""

    statement_id: UUID
    party_id: UUID
    move: str
    from_state: str
    to_state: str
    person_id: UUID | None
    note: str
    at: datetime


_STATEMENT: Final = (
    "id", "party_id", "party_type", "book_id", "currency", "period_start", "period_end", "state", "opening_minor",
    "closing_minor", "line_count", "totals", "sha256", "previous_sha256", "made_by_id", "approved_by_id", "approved_at",
    "created_at",
)  # fmt: skip


def _statement(row: Statement) -> StatementRow:
    return StatementRow(public_id=ids.public_id("st", row.id), **{name: getattr(row, name) for name in _STATEMENT})


class StatementFilter(Struct, frozen=True, gc=False, kw_only=True):
    """What a list is narrowed to; empty fields do not restrict. `party_id` None is every party (staff)."""

    party_id: UUID | None = None
    book_id: UUID | None = None
    state: str = ""
    party_type: str = ""
    start: date | None = None
    end: date | None = None


def statement_page(*, wanted: StatementFilter, offset: int = 0, limit: int) -> list[StatementRow]:
    """Up to `limit` + 1 statements, newest period first."""
    found = Q()
    for name, value in (
        ("party_id", wanted.party_id),
        ("book_id", wanted.book_id),
        ("state", wanted.state),
        ("party_type", wanted.party_type),
        ("period_start__gte", wanted.start),
        ("period_start__lte", wanted.end),
    ):
        if value:
            found &= Q(**{name: value})
    rows = Statement.objects.filter(found).order_by("-period_start", "party_type", "party_id", "currency", "id")
    return [_statement(row) for row in rows[offset : offset + limit + 1]]


def waiting_for_approval(*, party_id: UUID | None = None, book_id: UUID | None = None) -> int:
    """How many statements are in review."""
    rows = Statement.objects.filter(state="in_review")
    if party_id is not None:
        rows = rows.filter(party_id=party_id)
    return (rows.filter(book_id=book_id) if book_id is not None else rows).count()


def statement(statement_id: UUID) -> StatementRow:
    """One statement that may be seen. Raises UnknownId."""
    row = Statement.objects.filter(pk=statement_id).first()
    if row is None:
        raise ids.UnknownId
    return _statement(row)


def events(statement_id: UUID) -> tuple[EventView, ...]:
    """A statement's history, oldest first."""
    return tuple(_event(row) for row in StatementEvent.objects.filter(statement_id=statement_id).order_by("at", "id"))


def latest_events(*, limit: int) -> tuple[EventView, ...]:
    """The newest moves made by people, of all parties (staff)."""
    rows = StatementEvent.objects.filter(person_id__isnull=False).order_by("-at", "-id")[:limit]
    return tuple(_event(row) for row in rows)


def _event(row: StatementEvent) -> EventView:
    return EventView(
        statement_id=row.statement_id,
        party_id=row.party_id,
        move=row.move,
        from_state=row.from_state,
        to_state=row.to_state,
        person_id=row.person_id,
        note=row.note,
        at=row.at,
    )


_LINES: Final = """
SELECT l.line_no, t.line_type, l.side, t.amount_minor, l.balance_after_minor,
       CASE l.side WHEN 'debit' THEN t.debit_purpose ELSE t.credit_purpose END,
       t.order_id, t.order_reference, t.campaign_id,
       CASE l.side WHEN 'debit' THEN t.credit_party_id ELSE t.debit_party_id END, t.effective_at, t.prior_period
FROM settlements_statementline l
JOIN settlements_transfer t ON t.booked_on = l.booked_on AND t.id = l.transfer_id
WHERE l.booked_on BETWEEN %(start)s AND %(end)s AND l.statement_id = %(statement)s AND l.line_no > %(after)s
ORDER BY l.line_no LIMIT %(limit)s
"""
_PROOF: Final = """
SELECT count(*), coalesce(sum(t.amount_minor) FILTER (WHERE l.side = 'credit'), 0)::bigint,
       coalesce(sum(t.amount_minor) FILTER (WHERE l.side = 'debit'), 0)::bigint
FROM settlements_statementline l
JOIN settlements_transfer t ON t.booked_on = l.booked_on AND t.id = l.transfer_id
WHERE l.booked_on BETWEEN %(start)s AND %(end)s AND l.statement_id = %(statement)s
"""


def lines(*, of: StatementRow, after: int, limit: int) -> tuple[LineRow, ...]:
    """Up to `limit` + 1 lines behind a line number."""
    facts: dict[str, Any] = {
        "statement": of.id,
        "start": of.period_start,
        "end": of.period_end,
        "after": after,
        "limit": limit + 1,
    }
    with db.cursor() as cursor:
        cursor.execute(_LINES, facts)
        names = LineRow.__struct_fields__
        return tuple(LineRow(**dict(zip(names, row, strict=True))) for row in cursor.fetchall())


def proof(of: StatementRow) -> Proof:
    """Add the lines up again, now."""
    with db.cursor() as cursor:
        cursor.execute(_PROOF, {"statement": of.id, "start": of.period_start, "end": of.period_end})
        row = cursor.fetchone()
    return Proof(*(row or (0, 0, 0)))


_OPEN_DAY: Final = """
SELECT line_type, debit_purpose, credit_purpose,
       coalesce(sum(amount_minor) FILTER (WHERE credit_party_id = %(party)s), 0)::bigint,
       coalesce(sum(amount_minor) FILTER (WHERE debit_party_id = %(party)s), 0)::bigint
FROM settlements_transfer
WHERE book_id = %(book)s AND booked_on = %(day)s AND %(party)s IN (credit_party_id, debit_party_id)
GROUP BY 1, 2, 3
"""


class Movement(Struct, frozen=True, gc=False):
    """What moved between two purposes on a day, for one party."""

    line_type: str
    debit_purpose: str
    credit_purpose: str
    credit_minor: int
    debit_minor: int


def movements_of_day(*, party_id: UUID, book_id: UUID, day: date) -> tuple[Movement, ...]:
    """A party's movements of one day, by line type and accounts."""
    with db.cursor() as cursor:
        cursor.execute(_OPEN_DAY, {"party": party_id, "book": book_id, "day": day})
        return tuple(Movement(*row) for row in cursor.fetchall())


class OrderMovement(Struct, frozen=True, gc=False, kw_only=True):
    """A transfer of one order."""

    booked_on: date
    line_type: str
    debit_party_id: UUID
    debit_purpose: str
    credit_party_id: UUID
    credit_purpose: str
    currency: str
    amount_minor: int
    event_key: str


_ORDER: Final = """
SELECT booked_on, line_type, debit_party_id, debit_purpose, credit_party_id, credit_purpose, currency, amount_minor,
       event_key
FROM settlements_transfer WHERE tenant_id = %(tenant)s AND order_id = %(order)s AND booked_on >= %(start)s
ORDER BY seq LIMIT 500
"""


def movements_of_order(*, tenant_id: UUID, order_id: str, since: date) -> tuple[OrderMovement, ...]:
    """Every transfer of an order since the day it was made."""
    with db.cursor() as cursor:
        cursor.execute(_ORDER, {"tenant": tenant_id, "order": order_id, "start": since})
        names = OrderMovement.__struct_fields__
        return tuple(OrderMovement(**dict(zip(names, row, strict=True))) for row in cursor.fetchall())


_SPENT: Final = """
SELECT campaign_id, coalesce(sum(amount_minor) FILTER (WHERE debit_party_id = %(party)s), 0)::bigint
       - coalesce(sum(amount_minor) FILTER (WHERE credit_party_id = %(party)s), 0)::bigint
FROM settlements_transfer
WHERE %(party)s IN (debit_party_id, credit_party_id) AND campaign_id = ANY(%(campaigns)s)
GROUP BY campaign_id
"""


def spent_by_campaign(*, party_id: UUID, campaign_ids: Sequence[str]) -> dict[str, int]:
    """What a co-funder owes for each campaign (public ids), net of what came back."""
    with db.cursor() as cursor:
        cursor.execute(_SPENT, {"party": party_id, "campaigns": list(campaign_ids)})
        return dict(cursor.fetchall())
