"""Whom and what a draft names: funders, lenders, stores, campaigns. What is unknown and what is another's answer alike."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec
from msgspec import Struct

from foundation import ids
from foundation.errors import InvalidRequest
from merchants.selectors import parties, stores
from merchants.selectors.parties import PartyView
from promotions import shapes
from promotions.models import Campaign
from promotions.services.draft_checks import refused

_DEFAULT_FUNDER: Final[dict[str, shapes.PartyKind]] = {
    "brand_rebate": "brand",
    "platform_coupon": "platform",
    "carrier_discount": "carrier",
    "trade_in": "government",
}


class Surroundings(Struct, frozen=True, kw_only=True):
    """Who may be named: the merchant itself, and the other parties of its book by (kind, public id)."""

    merchant: PartyView
    by_kind: dict[str, dict[str, PartyView]]
    stores: frozenset[str]


def surroundings(tenant_id: UUID) -> Surroundings:
    """Gather them in the tenant's transaction."""
    merchant = parties.party(tenant_id)
    found = {
        "merchant": (merchant,),
        "brand": parties.brands(merchant.book_id),
        "lender": parties.lenders(merchant.book_id),
        "carrier": parties.carriers(merchant.book_id),
        "government": parties.programmes(merchant.book_id),
        "platform": (parties.platform(merchant.book_id),),
    }
    return Surroundings(
        merchant=merchant,
        by_kind={kind: {view.public_id: view for view in views} for kind, views in found.items()},
        stores=frozenset(store.public_id for store in stores.stores(tenant_id)),
    )


def linked(draft: shapes.Draft, *, around: Surroundings, campaign_id: UUID | None) -> shapes.Draft:
    """The draft with every party named by id, defaults filled in. Raises InvalidRequest with the pointer."""
    if draft.currency != around.merchant.currency:
        raise refused("/currency", "currency_mismatch", f"This merchant sells in {around.merchant.currency}.")
    if draft.weekly_hours and draft.timezone not in {None, around.merchant.timezone}:
        raise refused("/timezone", "not_the_merchants", "Weekly hours run in the merchant's own time zone.")
    _check_stores(draft.scope, around)
    _check_exclusions(draft.exclusions or [], around, campaign_id)
    programme = _programme(draft, around)
    rows = draft.funders or [shapes.FunderIn(party=_DEFAULT_FUNDER.get(draft.kind, "merchant"), share="100")]
    return msgspec.structs.replace(
        draft,
        timezone=draft.timezone or around.merchant.timezone,
        funders=_funders(rows, around, at="/funders", programme=programme),
        terms=None if draft.terms is None else [_term(row, number, around) for number, row in enumerate(draft.terms)],
        programme=programme,
    )


def _funders(
    rows: Sequence[shapes.FunderIn], around: Surroundings, *, at: str, programme: str | None = None
) -> list[shapes.FunderIn]:
    return [
        msgspec.structs.replace(row, id=_party_id(row, around, at=f"{at}/{number}/id", programme=programme))
        for number, row in enumerate(rows)
    ]


def _party_id(row: shapes.FunderIn, around: Surroundings, *, at: str, programme: str | None) -> str:
    known = around.by_kind[row.party]
    if row.id is not None:
        if row.id not in known:
            raise _unknown(at)
        return row.id
    if row.party == "government" and programme is not None:
        return programme
    if row.party in {"merchant", "platform", "government"} and len(known) == 1:
        return next(iter(known))
    raise refused(at, "missing_field", f"Say which {row.party}.")


def _unknown(at: str) -> InvalidRequest:
    return refused(at, "unknown_id", "There is no such party here.")


def _programme(draft: shapes.Draft, around: Surroundings) -> str | None:
    if draft.kind != "trade_in":
        return None
    known = around.by_kind["government"]
    named = draft.programme or next((row.id for row in draft.funders or () if row.party == "government"), None)
    if named is not None:
        if named not in known:
            raise _unknown("/programme")
        return named
    if len(known) != 1:
        raise refused("/programme", "missing_field", "Say which government programme.")
    return next(iter(known))


def _term(row: shapes.TermIn, number: int, around: Surroundings) -> shapes.TermIn:
    for place, lender in enumerate(row.lenders or ()):
        if lender not in around.by_kind["lender"]:
            raise _unknown(f"/terms/{number}/lenders/{place}")
    if row.funders is None:
        return row
    return msgspec.structs.replace(row, funders=_funders(row.funders, around, at=f"/terms/{number}/funders"))


def _check_stores(scope: shapes.ScopeIn, around: Surroundings) -> None:
    for part in ("include", "exclude"):
        for number, store in enumerate(getattr(scope, part).stores):
            if store not in around.stores:
                raise refused(f"/scope/{part}/stores/{number}", "unknown_id", "There is no such store here.")


def _check_exclusions(named: Sequence[str], around: Surroundings, campaign_id: UUID | None) -> None:
    if not named:
        return
    own = Campaign.objects.filter(tenant_id=around.merchant.id).values_list("id", flat=True)
    known = {ids.public_id("cam", key) for key in own if key != campaign_id}
    for number, campaign in enumerate(named):
        if campaign not in known:
            raise refused(f"/exclusions/{number}", "unknown_id", "There is no such campaign here.")
