"""The parameters a hold needs, and how its rows are read: shared by `budgets.hold` and by confirm's own SQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from foundation import ids
from promotions.budget_needs import Need
from promotions.services.errors import BudgetExhausted, BuyerCapReached


class Hold(Struct, frozen=True, gc=False, kw_only=True):
    """What one plan draws on."""

    plan_id: UUID
    needs: tuple[Need, ...]


def hold_params(*, tenant_id: UUID, currency: str, holds: Sequence[Hold], now: datetime) -> dict[str, Any]:
    """Parameters of `hold_sql` and `ensure_sql` for any number of plans."""
    sums: dict[UUID, list[int]] = {}
    rows: dict[UUID, Need] = {}
    entries: list[tuple[UUID, Need]] = []
    for one in holds:
        for need in one.needs:
            rows[need.counter_id] = need
            total = sums.setdefault(need.counter_id, [0, 0])
            total[0] += need.amount_minor
            total[1] += 1
            entries.append((one.plan_id, need))
    needs = list(rows.values())
    return {
        "tenant": tenant_id,
        "currency": currency,
        "at": now,
        "n_ids": [need.counter_id for need in needs],
        "n_campaigns": [need.campaign_id for need in needs],
        "n_kinds": [need.kind for need in needs],
        "n_keys": [need.key for need in needs],
        "n_ranks": [need.rank for need in needs],
        "n_limits": [need.limit_minor for need in needs],
        "n_uses_limits": [need.uses_limit for need in needs],
        "c_ids": list(sums),
        "c_amounts": [total[0] for total in sums.values()],
        "c_uses": [total[1] for total in sums.values()],
        "e_ids": [ids.uuid7(now=now) for _ in entries],
        "e_counters": [need.counter_id for _, need in entries],
        "e_campaigns": [need.spent_by for _, need in entries],
        "e_plans": [plan for plan, _ in entries],
        "e_amounts": [need.amount_minor for _, need in entries],
        "e_uses": [1] * len(entries),
    }


def judge(rows: Sequence[Sequence[Any]], *, wanted: int) -> tuple[UUID, ...] | None:
    """Read the rows of `hold_sql`: the campaigns that are now used up, or None when counters are missing (ensure, again).

    Raises BudgetExhausted or BuyerCapReached with the campaign, the limit that was short, what is left and was wanted.
    """
    if len(rows) < wanted:
        return None
    spent: list[UUID] = []
    for _, kind, key, campaign, amount, uses, left, uses_left, _ in rows:
        short = left is not None and left < amount
        if short or (uses_left is not None and uses_left < uses):
            raise _shortage(kind=kind, key=key, campaign=campaign, amount=amount, left=left, uses_left=uses_left)
        if kind == "total" and (left == amount or uses_left == uses):
            spent.append(campaign)
    return tuple(spent)


def _shortage(
    *, kind: str, key: str, campaign: UUID | None, amount: int, left: int | None, uses_left: int | None
) -> BudgetExhausted | BuyerCapReached:
    figures: dict[str, int | str] = {"limit": kind, "wanted": amount}
    if campaign is not None:
        figures["campaign"] = ids.public_id("cam", campaign)
    elif kind == "shared":
        figures["name"] = key
    if left is not None:
        figures["left"] = left
    if uses_left is not None:
        figures["uses_left"] = uses_left
    return BuyerCapReached(**figures) if kind == "buyer" else BudgetExhausted(**figures)
