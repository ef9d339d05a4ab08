"""Trade-in claims: how much waits where, since when, and what is missing."""

from datetime import date
from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_GET
from msgspec import Struct

from foundation import clock
from portal.access import PortalRequest, page
from portal.home.read import day_in
from portal.states import CLAIM_STATES
from settlements.selectors import books, claim_desk
from settlements.selectors.claim_desk import ClaimGroup, ClaimRow

PAGE: Final = 25
_LATE_AFTER_DAYS: Final = 30
_OPEN: Final = frozenset({"collecting", "submitted", "accepted", "disputed"})


class Row(Struct, frozen=True, kw_only=True):
    """A claim with its age."""

    claim: ClaimRow
    age_days: int
    late: bool


@require_GET
@page(permission="claims:read", kinds=("merchant",))
def claim_list(request: PortalRequest) -> HttpResponse:
    """One state's claims, oldest sale first."""
    seat = request.seat
    state = request.GET.get("state", "")
    reference = request.GET.get("reference", "").strip()[:255]
    start = request.GET.get("from_row", "")
    offset = min(int(start), 100_000) if start.isdecimal() else 0
    with seat.open():
        today = day_in(books.clock(seat.party.book_id, clock.now()), seat.party.timezone)
        groups = claim_desk.claim_groups(tenant_id=seat.party.id)
        found = claim_desk.claim_page(
            tenant_id=seat.party.id, state=state, reference=reference, offset=offset, limit=PAGE
        )
    kept = {name: value for name, value in (("state", state), ("reference", reference)) if value}
    context = {
        "groups": _ordered(groups, today),
        "rows": [_row(row, today) for row in found[:PAGE]],
        "state": state,
        "reference": reference,
        "currency": seat.party.currency,
        "filtered": bool(kept),
        "next": f"?{urlencode(kept | {'from_row': offset + PAGE})}" if len(found) > PAGE else "",
    }
    return render(request, "claims/list.html", context)


def _ordered(groups: tuple[ClaimGroup, ...], today: date) -> list[tuple[ClaimGroup, int]]:
    """In the order of a claim's life, each with the age of its oldest."""
    order = list(CLAIM_STATES)
    known = sorted(groups, key=lambda group: order.index(group.state) if group.state in order else len(order))
    return [(group, (today - group.oldest_on).days if group.oldest_on else 0) for group in known]


def _row(claim: ClaimRow, today: date) -> Row:
    age = (today - claim.sold_on).days
    return Row(claim=claim, age_days=age, late=claim.state in _OPEN and age > _LATE_AFTER_DAYS)
