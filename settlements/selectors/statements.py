"""Statements and their lines for the API: a tenant sees its own, staff sees every party of its book."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from foundation import db, ids
from settlements.models import Statement
from settlements.selectors import lines


class StatementView(Struct, frozen=True, gc=False, kw_only=True):
    """A statement, read only. Positive amounts are owed to the party. `made_by_id` may not approve it."""

    id: UUID
    public_id: str
    book_id: UUID
    party_id: UUID
    party_public_id: str
    party_type: str
    currency: str
    period_start: date
    period_end: date
    version: int
    state: str
    opening_minor: int
    closing_minor: int
    line_count: int
    totals: dict[str, dict[str, int]]
    balances: dict[str, int]
    sha256: str
    previous_sha256: str
    made_by_id: UUID | None
    approved_by_id: UUID | None
    approved_at: datetime | None
    created_at: datetime


def view_of(row: Statement) -> StatementView:
    """The value of a row."""
    return StatementView(
        id=row.id,
        public_id=ids.public_id("st", row.id),
        book_id=row.book_id,
        party_id=row.party_id,
        party_public_id=ids.public_id(ids.PREFIX_OF[row.party_type], row.party_id),
        party_type=row.party_type,
        currency=row.currency,
        period_start=row.period_start,
        period_end=row.period_end,
        version=row.version,
        state=row.state,
        opening_minor=row.opening_minor,
        closing_minor=row.closing_minor,
        line_count=row.line_count,
        totals=row.totals,
        balances=row.balances,
        sha256=row.sha256,
        previous_sha256=row.previous_sha256,
        made_by_id=row.made_by_id,
        approved_by_id=row.approved_by_id,
        approved_at=row.approved_at,
        created_at=row.created_at,
    )


def statement_page(*, filters: Mapping[str, Any], limit: int, after: UUID | None = None) -> list[StatementView]:
    """Up to `limit + 1` statements of the columns in `filters`, the newest period first.

    The key of a statement begins with its first day, so its order is that of the days.
    """
    rows = Statement.objects.filter(**filters).order_by("-id")
    if after is not None:
        rows = rows.filter(id__lt=after)
    return [view_of(row) for row in rows[: limit + 1]]


def statement(statement_id: UUID, *, filters: Mapping[str, Any]) -> StatementView:
    """One statement within `filters`. Raises UnknownId."""
    row = Statement.objects.filter(pk=statement_id, **filters).first()
    if row is None:
        raise ids.UnknownId
    return view_of(row)


def line_page(of: StatementView, *, after: int, limit: int, store: str = "") -> list[dict[str, Any]]:
    """Up to `limit + 1` lines behind a line number: every column of the exports by name, money in minor units.

    `store` (a public id) shows the part of a merchant's statement that one shop made.
    """
    form = lines.LineForm("minor", of.currency)
    params: dict[str, Any] = {
        "statements": [of.id],
        "first": of.period_start,
        "last": of.period_end,
        "after": after,
        "store": store,
        "limit": limit + 1,
    }
    with db.cursor() as cursor:
        cursor.execute(lines.lines_sql(form, narrowed=lines.BEHIND, limit="LIMIT %(limit)s"), params)
        return [dict(zip(lines.COLUMNS, row, strict=True)) for row in cursor.fetchall()]
