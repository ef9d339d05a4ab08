"""Budgets: hold when a plan is confirmed, commit when it is captured, release when it is not, restore when money returns.

A campaign's budget counts all funders' money in it. `entries` prove every counter: see models.BudgetEntry.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.campaign_states import CampaignMove
from foundation import db, ids
from foundation.errors import register_constraints
from promotions.budget_needs import Need, make_need, needs_of
from promotions.documents import BudgetRules
from promotions.models import BudgetCounter
from promotions.services import budget_sql, events
from promotions.services.budget_holds import Hold, hold_params, judge
from promotions.services.budget_moves import Move, committing, releasing, restoring, standing_of
from promotions.services.errors import BudgetBelowSpent, BudgetMoveRefused

__all__ = [
    "Hold",
    "Need",
    "commit",
    "commit_many",
    "counters_for",
    "ensure_sql",
    "hold",
    "hold_many",
    "hold_params",
    "hold_sql",
    "judge",
    "mark_exhausted",
    "needs_of",
    "reconcile_states",
    "release",
    "release_many",
    "restore",
    "restore_many",
]

register_constraints(
    {
        "budget_never_overspent": BudgetBelowSpent,
        "budget_uses_never_over": BudgetBelowSpent,
        "budget_counter_not_negative": BudgetMoveRefused,
        "budget_entry_once": BudgetMoveRefused,
    }
)


def hold_sql() -> str:
    """The statement that takes all counters or none; parameters by `hold_params`, its rows judged by `judge`."""
    return budget_sql.HOLD


def ensure_sql() -> str:
    """The statement that makes counters which are not there yet; same parameters as `hold_sql`."""
    return budget_sql.ENSURE


@db.transaction_required
def hold(*, tenant_id: UUID, currency: str, plan_id: UUID, needs: Sequence[Need], now: datetime) -> None:
    """Hold one plan's money. Raises BudgetExhausted, BuyerCapReached: then nothing was taken."""
    hold_many(tenant_id=tenant_id, currency=currency, holds=[Hold(plan_id=plan_id, needs=tuple(needs))], now=now)


@db.transaction_required
def hold_many(*, tenant_id: UUID, currency: str, holds: Sequence[Hold], now: datetime) -> None:
    """Hold for many plans at once: all or none. Raises as `hold`."""
    params = hold_params(tenant_id=tenant_id, currency=currency, holds=holds, now=now)
    if not params["c_ids"]:
        return
    with db.cursor() as cursor:
        cursor.execute(budget_sql.HOLD, params)
        spent = judge(cursor.fetchall(), wanted=len(params["c_ids"]))
        if spent is None:
            cursor.execute(budget_sql.ENSURE, params)
            cursor.execute(budget_sql.HOLD, params)
            spent = judge(cursor.fetchall(), wanted=len(params["c_ids"]))
    if spent:
        mark_exhausted(campaign_ids=spent, now=now)


@db.transaction_required
def mark_exhausted(*, campaign_ids: Iterable[UUID], now: datetime) -> None:
    """Those of the campaigns whose last cent is taken stop showing; announced. Idempotent."""
    _flip(budget_sql.EXHAUST, campaign_ids, CampaignMove.EXHAUST, now=now)


def _replenish(campaign_ids: Iterable[UUID], *, now: datetime) -> None:
    _flip(budget_sql.REPLENISH, campaign_ids, CampaignMove.REPLENISH, now=now)


@db.transaction_required
def reconcile_states(*, now: datetime) -> None:
    """Live or exhausted as the counters say, for every campaign in reach: the sweeper's part."""
    _flip(budget_sql.EXHAUST, None, CampaignMove.EXHAUST, now=now)
    _flip(budget_sql.REPLENISH, None, CampaignMove.REPLENISH, now=now)


def _flip(sql: str, campaign_ids: Iterable[UUID] | None, move: CampaignMove, *, now: datetime) -> None:
    wanted = None if campaign_ids is None else sorted(set(campaign_ids))
    params: dict[str, Any] = {"campaigns": wanted, "at": now}
    with db.cursor() as cursor:
        cursor.execute(sql, params)
        changed = cursor.fetchall()
    if changed:
        events.record_budget_moves(changed, move=move, now=now)


