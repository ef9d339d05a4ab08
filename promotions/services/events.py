"""The trail of a campaign: one row for every move."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from domain.campaign_states import CampaignMove
from foundation import ids
from promotions.models import Campaign, CampaignEvent
from promotions.services import changes


def record(
    campaign: Campaign, *, move: str, from_state: str, person_id: UUID | None, now: datetime, note: str = ""
) -> None:
    """Write that the campaign came from `from_state` to where it stands."""
    CampaignEvent.objects.create(
        id=ids.uuid7(now=now),
        tenant_id=campaign.tenant_id,
        campaign=campaign,
        move=move,
        from_state=from_state,
        to_state=campaign.state,
        person_id=person_id,
        note=note[:200],
        at=now,
    )


def record_budget_moves(rows: Sequence[tuple[UUID, UUID]], *, move: CampaignMove, now: datetime) -> None:
    """Campaigns (id, tenant) that ran dry or got money back; tells every process."""
    states = ("live", "exhausted") if move is CampaignMove.EXHAUST else ("exhausted", "live")
    for campaign_id, tenant_id in rows:
        CampaignEvent.objects.create(
            id=ids.uuid7(now=now),
            tenant_id=tenant_id,
            campaign_id=campaign_id,
            move=move.value,
            from_state=states[0],
            to_state=states[1],
            at=now,
        )
        changes.announce(party_id=tenant_id, now=now)
