"""GET /v1/merchant and /v1/stores: who the key belongs to, and its shops."""

from typing import Literal

from foundation import db, ids
from foundation.api import Call, Endpoint, Out, Page, PageQuery, Route, page_of
from merchants.selectors import parties, stores
from merchants.selectors.parties import PartyView
from merchants.selectors.stores import StoreView


class Name(Out, frozen=True, kw_only=True, rename={"zh": "zh-CN"}):
    """A name in both languages."""

    zh: str
    en: str


class MerchantOut(Out, frozen=True, kw_only=True):
    """The party the key belongs to."""

    id: str
    object: Literal["party"] = "party"
    kind: str
    name: Name
    currency: str
    timezone: str
    region: str
    livemode: bool


class StoreOut(Out, frozen=True, kw_only=True):
    """A shop."""

    id: str
    object: Literal["store"] = "store"
    code: str
    name: Name
    region: str
    city: str


def _party_out(view: PartyView) -> MerchantOut:
    return MerchantOut(
        id=view.public_id,
        kind=view.kind,
        name=Name(zh=view.name_zh, en=view.name_en),
        currency=view.currency,
        timezone=view.timezone,
        region=view.region,
        livemode=view.livemode,
    )


def _store_out(view: StoreView) -> StoreOut:
    return StoreOut(
        id=view.public_id,
        code=view.code,
        name=Name(zh=view.name_zh, en=view.name_en),
        region=view.region,
        city=view.city,
    )


class Merchant(Endpoint):
    """The caller's own party."""

    tag = "Merchant"

    @Route(scope="parties:read", returns=MerchantOut)
    def get(self, call: Call) -> MerchantOut:
        """Who this key acts for."""
        with db.tenant_transaction(call.caller.tenant_id):
            return _party_out(parties.party(call.caller.tenant_id))


class Stores(Endpoint):
    """The caller's stores."""

    tag = "Merchant"

    @Route(scope="parties:read", query=PageQuery, returns=Page[StoreOut])
    def get(self, call: Call, *, query: PageQuery) -> Page[StoreOut]:
        """List stores, oldest first."""
        after = ids.parse_public_id("sto", query.cursor) if query.cursor else None
        with db.tenant_transaction(call.caller.tenant_id):
            rows = stores.store_page(tenant_id=call.caller.tenant_id, after=after, limit=query.limit)
        return page_of(rows, limit=query.limit, cursor_of=lambda row: row.public_id, show=_store_out)


class Store(Endpoint):
    """One store."""

    tag = "Merchant"

    @Route(scope="parties:read", returns=StoreOut)
    def get(self, call: Call, *, store_id: str) -> StoreOut:
        """Read a store."""
        key = ids.parse_public_id("sto", store_id)
        with db.tenant_transaction(call.caller.tenant_id):
            return _store_out(stores.store(tenant_id=call.caller.tenant_id, store_id=key))
