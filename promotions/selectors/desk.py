"""Campaigns as the people who run them see them: lists, one campaign with its history, its budget, its co-funders."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from msgspec import Struct

from foundation import ids
from promotions import drafts, shapes
from promotions.models import BudgetCounter, Campaign, CampaignEvent, CampaignVersion


class CampaignName(Struct, frozen=True, gc=False, kw_only=True):
    """A campaign's id and names."""

    id: UUID
    name_zh: str
    name_en: str


class BudgetView(Struct, frozen=True, gc=False, kw_only=True):
    """One limit and what is left of it, minor units. Without a limit `left_minor` is None."""

    kind: str
    key: str
    currency: str
    limit_minor: int | None
    held_minor: int
    committed_minor: int
    uses_limit: int | None
    uses: int

    @property
    def left_minor(self) -> int | None:
        """What can still be given away."""
        return None if self.limit_minor is None else self.limit_minor - self.held_minor - self.committed_minor


class CampaignRow(Struct, frozen=True, gc=False, kw_only=True):
    """A campaign in a list. `budget` is the total counter; a campaign that was never approved has none."""

    id: UUID
    public_id: str
    kind: str
    state: str
    name_zh: str
    name_en: str
    currency: str
    timezone: str
    starts_at: datetime
    ends_at: datetime
    version: int
    pending_version: int | None
    made_by_id: UUID | None
    submitted_by_id: UUID | None
    pending_by_id: UUID | None
    budget: BudgetView | None


class VersionView(Struct, frozen=True, gc=False, kw_only=True):
    """An immutable version."""

    number: int
    document: str
    sha256: str
    made_by_id: UUID | None
    created_at: datetime


class EventView(Struct, frozen=True, gc=False, kw_only=True):
    """One move."""

    campaign_id: UUID
    tenant_id: UUID
    move: str
    from_state: str
    to_state: str
    person_id: UUID | None
    note: str
    at: datetime


class ShareView(Struct, frozen=True, gc=False, kw_only=True):
    """A co-funder's word on a version."""

    campaign_id: UUID
    tenant_id: UUID
    party_id: UUID
    version: int
    state: str
    person_id: UUID | None
    decided_at: datetime | None
    created_at: datetime


def _budget(row: BudgetCounter) -> BudgetView:
    return BudgetView(
        kind=row.kind,
        key=row.key,
        currency=row.currency,
        limit_minor=row.limit_minor,
        held_minor=row.held_minor,
        committed_minor=row.committed_minor,
        uses_limit=row.uses_limit,
        uses=row.uses,
    )


def _row(row: Campaign, budget: BudgetView | None) -> CampaignRow:
    return CampaignRow(
        id=row.id,
        public_id=ids.public_id("cam", row.id),
        kind=row.kind,
        state=row.state,
        name_zh=row.name_zh,
        name_en=row.name_en,
        currency=row.currency,
        timezone=row.timezone,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        version=row.version,
        pending_version=row.pending_version,
        made_by_id=row.made_by_id,
        submitted_by_id=row.submitted_by_id,
        pending_by_id=row.pending_by_id,
        budget=budget,
    )


def named(*, tenant_id: UUID, limit: int) -> tuple[CampaignName, ...]:
    """The merchant's campaigns that are not archived, newest first, by name only."""
    rows = Campaign.objects.filter(tenant_id=tenant_id).exclude(state="archived").order_by("-id")[:limit]
    return tuple(CampaignName(id=row.id, name_zh=row.name_zh, name_en=row.name_en) for row in rows)


def names(campaign_ids: Sequence[UUID]) -> dict[UUID, CampaignName]:
    """Names of those campaigns that may be seen, by id."""
    rows = Campaign.objects.filter(id__in=list(campaign_ids)).only("id", "name_zh", "name_en")
    return {row.id: CampaignName(id=row.id, name_zh=row.name_zh, name_en=row.name_en) for row in rows}


