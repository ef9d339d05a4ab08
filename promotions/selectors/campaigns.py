"""Campaigns as values: what people wrote, where it stands, and how its money does."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from foundation import ids
from promotions import drafts, shapes
from promotions.models import BudgetCounter, Campaign, CampaignEvent, CampaignVersion, FunderAcceptance


class CampaignView(Struct, frozen=True, kw_only=True):
    """A campaign. `left` is None without a budget; `draft` is what was written last, `version` what is priced."""

    id: UUID
    public_id: str
    tenant_id: UUID
    state: str
    version: int
    pending_version: int | None
    draft: shapes.Draft
    held: int
    committed: int
    left: int | None
    uses: int
    made_by_id: UUID | None
    submitted_by_id: UUID | None
    approved_by_id: UUID | None
    created_at: datetime
    updated_at: datetime


class EventView(Struct, frozen=True, kw_only=True):
    """One move of a campaign."""

    move: str
    from_state: str
    to_state: str
    person_id: UUID | None
    note: str
    at: datetime


class VersionView(Struct, frozen=True, kw_only=True):
    """One immutable version."""

    number: int
    document: str
    sha256: str
    made_by_id: UUID | None
    created_at: datetime


class AcceptanceView(Struct, frozen=True, kw_only=True):
    """A co-funder's word on a version: waiting, accepted or declined."""

    campaign_id: UUID
    tenant_id: UUID
    party_id: UUID
    version: int
    state: str
    person_id: UUID | None
    decided_at: datetime | None


def views_of(rows: Iterable[Campaign]) -> list[CampaignView]:
    """Rows as values, with the totals of their budgets in one more query."""
    found = list(rows)
    totals = {
        counter.campaign_id: counter
        for counter in BudgetCounter.objects.filter(campaign_id__in=[row.id for row in found], kind="total")
    }
    return [_view(row, totals.get(row.id)) for row in found]


def _view(row: Campaign, total: BudgetCounter | None) -> CampaignView:
    draft = drafts.draft_of(row)
    held, committed = (total.held_minor, total.committed_minor) if total else (0, 0)
    limit = total.limit_minor if total else draft.budget.total
    return CampaignView(
        id=row.id,
        public_id=ids.public_id("cam", row.id),
        tenant_id=row.tenant_id,
        state=row.state,
        version=row.version,
        pending_version=row.pending_version,
        draft=draft,
        held=held,
        committed=committed,
        left=None if limit is None else limit - held - committed,
        uses=total.uses if total else 0,
        made_by_id=row.made_by_id,
        submitted_by_id=row.submitted_by_id,
        approved_by_id=row.approved_by_id,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def campaign(*, tenant_id: UUID, campaign_id: UUID) -> CampaignView:
    """One campaign of the tenant. Raises UnknownId."""
    found = views_of(Campaign.objects.filter(tenant_id=tenant_id, pk=campaign_id))
    if not found:
        raise ids.UnknownId
    return found[0]


def campaign_page(
    *, tenant_id: UUID, limit: int, before: UUID | None = None, state: str | None = None, kind: str | None = None
) -> list[CampaignView]:
    """Up to `limit` + 1 campaigns, newest first, older than the cursor."""
    rows = Campaign.objects.filter(tenant_id=tenant_id).order_by("-id")
    if before is not None:
        rows = rows.filter(id__lt=before)
    if state is not None:
        rows = rows.filter(state=state)
    if kind is not None:
        rows = rows.filter(kind=kind)
    return views_of(rows[: limit + 1])


def events_of(*, tenant_id: UUID, campaign_id: UUID) -> tuple[EventView, ...]:
    """The campaign's trail, oldest first."""
    rows = CampaignEvent.objects.filter(tenant_id=tenant_id, campaign_id=campaign_id).order_by("at", "id")
    return tuple(
        EventView(
            move=row.move,
            from_state=row.from_state,
            to_state=row.to_state,
            person_id=row.person_id,
            note=row.note,
            at=row.at,
        )
        for row in rows
    )


def versions_of(*, campaign_id: UUID) -> tuple[VersionView, ...]:
    """The versions the tenant may see (its own, or those it was asked to co-fund), newest first."""
    rows = CampaignVersion.objects.filter(campaign_id=campaign_id).order_by("-number")
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


def acceptances_of(*, campaign_id: UUID) -> tuple[AcceptanceView, ...]:
    """What co-funders said, newest version first."""
    return _acceptances(FunderAcceptance.objects.filter(campaign_id=campaign_id))


def co_funded(*, party_id: UUID) -> tuple[tuple[AcceptanceView, CampaignView], ...]:
    """The campaigns a brand was asked to co-fund, newest first, each with the latest version it was asked about."""
    asked: dict[UUID, AcceptanceView] = {}
    for word in _acceptances(FunderAcceptance.objects.filter(party_id=party_id)):
        asked.setdefault(word.campaign_id, word)
    views = {view.id: view for view in views_of(Campaign.objects.filter(id__in=list(asked)))}
    return tuple((asked[key], views[key]) for key in sorted(views, reverse=True))


def _acceptances(rows: "Iterable[FunderAcceptance]") -> tuple[AcceptanceView, ...]:
    return tuple(
        AcceptanceView(
            campaign_id=row.campaign_id,
            tenant_id=row.tenant_id,
            party_id=row.party_id,
            version=row.version,
            state=row.state,
            person_id=row.person_id,
            decided_at=row.decided_at,
        )
        for row in sorted(rows, key=lambda row: (-row.version, row.party_id))
    )
