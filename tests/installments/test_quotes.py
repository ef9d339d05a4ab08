"""Quotes over HTTP: the contract's example, what a browser may not see, bad input, and no query when warm."""

import time
from datetime import timedelta

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from foundation.ids import public_id, uuid7
from installments.services import catalogue
from tests.installments.shop import FRIDGE, PHONE, Shop, at_noon

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def shop(database):
    return Shop()


def contract_campaigns(shop):
    shop.campaign(value={"amount": 50_000})
    shop.trade_in()
    shop.interest_free(
        funders=[
            {"party": "merchant", "share": "60"},
            {"party": "brand", "id": public_id("brd", shop.brand_id), "share": "40"},
        ]
    )


def contract_quote(shop, **fields):
    phone = {**PHONE, "quantity": 1, "unit_price": 599_900}
    return shop.quote(lines=[phone], trade_in={"claim": True}, **fields)


def test_the_contracts_example_5999_less_500_less_500_is_12_payments_of_416_62_and_416_58(shop):
    contract_campaigns(shop)

    answer = contract_quote(shop)

    assert answer["amounts"] == {
        "list": 599_900,
        "reductions": 50_000,
        "base": 549_900,
        "government_subsidy": 50_000,
        "old_item_credit": 0,
        "channel_reductions": 0,
        "payable": 499_900,
        "down_payment": 0,
        "financed": 499_900,
    }
    plan = next(plan for plan in answer["plans"] if plan["term"] == 12)
    assert (plan["lender_fee"], plan["waived_fee"], plan["buyer_fee"]) == (37_492, 37_492, 0)
    assert [(one["party"], one["amount"]) for one in plan["funders"]] == [("merchant", 22_495), ("brand", 14_997)]
    assert (plan["first_installment"], plan["installment"], plan["total_payable"]) == (41_662, 41_658, 499_900)
    assert plan["annual_cost"] == {
        "simple": "0.00",
        "compound": "0.00",
        "before_subsidy": {"simple": "13.57", "compound": "14.44"},
    }
    assert plan["message"] == {
        "zh-CN": "12期免息，首期¥416.62，其后每期¥416.58",
        "en": "12 interest-free payments: first ¥416.62, then ¥416.58",
    }
    assert plan["recommended"] is True
    assert answer["search"] == "exact"
    assert [step["lane"] for step in answer["waterfall"]] == ["merchant", "government"]
    assert answer["rule_sets"] == ["cn-2026-digital"]


def test_a_browser_key_sees_no_funders_and_no_lender_fee(shop):
    contract_campaigns(shop)
    browser = shop.key(shop.merchant_id, kind="publishable")

    answer = contract_quote(shop, secret=browser)

    assert all("funders" not in step for step in answer["waterfall"])
    assert all("funders" not in plan and "lender_fee" not in plan for plan in answer["plans"])
    assert answer["amounts"]["payable"] == 499_900


def test_a_browser_key_may_quote_and_nothing_else(shop):
    browser = shop.key(shop.merchant_id, kind="publishable")

    refused = shop.get("plans", secret=browser)

    assert (refused.status_code, refused.json()["code"]) == (403, "key_kind_refused")


def test_a_warm_quote_asks_the_database_nothing(shop):
    contract_campaigns(shop)
    shop.quote()

    with CaptureQueriesContext(connections["default"]) as app, CaptureQueriesContext(connections["worker"]) as worker:
        shop.quote()

    assert [query["sql"] for query in (*app, *worker)] == []


def test_a_warm_quote_with_a_buyer_who_claims_asks_one_indexed_query(shop):
    contract_campaigns(shop)
    shop.quote()

    with CaptureQueriesContext(connections["default"]) as app:
        contract_quote(shop, buyer={"reference": "li"})

    reads = [query["sql"] for query in app if "subsidyuse" in query["sql"]]
    others = [query["sql"] for query in app if "subsidyuse" not in query["sql"]]
    assert len(reads) == 1
    assert all(sql.startswith(("BEGIN", "COMMIT", "SELECT set_config")) for sql in others)


def test_a_pause_shows_in_quotes_within_two_seconds_by_the_poll_thread(shop):
    campaign = shop.campaign()
    assert shop.quote()["amounts"]["reductions"] == 10_000

    assert shop.post(f"campaigns/{campaign['id']}/pause").status_code == 200

    deadline = time.monotonic() + 2.0
    while time.monotonic() < deadline and shop.quote()["amounts"]["reductions"]:
        time.sleep(0.05)
    answer = shop.quote()
    assert answer["amounts"]["reductions"] == 0
    assert ("campaign_paused", campaign["id"]) in {(v["code"], v.get("campaign")) for v in answer["withheld"]}


def test_a_catalogue_that_was_not_checked_for_5_seconds_is_503_with_retry_after(shop):
    shop.quote()
    entry = catalogue.shelf._entries[shop.merchant_id]
    catalogue.shelf._entries[shop.merchant_id] = catalogue._Entry(entry.snapshot, time.monotonic() - 60)

    refused = shop.ask()

    assert (refused.status_code, refused.json()["code"]) == (503, "catalogue_stale")
    assert int(refused.headers["Retry-After"]) >= 1
    catalogue.refresh()
    assert shop.ask().status_code == 200


