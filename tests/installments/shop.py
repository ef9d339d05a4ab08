"""One small shop for these tests: platform, book, brand, lender, government, a merchant with a store, and its key."""

import itertools
import threading
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from django.test import Client

from foundation import clock, db
from foundation.ids import public_id, uuid7
from installments.services import catalogue, lenders
from merchants.permissions import PUBLISHABLE, SCOPES
from merchants.services import key_cache, keys, parties, people
from promotions.services import rulesets
from settlements.services import books

FRIDGE = {
    "id": "1",
    "sku": "FRIDGE-1",
    "category": "refrigerator",
    "quantity": 1,
    "unit_price": 599_900,
    "energy_grade": 1,
}
PHONE = {"id": "2", "sku": "PHONE-1", "category": "phone", "quantity": 3, "unit_price": 299_900}


_threads = threading.local()


def client() -> Client:
    """One client a thread: making one loads every middleware."""
    if not hasattr(_threads, "client"):
        _threads.client = Client()
    return _threads.client


class Shop:
    """A merchant with everything around it; every method is one API call unless it says otherwise."""

    def __init__(self, *, lender: str = "huabei", release_days: int = 1) -> None:
        self.counter = itertools.count(1)
        self.now = clock.now()
        catalogue.shelf.forget()
        key_cache.forget(None)
        self.platform_id, self.book_id = uuid7(), uuid7()
        with db.staff_transaction():
            books.create_book(
                name="sandbox",
                timezone="Asia/Shanghai",
                open_day=(self.now + timedelta(hours=8)).date(),
                platform_id=self.platform_id,
                now=self.now,
                closes_itself=False,
                book_id=self.book_id,
            )
            self._party("platform", "平台", "Platform", party_id=self.platform_id)
            self.brand_id = self._party("brand", "品牌", "Brand")
            self.lender_id = self._party("lender", "花呗", "Huabei")
            self.government_id = self._party("government", "国补", "Trade-in")
            rulesets.load_presets(programme_id=self.government_id, now=self.now)
            lenders.load_preset(lender, lender_id=self.lender_id, now=self.now)
        self.merchant_id, self.store, self.secret = self.merchant("一号店", release_days=release_days)
        self.merchant_public = public_id("mer", self.merchant_id)

    def _party(self, kind: str, zh: str, en: str, *, party_id: UUID | None = None) -> UUID:
        return parties.create_party(
            kind=kind, name_zh=zh, name_en=en, book_id=self.book_id, now=self.now, party_id=party_id
        )

    def merchant(self, name: str, *, release_days: int = 1) -> tuple[UUID, str, str]:
        """Another merchant of the same book: its id, its store's public id, its secret key."""
        with db.staff_transaction():
            merchant = self._party("merchant", name, name)
            store = parties.create_store(
                tenant_id=merchant, code="S1", name_zh="一店", name_en="One", region="CN-31", city="上海", now=self.now
            )
            person = people.create_person(
                email=f"{merchant.hex}@example.com", name="Li", password="long-enough-1", locale="zh-hans", now=self.now
            )
            people.add_membership(tenant_id=merchant, person_id=person, role="owner", now=self.now)
            lenders.agree(tenant_id=merchant, lender_id=self.lender_id, now=self.now, release_days=release_days)
        return merchant, public_id("sto", store), self.key(merchant, person=person)

    def key(self, merchant: UUID, *, kind: str = "secret", person: UUID | None = None) -> str:
        """A key of the merchant (not an API call)."""
        with db.tenant_transaction(merchant):
            return keys.create_key(
                tenant_id=merchant,
                person_id=person,
                kind=kind,
                livemode=False,
                name="till",
                scopes=tuple(PUBLISHABLE if kind == "publishable" else SCOPES),
                now=self.now,
            )[1]

    def post(self, path: str, body: object = None, *, secret: str | None = None, key: str | None = None):
        return client().post(
            f"/v1/{path}",
            {} if body is None else body,
            content_type="application/json",
            headers={
                "authorization": f"Bearer {secret or self.secret}",
                "idempotency-key": key or f"k-{next(self.counter)}",
            },
        )

    def patch(self, path: str, body: object):
        return client().patch(
            f"/v1/{path}",
            body,
            content_type="application/json",
            headers={"authorization": f"Bearer {self.secret}", "idempotency-key": f"k-{next(self.counter)}"},
        )

    def get(self, path: str, *, secret: str | None = None):
        return client().get(f"/v1/{path}", headers={"authorization": f"Bearer {secret or self.secret}"})

    def campaign(self, *, refresh: bool = True, **fields: object) -> dict:
        """Launch a campaign; by default 100.00 off, paid by the merchant, budget 10,000.00."""
        body = {
            "currency": "CNY",
            "name": {"zh-CN": "活动", "en": "Campaign"},
            "kind": "instant_discount",
            "starts_at": (self.now - timedelta(days=1)).isoformat(),
            "ends_at": (self.now + timedelta(days=30)).isoformat(),
            "funders": [{"party": "merchant", "share": "100"}],
            "budget": {"total": 1_000_000},
            "launch": True,
            **fields,
        }
        if body["kind"] == "instant_discount":
            body.setdefault("value", {"amount": 10_000})
        answer = self.post("campaigns", body)
        assert answer.status_code in {200, 201}, answer.content
        if refresh:
            catalogue.refresh()
        return answer.json()

    def interest_free(self, **fields: object) -> dict:
        return self.campaign(
            **{"kind": "interest_free", "terms": [{"term": 12, "waived_share": "100"}, {"term": 6}], **fields}
        )

    def trade_in(self, **fields: object) -> dict:
        return self.campaign(
            **{
                "kind": "trade_in",
                "funders": [{"party": "government", "id": public_id("gov", self.government_id), "share": "100"}],
                "budget": {"total": 100_000_000},
                **fields,
            }
        )

    def quote(self, *, secret: str | None = None, **fields: object) -> dict:
        answer = self.ask(secret=secret, **fields)
        assert answer.status_code == 200, answer.content
        return answer.json()

    def ask(self, *, secret: str | None = None, **fields: object):
        body = {"currency": "CNY", "channel": "pos", "store": self.store, "lines": [FRIDGE], **fields}
        return self.post("quotes", {name: value for name, value in body.items() if value is not None}, secret=secret)

    def confirm(self, quote: dict, *, secret: str | None = None, key: str | None = None, **fields: object):
        number = next(self.counter)
        body = {
            "quote_token": quote["token"],
            "plan": fields.pop("plan", quote["plans"][-1]["id"]),
            "order_reference": f"order-{number}",
            "buyer": {"reference": f"buyer-{number}"},
            "capture": "automatic",
            **fields,
        }
        return self.post("plans", body, secret=secret, key=key)

    def plan(self, **fields: object) -> dict:
        """Quote and confirm in one go."""
        asked = {name: fields.pop(name) for name in ("lines", "trade_in", "coupons") if name in fields}
        if "buyer" in fields:
            asked["buyer"] = fields["buyer"]
        answer = self.confirm(self.quote(**asked), **fields)
        assert answer.status_code == 201, answer.content
        return answer.json()


def at_noon(day: date) -> str:
    """An instant of a day, as the API takes it."""
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC).isoformat()
