"""The brand's list, and its yes or no to a share."""

from typing import Final

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from foundation import clock, ids
from portal.access import PortalRequest, attempt, page
from portal.cofunding.page import shared_campaigns
from promotions.services import campaigns as services

_CALLS: Final = {"accept": services.accept_share, "decline": services.decline_share}


@require_GET
@page(permission="campaigns:read", kinds=("brand",))
def cofunding(request: PortalRequest) -> HttpResponse:
    """Everything the brand was asked."""
    return render(request, "cofunding/list.html", {"rows": shared_campaigns(request.seat)})


@require_POST
@page(permission="campaigns:approve", kinds=("brand",))
def decide(request: PortalRequest, campaign_id: str, version: int, answer: str) -> HttpResponse:
    """Accept or decline the share of one version."""
    if answer not in _CALLS:
        raise Http404
    key, now = ids.parse_public_id("cam", campaign_id), clock.now()
    attempt(
        request,
        lambda: _CALLS[answer](
            party_id=request.seat.party.id,
            campaign_id=key,
            version=version,
            person_id=request.seat.person_id,
            now=now,
        ),
        done=_("Accepted. The merchant can launch it now.") if answer == "accept" else _("Declined."),
    )
    return redirect("portal:cofunding")
