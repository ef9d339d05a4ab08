"""Stores and people of a tenant, to read."""

from datetime import datetime
from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET
from msgspec import Struct

from merchants.permissions import ROLE_PERMISSIONS
from merchants.selectors import people as selectors
from merchants.selectors import stores
from portal import formats
from portal.access import PortalRequest, page

SHOWN: Final = ("owner", "marketing", "finance", "clerk", "developer", "viewer")
MATRIX: Final = (
    "campaigns:write",
    "campaigns:approve",
    "campaigns:launch",
    "plans:write",
    "refunds:write",
    "statements:approve",
    "exports:write",
    "keys:write",
)


class Store(Struct, frozen=True, kw_only=True):
    """A shop."""

    id: str
    code: str
    name: str
    region: str
    city: str


class Person(Struct, frozen=True, kw_only=True):
    """Somebody with a role here."""

    name: str
    email: str
    role: str
    is_active: bool
    last_login: datetime | None


@require_GET
@page(permission="parties:read", kinds=("merchant", "brand"))
def people(request: PortalRequest) -> HttpResponse:
    """Who works here, where, and what each role may do."""
    seat = request.seat
    with seat.open():
        shops = stores.stores(seat.party.id) if seat.party.kind == "merchant" else ()
        found = selectors.people_of(seat.party.id)
    context = {
        "stores": [
            Store(
                id=row.public_id,
                code=row.code,
                name=formats.name(row.name_zh, row.name_en),
                region=row.region,
                city=row.city,
            )
            for row in shops
        ],
        "people": [
            Person(name=row.name, email=row.email, role=row.role, is_active=row.is_active, last_login=row.last_login)
            for row in found
        ],
        "roles": SHOWN,
        "matrix": [(code, [code in ROLE_PERMISSIONS[role] for role in SHOWN]) for code in MATRIX],
        "timezone": seat.party.timezone,
    }
    return render(request, "people/people.html", context)
