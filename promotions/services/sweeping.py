"""Windows open and close by themselves. Pricing judges them by the instant; this only brings the stored state after."""

from datetime import datetime
from typing import Final

from django.db.models import Q

from domain.campaign_states import CampaignMove
from domain.errors import DomainError
from foundation import db
from promotions.models import Campaign
from promotions.services import acceptances
from promotions.services.actors import Actor
from promotions.services.lifecycle import move_to

_NOBODY: Final = Actor(person_id=None)
_AT_ONCE: Final = 200


@db.transaction_required
def sweep(*, now: datetime) -> int:
    """Launch what was approved and has begun, end what is over; returns how many moved. Staff transaction; at most 200.

    Two at once are harmless (SKIP LOCKED). A campaign whose co-funder has not accepted waits.
    """
    begun = Q(state="scheduled", starts_at__lte=now)
    over = Q(state__in=["scheduled", "live", "paused", "exhausted"], ends_at__lte=now)
    rows = (
        Campaign.objects.select_for_update(skip_locked=True).filter(begun | over).order_by("ends_at", "id")[:_AT_ONCE]
    )
    return sum(_swept(campaign, now=now) for campaign in rows)


def _swept(campaign: Campaign, *, now: datetime) -> bool:
    if campaign.ends_at <= now:
        move_to(campaign, CampaignMove.END, actor=_NOBODY, now=now, note="the window is over")
        return True
    try:
        acceptances.require_accepted(campaign=campaign, version=campaign.version)
    except DomainError:
        return False
    move_to(campaign, CampaignMove.LAUNCH, actor=_NOBODY, now=now, note="the window has begun")
    return True
