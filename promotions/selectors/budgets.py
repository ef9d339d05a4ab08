"""Counters and the entries that prove them."""

from datetime import datetime
from typing import Final
from uuid import UUID

from msgspec import Struct

from foundation import db
from promotions.models import BudgetCounter, BudgetEntry


class CounterView(Struct, frozen=True, gc=False, kw_only=True):
    """One limit of a campaign's money. `left` and `uses_left` are None where there is no limit."""

    id: UUID
    kind: str
    key: str
    currency: str
    limit: int | None
    held: int
    committed: int
    left: int | None
    uses_limit: int | None
    uses: int


class EntryView(Struct, frozen=True, gc=False, kw_only=True):
    """One move of one plan's money in one counter."""

    id: UUID
    counter_id: UUID
    plan_id: UUID
    move: str
    amount: int
    uses: int
    at: datetime


class Unproven(Struct, frozen=True, gc=False, kw_only=True):
    """A counter that its entries do not add up to: (held, committed, uses) as counted and as proved."""

    counter_id: UUID
    campaign_id: UUID | None
    counted: tuple[int, int, int]
    proved: tuple[int, int, int]


def counters_of(*, tenant_id: UUID, campaign_id: UUID, limit: int = 1_000) -> tuple[CounterView, ...]:
    """The campaign's counters, the total first, then in reverse lock order; at most `limit`."""
    rows = BudgetCounter.objects.filter(tenant_id=tenant_id, campaign_id=campaign_id).order_by("-rank", "-key", "id")
    return tuple(
        CounterView(
            id=row.id,
            kind=row.kind,
            key=row.key,
            currency=row.currency,
            limit=row.limit_minor,
            held=row.held_minor,
            committed=row.committed_minor,
            left=None if row.limit_minor is None else row.limit_minor - row.held_minor - row.committed_minor,
            uses_limit=row.uses_limit,
            uses=row.uses,
        )
        for row in rows[:limit]
    )


def entry_page(*, tenant_id: UUID, campaign_id: UUID, limit: int, before: UUID | None = None) -> list[EntryView]:
    """Up to `limit` + 1 entries of the campaign, newest first."""
    rows = BudgetEntry.objects.filter(tenant_id=tenant_id, campaign_id=campaign_id).order_by("-id")
    if before is not None:
        rows = rows.filter(id__lt=before)
    return [
        EntryView(
            id=row.id,
            counter_id=row.counter_id,
            plan_id=row.plan_id,
            move=row.move,
            amount=row.amount_minor,
            uses=row.uses,
            at=row.at,
        )
        for row in rows[: limit + 1]
    ]


_PROOF: Final = """
SELECT c.id, c.campaign_id, c.held_minor, c.committed_minor, c.uses,
       coalesce(e.held, 0), coalesce(e.committed, 0), coalesce(e.uses, 0)
FROM promotions_budgetcounter c LEFT JOIN (
    SELECT counter_id,
           sum(CASE move WHEN 'hold' THEN amount_minor WHEN 'restore' THEN 0 ELSE -amount_minor END)::bigint AS held,
           sum(CASE move WHEN 'commit' THEN amount_minor WHEN 'restore' THEN -amount_minor ELSE 0 END)::bigint AS committed,
           sum(uses)::bigint AS uses
    FROM promotions_budgetentry GROUP BY counter_id
) e ON e.counter_id = c.id
WHERE (c.held_minor, c.committed_minor, c.uses)
      IS DISTINCT FROM (coalesce(e.held, 0), coalesce(e.committed, 0), coalesce(e.uses, 0)::int)
ORDER BY c.id
"""


def unproven() -> tuple[Unproven, ...]:
    """Counters whose entries do not re-add to them: none, or something is badly wrong. For `check_books`."""
    with db.cursor() as cursor:
        cursor.execute(_PROOF)
        return tuple(
            Unproven(
                counter_id=row[0],
                campaign_id=row[1],
                counted=(row[2], row[3], row[4]),
                proved=(row[5], row[6], row[7]),
            )
            for row in cursor.fetchall()
        )
