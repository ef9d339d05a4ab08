"""The list of campaigns: tabs by where they stand, search, kind; the filters are in the address."""

from datetime import datetime
from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET
from msgspec import Struct

from foundation import ids
from portal import formats, words
from portal.access import PortalRequest, page
from portal.charts import Part, Segment, bar
from promotions.selectors import desk
from promotions.selectors.campaigns import CampaignView

PAGE: Final = 25
TABS: Final[tuple[tuple[str, words.Text, tuple[str, ...]], ...]] = (
    ("running", gettext_lazy("Running"), ("live", "paused", "exhausted")),
    ("review", gettext_lazy("In review"), ("in_review",)),
    ("scheduled", gettext_lazy("Scheduled"), ("scheduled",)),
    ("draft", gettext_lazy("Drafts"), ("draft",)),
    ("ended", gettext_lazy("Ended"), ("ended", "archived")),
)


class Tab(Struct, frozen=True, kw_only=True):
    """A tab with its count."""

    url: str
    word: words.Text
    count: int
    current: bool


class BudgetBar(Struct, frozen=True, kw_only=True):
    """A limit as figures and as a bar."""

    limit_minor: int | None
    held_minor: int
    committed_minor: int
    left_minor: int | None
    bar: tuple[Segment, ...]


class Row(Struct, frozen=True, kw_only=True):
    """A campaign in the list."""

    id: str
    name: str
    kind: str
    state: str
    starts_at: datetime
    ends_at: datetime
    timezone: str
    currency: str
    version: int
    pending: bool
    budget: BudgetBar | None


def budget_bar(*, limit: int | None, held: int, committed: int) -> BudgetBar:
    """Spent, held and left."""
    parts = [Part("committed", str(_("Spent")), committed), Part("held", str(_("Held")), held)]
    return BudgetBar(
        limit_minor=limit,
        held_minor=held,
        committed_minor=committed,
        left_minor=None if limit is None else limit - held - committed,
        bar=bar(parts, total_minor=limit),
    )


def total_bar(view: CampaignView) -> BudgetBar:
    """The whole budget of a campaign."""
    return budget_bar(
        limit=None if view.left is None else view.left + view.held + view.committed,
        held=view.held,
        committed=view.committed,
    )


def row_of(view: CampaignView) -> Row:
    """A campaign as the list shows it."""
    draft = view.draft
    return Row(
        id=view.public_id,
        name=formats.name(draft.name.zh, draft.name.en),
        kind=draft.kind,
        state=view.state,
        starts_at=draft.starts_at,
        ends_at=draft.ends_at,
        timezone=draft.timezone or "UTC",
        currency=draft.currency,
        version=view.version,
        pending=view.pending_version is not None,
        budget=total_bar(view) if view.left is not None else None,
    )


@require_GET
@page(permission="campaigns:read", kinds=("merchant",))
def campaign_list(request: PortalRequest) -> HttpResponse:
    """One tab of campaigns."""
    tab = request.GET.get("tab", "")
    kind = request.GET.get("kind", "")
    text = request.GET.get("q", "").strip()[:60]
    after = request.GET.get("after", "")
    states = next((states for code, _word, states in TABS if code == tab), ())
    tenant_id = request.seat.party.id
    with request.seat.open():
        counts = desk.counts(tenant_id=tenant_id, kind=kind, text=text)
        found = desk.campaign_page(
            tenant_id=tenant_id,
            states=states,
            kind=kind,
            text=text,
            after=ids.parse_public_id("cam", after) if after else None,
            limit=PAGE,
        )
    rows = [row_of(view) for view in found[:PAGE]]
    context = {
        "tabs": _tabs(tab, counts, kind=kind, text=text),
        "rows": rows,
        "kinds": list(words.KINDS.items()),
        "kind": kind,
        "text": text,
        "tab": tab,
        "filtered": bool(kind or text or tab),
        "next": _address(tab=tab, kind=kind, q=text, after=rows[-1].id) if len(found) > PAGE else "",
    }
    return render(request, "campaigns/list.html", context)


def _tabs(tab: str, counts: dict[str, int], *, kind: str, text: str) -> list[Tab]:
    tabs = [Tab(url=_address(kind=kind, q=text), word=_("All"), count=sum(counts.values()), current=not tab)]
    for code, word, states in TABS:
        count = sum(counts.get(state, 0) for state in states)
        tabs.append(Tab(url=_address(tab=code, kind=kind, q=text), word=word, count=count, current=code == tab))
    return tabs


def _address(**filters: str) -> str:
    kept = {name: value for name, value in filters.items() if value}
    return f"?{urlencode(kept)}"
