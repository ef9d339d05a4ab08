"""The whole line through the API: campaign, quote, confirm with serials, capture, one unit back, close, settle, approve,
export; and every amount computed again here, by other means, to the cent."""

import csv
import hashlib
import io
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.test import Client

from foundation import clock, jobs
from foundation.ids import parse_public_id
from installments.services import catalogue, proofs
from settlements import tasks as books_tasks
from settlements.services import proofs as book_proofs
from tests.world import build_world

pytestmark = pytest.mark.usefixtures("database")

FRIDGE = {
    "id": "1",
    "sku": "FR-700",
    "category": "refrigerator",
    "quantity": 1,
    "unit_price": 699_900,
    "energy_grade": 1,
}
PHONES = {"id": "2", "sku": "PH-9", "category": "phone", "quantity": 3, "unit_price": 299_900, "brand": "Obsidian"}


class Api:
    """A client with one key."""

    def __init__(self, secret):
        self.secret = secret
        self.sent = 0

    def get(self, path):
        answer = Client().get(f"/v1/{path}", headers={"authorization": f"Bearer {self.secret}"})
        assert answer.status_code == 200, answer.content
        return answer

    def post(self, path, body=None, *, status=200):
        self.sent += 1
        answer = Client().post(
            f"/v1/{path}",
            body or {},
            content_type="application/json",
            headers={"authorization": f"Bearer {self.secret}", "idempotency-key": f"{self.secret[-6:]}-{self.sent}"},
        )
        assert answer.status_code == status, answer.content
        return answer.json()


def half_even(value):
    return round(Fraction(value))  # Python rounds a Fraction half to even


def half_up(value):
    return int(Fraction(value) + Fraction(1, 2))


def shared(total, weights):
    """Largest remainder, ties to the earlier part."""
    exact = [Fraction(total * weight, sum(weights)) for weight in weights]
    parts = [int(share) for share in exact]
    order = sorted(range(len(parts)), key=lambda place: (parts[place] - exact[place], place))
    for place in order[: total - sum(parts)]:
        parts[place] += 1
    return parts


