"""Trying offers over HTTP without saving a campaign: groups, values, funders, the subsidy, and what is refused."""

import pytest

from foundation.ids import public_id
from tests.installments.shop import Shop

pytestmark = pytest.mark.usefixtures("database")

PHONE = {"id": "1", "sku": "PHONE-1", "category": "phone", "quantity": 1, "unit_price": 599_900}
IN_2026 = "2026-03-01T12:00:00+08:00"


@pytest.fixture
def shop(database):
    return Shop()


def line(number, unit_price, quantity=1, category="book"):
    return {
        "id": str(number),
        "sku": f"S{number}",
        "category": category,
        "quantity": quantity,
        "unit_price": unit_price,
    }


def offer(name, value, **fields):
    return {"id": name, "kind": "instant_discount", "lane": "merchant", "base": "running", "value": value, **fields}


def asked(*offers, lines=(), **fields):
    return {"currency": "CNY", "lines": list(lines) or [line(1, 300_000)], "offers": list(offers), **fields}


def stacked(shop, *offers, secret=None, **fields):
    answer = shop.post("calculators/stack", asked(*offers, **fields), secret=secret)
    assert answer.status_code == 200, answer.content
    return answer.json()


def steps(answer):
    return [(step["offer"], step["amount"]) for step in answer["waterfall"]]


def reasons(answer):
    return {verdict["offer"]: verdict["code"] for verdict in answer["withheld"]}


TENTH = offer("tenth", {"percent": "10"}, priority=1)
FROM_2000 = offer("from-2000", {"amount": 30_000}, kind="spend_and_save", min_amount=200_000)


def test_3000_less_10_percent_and_then_300_off_from_2000_is_2400(shop):
    answer = stacked(shop, FROM_2000, TENTH)

    assert answer["amounts"] == {
        "list": 300_000,
        "reductions": 60_000,
        "base": 240_000,
        "government_subsidy": 0,
        "old_item_credit": 0,
        "channel_reductions": 0,
        "payable": 240_000,
        "down_payment": 0,
        "financed": 240_000,
    }
    assert answer["waterfall"][0] == {
        "lane": "merchant",
        "kind": "instant_discount",
        "offer": "tenth",
        "amount": 30_000,
        "funders": [{"party": "merchant", "id": shop.merchant_public, "amount": 30_000}],
        "lines": [{"line": "1", "amount": 30_000}],
    }
    assert (steps(answer), answer["withheld"], answer["search"]) == (
        [("tenth", 30_000), ("from-2000", 30_000)],
        [],
        "exact",
    )


def test_at_2100_the_10_percent_is_left_out_for_the_better_300(shop):
    answer = stacked(shop, TENTH, FROM_2000, lines=[line(1, 210_000)])

    assert steps(answer) == [("from-2000", 30_000)]
    assert reasons(answer) == {"tenth": "lost_to_better_combination"}
    assert answer["withheld"][0]["message"]["en"] == "Another combination costs the buyer less"


@pytest.mark.parametrize(
    ("mode", "taken"),
    [
        ("first", [("a", 10_000)]),
        ("best", [("c", 30_000)]),
        ("all", [("a", 10_000), ("b", 20_000), ("c", 30_000)]),
        ("at_most:2", [("b", 20_000), ("c", 30_000)]),
    ],
)
def test_a_group_of_100_200_and_300_by_each_mode_larger_priority_first(shop, mode, taken):
    group = {"group": "g", "group_mode": mode}
    answer = stacked(
        shop,
        offer("a", {"amount": 10_000}, priority=3, **group),
        offer("b", {"amount": 20_000}, priority=2, **group),
        offer("c", {"amount": 30_000}, priority=1, **group),
    )

    assert steps(answer) == taken
    assert all(verdict["figures"]["offer"] in dict(taken) for verdict in answer["withheld"])
    assert set(reasons(answer).values()) <= {"group_limit"}


