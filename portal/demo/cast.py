"""Who is in the demo: one sandbox book, the platform, two merchants, a brand, two lenders, a government programme."""

from datetime import date, datetime, timedelta
from functools import partial
from typing import Final
from uuid import UUID

from msgspec import Struct

from foundation import db, ids
from installments.services import lenders
from merchants.permissions import PUBLISHABLE, READ, SCOPES, scopes_of_role
from merchants.services import keys, parties, people
from portal.demo import places
from promotions.services import rulesets
from settlements.services import books

PASSWORD: Final = "fenqi-demo-2026"  # noqa: S105  # a demo's password is printed at every start
BOOK_NAME: Final = "Demo sandbox"

CHAIN_PEOPLE: Final = (
    ("owner", "owner@xinglan.example", "林若溪"),
    ("owner", "checker@xinglan.example", "周致远"),
    ("marketing", "marketing@xinglan.example", "陈晓彤"),
    ("finance", "finance@xinglan.example", "王思齐"),
    ("clerk", "clerk@xinglan.example", "李小川"),
    ("developer", "developer@xinglan.example", "赵一鸣"),
    ("viewer", "viewer@xinglan.example", "孙悦"),
)
SHOP_PEOPLE: Final = (
    ("owner", "owner@laozhou.example", "周国强"),
    ("owner", "checker@laozhou.example", "周敏"),
)
BRAND_PEOPLE: Final = (("owner", "owner@obsidian.example", "何其远"), ("finance", "finance@obsidian.example", "许静"))
STAFF_PEOPLE: Final = (
    ("operator", "operator@fenqi.example", "郭安"),
    ("finance", "finance@fenqi.example", "沈知夏"),
    ("risk", "risk@fenqi.example", "罗成"),
    ("auditor", "auditor@fenqi.example", "唐宁"),
)


class Tenant(Struct, frozen=True, kw_only=True):
    """A party that signs in and its people: (role, e-mail, person id)."""

    id: UUID
    public_id: str
    name: str
    people: tuple[tuple[str, str, UUID], ...]

    @property
    def maker(self) -> UUID:
        """The first person: makes things."""
        return self.people[0][2]

    @property
    def checker(self) -> UUID:
        """The second person: approves what the first made."""
        return self.people[1][2]


class Cast(Struct, frozen=True, kw_only=True):
    """Everybody in the demo."""

    book_id: UUID
    platform: Tenant
    chain: Tenant
    shop: Tenant
    brand: Tenant
    programme_id: UUID
    flat_lender_id: UUID
    bank_id: UUID


def bring_in(*, start: date, now: datetime) -> Cast:
    """Make everybody as of `now`, with the book's first open day `start`. Opens its own transactions."""
    with db.staff_transaction():
        platform_id = ids.uuid7(now=now)
        book_id = books.create_book(
            name=BOOK_NAME,
            platform_id=platform_id,
            open_day=start,
            timezone="Asia/Shanghai",
            closes_itself=False,
            now=now,
        )
        create = partial(parties.create_party, book_id=book_id, now=now)
        create(kind="platform", name_zh="分期平台", name_en="Fenqi Platform", party_id=platform_id)
        programme_id = create(kind="government", name_zh="以旧换新补贴（国补）", name_en="National trade-in programme")
        rulesets.load_presets(programme_id=programme_id, now=now)
        flat_id = create(kind="lender", name_zh="花枝分期", name_en="Huazhi Instalments")
        bank_id = create(kind="lender", name_zh="江城银行", name_en="Jiangcheng Bank")
        for name, lender_id in (("huabei", flat_id), ("bank_annuity", bank_id)):
            product, source = lenders.preset(name, lender_id=lender_id)
            lenders.create_rate_card(product=product, source=source, now=now)
        brand_id = create(kind="brand", name_zh="曜石科技", name_en="Obsidian")
        chain_id = create(kind="merchant", name_zh="星澜数码电器", name_en="Xinglan Digital", region="CN-SC")
        shop_id = create(kind="merchant", name_zh="老周手机店", name_en="Lao Zhou Mobile", region="CN-SC")
        _open_stores(chain_id=chain_id, shop_id=shop_id, now=now)
        _agree(merchants=(chain_id, shop_id), lender_ids=(flat_id, bank_id), now=now)
        return Cast(
            book_id=book_id,
            platform=_tenant("plt", platform_id, "分期平台", STAFF_PEOPLE, now),
            chain=_tenant("mer", chain_id, "星澜数码电器", CHAIN_PEOPLE, now),
            shop=_tenant("mer", shop_id, "老周手机店", SHOP_PEOPLE, now),
            brand=_tenant("brd", brand_id, "曜石科技", BRAND_PEOPLE, now),
            programme_id=programme_id,
            flat_lender_id=flat_id,
            bank_id=bank_id,
        )


