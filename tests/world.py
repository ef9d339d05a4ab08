"""A small world made by the real services: one sandbox book, two merchants, a brand, two lenders, a government programme.

`build_world(now=…)` returns the ids and secrets; merchant one has four live campaigns: an instant discount of 500.00 on
phones from 3,000.00, a brand rebate of 300.00, the trade-in subsidy of 2026, and 3/6/12 months without interest (merchant
60, brand 40). Merchant two has a store and a key, and no campaign.
"""

from datetime import UTC, datetime, timedelta
from functools import cache
from unittest import mock
from uuid import UUID

import msgspec
from django.contrib.auth.hashers import make_password
from msgspec import Struct

from foundation import db, ids
from installments.services import lenders
from merchants.api.authentication import wrong_keys
from merchants.permissions import PUBLISHABLE, READ, SCOPES
from merchants.services import key_cache, keys, parties, people
from promotions import shapes
from promotions.services import campaigns, rulesets
from settlements.services import books

_hashed = cache(make_password)  # Argon2 is slow by design; eleven people share one password
NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
PEOPLE = (
    ("owner", "owner"),
    ("checker", "owner"),
    ("marketing", "marketing"),
    ("finance", "finance"),
    ("clerk", "clerk"),
)


class Tenant(Struct, frozen=True, kw_only=True):
    """A merchant, its stores by code, its people by name, its keys by name."""

    id: UUID
    public_id: str
    stores: dict[str, str]
    people: dict[str, UUID]
    keys: dict[str, str]

    def store_id(self, code: str) -> UUID:
        """The key of a store."""
        return ids.parse_public_id("sto", self.stores[code])


class World(Struct, frozen=True, kw_only=True):
    """Everything `build_world` made. `campaigns` maps discount, rebate, trade_in, interest_free to public ids."""

    now: datetime
    book_id: UUID
    platform: UUID
    programme: UUID
    brand: UUID
    brand_person: UUID
    flat_lender: UUID
    bank: UUID
    one: Tenant
    two: Tenant
    campaigns: dict[str, str]

    @property
    def brand_id(self) -> str:
        """Public id of the brand."""
        return ids.public_id("brd", self.brand)

    def campaign_id(self, name: str) -> UUID:
        """The key of a campaign."""
        return ids.parse_public_id("cam", self.campaigns[name])


def build_world(*, now: datetime = NOW) -> World:
    """Make it all as of `now`; opens its own transactions, each of which commits."""
    key_cache.forget(None)
    wrong_keys.clear()
    with db.staff_transaction():
        platform = ids.uuid7(now=now)
        book = books.create_book(
            name="Sandbox",
            timezone="Asia/Shanghai",
            open_day=(now + timedelta(hours=8)).date(),
            platform_id=platform,
            now=now,
        )
        made = {"book_id": book, "now": now}
        parties.create_party(kind="platform", name_zh="分期平台", name_en="Fenqi", party_id=platform, **made)
        programme = parties.create_party(kind="government", name_zh="国补", name_en="Trade-in programme", **made)
        flat = parties.create_party(kind="lender", name_zh="花枝分期", name_en="Huazhi", **made)
        bank = parties.create_party(kind="lender", name_zh="江城银行", name_en="Jiangcheng Bank", **made)
        brand = parties.create_party(kind="brand", name_zh="曜石", name_en="Obsidian", **made)
        brand_person = _person("brand", "brand.example", brand, "owner", now)
        rulesets.load_presets(programme_id=programme, now=now)
        lenders.load_preset("huabei", lender_id=flat, now=now)
        lenders.load_preset("bank_annuity", lender_id=bank, now=now)
        one = _merchant("one", book, (("S1", "CN-31"), ("S2", "CN-32")), now)
        two = _merchant("two", book, (("T1", "CN-44"),), now)
        for tenant in (one, two):
            for lender in (flat, bank):
                lenders.agree(tenant_id=tenant.id, lender_id=lender, now=now)
    offered = _campaigns(ids.public_id("brd", brand))
    return World(
        now=now,
        book_id=book,
        platform=platform,
        programme=programme,
        brand=brand,
        brand_person=brand_person,
        flat_lender=flat,
        bank=bank,
        one=one,
        two=two,
        campaigns={name: launch(tenant=one, now=now, **parts) for name, parts in offered.items()},
    )