@pytest.mark.parametrize(
    ("value", "fields", "off"),
    [
        ({"amount": 5_000}, {}, 5_000),
        ({"percent": "33.33"}, {}, 19_998),
        ({"percent": "50"}, {"cap": 12_345}, 12_345),
        ({"per_unit": 1_000}, {}, 3_000),
        ({"per_unit": 1_000}, {"max_units": 2}, 2_000),
        ({"percent": "10"}, {"max_units": 2}, 3_000),
        ({"steps": [{"from": 60_000, "off": 7_000}, {"from": 30_000, "off": 3_000}]}, {}, 7_000),
        ({"steps": [{"from": 60_001, "off": 7_000}, {"from": 30_000, "off": 3_000}]}, {}, 3_000),
        ({"cheapest_free": {"every": 3, "free": 1}}, {}, 10_000),
        ({"cheapest_free": {"every": 3, "free": 2}}, {}, 30_000),
        ({"percent": "10"}, {"scope": {"include": {"skus": ["S3"]}}}, 3_000),
        ({"percent": "10"}, {"scope": {"exclude": {"categories": ["book"]}}}, 0),
        ({"amount": 5_000}, {"min_quantity": 4}, 0),
    ],
)
def test_books_at_100_200_and_300_with_one_offer_of_each_value(shop, value, fields, off):
    books = [line(1, 10_000), line(2, 20_000), line(3, 30_000)]

    answer = stacked(shop, offer("one", value, **fields), lines=books)

    assert answer["amounts"]["reductions"] == off
    assert sum(part["amount"] for step in answer["waterfall"] for part in step["lines"]) == off


def test_the_second_10_percent_is_of_2700_running_and_of_3000_on_the_list_price(shop):
    second = offer("second", {"percent": "10"})

    assert stacked(shop, TENTH, second)["amounts"]["payable"] == 243_000
    assert stacked(shop, TENTH, second | {"base": "list"})["amounts"]["payable"] == 240_000


def test_offers_that_exclude_each_other_name_the_one_that_applies(shop):
    answer = stacked(shop, TENTH, offer("big", {"amount": 50_000}, exclusions=["tenth"]))

    assert steps(answer) == [("big", 50_000)]
    verdict = answer["withheld"][0]
    assert (verdict["offer"], verdict["code"], verdict["figures"]) == ("tenth", "excluded_by", {"offer": "big"})


def test_374_92_at_merchant_60_and_brand_40_is_224_95_and_149_97(shop):
    funders = [{"party": "merchant", "share": "60"}, {"party": "brand", "share": "40"}]

    answer = stacked(shop, offer("shared", {"amount": 37_492}, funders=funders))

    assert answer["waterfall"][0]["funders"] == [
        {"party": "merchant", "id": shop.merchant_public, "amount": 22_495},
        {"party": "brand", "amount": 14_997},
    ]


def test_lanes_keep_their_order_whatever_the_priority_and_the_order_of_the_request(shop):
    brand = offer("brand", {"percent": "10"}, kind="brand_rebate", lane="brand", priority=9)
    channel = offer("channel", {"amount": 1_000}, lane="channel", priority=99)

    forth, back = stacked(shop, channel, brand, TENTH), stacked(shop, TENTH, brand, channel)

    assert forth == back
    assert steps(forth) == [("tenth", 30_000), ("brand", 27_000), ("channel", 1_000)]
    assert forth["amounts"]["channel_reductions"] == 1_000


def test_a_claim_adds_the_rules_of_the_day_after_the_shops_500(shop):
    answer = stacked(shop, offer("instant", {"amount": 50_000}), lines=[PHONE], trade_in={"claim": True}, at=IN_2026)

    assert steps(answer) == [("instant", 50_000), ("trade_in", 50_000)]
    amounts = answer["amounts"]
    assert (amounts["base"], amounts["government_subsidy"], amounts["payable"]) == (549_900, 50_000, 499_900)
    subsidy = answer["waterfall"][1]
    assert (subsidy["lane"], subsidy["rule_set"]) == ("government", "cn-2026-digital")
    assert subsidy["funders"] == [{"party": "government", "id": public_id("gov", shop.government_id), "amount": 50_000}]
    assert answer["rule_sets"] == ["cn-2026-digital"]


def test_who_had_a_phone_this_year_and_who_does_not_claim_gets_no_subsidy(shop):
    had = stacked(shop, lines=[PHONE], trade_in={"claim": True, "already_claimed": {"phone": 1}}, at=IN_2026)
    rules = {"id": "rules", "kind": "trade_in", "lane": "government", "base": "running"}
    unclaimed = stacked(shop, rules, lines=[PHONE], at=IN_2026)

    assert (had["amounts"]["payable"], reasons(had)) == (599_900, {"trade_in": "per_person_limit"})
    assert (unclaimed["amounts"]["payable"], reasons(unclaimed)) == (599_900, {"rules": "not_claimed"})


def test_a_subsidy_with_its_own_value_is_a_rule_to_try(shop):
    rule = {"id": "20%", "kind": "trade_in", "lane": "government", "base": "running", "cap": 80_000}

    answer = stacked(shop, rule | {"value": {"percent": "20"}}, lines=[PHONE])

    assert (answer["waterfall"][0]["kind"], answer["amounts"]["government_subsidy"]) == ("trade_in", 80_000)


