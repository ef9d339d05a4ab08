"""One campaign: overview, versions, history, and what can be done with it now."""

import json
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET
from msgspec import Struct

from foundation import ids
from installments.selectors import desk
from installments.selectors.desk import PlanFilter
from merchants.selectors import parties
from merchants.selectors.names import person_names
from portal import formats, words
from portal.access import PortalRequest, Seat, page
from portal.campaigns import prose, version_diff
from portal.campaigns.actions import Action, actions_of
from portal.campaigns.around import editor_context
from portal.campaigns.listing import BudgetBar, Row, budget_bar, row_of
from portal.plans.listing import Row as PlanRow
from portal.plans.listing import rows_of, store_names
from promotions.selectors import budgets, campaigns
from promotions.selectors.campaigns import CampaignView, VersionView

_RECENT: Final = 8
TABS: Final = (("overview", _("Overview")), ("versions", _("Versions")), ("history", _("History")))


class FunderShare(Struct, frozen=True, kw_only=True):
    """Who pays which part, and what a co-funder said."""

    kind: str
    name: str
    share: str
    state: str | None


class Counter(Struct, frozen=True, kw_only=True):
    """A limit beside the total: a day, a funder, a store."""

    word: str
    uses: int
    uses_limit: int | None
    bar: BudgetBar


class Version(Struct, frozen=True, kw_only=True):
    """A version, with what changed since the one before."""

    number: int
    current: bool
    pending: bool
    sha256: str
    maker: str
    at: datetime
    changes: tuple[str, ...]
    document: str


class Event(Struct, frozen=True, kw_only=True):
    """A line of the history."""

    move: str
    to_state: str
    who: str
    note: str
    at: datetime


class Detail(Struct, frozen=True, kw_only=True):
    """The whole page."""

    row: Row
    sentences: tuple[str, ...]
    funders: tuple[FunderShare, ...]
    counters: tuple[Counter, ...]
    versions: tuple[Version, ...]
    events: tuple[Event, ...]
    actions: tuple[Action, ...]
    editable: bool
    maker: str
    own: bool


@require_GET
@page(permission="campaigns:read", kinds=("merchant",))
def campaign(request: PortalRequest, campaign_id: str) -> HttpResponse:
    """A tab of the campaign."""
    tab = request.GET.get("tab", "overview")
    if tab not in dict(TABS):
        raise Http404
    key = ids.parse_public_id("cam", campaign_id)
    seat = request.seat
    with seat.open():
        detail = read(seat, key)
        plans = recent_plans(seat, key) if tab == "overview" else []
    context = {"detail": detail, "row": detail.row, "tab": tab, "tabs": TABS, "plans": plans}
    return render(request, "campaigns/detail.html", context)


def recent_plans(seat: Seat, key: UUID) -> list[PlanRow]:
    """The newest plans that used the campaign, for those who may see plans."""
    if not seat.may("plans:read"):
        return []
    found = desk.plan_page(tenant_id=seat.party.id, wanted=PlanFilter(campaign_id=key), limit=_RECENT)
    return rows_of(found[:_RECENT], shops=store_names(seat.party.id), timezone=seat.party.timezone)


def read(seat: Seat, key: UUID) -> Detail:
    """Gather the page in the seat's transaction. Raises UnknownId."""
    tenant_id = seat.party.id
    view = campaigns.campaign(tenant_id=tenant_id, campaign_id=key)
    around = editor_context(seat, campaign_id=key)
    versions = campaigns.versions_of(campaign_id=key)
    events = campaigns.events_of(tenant_id=tenant_id, campaign_id=key)
    names = person_names([*(row.made_by_id for row in versions), *(row.person_id for row in events), view.made_by_id])
    return Detail(
        row=row_of(view),
        sentences=prose.review(view.draft, around),
        funders=_funders(view),
        counters=_counters(seat, key),
        versions=_versions(view, versions, names),
        events=tuple(
            Event(
                move=row.move,
                to_state=row.to_state,
                who=names.get(row.person_id, "") if row.person_id else "",
                note=row.note,
                at=row.at,
            )
            for row in reversed(events)
        ),
        actions=actions_of(seat, view),
        editable=seat.may("campaigns:write") and view.state not in {"ended", "archived"},
        maker=names.get(view.made_by_id, "") if view.made_by_id else "",
        own=seat.person_id in {view.made_by_id, view.submitted_by_id},
    )


def _funders(view: CampaignView) -> tuple[FunderShare, ...]:
    draft = view.draft
    said = {(row.party_id, row.version): row.state for row in campaigns.acceptances_of(campaign_id=view.id)}
    version = view.pending_version or view.version
    rows = []
    for funder in draft.funders or ():
        party_id = _uuid_of(funder.id)
        known = parties.parties([party_id]) if party_id is not None else {}
        party = known.get(party_id) if party_id is not None else None
        share = f"{funder.share}%" if funder.share is not None else formats.money(funder.amount, draft.currency)
        rows.append(
            FunderShare(
                kind=funder.party,
                name=formats.name(party.name_zh, party.name_en)
                if party
                else str(words.word(words.PARTY_KINDS, funder.party)),
                share=share,
                state=said.get((party_id, version)) if party_id is not None else None,
            )
        )
    return tuple(rows)


def _uuid_of(public_id: str | None) -> UUID | None:
    return ids.parse_public_id(public_id.partition("_")[0], public_id) if public_id else None


_MOST_COUNTERS: Final = 60
_COUNTER_WORDS: Final[dict[str, words.Text]] = {
    "total": _("In all"),
    "daily": _("Day"),
    "store": _("Store"),
    "funder": _("Funder"),
}


def _counters(seat: Seat, key: UUID) -> tuple[Counter, ...]:
    rows = []
    for view in budgets.counters_of(tenant_id=seat.party.id, campaign_id=key, limit=_MOST_COUNTERS):
        if view.kind in _COUNTER_WORDS:
            limits = budget_bar(limit=view.limit, held=view.held, committed=view.committed)
            name = f"{words.word(_COUNTER_WORDS, view.kind)} {_counter_name(view.kind, view.key)}".strip()
            rows.append(Counter(word=name, uses=view.uses, uses_limit=view.uses_limit, bar=limits))
    return tuple(rows)


def _counter_name(kind: str, key: str) -> str:
    if kind != "daily":
        return key
    return formats.day(date.fromisoformat(key)) if key else key


def _versions(view: CampaignView, versions: tuple[VersionView, ...], names: dict[UUID, str]) -> tuple[Version, ...]:
    rows = []
    for row, before in zip(versions, [*versions[1:], None], strict=True):
        rows.append(
            Version(
                number=row.number,
                current=row.number == view.version,
                pending=row.number == view.pending_version,
                sha256=row.sha256,
                maker=names.get(row.made_by_id, "") if row.made_by_id else "",
                at=row.created_at,
                changes=version_diff.changes(row.document, before.document if before else None),
                document=json.dumps(json.loads(row.document), ensure_ascii=False, indent=2),
            )
        )
    return tuple(rows)
