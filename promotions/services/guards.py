"""What a campaign must have before it may cost anybody money (safety: budget, caps, end and owner)."""

from datetime import datetime

from promotions import shapes
from promotions.models import Campaign
from promotions.services.errors import CampaignIncomplete, WindowOver


def require_complete(*, campaign: Campaign, draft: shapes.Draft, livemode: bool) -> None:
    """Raises CampaignIncomplete with the pointer of the first thing missing.

    Live mode asks for more: a person who owns the campaign, and a cap on every open-ended reduction.
    """
    if draft.budget.total is None:
        raise CampaignIncomplete(
            at="/budget/total", reason="budget_missing", detail="A campaign without a budget cannot go live."
        )
    if not draft.funders:
        raise CampaignIncomplete(at="/funders", reason="funders_missing", detail="Somebody must pay.")
    if not livemode:
        return
    if campaign.made_by_id is None:
        raise CampaignIncomplete(at="", reason="owner_missing", detail="A campaign without an owner cannot go live.")
    if _open_ended(draft):
        raise CampaignIncomplete(
            at="/cap", reason="cap_missing", detail="A percentage needs a cap or a largest amount."
        )


def _open_ended(draft: shapes.Draft) -> bool:
    value = draft.value
    if value is None or draft.cap is not None or draft.max_amount is not None:
        return False
    return value.percent is not None or value.cheapest_free is not None or value.per_unit is not None


def require_time_left(campaign: Campaign, *, now: datetime) -> None:
    """Raises WindowOver when the campaign's end has passed."""
    if campaign.ends_at <= now:
        raise WindowOver(ended_at=campaign.ends_at.isoformat())
