"""What every page's frame shows: who, for which party, where one can go. No query happens here."""

from typing import Any

from django.http import HttpRequest
from django.utils import translation
from msgspec import Struct

from portal import formats, navigation
from portal.access import Seat
from portal.navigation import NavItem


class SeatChoice(Struct, frozen=True):
    """Another party the person may work for."""

    tenant_id: str
    name: str
    kind: str
    role: str
    current: bool


class Shell(Struct, frozen=True, kw_only=True):
    """The frame around a page. Without a seat (sign-in, errors) most of it is empty."""

    language: str
    theme: str
    signed_in: bool
    person: str = ""
    initials: str = ""
    email: str = ""
    party: str = ""
    party_kind: str = ""
    role: str = ""
    sandbox: bool = False
    searchable: bool = False
    seats: tuple[SeatChoice, ...] = ()
    nav: tuple[NavItem, ...] = ()


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor."""
    seat: Seat | None = getattr(request, "seat", None)
    language = translation.get_language() or "zh-hans"
    if seat is None:
        person: Any = getattr(request, "user", None)
        theme = getattr(person, "theme", "") if getattr(person, "is_authenticated", False) else ""
        signed_in = bool(getattr(person, "is_authenticated", False))
        return {"shell": Shell(language=language, theme=theme or "auto", signed_in=signed_in), "seat": None}
    return {
        "seat": seat,
        "shell": Shell(
            language=language,
            theme=seat.theme,
            signed_in=True,
            person=seat.name,
            initials=_initials(seat.name),
            email=seat.email,
            party=formats.name(seat.party.name_zh, seat.party.name_en),
            party_kind=seat.party.kind,
            role=seat.role,
            sandbox=not seat.party.livemode,
            searchable=seat.party.kind == "merchant" and seat.may("plans:read"),
            seats=_choices(seat),
            nav=tuple(navigation.items(seat, path=request.path)),
        ),
    }


def _initials(name: str) -> str:
    words = name.split()
    if len(words) > 1:
        return (words[0][0] + words[-1][0]).upper()
    return name[:1].upper()


def _choices(seat: Seat) -> tuple[SeatChoice, ...]:
    return tuple(
        SeatChoice(
            tenant_id=str(row.tenant_id),
            name=formats.name(row.name_zh, row.name_en),
            kind=row.party_kind,
            role=row.role,
            current=row.tenant_id == seat.party.id,
        )
        for row in seat.memberships
    )