class Expected:
    """The worked figures. 5,799.16 + 7,787.15 = 13,566.31 over 12 months; one subsidised phone comes back."""

    fridge_base = 699_900 - 19_999
    fridge_subsidy = half_up(Fraction(15, 100) * fridge_base)
    phones_base = 3 * 299_900 - 50_000 - 30_000
    dearest_phone = -(-phones_base // 3)
    phone_subsidy = half_up(Fraction(15, 100) * dearest_phone)  # one a person and year, below the cap of 500.00
    payables = (fridge_base - fridge_subsidy, phones_base - phone_subsidy)
    payable = sum(payables)
    fee = half_even(Fraction(75, 1_000) * payable)
    fee_merchant, fee_brand = shared(fee, [60, 40])
    service = half_even(Fraction(6, 1_000) * payable)
    returned = dearest_phone - phone_subsidy

    @classmethod
    def gone(cls, part):
        """The phone line's share of what came back."""
        return half_even(Fraction(part * cls.returned, cls.payables[1]))

    @classmethod
    def on_phones(cls, total):
        return shared(total, list(cls.payables))[1]

    @classmethod
    def merchant_closing(cls):
        """Principal and the brand's rebate come in, its part of the fee and the service fee go out, the subsidy waits."""
        captured = cls.payable + 30_000 - cls.fee_merchant - cls.service + cls.fridge_subsidy + cls.phone_subsidy
        back = (
            cls.returned
            + cls.gone(30_000)
            - cls.gone(cls.on_phones(cls.fee_merchant))
            - cls.gone(cls.on_phones(cls.service))
            + cls.phone_subsidy
        )
        return captured - back

    @classmethod
    def brand_closing(cls):
        """What the brand owes: its rebate and its part of the fee, less what came back."""
        owed = 30_000 + cls.fee_brand
        return -(owed - cls.gone(30_000) - cls.gone(cls.on_phones(cls.fee_brand)))

    @classmethod
    def lender_closing(cls):
        """Its fee is owed to it, the principal is owed by it, both without what came back."""
        fee_back = cls.gone(cls.on_phones(cls.fee_merchant)) + cls.gone(cls.on_phones(cls.fee_brand))
        return (cls.fee - fee_back) - (cls.payable - cls.returned)


def run_due_jobs(kind):
    """What the worker does: lease what is due and call its task."""
    done = []

    def send(name, *, kwargs, task_id):
        if kwargs["kind"] == kind:
            getattr(books_tasks, name.rpartition(".")[2])(**kwargs)
            done.append(task_id)

    jobs.dispatch(now=clock.now() + timedelta(seconds=1), send=send)
    assert done, f"nothing of {kind} was due"


def test_one_sale_goes_down_the_whole_line_and_every_cent_is_where_this_test_computes_it(database):
    world = build_world(now=clock.now())
    catalogue.shelf.forget()
    shop, checker = Api(world.one.keys["secret"]), Api(world.one.keys["checker"])

    launched = launch_fridge_campaign(shop, world)
    quote = ask(shop, world)
    figures_of_the_quote(quote, launched)
    plan = buy(shop, quote)
    give_one_phone_back(shop, plan)
    statement = close_and_settle(shop, checker)
    approved = checker.post(f"statements/{statement['id']}/approve", {"sha256": statement["sha256"]})
    assert approved["state"] == "approved"
    export_proves_itself(shop, statement)
    assert proofs.check_plans() == []
    assert book_proofs.check_books() == []


def launch_fridge_campaign(shop, world):
    now = clock.now()
    campaign = shop.post(
        "campaigns",
        {
            "currency": "CNY",
            "name": {"zh-CN": "冰箱立减", "en": "Fridge week"},
            "kind": "instant_discount",
            "starts_at": (now - timedelta(hours=1)).isoformat(),
            "ends_at": (now + timedelta(days=7)).isoformat(),
            "value": {"amount": 19_999},
            "funders": [{"party": "merchant", "share": "100"}],
            "scope": {"include": {"categories": ["refrigerator"], "stores": [world.one.stores["S1"]]}},
            "budget": {"total": 1_000_000, "per_buyer": 19_999},
            "launch": True,
        },
        status=201,
    )
    assert campaign["state"] == "live"
    catalogue.refresh()
    return campaign


def ask(shop, world):
    return shop.post(
        "quotes",
        {
            "currency": "CNY",
            "store": world.one.stores["S1"],
            "channel": "pos",
            "buyer": {"reference": "Li-1"},
            "lines": [FRIDGE, PHONES],
            "trade_in": {"claim": True},
        },
    )


def figures_of_the_quote(quote, launched):
    amounts = quote["amounts"]
    assert amounts["list"] == 699_900 + 899_700
    assert amounts["reductions"] == 19_999 + 50_000 + 30_000
    assert amounts["government_subsidy"] == Expected.fridge_subsidy + Expected.phone_subsidy
    assert amounts["payable"] == amounts["financed"] == Expected.payable == 1_356_631
    assert launched["id"] in {step["campaign"] for step in quote["waterfall"]}


def buy(shop, quote):
    twelve = next(plan for plan in quote["plans"] if plan["term"] == 12 and plan["product"] == "huabei")
    assert (twelve["lender_fee"], twelve["buyer_fee"]) == (Expected.fee, 0)
    assert [funder["amount"] for funder in twelve["funders"]] == [Expected.fee_merchant, Expected.fee_brand]
    assert twelve["installment"] == Expected.payable // 12
    plan = shop.post(
        "plans",
        {
            "quote_token": quote["token"],
            "plan": twelve["id"],
            "order_reference": "POS-2026-0001",
            "buyer": {"reference": "li-1"},
            "serials": [
                {"line": "1", "serial": "FR700-0001"},
                *({"line": "2", "serial": f"PH9-{number}"} for number in (1, 2, 3)),
            ],
            "capture": "manual",
        },
        status=201,
    )
    assert plan["state"] == "authorised"
    captured = shop.post(f"plans/{plan['id']}/capture")
    assert (captured["state"], captured["captured"]) == ("captured", Expected.payable)
    return captured


def give_one_phone_back(shop, plan):
    refund = shop.post(
        f"plans/{plan['id']}/refunds",
        {"lines": [{"id": "2", "quantity": 1}], "reason": "changed my mind"},
        status=201,
    )
    assert refund["amount"] == refund["to_buyer"] == Expected.returned
    assert refund["to_government"] == Expected.phone_subsidy
    back = {funder["party"]: funder["amount"] for funder in refund["to_funders"]}
    assert back == {
        "merchant": Expected.gone(Expected.on_phones(Expected.fee_merchant)),
        "brand": Expected.gone(Expected.on_phones(Expected.fee_brand)) + Expected.gone(30_000),
    }
    claims = {claim["line"]: claim for claim in shop.get("trade_in_claims").json()["data"]}
    assert (claims["1"]["state"], claims["2"]["state"]) == ("collecting", "withdrawn")


def close_and_settle(shop, checker):
    shop.post("books/close")
    run_due_jobs("settlements.settle_day")
    (statement,) = checker.get("statements").json()["data"]
    assert statement["state"] == "in_review"
    assert statement["closing"] == statement["opening"] + Expected.merchant_closing()
    return statement


def export_proves_itself(shop, statement):
    export = shop.post(
        "exports", {"kind": "statement_lines", "statement": statement["id"], "format": "csv"}, status=201
    )
    run_due_jobs("settlements.run_export")
    done = shop.get(f"exports/{export['id']}").json()
    assert done["state"] == "done", done
    body = download(shop, done)
    assert hashlib.sha256(body).hexdigest() == done["sha256"]
    rows = list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))
    lines, trailer = rows[:-1], rows[-1]
    assert trailer["schema_version"] == "TRAILER"
    assert int(trailer["line_no"]) == len(lines) == statement["line_count"]
    net = sum(Decimal(line["net_credit"] or 0) - Decimal(line["net_debit"] or 0) for line in lines)
    assert net * 100 == Expected.merchant_closing() == statement["closing"] - statement["opening"]


def download(shop, export):
    path = export["url"].partition("/v1/")[2]
    answer = Client().get(f"/v1/{path}", headers={"authorization": f"Bearer {shop.secret}"})
    assert answer.status_code == 200, answer.content
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_every_partys_statement_of_the_sale_adds_up_to_nothing_together(database):
    world = build_world(now=clock.now())
    catalogue.shelf.forget()
    shop, checker = Api(world.one.keys["secret"]), Api(world.one.keys["checker"])
    launch_fridge_campaign(shop, world)
    plan = buy(shop, ask(shop, world))
    give_one_phone_back(shop, plan)

    close_and_settle(shop, checker)

    closings = dict(database.execute("SELECT party_id, closing_minor FROM settlements_statement").fetchall())
    assert sum(closings.values()) == 0
    assert closings[world.one.id] == Expected.merchant_closing()
    assert closings[world.brand] == Expected.brand_closing()
    assert closings[world.flat_lender] == Expected.lender_closing()
    assert closings[world.programme] == -Expected.fridge_subsidy
    assert parse_public_id("pl", plan["id"]).version == 7