def test_another_merchants_store_answers_like_a_store_nobody_has(shop):
    _, foreign, _ = shop.merchant("二号店")

    hers = shop.ask(store=foreign)
    nobodys = shop.ask(store=public_id("sto", uuid7()))
    nonsense = shop.ask(store="sto_nonsense")

    assert {answer.status_code for answer in (hers, nobodys, nonsense)} == {404}
    bodies = [{**answer.json(), "request_id": ""} for answer in (hers, nobodys, nonsense)]
    assert bodies[0] == bodies[1] == bodies[2]
    assert bodies[0]["errors"][0]["pointer"] == "/store"


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"lines": []}, "/lines"),
        ({"lines": [{**FRIDGE, "unit_price": 0}]}, "/lines/0/unit_price"),
        ({"lines": [{**FRIDGE, "unit_price": 10**12 + 1}]}, "/lines/0/unit_price"),
        ({"lines": [{**FRIDGE, "unit_price": True}]}, "/lines/0/unit_price"),
        ({"lines": [{**FRIDGE, "quantity": 0}]}, "/lines/0/quantity"),
        ({"lines": [{**FRIDGE, "sku": ""}]}, "/lines/0/sku"),
        ({"lines": [FRIDGE, FRIDGE]}, "/lines/1/id"),
        ({"lines": [{**FRIDGE, "unit_price": 10**12}, {**PHONE}]}, "/lines/1"),
        ({"lines": [{**FRIDGE, "id": str(n)} for n in range(101)]}, "/lines"),
        ({"region": "Shanghai"}, "/region"),
        ({"currency": "cny"}, "/currency"),
        ({"currency": "XXX"}, "/currency"),
        ({"channel": "fax"}, "/channel"),
        ({"surprise": 1}, "/surprise"),
        ({"down_payment": 600_000}, "/down_payment"),
        ({"at": "0001-01-01T00:00:00+14:00"}, "/at"),
        ({"at": "9999-12-31T23:59:59Z"}, "/at"),
        ({"buyer": {"reference": " \u200b "}}, "/buyer/reference"),
    ],
)
def test_bad_input_is_422_with_a_pointer(shop, changes, pointer):
    refused = shop.ask(**changes)

    assert refused.status_code == 422, refused.content
    assert refused.json()["errors"][0]["pointer"] == pointer


def test_a_basket_in_another_currency_says_so_and_offers_nothing(shop):
    shop.campaign()

    answer = shop.quote(currency="USD")

    assert answer["plans"] == []
    assert answer["amounts"]["reductions"] == 0
    assert "currency_mismatch" in {verdict["code"] for verdict in answer["withheld"]}


def test_a_test_key_quotes_as_of_an_instant_and_the_rules_of_that_day_hold(shop):
    shop.trade_in(starts_at="2025-01-01T00:00:00Z", ends_at="2027-01-01T00:00:00Z")
    fridge = {**FRIDGE, "energy_grade": 2}
    past = at_noon((shop.now - timedelta(days=365)).date())

    then = shop.quote(lines=[fridge], trade_in={"claim": True}, at=past)
    today = shop.quote(lines=[fridge], trade_in={"claim": True})

    assert then["created_at"] == past.replace("+00:00", "Z")
    assert then["amounts"]["government_subsidy"] == 89_985  # 15 % for grade 2 in 2025
    assert today["amounts"]["government_subsidy"] == 0  # grade 1 only in 2026


def test_an_unknown_coupon_and_an_unclaimed_subsidy_are_explained_in_two_languages(shop):
    shop.trade_in()

    answer = shop.quote(coupons=["NOPE"])

    verdicts = {verdict["code"]: verdict for verdict in answer["withheld"]}
    assert verdicts["coupon_unknown"]["message"] == {"zh-CN": "优惠码NOPE不存在", "en": "There is no coupon NOPE"}
    assert verdicts["not_claimed"]["message"]["zh-CN"] == "未申请国家补贴"


def test_a_listing_page_of_500_articles_gets_one_best_month_each(shop):
    shop.interest_free()
    items = [{"sku": f"S{n}", "category": "phone", "unit_price": 100_000 + n} for n in range(500)]

    answer = shop.post("quotes/batch", {"currency": "CNY", "channel": "online", "items": items})

    data = answer.json()["data"]
    assert len(data) == 500
    assert data[7]["list"] == data[7]["payable"] == 100_007
    assert data[7]["best"]["term"] == 12
    assert data[7]["best"]["message"]["en"] == "12 interest-free payments: first ¥83.44, then ¥83.33"
    assert shop.post("quotes/batch", {"currency": "CNY", "items": items + items[:1]}).status_code == 422


def test_lenders_are_listed_with_their_products_and_prices(shop):
    (lender,) = shop.get("lenders").json()["data"]

    (product,) = lender["products"]
    assert product["method"] == "flat_fee"
    assert product["terms"] == [
        {"term": 3, "buyer_rate": "2.3", "merchant_rate": "1.8"},
        {"term": 6, "buyer_rate": "4.5", "merchant_rate": "4.5"},
        {"term": 12, "buyer_rate": "7.5", "merchant_rate": "7.5"},
    ]