def _open_stores(*, chain_id: UUID, shop_id: UUID, now: datetime) -> None:
    for code, name_zh, name_en, region, city in places.stores():
        parties.create_store(
            tenant_id=chain_id, code=code, name_zh=name_zh, name_en=name_en, region=region, city=city, now=now
        )
    parties.create_store(
        tenant_id=shop_id,
        code="001",
        name_zh="老周手机店·玉林",
        name_en="Lao Zhou, Yulin",
        region="CN-SC",
        city="成都",
        now=now,
    )


def _agree(*, merchants: tuple[UUID, ...], lender_ids: tuple[UUID, ...], now: datetime) -> None:
    for merchant_id in merchants:
        for lender_id in lender_ids:
            lenders.agree(tenant_id=merchant_id, lender_id=lender_id, now=now)


def _tenant(prefix: str, party_id: UUID, name: str, cast: tuple[tuple[str, str, str], ...], now: datetime) -> Tenant:
    members = []
    for role, email, person_name in cast:
        person_id = people.create_person(email=email, name=person_name, password=PASSWORD, locale="zh-hans", now=now)
        people.add_membership(tenant_id=party_id, person_id=person_id, role=role, now=now)
        members.append((role, email, person_id))
    return Tenant(id=party_id, public_id=ids.public_id(prefix, party_id), name=name, people=tuple(members))


def make_keys(*, tenant_id: UUID, maker: UUID, checker: UUID, now: datetime) -> dict[str, str]:
    """New demo keys of a merchant: secret, checker, publishable, read_only, expired, revoked. Opens a transaction."""

    def make(name: str, person_id: UUID, kind: str, scopes: frozenset[str], expires_at: datetime | None = None) -> str:
        made[name], secret = keys.create_key(
            tenant_id=tenant_id,
            person_id=person_id,
            kind=kind,
            livemode=False,
            name=f"demo {name}",
            scopes=sorted(scopes),
            now=now,
            expires_at=expires_at,
        )
        return secret

    made: dict[str, UUID] = {}
    with db.staff_transaction():
        secrets = {
            "secret": make("secret", maker, "secret", SCOPES),
            "checker": make("checker", checker, "secret", SCOPES),
            "publishable": make("publishable", maker, "publishable", PUBLISHABLE),
            "read_only": make("read_only", maker, "restricted", READ),
            "expired": make("expired", maker, "secret", SCOPES, expires_at=now - timedelta(days=1)),
            "revoked": make("revoked", maker, "secret", SCOPES),
        }
        keys.revoke_key(tenant_id=tenant_id, key_id=made["revoked"], now=now)
    return secrets


def make_staff_key(*, platform: UUID, person_id: UUID, now: datetime) -> str:
    """A new secret key of the operator. Opens a transaction."""
    with db.staff_transaction():
        _, secret = keys.create_key(
            tenant_id=platform,
            person_id=person_id,
            kind="secret",
            livemode=False,
            name="demo operator",
            scopes=sorted(scopes_of_role("operator") & SCOPES),
            now=now,
        )
    return secret