def test_the_old_items_credit_of_600_is_a_step_of_its_own_and_a_credit_to_try_needs_no_old_item(shop):
    own = stacked(shop, lines=[PHONE], trade_in={"old_item": {"category": "phone", "credit": 60_000}})
    tried = stacked(
        shop,
        {"id": "more", "kind": "old_item_credit", "lane": "old_item", "base": "running", "value": {"amount": 60_000}},
        lines=[PHONE],
    )

    assert (steps(own), own["amounts"]["old_item_credit"]) == ([("old_item_credit", 60_000)], 60_000)
    assert (steps(tried), tried["waterfall"][0]["kind"]) == ([("more", 60_000)], "old_item_credit")


def test_13_offers_are_searched_greedily_and_nothing_is_stored(shop):
    answer = stacked(shop, *[offer(f"o{number}", {"amount": 1_000}, group="g") for number in range(13)])

    assert (answer["search"], answer["amounts"]["reductions"]) == ("greedy", 1_000)
    assert shop.get("campaigns").json()["data"] == []


def test_a_browser_a_brand_and_no_offer_at_all_are_answered_and_no_key_is_not(shop):
    browser = shop.key(shop.merchant_id, kind="publishable")

    assert stacked(shop, TENTH, secret=browser) == stacked(shop, TENTH)
    assert stacked(shop, TENTH, secret=shop.key(shop.brand_id))["waterfall"][0]["funders"] == [
        {"party": "merchant", "amount": 30_000}
    ]
    assert stacked(shop)["amounts"]["payable"] == 300_000
    assert shop.post("calculators/stack", asked(), secret="sk_test_unknown").status_code == 401


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"value": None}, "/value"),
        ({"value": {}}, "/value"),
        ({"value": {"amount": 1, "percent": "1"}}, "/value"),
        ({"value": {"amount": 1.5}}, "/value/amount"),
        ({"value": {"amount": -1}}, "/value/amount"),
        ({"value": {"percent": 10}}, "/value/percent"),
        ({"value": {"percent": "0"}}, "/value/percent"),
        ({"value": {"percent": "100.1"}}, "/value/percent"),
        ({"value": {"steps": []}}, "/value/steps"),
        ({"value": {"steps": [{"from": 1, "off": 2}]}}, "/value/steps/0/off"),
        ({"value": {"cheapest_free": {"every": 3, "free": 3}}}, "/value/cheapest_free/free"),
        ({"value": {"half": 1}}, "/value/half"),
        ({"kind": "interest_free"}, "/kind"),
        ({"lane": "interest"}, "/lane"),
        ({"group": "g", "group_mode": "at_most:0"}, "/group_mode"),
        ({"max_units": 0}, "/max_units"),
        ({"min_amount": 2, "max_amount": 1}, "/max_amount"),
        ({"funders": [{"party": "merchant", "share": "60"}]}, "/funders"),
        ({"funders": [{"party": "merchant"}]}, "/funders/0"),
        ({"colour": "red"}, "/colour"),
    ],
)
def test_an_offer_that_cannot_be_is_refused_where_it_is_wrong(shop, change, pointer):
    answer = shop.post("calculators/stack", asked(offer("good", {"amount": 1}), {**TENTH, **change}))

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    assert answer.json()["errors"][0]["pointer"] == f"/offers/1{pointer}"


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        (asked(TENTH, TENTH), "invalid_request", "/offers/1/id"),
        (asked(lines=[line(1, 5), line(1, 5)]), "invalid_request", "/lines/1/id"),
        (asked(lines=[line(1, 10**12, 2)]), "invalid_request", "/lines/0"),
        (asked(lines=[line(1, 5.5)]), "invalid_request", "/lines/0/unit_price"),
        (asked() | {"lines": []}, "invalid_request", "/lines"),
        (asked(currency="XXX"), "unknown_currency", "/currency"),
        (asked(at="0001-01-01T00:00:00Z"), "invalid_request", "/at"),
        (asked(trade_in={"on": "2026-01-01"}), "invalid_request", "/trade_in/on"),
        (asked(down_payment=1), "invalid_request", "/down_payment"),
    ],
)
def test_a_basket_that_cannot_be_is_refused_where_it_is_wrong(shop, body, code, pointer):
    answer = shop.post("calculators/stack", body)

    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.json()["errors"][0]["pointer"] == pointer
