"""How a plan's share of a counter moves on: held to committed, held to free, committed back to free."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from msgspec import Struct

from foundation import db, ids
from promotions.services.budget_sql import STANDING
from promotions.services.errors import BudgetMoveRefused


class Standing(Struct, frozen=True, gc=False):
    """What one plan has in one counter."""

    tenant_id: UUID
    plan_id: UUID
    campaign_id: UUID
    counter_id: UUID
    kind: str
    held: int
    committed: int
    restored: int
    uses: int


class Move(Struct, frozen=True, gc=False):
    """One entry to write, and what it does to its counter."""

    row: Standing
    name: str
    amount: int
    held: int
    committed: int
    uses: int


def standing_of(plan_ids: Sequence[UUID]) -> list[Standing]:
    """What these plans have in all their counters. The caller holds the plans' rows, so this does not move meanwhile."""
    with db.cursor() as cursor:
        cursor.execute(STANDING, {"plans": list(plan_ids)})
        rows = cursor.fetchall()
    return [
        Standing(
            tenant_id=row[0],
            plan_id=row[1],
            campaign_id=row[2],
            counter_id=row[3],
            kind=row[4],
            held=row[5],
            committed=row[6] or 0,
            restored=row[7] or 0,
            uses=row[8],
        )
        for row in rows
    ]


def committing(row: Standing, amounts: Mapping[UUID, int] | None) -> list[Move]:
    """Spend what is held, or the part that was captured; what was not captured is freed, its use as well if all of it."""
    if row.held == 0 and row.uses == 0:
        return []
    wanted = row.held if amounts is None else min(row.held, amounts.get(row.campaign_id, 0))
    freed = row.held - wanted
    moves = []
    if wanted or not freed:
        moves.append(Move(row, "commit", wanted, -wanted, wanted, 0))
    if freed:
        moves.append(Move(row, "release", freed, -freed, 0, 0 if wanted else -row.uses))
    return moves


def releasing(row: Standing) -> list[Move]:
    """Free what is held, and the use. Nothing when the plan was captured or released before."""
    if row.committed or (row.held == 0 and row.uses == 0):
        return []
    return [Move(row, "release", row.held, -row.held, 0, -row.uses)]


def restoring(rows: Sequence[Standing], wanted: Mapping[UUID, Mapping[UUID, int]]) -> list[Move]:
    """Give back in every counter in proportion to the campaign's total, cumulatively: a full refund returns all of it.

    Uses stay used: a refunded purchase was one. Raises BudgetMoveRefused when more would return than was committed.
    """
    totals = {(row.plan_id, row.campaign_id): row for row in rows if row.kind == "total"}
    asked = {(plan, campaign): minor for plan, parts in wanted.items() for campaign, minor in parts.items() if minor}
    for (plan, campaign), minor in asked.items():
        total = totals.get((plan, campaign))
        if total is None or minor < 0 or total.restored + minor > total.committed:
            raise BudgetMoveRefused(campaign=ids.public_id("cam", campaign), wanted=minor)
    moves = []
    for row in rows:
        total = totals.get((row.plan_id, row.campaign_id))
        minor = asked.get((row.plan_id, row.campaign_id), 0)
        if total is None or not minor:
            continue
        part = row.committed * (total.restored + minor) // total.committed - row.restored
        if part:
            moves.append(Move(row, "restore", part, 0, -part, 0))
    return moves
