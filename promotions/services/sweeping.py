"""Windows open and close by themselves. Pricing judges them by the instant; this only brings the stored state after."""

from datetime import datetime
from typing import Final

from django.db.models import Exists, OuterRef, Q

from domain.campaign_states import CampaignMove
from foundation import db
from promotions.models import Campaign, FunderAcceptance
from promotions.services import budgets
from promotions.services.actors import Actor
from promotions.services.lifecycle import move_to

_NOBODY: Final = Actor(person_id=None)
_AT_ONCE: Final = 200


@db.transaction_required
def sweep(*, now: datetime) -> int:
    """Launch what was approved and has begun, end what is over; returns how many moved. Staff transaction; at most 200.

    Two at once are harmless (SKIP LOCKED). A campaign whose co-funder has not accepted waits.
    """
    waiting = FunderAcceptance.objects.filter(campaign_id=OuterRef("pk"), version=OuterRef("version")).exclude(
        state="accepted"
    )
    begun = Q(state="scheduled", starts_at__lte=now) & ~Exists(waiting)
    over = Q(state__in=["scheduled", "live", "paused", "exhausted"], ends_at__lte=now)
    rows = list(
        Campaign.objects.select_for_update(skip_locked=True).filter(begun | over).order_by("ends_at", "id")[:_AT_ONCE]
    )
    for campaign in rows:
        ended = campaign.ends_at <= now
        move, note = (
            (CampaignMove.END, "the window is over") if ended else (CampaignMove.LAUNCH, "the window has begun")
        )
        move_to(campaign, move, actor=_NOBODY, now=now, note=note)
    budgets.reconcile_states(now=now)
    return len(rows)