def _wanted(*, tenant_id: UUID, kind: str, text: str) -> Q:
    wanted = Q(tenant_id=tenant_id)
    if kind:
        wanted &= Q(kind=kind)
    if text:
        wanted &= Q(name_zh__icontains=text) | Q(name_en__icontains=text)
    return wanted


def counts(*, tenant_id: UUID, kind: str = "", text: str = "") -> dict[str, int]:
    """How many campaigns stand in each state."""
    rows = Campaign.objects.filter(_wanted(tenant_id=tenant_id, kind=kind, text=text))
    found: dict[str, int] = dict(rows.order_by().values_list("state").annotate(Count("id")))
    return found


def campaign_page(
    *, tenant_id: UUID, states: Sequence[str], kind: str = "", text: str = "", after: UUID | None = None, limit: int
) -> list[CampaignRow]:
    """Up to `limit` + 1 campaigns after the cursor, newest first; no states means all."""
    rows = Campaign.objects.filter(_wanted(tenant_id=tenant_id, kind=kind, text=text)).order_by("-id")
    if states:
        rows = rows.filter(state__in=states)
    if after is not None:
        rows = rows.filter(id__lt=after)
    found = list(rows[: limit + 1])
    counters = BudgetCounter.objects.filter(
        tenant_id=tenant_id, campaign_id__in=[row.id for row in found], kind="total"
    )
    totals = {counter.campaign_id: _budget(counter) for counter in counters}
    return [_row(row, totals.get(row.id)) for row in found]


def campaign(*, tenant_id: UUID, campaign_id: UUID) -> CampaignRow:
    """One campaign. Raises UnknownId."""
    row = _own(tenant_id=tenant_id, campaign_id=campaign_id)
    total = BudgetCounter.objects.filter(tenant_id=tenant_id, campaign_id=campaign_id, kind="total").first()
    return _row(row, _budget(total) if total is not None else None)


def _own(*, tenant_id: UUID, campaign_id: UUID) -> Campaign:
    row = Campaign.objects.filter(tenant_id=tenant_id, pk=campaign_id).first()
    if row is None:
        raise ids.UnknownId
    return row


def draft(*, tenant_id: UUID, campaign_id: UUID) -> shapes.Draft:
    """What people edit. Raises UnknownId."""
    return drafts.draft_of(_own(tenant_id=tenant_id, campaign_id=campaign_id))


def budgets(*, tenant_id: UUID, campaign_id: UUID, limit: int = 50) -> tuple[BudgetView, ...]:
    """Every counter of a campaign: total first, then days (newest first), funders, stores."""
    rows = BudgetCounter.objects.filter(tenant_id=tenant_id, campaign_id=campaign_id).exclude(
        kind__in=["buyer", "serial"]
    )
    return tuple(_budget(row) for row in rows.order_by("-rank", "-key", "id")[:limit])


def versions(*, tenant_id: UUID, campaign_id: UUID) -> tuple[VersionView, ...]:
    """Newest first."""
    rows = CampaignVersion.objects.filter(tenant_id=tenant_id, campaign_id=campaign_id).order_by("-number")
    return tuple(
        VersionView(
            number=row.number,
            document=row.document,
            sha256=row.sha256,
            made_by_id=row.made_by_id,
            created_at=row.created_at,
        )
        for row in rows
    )


def _events(rows: Any) -> tuple[EventView, ...]:  # noqa: ANN401 - a queryset
    return tuple(
        EventView(
            campaign_id=row.campaign_id,
            tenant_id=row.tenant_id,
            move=row.move,
            from_state=row.from_state,
            to_state=row.to_state,
            person_id=row.person_id,
            note=row.note,
            at=row.at,
        )
        for row in rows
    )


def events(*, tenant_id: UUID, campaign_id: UUID) -> tuple[EventView, ...]:
    """A campaign's history, newest first."""
    return _events(CampaignEvent.objects.filter(tenant_id=tenant_id, campaign_id=campaign_id).order_by("-at", "-id"))


def latest_events(*, limit: int) -> tuple[EventView, ...]:
    """The newest moves of all merchants (staff)."""
    return _events(CampaignEvent.objects.order_by("-at", "-id")[:limit])
