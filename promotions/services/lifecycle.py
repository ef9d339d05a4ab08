"""The moves of a campaign: each locks its row, asks domain.campaign_states, records an event, and tells every process."""

from datetime import datetime
from uuid import UUID

from domain import campaign_states
from domain.campaign_states import CampaignMove, CampaignState
from foundation import db, ids
from merchants.selectors import parties
from promotions import drafts
from promotions.documents import read
from promotions.models import Campaign, CampaignVersion
from promotions.services import acceptances, budgets, changes, events, guards
from promotions.services.actors import Actor
from promotions.services.errors import NothingPending

_TEST_ACCEPTANCE = "co-funders' acceptance given by test mode"


def locked(*, tenant_id: UUID, campaign_id: UUID) -> Campaign:
    """The tenant's campaign, locked until the end of the transaction. Raises UnknownId."""
    campaign = Campaign.objects.select_for_update().filter(tenant_id=tenant_id, pk=campaign_id).first()
    if campaign is None:
        raise ids.UnknownId
    return campaign


def move_to(campaign: Campaign, move: CampaignMove, *, actor: Actor, now: datetime, note: str = "") -> None:
    """One step through the table: saved, recorded, announced. Raises IllegalMove."""
    before = campaign.state
    campaign.state = campaign_states.move(before, move).value
    campaign.updated_at = now
    campaign.save()
    events.record(campaign, move=move.value, from_state=before, person_id=actor.person_id, now=now, note=note)
    changes.announce(party_id=campaign.tenant_id, now=now)


def _require_complete(campaign: Campaign) -> None:
    livemode = parties.party(campaign.tenant_id).livemode
    guards.require_complete(campaign=campaign, draft=drafts.draft_of(campaign), livemode=livemode)


@db.transaction_required
def submit(*, tenant_id: UUID, campaign_id: UUID, actor: Actor, now: datetime) -> None:
    """Hand a draft to the checker and ask the co-funders. Raises UnknownId, IllegalMove, CampaignIncomplete."""
    _submit(locked(tenant_id=tenant_id, campaign_id=campaign_id), actor=actor, now=now)


def _submit(campaign: Campaign, *, actor: Actor, now: datetime) -> None:
    campaign_states.move(campaign.state, CampaignMove.SUBMIT)
    _require_complete(campaign)
    campaign.submitted_by_id = actor.person_id
    acceptances.ask(campaign=campaign, draft=drafts.draft_of(campaign), version=campaign.version, now=now)
    move_to(campaign, CampaignMove.SUBMIT, actor=actor, now=now)


@db.transaction_required
def approve(*, tenant_id: UUID, campaign_id: UUID, actor: Actor, now: datetime, launch_now: bool = False) -> None:
    """Another person's yes: to a campaign in review, or to the pending change of an approved one.

    With `launch_now` (test mode) who may launch needs nobody else, and the campaign goes live in the same call. Raises
    CheckerIsMaker, PersonRequired, LaunchNotAllowed, IllegalMove, CampaignIncomplete, WindowOver, FunderNotAccepted.
    """
    if launch_now:
        actor.require_launches_alone()
    campaign = locked(tenant_id=tenant_id, campaign_id=campaign_id)
    if campaign.pending_version is not None:
        if not launch_now:
            actor.require_other_than(campaign.pending_by_id)
        activate_pending(campaign, actor=actor, now=now)
    elif launch_now:
        carry_live(campaign, actor=actor, now=now)
    else:
        campaign_states.move(campaign.state, CampaignMove.APPROVE)
        actor.require_other_than(campaign.made_by_id, campaign.submitted_by_id)
        _approve(campaign, actor=actor, now=now)


def _approve(campaign: Campaign, *, actor: Actor, now: datetime, note: str = "") -> None:
    _require_complete(campaign)
    guards.require_time_left(campaign, now=now)
    _make_counters(campaign, now=now)
    campaign.approved_by_id = actor.person_id
    move_to(campaign, CampaignMove.APPROVE, actor=actor, now=now, note=note)


def _make_counters(campaign: Campaign, *, now: datetime) -> None:
    version = CampaignVersion.objects.get(campaign=campaign, number=campaign.version)
    budgets.counters_for(
        tenant_id=campaign.tenant_id,
        campaign_id=campaign.id,
        currency=campaign.currency,
        rules=read(version.document).budget,
        now=now,
    )


def carry_live(campaign: Campaign, *, actor: Actor, now: datetime) -> None:
    """Every step that is left up to the launch, in one call: for who `launches_alone` in test mode."""
    actor.require_launches_alone()
    if campaign.state == CampaignState.DRAFT:
        _submit(campaign, actor=actor, now=now)
    given = acceptances.give_in_test_mode(campaign=campaign, version=campaign.version, now=now)
    if campaign.state == CampaignState.IN_REVIEW:
        _approve(campaign, actor=actor, now=now, note=_TEST_ACCEPTANCE if given else "")
    _launch(campaign, actor=actor, now=now)


