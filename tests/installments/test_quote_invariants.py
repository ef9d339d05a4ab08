"""What any client may check of any quote, on generated baskets and campaigns; and that nothing depends on their order."""

import os
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.verdicts import VERDICTS
from foundation.ids import public_id
from installments import messages
from tests.installments.shop import Shop

pytestmark = pytest.mark.usefixtures("database")
EXAMPLES = 2_000 if os.environ.get("FENQI_FULL") == "1" else 60

CATEGORIES = ["phone", "phone.flagship", "refrigerator", "tablet", "case", "no-such-category"]
LINE = st.fixed_dictionaries(
    {
        "sku": st.sampled_from(["A", "B", "C", "D"]),
        "category": st.sampled_from(CATEGORIES),
        "quantity": st.integers(1, 5),
        "unit_price": st.one_of(st.integers(1, 900_000), st.sampled_from([1, 599_900, 600_000, 600_001, 30_000_000])),
        "energy_grade": st.sampled_from([None, 1, 2]),
        "brand": st.sampled_from([None, "Obsidian"]),
    }
)
BASKET = st.fixed_dictionaries(
    {
        "lines": st.lists(LINE, min_size=1, max_size=6),
        "channel": st.sampled_from(["online", "pos", "live_stream"]),
        "trade_in": st.sampled_from(
            [
                None,
                {"claim": True},
                {"claim": False, "old_item": {"category": "phone", "credit": 30_000}},
                {"claim": True, "old_item": {"category": "case", "credit": 12_345}},
            ]
        ),
        "coupons": st.sampled_from([[], ["SAVE"], ["NOPE", "SAVE"]]),
        "buyer": st.sampled_from([None, {"reference": "li", "groups": ["vip"]}]),
        "down_payment": st.integers(0, 3),
    }
)


def well_stocked(shop):
    """A shop with a campaign of every price kind, exclusions, groups, caps, co-funders and three interest campaigns."""
    brand = {"party": "brand", "id": public_id("brd", shop.brand_id)}
    both = [{"party": "merchant", "share": "60"}, {**brand, "share": "40"}]
    first = shop.campaign(value={"amount": 7_777}, scope={"include": {"skus": ["A", "B"]}}, refresh=False)
    shop.campaign(
        kind="spend_and_save",
        value={"steps": [{"from": 100_000, "off": 9_999}, {"from": 300_000, "off": 33_333}]},
        exclusions=[first["id"]],
        refresh=False,
    )
    shop.campaign(kind="coupon", value={"percent": "7.77"}, codes=["SAVE"], cap=50_000, refresh=False)
    shop.campaign(
        kind="brand_rebate",
        value={"percent": "3.3"},
        base="list",
        funders=[{**brand, "share": "100"}],
        scope={"include": {"categories": ["phone"]}},
        with_trade_in=False,
        refresh=False,
    )
    shop.campaign(kind="platform_coupon", value={"per_unit": 101}, funders=both, group="g", refresh=False)
    shop.trade_in(refresh=False)
    shop.interest_free(funders=both, terms=[{"term": 3}, {"term": 12, "waived_share": "60"}], refresh=False)
    shop.interest_free(scope={"include": {"categories": ["phone"]}}, terms=[{"term": 12}], min_amount=100_000)


@settings(max_examples=EXAMPLES, suppress_health_check=[*HealthCheck])
@given(basket=BASKET)
def check_one(shop, basket):
    lines = [
        {name: value for name, value in {**line, "id": str(number)}.items() if value is not None}
        for number, line in enumerate(basket["lines"], start=1)
    ]
    fields = {name: value for name, value in {**basket, "lines": lines}.items() if value is not None}
    answer = shop.ask(**fields)
    if answer.status_code == 422:
        assert answer.json()["code"] == "down_payment_too_high"
        return
    assert answer.status_code == 200, answer.content
    quote = answer.json()

    amounts_re_add(quote)
    waterfall_re_adds(quote)
    plans_re_add(quote)
    everything_is_said_twice(quote)
    turned = shop.quote(**{**fields, "lines": lines[::-1]})
    for name in ("amounts", "plans", "withheld"):
        assert sorted(map(str, quote[name])) == sorted(map(str, turned[name]))


