"""/v1/campaigns/{id}/submit, /approve, /launch, /pause, /resume, /end, /clone."""

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from domain.campaign_states import IllegalMove
from foundation import ids
from foundation.api import Answer, Call, Endpoint, In, Route, answer, once
from foundation.ids import UnknownId
from promotions.api.campaigns import shown
from promotions.api.shapes_out import CampaignOut
from promotions.services import campaigns
from promotions.services.actors import Actor
from promotions.services.errors import (
    CampaignIncomplete,
    CheckerIsMaker,
    FunderDeclined,
    FunderNotAccepted,
    LaunchNotAllowed,
    PersonRequired,
    WindowOver,
)


class MoveIn(In, frozen=True, kw_only=True):
    """A move needs nothing but its address; `note` goes into the campaign's trail."""

    note: Annotated[str, Meta(max_length=200)] = ""


class LaunchIn(In, frozen=True, kw_only=True):
    """`launch` does all that is left up to the launch in this call (test mode)."""

    launch: bool = False


Act = Callable[[UUID, UUID, Actor], UUID | None]


def _moved(call: Call, campaign_id: str, act: Act, *, status: int = 200) -> Answer:
    """Do the act once and answer the campaign (or the new one it returned) as it then stands."""
    key, tenant_id = ids.parse_public_id("cam", campaign_id), call.caller.tenant_id
    actor = campaigns.actor_of(call.caller)

    def effect(_handle: object) -> Answer:
        made = act(tenant_id, key, actor)
        return answer(shown(tenant_id=tenant_id, campaign_id=made or key), status=status)

    return once(call, effect)


_REFUSALS = (UnknownId, IllegalMove, CampaignIncomplete, WindowOver)


class Submit(Endpoint):
    """To the checker."""

    tag = "Campaigns"

    @Route(scope="campaigns:write", body=MoveIn, returns=CampaignOut, idempotent=True, errors=_REFUSALS)
    def post(self, call: Call, *, body: MoveIn, campaign_id: str) -> Answer:
        """Hand a draft to another person to check, and ask the co-funders."""
        del body
        return _moved(
            call,
            campaign_id,
            lambda tenant, key, actor: campaigns.submit(tenant_id=tenant, campaign_id=key, actor=actor, now=call.now),
        )


class Approve(Endpoint):
    """The checker's yes."""

    tag = "Campaigns"

    @Route(
        scope="campaigns:approve",
        body=LaunchIn,
        returns=CampaignOut,
        idempotent=True,
        errors=(*_REFUSALS, CheckerIsMaker, PersonRequired, LaunchNotAllowed),
    )
    def post(self, call: Call, *, body: LaunchIn, campaign_id: str) -> Answer:
        """Approve a campaign in review, or the pending change of one; maker is never checker."""
        return _moved(
            call,
            campaign_id,
            lambda tenant, key, actor: campaigns.approve(
                tenant_id=tenant, campaign_id=key, actor=actor, now=call.now, launch_now=body.launch
            ),
        )


class Launch(Endpoint):
    """Open it."""

    tag = "Campaigns"

    @Route(
        scope="campaigns:launch",
        body=LaunchIn,
        returns=CampaignOut,
        idempotent=True,
        errors=(*_REFUSALS, FunderNotAccepted, FunderDeclined, LaunchNotAllowed),
    )
    def post(self, call: Call, *, body: LaunchIn, campaign_id: str) -> Answer:
        """Launch an approved campaign; before its window it stays scheduled and opens by itself."""
        return _moved(
            call,
            campaign_id,
            lambda tenant, key, actor: campaigns.launch(
                tenant_id=tenant, campaign_id=key, actor=actor, now=call.now, launch_now=body.launch
            ),
        )


class Pause(Endpoint):
    """Stop it for now."""

    tag = "Campaigns"

    @Route(scope="campaigns:write", body=MoveIn, returns=CampaignOut, idempotent=True, errors=(UnknownId, IllegalMove))
    def post(self, call: Call, *, body: MoveIn, campaign_id: str) -> Answer:
        """Pause a live campaign; quotes stop showing it within two seconds."""
        return _moved(
            call,
            campaign_id,
            lambda tenant, key, actor: campaigns.pause(
                tenant_id=tenant, campaign_id=key, actor=actor, now=call.now, note=body.note
            ),
        )


class Resume(Endpoint):
    """Go on."""

    tag = "Campaigns"

    @Route(scope="campaigns:launch", body=MoveIn, returns=CampaignOut, idempotent=True, errors=_REFUSALS)
    def post(self, call: Call, *, body: MoveIn, campaign_id: str) -> Answer:
        """Resume a paused campaign."""
        del body
        return _moved(
            call,
            campaign_id,
            lambda tenant, key, actor: campaigns.resume(tenant_id=tenant, campaign_id=key, actor=actor, now=call.now),
        )


class End(Endpoint):
    """Stop it for ever."""

    tag = "Campaigns"

    @Route(scope="campaigns:write", body=MoveIn, returns=CampaignOut, idempotent=True, errors=(UnknownId, IllegalMove))
    def post(self, call: Call, *, body: MoveIn, campaign_id: str) -> Answer:
        """End a campaign before its window does."""
        return _moved(
            call,
            campaign_id,
            lambda tenant, key, actor: campaigns.end(
                tenant_id=tenant, campaign_id=key, actor=actor, now=call.now, note=body.note
            ),
        )


class Clone(Endpoint):
    """Start from it."""

    tag = "Campaigns"

    @Route(scope="campaigns:write", body=MoveIn, returns=CampaignOut, status=201, idempotent=True, errors=(UnknownId,))
    def post(self, call: Call, *, body: MoveIn, campaign_id: str) -> Answer:
        """Make a new draft from a campaign."""
        del body
        return _moved(
            call,
            campaign_id,
            lambda tenant, key, actor: campaigns.clone(tenant_id=tenant, campaign_id=key, actor=actor, now=call.now),
            status=201,
        )
