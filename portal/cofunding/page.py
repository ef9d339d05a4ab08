"""What a brand sees: the campaigns it was asked to co-fund, its word on them, and what it has paid so far."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from domain.offers import Offer
from foundation import db
from merchants.selectors import parties
from portal import formats
from portal.access import Seat
from promotions import documents
from promotions.selectors import campaigns
from promotions.selectors.campaigns import AcceptanceView, CampaignView
from settlements.selectors import desk as money


class Shared(Struct, frozen=True, kw_only=True):
    """A campaign and this brand's part of it."""

    id: str
    name: str
    kind: str
    state: str
    version: int
    answer: str
    merchant: str
    share: str
    starts_at: datetime
    ends_at: datetime
    timezone: str
    currency: str
    budget_minor: int | None
    spent_minor: int


class BrandHome(Struct, frozen=True, kw_only=True):
    """The brand's first page."""

    waiting: tuple[Shared, ...]
    running: tuple[Shared, ...]
    spent_minor: int
    currency: str


def shared_campaigns(seat: Seat) -> tuple[Shared, ...]:
    """Newest first. Opens its own transactions: a brand sees no merchant but those that asked it, by name only."""
    with seat.open():
        asking = {view.tenant_id for _word, view in campaigns.co_funded(party_id=seat.party.id)}
    with db.staff_transaction(user=seat.person_id):
        known = parties.parties(list(asking))
    merchants = {key: formats.name(party.name_zh, party.name_en) for key, party in known.items()}
    with seat.open():
        pairs = campaigns.co_funded(party_id=seat.party.id)
        spent = money.spent_by_campaign(party_id=seat.party.id, campaign_ids=[view.public_id for _word, view in pairs])
        return tuple(
            _shared(seat, word, view, spent=spent.get(view.public_id, 0), merchants=merchants) for word, view in pairs
        )


def _shared(seat: Seat, word: AcceptanceView, view: CampaignView, *, spent: int, merchants: dict[UUID, str]) -> Shared:
    document = next(row.document for row in campaigns.versions_of(campaign_id=view.id) if row.number == word.version)
    version = documents.read(document)
    return Shared(
        id=view.public_id,
        name=formats.name(version.offer.name_zh, version.offer.name_en),
        kind=version.offer.kind,
        state=view.state,
        version=word.version,
        answer=word.state,
        merchant=merchants.get(view.tenant_id, ""),
        share=_share(version.offer, seat.party.public_id, version.currency),
        starts_at=version.offer.starts_at,
        ends_at=version.offer.ends_at,
        timezone=version.timezone,
        currency=version.currency,
        budget_minor=version.budget.total_minor,
        spent_minor=spent,
    )


def _share(offer: Offer, party: str, currency: str) -> str:
    """`40%`, or an amount; a term of its own share counts when the campaign as a whole does not name the brand."""
    funders = [*offer.funders, *(row for term in offer.terms for row in term.funders)]
    for row in funders:
        if row.id == party:
            if row.amount_minor is not None:
                return formats.money(row.amount_minor, currency)
            return formats.percent(row.share_ppm)
    return "–"


def brand_home(seat: Seat) -> BrandHome:
    """What waits for an answer, and what runs."""
    rows = shared_campaigns(seat)
    return BrandHome(
        waiting=tuple(row for row in rows if row.answer == "waiting"),
        running=tuple(row for row in rows if row.answer == "accepted" and row.state in {"live", "paused", "exhausted"}),
        spent_minor=sum(row.spent_minor for row in rows),
        currency=seat.party.currency,
    )
