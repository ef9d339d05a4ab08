"""What is measured on: the demo's parties, stores and running campaigns, made by the product's own services."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from foundation import clock, db, ids
from foundation.caller import Caller
from merchants.permissions import SCOPES
from merchants.selectors import stores
from portal.demo import campaigning, cast, offers
from portal.demo.cast import Cast, Tenant
from promotions import shapes
from promotions.services import campaigns

ZONE = ZoneInfo("Asia/Shanghai")


class World(Struct, frozen=True, kw_only=True):
    """The chain of the demo, its secret key and a store; `caller` is who that key is."""

    cast: Cast
    caller: Caller
    secret: str
    store: str
    now: datetime

    @property
    def tenant_id(self) -> UUID:
        """The chain."""
        return self.cast.chain.id


def build() -> World:
    """The demo's world as of today, without its ninety days of trade."""
    now = clock.now()
    people = cast.bring_in(start=now.astimezone(ZONE).date(), now=now)
    running = [
        (state, {**document, "budget": document["budget"] or {"total": 10_000_000_000}})
        for state, document in offers.of_the_chain(cast=people, now=now)
        if state == "live"
    ]
    campaigning.carry(cast=people, tenant=people.chain, wanted=running, now=now)
    chain = people.chain
    keys = cast.make_keys(tenant_id=chain.id, maker=chain.maker, checker=chain.checker, now=now)
    with db.tenant_transaction(chain.id):
        store = stores.stores(chain.id)[0].public_id
    caller = Caller(
        key_id=None,
        tenant_id=chain.id,
        party_kind="merchant",
        kind="secret",
        livemode=False,
        person_id=chain.maker,
        scopes=SCOPES,
    )
    return World(cast=people, caller=caller, secret=keys["secret"], store=store, now=now)


def launch(world: World, tenant: Tenant, **parts: Any) -> str:
    """One more live campaign of a merchant, budget 100,000,000.00; returns its public id."""
    document = {
        "currency": "CNY",
        "name": {"zh-CN": "压测", "en": "Bench"},
        "starts_at": (world.now - timedelta(days=1)).isoformat(),
        "ends_at": (world.now + timedelta(days=30)).isoformat(),
        "budget": {"total": 10_000_000_000},
        **parts,
    }
    actor = campaigns.Actor(person_id=tenant.maker, may_launch=True)
    with db.tenant_transaction(tenant.id):
        made = campaigns.create_draft(
            tenant_id=tenant.id,
            draft=msgspec.convert(document, shapes.Draft),
            actor=actor,
            now=world.now,
            launch_now=True,
        )
    return ids.public_id("cam", made)


def basket(world: World, *, lines: int = 3, **more: Any) -> dict[str, Any]:
    """A quote request: a flagship phone, and up to two more articles of the demo's catalogue."""
    articles = (
        ("OBS-X9-256", "phone", "obsidian", 599_900, None),
        ("HL-FR-520", "refrigerator", "hailan", 459_900, 1),
        ("YL-BUDS-5", "earphones", "yunlu", 89_900, None),
    )
    return {
        "currency": "CNY",
        "store": world.store,
        "channel": "pos",
        "trade_in": {"claim": True},
        "lines": [
            {
                "id": str(number + 1),
                "sku": sku,
                "category": category,
                "brand": brand,
                "quantity": 1,
                "unit_price": price,
                **({} if grade is None else {"energy_grade": grade}),
            }
            for number, (sku, category, brand, price, grade) in enumerate(articles[:lines])
        ],
        **more,
    }
