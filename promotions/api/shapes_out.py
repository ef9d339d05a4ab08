"""A campaign as the API answers it: spelled as it was sent, with where it stands and how its money does."""

from datetime import datetime
from typing import Any, Literal

from foundation.api import Out
from promotions import shapes
from promotions.selectors.campaigns import CampaignView


class BudgetOut(Out, frozen=True, kw_only=True):
    """The budget as set, and what is held (plans not yet captured), committed (captured) and left of it."""

    total: int | None
    daily: int | None
    per_store: int | None
    per_buyer: int | None
    shared_cap: shapes.SharedCap | None
    held: int
    committed: int
    left: int | None


class CampaignOut(Out, frozen=True, kw_only=True):
    """A campaign. `version` is what is priced; `pending_version` waits for approval."""

    id: str
    object: Literal["campaign"] = "campaign"
    state: str
    version: int
    pending_version: int | None
    currency: str
    timezone: str | None
    name: shapes.Name
    kind: shapes.Kind
    starts_at: datetime
    ends_at: datetime
    weekly_hours: list[shapes.HoursIn] | None
    terms: list[shapes.TermIn] | None
    value: shapes.ValueIn | None
    base: str
    cap: int | None
    codes: list[str] | None
    funders: list[shapes.FunderIn] | None
    scope: shapes.ScopeIn
    min_amount: int | None
    max_amount: int | None
    min_quantity: int | None
    max_units: int | None
    budget: BudgetOut
    limits: shapes.LimitsIn
    alerts: list[shapes.AlertIn] | None
    lane: str | None
    group: str | None
    group_mode: str
    priority: int
    exclusions: list[str] | None
    with_trade_in: bool
    when_short: str
    programme: str | None
    metadata: dict[str, str] | None
    created_at: datetime
    updated_at: datetime


def campaign_out(view: CampaignView) -> CampaignOut:
    """Render a campaign."""
    draft = view.draft
    written: dict[str, Any] = {name: getattr(draft, name) for name in shapes.Draft.__struct_fields__}
    budget = written.pop("budget")
    return CampaignOut(
        id=view.public_id,
        state=view.state,
        version=view.version,
        pending_version=view.pending_version,
        budget=BudgetOut(
            total=budget.total,
            daily=budget.daily,
            per_store=budget.per_store,
            per_buyer=budget.per_buyer,
            shared_cap=budget.shared_cap,
            held=view.held,
            committed=view.committed,
            left=view.left,
        ),
        created_at=view.created_at,
        updated_at=view.updated_at,
        **written,
    )