def _person(name: str, host: str, tenant: UUID, role: str, now: datetime) -> UUID:
    with mock.patch.object(people, "make_password", _hashed):
        person = people.create_person(
            email=f"{name}@{host}", name=name.title(), password="correct-horse-9", locale="zh-hans", now=now
        )
    people.add_membership(tenant_id=tenant, person_id=person, role=role, now=now)
    return person


def _merchant(name: str, book: UUID, shops: tuple[tuple[str, str], ...], now: datetime) -> Tenant:
    tenant = parties.create_party(kind="merchant", name_zh=f"商户{name}", name_en=name.title(), book_id=book, now=now)
    stores = {
        code: parties.create_store(
            tenant_id=tenant, code=code, name_zh=f"{code}店", name_en=f"Shop {code}", region=region, city="", now=now
        )
        for code, region in shops
    }
    persons = {who: _person(who, f"{name}.example", tenant, role, now) for who, role in PEOPLE}
    return Tenant(
        id=tenant,
        public_id=ids.public_id("mer", tenant),
        stores={code: ids.public_id("sto", store) for code, store in stores.items()},
        people=persons,
        keys=_keys(tenant, persons, now),
    )


def _keys(tenant: UUID, persons: dict[str, UUID], now: datetime) -> dict[str, str]:
    wanted = {
        "secret": ("secret", SCOPES, "owner", None),
        "checker": ("secret", SCOPES - {"campaigns:launch"}, "checker", None),
        "publishable": ("publishable", PUBLISHABLE, "owner", None),
        "read_only": ("restricted", READ, "owner", None),
        "expired": ("secret", SCOPES, "owner", datetime(2020, 1, 1, tzinfo=UTC)),
        "revoked": ("secret", SCOPES, "owner", None),
    }
    secrets, made = {}, {"tenant_id": tenant, "livemode": False, "now": now}
    for name, (kind, scopes, person, expires_at) in wanted.items():
        key_id, secrets[name] = keys.create_key(
            kind=kind, person_id=persons[person], name=name, scopes=sorted(scopes), expires_at=expires_at, **made
        )
        if name == "revoked":
            keys.revoke_key(tenant_id=tenant, key_id=key_id, now=now)
    return secrets


def _campaigns(brand_id: str) -> dict[str, dict[str, object]]:
    phones = {"include": {"categories": ["phone"]}}
    shared = [{"party": "merchant", "share": "60"}, {"party": "brand", "id": brand_id, "share": "40"}]
    return {
        "discount": {"kind": "instant_discount", "value": {"amount": 50_000}, "min_amount": 300_000, "scope": phones},
        "rebate": {
            "kind": "brand_rebate",
            "value": {"amount": 30_000},
            "funders": [{"party": "brand", "id": brand_id, "share": "100"}],
            "scope": phones,
        },
        "trade_in": {"kind": "trade_in"},
        "interest_free": {"kind": "interest_free", "terms": [{"term": n} for n in (3, 6, 12)], "funders": shared},
    }


def launch(*, tenant: Tenant, now: datetime, **parts: object) -> str:
    """Make a campaign of a tenant and carry it live as its owner in test mode; returns its public id. `parts` as in the API."""
    draft = msgspec.convert(draft_of(now=now, **parts), shapes.Draft)
    actor = campaigns.Actor(person_id=tenant.people["owner"], may_launch=True)
    with db.tenant_transaction(tenant.id):
        made = campaigns.create_draft(tenant_id=tenant.id, draft=draft, actor=actor, now=now, launch_now=True)
    return ids.public_id("cam", made)


def draft_of(*, now: datetime, **parts: object) -> dict[str, object]:
    """The plain document of a campaign: 100 days from a day ago, a budget of 1,000,000.00, and `parts` over it."""
    return {
        "currency": "CNY",
        "name": {"zh-CN": "活动", "en": "Campaign"},
        "starts_at": (now - timedelta(days=1)).isoformat(),
        "ends_at": (now + timedelta(days=99)).isoformat(),
        "budget": {"total": 100_000_000},
        **parts,
    }
