"""The left rail of each kind of tenant: what there is, and who may see it."""

from typing import Final

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from msgspec import Struct

from portal.access import Seat
from portal.words import Text


class Place(Struct, frozen=True):
    """A place one can go to; `permission` None is for everybody."""

    route: str
    word: Text
    icon: str
    permission: str | None = None


class NavItem(Struct, frozen=True):
    """A place as the template draws it."""

    url: str
    word: str
    icon: str
    current: bool


PLACES: Final[dict[str, tuple[Place, ...]]] = {
    "merchant": (
        Place("home", _("Home"), "home"),
        Place("campaigns", _("Campaigns"), "tag", "campaigns:read"),
        Place("plans", _("Plans"), "receipt", "plans:read"),
        Place("claims", pgettext_lazy("navigation", "Trade-in"), "swap", "claims:read"),
        Place("statements", pgettext_lazy("navigation", "Money"), "coins", "statements:read"),
        Place("people", _("Stores & people"), "store", "parties:read"),
        Place("developers", _("Developers"), "code", "keys:write"),
    ),
    "brand": (
        Place("home", _("Home"), "home"),
        Place("cofunding", _("Co-funding"), "tag", "campaigns:read"),
        Place("statements", pgettext_lazy("navigation", "Money"), "coins", "statements:read"),
        Place("people", _("People"), "people", "parties:read"),
    ),
    "platform": (
        Place("home", _("Board"), "home"),
        Place("merchants", _("Merchants"), "store", "staff:read"),
        Place("lenders", _("Lenders"), "bank", "staff:read"),
        Place("rule_sets", _("Programmes"), "scale", "staff:read"),
        Place("statements", _("Settlement"), "coins", "statements:read"),
        Place("approvals", _("Approvals"), "check", "statements:read"),
        Place("audit", _("Audit"), "history", "staff:read"),
        Place("system", _("System"), "pulse", "staff:read"),
    ),
}


def items(seat: Seat, *, path: str) -> list[NavItem]:
    """The rail of a seat; the longest address that begins the path is the current one."""
    seen = [place for place in PLACES[seat.party.kind] if place.permission is None or seat.may(place.permission)]
    urls = [reverse(f"portal:{place.route}") for place in seen]
    here = max((url for url in urls if path == url or (url != "/" and path.startswith(url))), key=len, default="")
    return [
        NavItem(url=url, word=str(place.word), icon=place.icon, current=url == here)
        for place, url in zip(seen, urls, strict=True)
    ]
