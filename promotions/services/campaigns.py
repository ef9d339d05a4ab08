"""Make and change campaigns. Moves between states are in `lifecycle`; both are reached from here.

Every save writes an immutable version. A change of an approved campaign waits (`pending_version`) until another person
approves it; in a sandbox somebody with campaigns:launch needs nobody else.
"""

from datetime import datetime
from uuid import UUID

import msgspec

from domain.campaign_states import CampaignMove, CampaignState, IllegalMove
from foundation import db, ids
from promotions import documents, drafts, shapes
from promotions.models import Campaign, CampaignVersion
from promotions.services import acceptances, draft_checks, draft_links, events
from promotions.services.acceptances import accept_share, decline_share
from promotions.services.actors import Actor, actor_of
from promotions.services.compile import document_of
from promotions.services.lifecycle import (
    activate_pending,
    approve,
    archive,
    carry_live,
    end,
    launch,
    locked,
    move_to,
    pause,
    resume,
    return_to_draft,
    submit,
)
from promotions.services.sweeping import sweep

__all__ = [
    "Actor",
    "accept_share",
    "actor_of",
    "approve",
    "archive",
    "clone",
    "create_draft",
    "decline_share",
    "end",
    "launch",
    "pause",
    "resume",
    "return_to_draft",
    "submit",
    "sweep",
    "update",
]

_NAME_MAX = 60


@db.transaction_required
def create_draft(
    *, tenant_id: UUID, draft: shapes.Draft, actor: Actor, now: datetime, launch_now: bool = False
) -> UUID:
    """Make a campaign as version 1 and return its id. `launch_now` carries it live in the same call, in test mode.

    Raises InvalidRequest with a pointer, and with `launch_now` LaunchNotAllowed, CampaignIncomplete, WindowOver.
    """
    if launch_now:
        actor.require_launches_alone()
    draft_checks.check_draft(draft)
    around = draft_links.surroundings(tenant_id)
    campaign = Campaign(
        id=ids.uuid7(now=now), tenant_id=tenant_id, made_by_id=actor.person_id, created_at=now, updated_at=now
    )
    drafts.write_draft(campaign, draft_links.linked(draft, around=around, campaign_id=None))
    campaign.version = 1
    campaign.save(force_insert=True)
    _write_version(campaign, number=1, actor=actor, now=now)
    events.record(campaign, move="create", from_state="", person_id=actor.person_id, now=now)
    if launch_now:
        carry_live(campaign, actor=actor, now=now)
    return campaign.id


@db.transaction_required
def update(
    *,
    tenant_id: UUID,
    campaign_id: UUID,
    change: shapes.DraftChange,
    actor: Actor,
    now: datetime,
    launch_now: bool = False,
) -> None:
    """Change parts of a campaign; a new version is written. What happens next depends on where it stands:

    a draft stays one; one in review goes back to draft; an approved one keeps its priced version until another person
    approves the new one (at once in test mode for who may launch). Raises IllegalMove once it has ended.
    """
    if launch_now:
        actor.require_launches_alone()
    campaign = locked(tenant_id=tenant_id, campaign_id=campaign_id)
    if campaign.state in {CampaignState.ENDED, CampaignState.ARCHIVED}:
        raise IllegalMove(noun="campaign", state=campaign.state, move="update")
    draft = drafts.changed(drafts.draft_of(campaign), change)
    draft_checks.check_draft(draft)
    draft = draft_links.linked(draft, around=draft_links.surroundings(tenant_id), campaign_id=campaign_id)
    drafts.write_draft(campaign, draft)
    campaign.updated_at = now
    number = _next_number(campaign)
    _write_version(campaign, number=number, actor=actor, now=now)
    if campaign.state in {CampaignState.DRAFT, CampaignState.IN_REVIEW}:
        _redraft(campaign, number=number, actor=actor, now=now)
        if launch_now:
            carry_live(campaign, actor=actor, now=now)
        return
    campaign.pending_version, campaign.pending_by_id = number, actor.person_id
    acceptances.ask(campaign=campaign, draft=draft, version=number, now=now)
    _record_edit(campaign, number=number, actor=actor, now=now)
    campaign.save()
    if actor.launches_alone:
        activate_pending(campaign, actor=actor, now=now)


@db.transaction_required
def clone(*, tenant_id: UUID, campaign_id: UUID, actor: Actor, now: datetime) -> UUID:
    """A new draft with everything of an old campaign but its budget's use and its history. Raises UnknownId."""
    draft = drafts.draft_of(locked(tenant_id=tenant_id, campaign_id=campaign_id))
    name = shapes.Name(zh=_copied(draft.name.zh, "（副本）"), en=_copied(draft.name.en, " (copy)"))
    return create_draft(tenant_id=tenant_id, draft=msgspec.structs.replace(draft, name=name), actor=actor, now=now)


def _copied(name: str, suffix: str) -> str:
    return name[: _NAME_MAX - len(suffix)] + suffix


def _redraft(campaign: Campaign, *, number: int, actor: Actor, now: datetime) -> None:
    campaign.version = number
    if campaign.state == CampaignState.IN_REVIEW:
        move_to(campaign, CampaignMove.RETURN_TO_DRAFT, actor=actor, now=now, note=f"edited, version {number}")
        return
    _record_edit(campaign, number=number, actor=actor, now=now)
    campaign.save()


def _record_edit(campaign: Campaign, *, number: int, actor: Actor, now: datetime) -> None:
    events.record(
        campaign,
        move="edit",
        from_state=campaign.state,
        person_id=actor.person_id,
        now=now,
        note=f"version {number}",
    )


def _next_number(campaign: Campaign) -> int:
    last = (
        CampaignVersion.objects.filter(campaign=campaign).order_by("-number").values_list("number", flat=True).first()
    )
    return (last or 0) + 1


def _write_version(campaign: Campaign, *, number: int, actor: Actor, now: datetime) -> None:
    document = document_of(campaign, number=number)
    CampaignVersion.objects.create(
        id=ids.uuid7(now=now),
        tenant_id=campaign.tenant_id,
        campaign=campaign,
        number=number,
        document=document,
        sha256=documents.sha256_of(document),
        made_by_id=actor.person_id,
        created_at=now,
    )