def activate_pending(campaign: Campaign, *, actor: Actor, now: datetime) -> None:
    """Price the waiting version from now on and move the budget's limits. Raises NothingPending, FunderNotAccepted."""
    number = campaign.pending_version
    if number is None:
        raise NothingPending
    _require_complete(campaign)
    given = 0
    if actor.launches_alone:
        given = acceptances.give_in_test_mode(campaign=campaign, version=number, now=now)
    acceptances.require_accepted(campaign=campaign, version=number)
    campaign.version = number
    campaign.pending_version = campaign.pending_by_id = None
    campaign.approved_by_id = actor.person_id
    campaign.updated_at = now
    campaign.save()
    note = f"version {number}" + (f"; {_TEST_ACCEPTANCE}" if given else "")
    events.record(campaign, move="activate", from_state=campaign.state, person_id=actor.person_id, now=now, note=note)
    changes.announce(party_id=campaign.tenant_id, now=now)
    _make_counters(campaign, now=now)


@db.transaction_required
def launch(*, tenant_id: UUID, campaign_id: UUID, actor: Actor, now: datetime, launch_now: bool = False) -> None:
    """Open an approved campaign. One whose window has not begun stays scheduled and goes live by itself at its start.

    Raises IllegalMove, FunderNotAccepted, FunderDeclined, WindowOver, CampaignIncomplete.
    """
    campaign = locked(tenant_id=tenant_id, campaign_id=campaign_id)
    if launch_now:
        carry_live(campaign, actor=actor, now=now)
    else:
        _launch(campaign, actor=actor, now=now)


def _launch(campaign: Campaign, *, actor: Actor, now: datetime) -> None:
    campaign_states.move(campaign.state, CampaignMove.LAUNCH)
    _require_complete(campaign)
    guards.require_time_left(campaign, now=now)
    acceptances.require_accepted(campaign=campaign, version=campaign.version)
    if campaign.starts_at <= now:
        move_to(campaign, CampaignMove.LAUNCH, actor=actor, now=now)


@db.transaction_required
def pause(*, tenant_id: UUID, campaign_id: UUID, actor: Actor, now: datetime, note: str = "") -> None:
    """Stop offering it; plans already signed stay. Raises UnknownId, IllegalMove."""
    campaign = locked(tenant_id=tenant_id, campaign_id=campaign_id)
    move_to(campaign, CampaignMove.PAUSE, actor=actor, now=now, note=note)


@db.transaction_required
def resume(*, tenant_id: UUID, campaign_id: UUID, actor: Actor, now: datetime) -> None:
    """Offer it again; a budget that ran dry meanwhile shows as exhausted. Raises UnknownId, IllegalMove, WindowOver."""
    campaign = locked(tenant_id=tenant_id, campaign_id=campaign_id)
    campaign_states.move(campaign.state, CampaignMove.RESUME)
    guards.require_time_left(campaign, now=now)
    move_to(campaign, CampaignMove.RESUME, actor=actor, now=now)
    budgets.mark_exhausted(campaign_ids=[campaign.id], now=now)


@db.transaction_required
def end(*, tenant_id: UUID, campaign_id: UUID, actor: Actor, now: datetime, note: str = "") -> None:
    """End it for ever. Raises UnknownId, IllegalMove."""
    campaign = locked(tenant_id=tenant_id, campaign_id=campaign_id)
    move_to(campaign, CampaignMove.END, actor=actor, now=now, note=note)


@db.transaction_required
def archive(*, tenant_id: UUID, campaign_id: UUID, actor: Actor, now: datetime) -> None:
    """Put an ended campaign out of sight. Raises UnknownId, IllegalMove."""
    move_to(locked(tenant_id=tenant_id, campaign_id=campaign_id), CampaignMove.ARCHIVE, actor=actor, now=now)


@db.transaction_required
def return_to_draft(*, tenant_id: UUID, campaign_id: UUID, actor: Actor, now: datetime, note: str = "") -> None:
    """The checker's no, with a reason. Raises CheckerIsMaker, PersonRequired, IllegalMove."""
    campaign = locked(tenant_id=tenant_id, campaign_id=campaign_id)
    campaign_states.move(campaign.state, CampaignMove.RETURN_TO_DRAFT)
    actor.require_other_than(campaign.made_by_id, campaign.submitted_by_id)
    move_to(campaign, CampaignMove.RETURN_TO_DRAFT, actor=actor, now=now, note=note)
