"""Lists of campaigns as the people who run them narrow them: by several states, by a part of the name; and their trail."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q
from msgspec import Struct

from promotions.models import Campaign, CampaignEvent
from promotions.selectors.campaigns import CampaignView, views_of


class CampaignName(Struct, frozen=True, gc=False, kw_only=True):
    """A campaign's id and names."""

    id: UUID
    name_zh: str
    name_en: str


class TrailEvent(Struct, frozen=True, gc=False, kw_only=True):
    """A move of any merchant's campaign."""

    campaign_id: UUID
    tenant_id: UUID
    move: str
    from_state: str
    to_state: str
    person_id: UUID | None
    note: str
    at: datetime


def _name(row: Campaign) -> CampaignName:
    return CampaignName(id=row.id, name_zh=row.name_zh, name_en=row.name_en)


def named(*, tenant_id: UUID, limit: int) -> tuple[CampaignName, ...]:
    """The merchant's campaigns that are not archived, newest first, by name only."""
    rows = Campaign.objects.filter(tenant_id=tenant_id).exclude(state="archived").order_by("-id")
    return tuple(_name(row) for row in rows.only("id", "name_zh", "name_en")[:limit])


def names(campaign_ids: Sequence[UUID]) -> dict[UUID, CampaignName]:
    """Names of those campaigns that may be seen, by id."""
    rows = Campaign.objects.filter(id__in=list(campaign_ids)).only("id", "name_zh", "name_en")
    return {row.id: _name(row) for row in rows}


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
) -> list[CampaignView]:
    """Up to `limit` + 1 campaigns behind the cursor, newest first; no states means all."""
    rows = Campaign.objects.filter(_wanted(tenant_id=tenant_id, kind=kind, text=text)).order_by("-id")
    if states:
        rows = rows.filter(state__in=states)
    if after is not None:
        rows = rows.filter(id__lt=after)
    return views_of(rows[: limit + 1])


def latest_events(*, limit: int) -> tuple[TrailEvent, ...]:
    """The newest moves of all merchants' campaigns (staff)."""
    return tuple(
        TrailEvent(
            campaign_id=row.campaign_id,
            tenant_id=row.tenant_id,
            move=row.move,
            from_state=row.from_state,
            to_state=row.to_state,
            person_id=row.person_id,
            note=row.note,
            at=row.at,
        )
        for row in CampaignEvent.objects.order_by("-at", "-id")[:limit]
    )
