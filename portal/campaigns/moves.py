"""The buttons of a campaign: one service call each, refused with a reason or done with a word."""

from collections.abc import Callable
from typing import Final

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from foundation import clock, ids
from portal.access import PortalRequest, attempt, page
from portal.campaigns.parts import actor
from portal.words import Text
from promotions.services import campaigns as services

_PERMISSIONS: Final = {
    "submit": "campaigns:write",
    "clone": "campaigns:write",
    "approve": "campaigns:approve",
    "return": "campaigns:approve",
    "launch": "campaigns:launch",
    "pause": "campaigns:launch",
    "resume": "campaigns:launch",
    "end": "campaigns:launch",
}
_CALLS: Final[dict[str, Callable[..., object]]] = {
    "submit": services.submit,
    "approve": services.approve,
    "launch": services.launch,
    "pause": services.pause,
    "resume": services.resume,
    "end": services.end,
}
_DONE: Final[dict[str, Text]] = {
    "submit": gettext_lazy("Submitted. Another person can approve it now."),
    "approve": gettext_lazy("Approved."),
    "launch": gettext_lazy("Launched. It is offered from its start on."),
    "pause": gettext_lazy("Paused. New quotes no longer get it."),
    "resume": gettext_lazy("Resumed."),
    "end": gettext_lazy("Ended."),
}


def act(request: PortalRequest, campaign_id: str, code: str) -> HttpResponse:
    """POST of one action."""
    if code not in _PERMISSIONS:
        raise Http404
    return _GUARDED[_PERMISSIONS[code]](request, campaign_id, code)


def _act(request: PortalRequest, campaign_id: str, code: str) -> HttpResponse:
    key = ids.parse_public_id("cam", campaign_id)
    if code == "clone":
        return _clone(request, campaign_id)
    if code == "return":
        return _send_back(request, campaign_id)
    now = clock.now()
    attempt(
        request,
        lambda: _CALLS[code](tenant_id=request.seat.party.id, campaign_id=key, actor=actor(request.seat), now=now),
        done=_DONE[code],
    )
    return redirect("portal:campaign", campaign_id=campaign_id)


def _send_back(request: PortalRequest, campaign_id: str) -> HttpResponse:
    key, now = ids.parse_public_id("cam", campaign_id), clock.now()
    note = request.POST.get("note", "").strip()[:200]
    attempt(
        request,
        lambda: services.return_to_draft(
            tenant_id=request.seat.party.id, campaign_id=key, actor=actor(request.seat), now=now, note=note
        ),
        done=_("Sent back to its maker."),
    )
    return redirect("portal:campaign", campaign_id=campaign_id)


def _clone(request: PortalRequest, campaign_id: str) -> HttpResponse:
    key, now = ids.parse_public_id("cam", campaign_id), clock.now()
    with request.seat.open():
        made = services.clone(tenant_id=request.seat.party.id, campaign_id=key, actor=actor(request.seat), now=now)
    return redirect("portal:campaign_edit", campaign_id=ids.public_id("cam", made), step=1)


_GUARDED: Final = {
    permission: require_POST(page(permission=permission, kinds=("merchant",))(_act))
    for permission in set(_PERMISSIONS.values())
}
