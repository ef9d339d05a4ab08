"""Hold and commit in one statement, for plans that are captured as they are confirmed.

promotions' own road is hold first and commit later; taken together they would keep the hot total row locked over three
more round trips. This is the statement of the declared exception: same counters, same order of locks, same entries (a
hold and a commit), judged by promotions' own judge.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from foundation import db, ids
from promotions.services import budgets
from promotions.services.budget_holds import Hold, hold_params, judge
from promotions.services.budget_sql import JUDGED

# Nothing is locked while a counter is missing (promotions/services/budget_sql, Note [Missing counters first]).
_SPEND: Final = (
    JUDGED  # noqa: S608 - two constants of ours
    + """, spent AS (
    UPDATE promotions_budgetcounter c SET committed_minor = c.committed_minor + l.amount, uses = c.uses + l.uses
    FROM locked l, verdict v
    WHERE c.id = l.id AND v.fits
    RETURNING c.id
), proof AS (
    INSERT INTO promotions_budgetentry (id, tenant_id, counter_id, campaign_id, plan_id, move, amount_minor, uses, at)
    SELECT e.id, %(tenant)s, e.counter_id, e.campaign_id, e.plan_id, e.move, e.amount, e.uses, %(at)s
    FROM unnest(%(e_ids)s::uuid[], %(e_counters)s::uuid[], %(e_campaigns)s::uuid[], %(e_plans)s::uuid[],
                %(e_moves)s::text[], %(e_amounts)s::bigint[], %(e_uses)s::int[])
        AS e(id, counter_id, campaign_id, plan_id, move, amount, uses)
    JOIN spent s ON s.id = e.counter_id
)
SELECT l.id, l.kind, l.key, l.campaign_id, l.amount, l.uses, l.left_minor, l.uses_left, v.fits
FROM locked l CROSS JOIN verdict v ORDER BY l.rank, l.id
"""
)


@db.transaction_required
def spend_many(*, tenant_id: UUID, currency: str, holds: Sequence[Hold], now: datetime) -> None:
    """Take what plans draw on and commit it: all or none.

    Raises BudgetExhausted, BuyerCapReached: then nothing was taken.
    """
    params = _with_commits(hold_params(tenant_id=tenant_id, currency=currency, holds=holds, now=now), now=now)
    if not params["c_ids"]:
        return
    with db.cursor() as cursor:
        cursor.execute(_SPEND, params)
        spent = judge(cursor.fetchall(), wanted=len(params["c_ids"]))
        if spent is None:
            cursor.execute(budgets.ensure_sql(), params)
            cursor.execute(_SPEND, params)
            spent = judge(cursor.fetchall(), wanted=len(params["c_ids"]))
    if spent:
        budgets.mark_exhausted(campaign_ids=spent, now=now)


def _with_commits(params: dict[str, Any], *, now: datetime) -> dict[str, Any]:
    """Beside every hold the entry of its commit, which uses nothing more."""
    count = len(params["e_ids"])
    twice = {name: params[name] * 2 for name in ("e_counters", "e_campaigns", "e_plans", "e_amounts")}
    return {
        **params,
        **twice,
        "e_ids": params["e_ids"] + [ids.uuid7(now=now) for _ in range(count)],
        "e_moves": ["hold"] * count + ["commit"] * count,
        "e_uses": params["e_uses"] + [0] * count,
    }
