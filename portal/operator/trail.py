"""The audit trail and the system's health."""

from datetime import datetime
from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET
from msgspec import Struct

from foundation import board, clock, health, ids
from foundation.board import JobGroup, JobRow
from merchants.selectors import parties
from merchants.selectors.names import person_names
from portal import formats
from portal.access import PortalRequest, page
from promotions.selectors import desk as campaign_desk
from settlements.selectors import desk as money_desk

SHOWN: Final = 100


class Entry(Struct, frozen=True, kw_only=True):
    """Somebody did something."""

    at: datetime
    who: str
    noun: str
    what: str
    move: str
    to_state: str
    party: str
    note: str
    url: str


class Sign(Struct, frozen=True, kw_only=True):
    """A background part and how long ago it was heard of."""

    name: str
    at: datetime
    seconds: int


class Health(Struct, frozen=True, kw_only=True):
    """The system page."""

    checks: tuple[tuple[str, str], ...]
    lag_seconds: int
    waiting: int
    signs: tuple[Sign, ...]
    groups: tuple[JobGroup, ...]
    jobs: tuple[JobRow, ...]


@require_GET
@page(permission="staff:read", kinds=("platform",))
def audit(request: PortalRequest) -> HttpResponse:
    """The newest moves of campaigns and statements, of everybody."""
    with request.seat.open():
        entries = read_trail()
    context = {"entries": entries, "timezone": request.seat.party.timezone}
    return render(request, "operator/audit.html", context)


def read_trail() -> list[Entry]:
    """Gather it in a staff transaction."""
    campaigns = campaign_desk.latest_events(limit=SHOWN)
    statements = money_desk.latest_events(limit=SHOWN)
    titles = campaign_desk.names([row.campaign_id for row in campaigns])
    known = parties.parties([*(row.tenant_id for row in campaigns), *(row.party_id for row in statements)])
    names = {key: formats.name(party.name_zh, party.name_en) for key, party in known.items()}
    people = person_names([*(row.person_id for row in campaigns), *(row.person_id for row in statements)])
    entries = [
        Entry(
            at=row.at,
            who=people.get(row.person_id, "") if row.person_id else "",
            noun="campaign",
            what=formats.name(titles[row.campaign_id].name_zh, titles[row.campaign_id].name_en),
            move=row.move,
            to_state=row.to_state,
            party=names.get(row.tenant_id, ""),
            note=row.note,
            url="",
        )
        for row in campaigns
    ]
    entries += [
        Entry(
            at=row.at,
            who=people.get(row.person_id, "") if row.person_id else "",
            noun="statement",
            what=ids.public_id("st", row.statement_id),
            move=row.move,
            to_state=row.to_state,
            party=names.get(row.party_id, ""),
            note=row.note,
            url=reverse("portal:statement", kwargs={"statement_id": ids.public_id("st", row.statement_id)}),
        )
        for row in statements
    ]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)[:SHOWN]


@require_GET
@page(permission="staff:read", kinds=("platform",))
def system(request: PortalRequest) -> HttpResponse:
    """Checks, signs of life, jobs and what waits to be sent."""
    now = clock.now()
    checks, lag = health.check()
    with request.seat.open():
        view = Health(
            checks=tuple(checks.items()),
            lag_seconds=int(lag),
            waiting=board.outbox_waiting()[0],
            signs=tuple(
                Sign(name=beat.name, at=beat.at, seconds=max(0, int((now - beat.at).total_seconds())))
                for beat in board.beats()
            ),
            groups=board.job_groups(),
            jobs=board.open_jobs(),
        )
    return render(request, "operator/system.html", {"health": view, "timezone": request.seat.party.timezone})
