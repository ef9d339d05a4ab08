"""Keys, and a first call of the API."""

from datetime import datetime

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST
from msgspec import Struct

from foundation import clock, ids
from merchants.selectors import stores
from merchants.selectors.key_list import KeyView, keys_of
from merchants.selectors.names import person_names
from merchants.services.keys import revoke_key
from portal.access import PortalRequest, attempt, page
from portal.campaigns.actions import Action

REVOKE = Action(
    code="revoke",
    word=gettext_lazy("Revoke"),
    question=gettext_lazy("Calls with this key are refused from now on. This cannot be undone."),
    tone="danger",
)


class Key(Struct, frozen=True, kw_only=True):
    """A key and where it stands."""

    view: KeyView
    person: str
    state: str


def _state(view: KeyView, now: datetime) -> str:
    if view.revoked_at is not None:
        return "revoked"
    if view.expires_at is not None and view.expires_at <= now:
        return "expired"
    return "active"


@require_GET
@page(permission="keys:write", kinds=("merchant",))
def developers(request: PortalRequest) -> HttpResponse:
    """The keys, and a curl that works with one of them."""
    seat = request.seat
    now = clock.now()
    with seat.open():
        found = keys_of(seat.party.id)
        names = person_names(view.person_id for view in found)
        shops = stores.stores(seat.party.id)
    context = {
        "keys": [
            Key(view=view, person=names.get(view.person_id, "") if view.person_id else "", state=_state(view, now))
            for view in found
        ],
        "base": settings.FENQI_BASE_URL,
        "docs_url": "/v1/docs",
        "store": shops[0].public_id if shops else "",
        "currency": seat.party.currency,
        "timezone": seat.party.timezone,
        "revoke_action": REVOKE,
    }
    return render(request, "developers/developers.html", context)


@require_POST
@page(permission="keys:write", kinds=("merchant",))
def revoke(request: PortalRequest, key_id: str) -> HttpResponse:
    """Stop a key."""
    key, now = ids.parse_public_id("key", key_id), clock.now()
    attempt(
        request,
        lambda: revoke_key(tenant_id=request.seat.party.id, key_id=key, now=now),
        done=_("Revoked. It stops everywhere within two seconds."),
    )
    return redirect("portal:developers")