def test_every_quote_re_adds_explains_itself_and_does_not_depend_on_order(database):
    shop = Shop()
    well_stocked(shop)

    check_one(shop)


def amounts_re_add(quote):
    amounts = quote["amounts"]
    assert amounts["list"] - amounts["reductions"] == amounts["base"]
    assert (
        amounts["base"] - amounts["government_subsidy"] - amounts["old_item_credit"] - amounts["channel_reductions"]
        == amounts["payable"]
    )
    assert amounts["payable"] - amounts["down_payment"] == amounts["financed"]
    assert min(amounts.values()) >= 0


def waterfall_re_adds(quote):
    off = 0
    for step in quote["waterfall"]:
        assert step["amount"] > 0
        assert sum(funder["amount"] for funder in step["funders"]) == step["amount"]
        assert sum(line["amount"] for line in step["lines"]) == step["amount"]
        units = step.get("units", [])
        assert not units or sum(group["units"] * group["subsidy"] for group in units) == step["amount"]
        off += step["amount"]
    assert quote["amounts"]["list"] - off == quote["amounts"]["payable"]


def plans_re_add(quote):
    for plan in quote["plans"]:
        assert plan["lender_fee"] == plan["waived_fee"] + plan["buyer_fee"]
        assert sum(funder["amount"] for funder in plan["funders"]) == plan["waived_fee"]
        rows = plan["schedule"]
        assert len(rows) == plan["term"]
        assert sum(row["principal"] for row in rows) == plan["financed"] == quote["amounts"]["financed"]
        assert sum(row["fee"] for row in rows) == plan["buyer_fee"]
        assert sum(row["amount"] for row in rows) == plan["total_payable"]
        assert all(row["amount"] == row["principal"] + row["fee"] and row["principal"] >= 0 for row in rows)
        assert float(plan["annual_cost"]["simple"]) <= 24
        assert plan["buyer_fee"] or plan["annual_cost"]["simple"] == "0.00"
    assert sum(plan["recommended"] for plan in quote["plans"]) == bool(quote["plans"])
    assert len({plan["id"] for plan in quote["plans"]}) == len(quote["plans"])


def everything_is_said_twice(quote):
    for said in (*quote["plans"], *quote["withheld"]):
        assert set(said["message"]) == {"zh-CN", "en"}
        assert all(said["message"].values())
        assert "{" not in "".join(said["message"].values())


def test_every_verdict_of_the_domain_has_its_sentence_and_no_sentence_lacks_a_verdict():
    assert messages.codes_with_sentences() == {verdict.code for verdict in VERDICTS}


def test_sentences_of_plans_name_the_odd_instalment_and_what_the_buyer_pays(database):
    shop = Shop(lender="bank_annuity")

    plans = {plan["term"]: plan for plan in shop.quote(lines=[line(100_000)])["plans"]}

    assert plans[3]["message"] == {
        "zh-CN": "分3期，每期¥337.34，息费共¥12.02",
        "en": "3 payments of ¥337.34; ¥12.02 interest in total",
    }
    odd = plans[12]
    assert odd["first_installment"] != odd["last_installment"]
    assert "每期¥" in odd["message"]["zh-CN"]
    assert "，末期¥" in odd["message"]["zh-CN"]
    shop.interest_free(terms=[{"term": 3, "waived_share": "50"}])
    reduced = next(plan for plan in shop.quote(lines=[line(100_000)])["plans"] if plan["term"] == 3)
    assert reduced["message"]["zh-CN"].startswith("3期低息，")
    assert "3 payments at reduced interest" in reduced["message"]["en"]


def line(price):
    return {"id": "1", "sku": "X", "category": "phone", "quantity": 1, "unit_price": price}


def test_the_loan_interest_subsidy_is_information_and_only_where_the_buyer_pays_interest(database):
    shop = Shop()
    assert [one["code"] for one in shop.quote()["information"]] == ["loan_interest_subsidy"]

    shop.interest_free(terms=[{"term": 3}, {"term": 6}, {"term": 12}])

    assert shop.quote()["information"] == []
    later = (shop.now + timedelta(days=90)).isoformat()
    assert shop.quote(at=later, terms=[3])["information"] == []