@db.transaction_required
def counters_for(*, tenant_id: UUID, campaign_id: UUID, currency: str, rules: BudgetRules, now: datetime) -> None:
    """Make the campaign's total counter, or bring its limits (and those made on demand) up to a new version's.

    Raises BudgetBelowSpent (at the database) when a limit would fall below what is held and committed.
    """
    total = make_need(
        tenant_id=tenant_id,
        campaign_id=campaign_id,
        kind="total",
        key="",
        limit_minor=rules.total_minor,
        uses_limit=rules.uses_total,
        amount_minor=0,
    )
    limits = {
        "total": (rules.total_minor, rules.uses_total),
        "daily": (rules.daily_minor, None),
        "store": (rules.store_minor, None),
        "buyer": (rules.buyer_minor, rules.uses_per_buyer),
        "serial": (None, rules.uses_per_serial),
    }
    with db.cursor() as cursor:
        params = hold_params(
            tenant_id=tenant_id, currency=currency, holds=[Hold(plan_id=campaign_id, needs=(total,))], now=now
        )
        cursor.execute(budget_sql.ENSURE, params)
    counters = BudgetCounter.objects.filter(tenant_id=tenant_id, campaign_id=campaign_id)
    list(counters.order_by("rank", "id").select_for_update().values_list("id"))
    for kind, (limit, uses) in limits.items():
        counters.filter(kind=kind).update(limit_minor=limit, uses_limit=uses)
    mark_exhausted(campaign_ids=[campaign_id], now=now)
    if rules.shared is not None:
        BudgetCounter.objects.filter(tenant_id=tenant_id, kind="shared", key=rules.shared.name).update(
            limit_minor=rules.shared.minor
        )
    _replenish([campaign_id], now=now)


@db.transaction_required
def commit(*, plan_id: UUID, now: datetime, amounts: Mapping[UUID, int] | None = None) -> None:
    """The plan was captured: held money is spent. `amounts` (campaign -> minor) when less was captured; the rest is freed."""
    commit_many(plans={plan_id: amounts}, now=now)


@db.transaction_required
def commit_many(*, plans: Mapping[UUID, Mapping[UUID, int] | None], now: datetime) -> None:
    """Commit many plans in two statements."""
    rows = standing_of(list(plans))
    _apply([move for row in rows for move in committing(row, plans[row.plan_id])], now=now)


@db.transaction_required
def release(*, plan_id: UUID, now: datetime) -> None:
    """The plan was cancelled, declined or expired before capture: what it held is free again. Idempotent."""
    release_many(plan_ids=[plan_id], now=now)


@db.transaction_required
def release_many(*, plan_ids: Sequence[UUID], now: datetime) -> None:
    """Release many plans in two statements."""
    _apply([move for row in standing_of(plan_ids) for move in releasing(row)], now=now)


@db.transaction_required
def restore(*, plan_id: UUID, amounts: Mapping[UUID, int], now: datetime) -> None:
    """A refund gave funders their money back: `amounts` (campaign -> minor) return to the budgets.

    Raises BudgetMoveRefused when more would return than was committed.
    """
    restore_many(plans=[(plan_id, amounts)], now=now)


@db.transaction_required
def restore_many(*, plans: Sequence[tuple[UUID, Mapping[UUID, int]]], now: datetime) -> None:
    """Restore for many refunds, at most one a plan, in two statements."""
    wanted = dict(plans)
    if len(wanted) != len(plans):
        raise ValueError("one refund a plan: restore the second in a call of its own")
    _apply(restoring(standing_of(list(wanted)), wanted), now=now)


def _apply(moves: Sequence[Move], *, now: datetime) -> None:
    """Write the moves: counters once each in lock order, entries beside them; money that came free reopens campaigns."""
    if not moves:
        return
    sums: dict[UUID, list[int]] = defaultdict(lambda: [0, 0, 0])
    for move in moves:
        total = sums[move.row.counter_id]
        total[0] += move.held
        total[1] += move.committed
        total[2] += move.uses
    params: dict[str, Any] = {
        "at": now,
        "c_ids": list(sums),
        "c_held": [total[0] for total in sums.values()],
        "c_committed": [total[1] for total in sums.values()],
        "c_uses": [total[2] for total in sums.values()],
        "e_ids": [ids.uuid7(now=now) for _ in moves],
        "e_tenants": [move.row.tenant_id for move in moves],
        "e_counters": [move.row.counter_id for move in moves],
        "e_campaigns": [move.row.campaign_id for move in moves],
        "e_plans": [move.row.plan_id for move in moves],
        "e_moves": [move.name for move in moves],
        "e_amounts": [move.amount for move in moves],
        "e_uses": [move.uses for move in moves],
    }
    with db.cursor() as cursor:
        cursor.execute(budget_sql.MOVE, params)
    freed = {move.row.campaign_id for move in moves if move.name in {"release", "restore"}}
    if freed:
        _replenish(freed, now=now)
