"""Whom and what a merchant's campaigns may name, gathered for the editor."""

from typing import Final
from uuid import UUID

from foundation import ids
from merchants.selectors import parties, stores
from merchants.selectors.parties import PartyView
from portal import formats
from portal.access import Seat
from portal.campaigns.forms.base import Choice, EditorContext
from promotions.selectors import desk

TERMS: Final = (3, 6, 12, 24)
_MOST_STORES: Final = 200
_MOST_CAMPAIGNS: Final = 100


def _named(rows: tuple[PartyView, ...]) -> tuple[Choice, ...]:
    return tuple((row.public_id, formats.name(row.name_zh, row.name_en)) for row in rows)


def editor_context(seat: Seat, *, campaign_id: UUID | None) -> EditorContext:
    """Read it in the seat's transaction. `campaign_id` is left out of the campaigns that can be excluded."""
    party = seat.party
    shops = stores.stores(party.id)[:_MOST_STORES]
    own = desk.named(tenant_id=party.id, limit=_MOST_CAMPAIGNS)
    return EditorContext(
        tenant_id=party.id,
        currency=party.currency,
        timezone=party.timezone,
        brands=_named(parties.brands(party.book_id)),
        platforms=_named((parties.platform(party.book_id),)),
        programmes=_named(parties.programmes(party.book_id)),
        carriers=_named(parties.carriers(party.book_id)),
        lenders=_named(parties.lenders(party.book_id)),
        stores=tuple((row.public_id, f"{row.code} {formats.name(row.name_zh, row.name_en)}") for row in shops),
        campaigns=tuple(
            (ids.public_id("cam", row.id), formats.name(row.name_zh, row.name_en))
            for row in own
            if row.id != campaign_id
        ),
        terms=TERMS,
    )


def party_names(seat: Seat) -> dict[str, str]:
    """Names of everybody who may pay, by public id, for the preview."""
    party = seat.party
    rows = (
        party,
        *parties.brands(party.book_id),
        parties.platform(party.book_id),
        *parties.programmes(party.book_id),
        *parties.carriers(party.book_id),
        *parties.lenders(party.book_id),
    )
    return dict(_named(rows))
