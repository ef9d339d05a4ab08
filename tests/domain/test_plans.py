"""Plans: fees, waivers, funders, mixed baskets, caps, and the reasons why a plan is not offered."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.funding import fund
from domain.offers import Funder, Scope, TermOffer
from domain.priced import FunderAmount
from domain.quote import DownPaymentTooHigh, price
from tests.domain.shop import (
    SHARED,
    amount_off,
    catalogue,
    codes,
    interest_free,
    line,
    offer,
    product,
    purchase,
    subsidy,
)


def plans_of(*offers, buy=None, products=None):
    answer = price(purchase=buy or purchase(line("1", 499_900)), catalogue=catalogue(*offers, products=products))
    return {plan.id: plan for plan in answer.plans}


def test_twelve_interest_free_payments_to_the_fen():
    plan = plans_of(interest_free())["flat12"]

    assert (plan.lender_fee_minor, plan.waived_fee_minor, plan.buyer_fee_minor) == (37_492, 37_492, 0)
    assert plan.funders == (FunderAmount("merchant", "mer_1", 22_495), FunderAmount("brand", "brd_1", 14_997))
    assert (plan.first_installment_minor, plan.installment_minor) == (41_662, 41_658)
    assert (plan.annual_cost.simple, plan.before_subsidy.simple) == ("0.00", "13.57")
    assert plan.before_subsidy.compound == "14.44"
    assert plan.schedule[0].due_on == date(2026, 12, 21)
    assert (plan.campaign_id, plan.version, plan.product_version) == ("cam_free", 1, 1)


def test_without_a_campaign_the_buyer_pays_the_plain_price():
    plan = plans_of()["flat3"]

    assert (plan.lender_fee_minor, plan.waived_fee_minor, plan.buyer_fee_minor) == (11_498, 0, 11_498)
    assert (plan.funders, plan.campaign_id) == ((), None)
    assert plan.annual_cost == plan.before_subsidy


def test_any_waived_part_is_priced_at_the_merchants_rate():
    plan = plans_of(interest_free(share_ppm=500_000))["flat3"]

    assert (plan.lender_fee_minor, plan.waived_fee_minor, plan.buyer_fee_minor) == (8_998, 4_499, 4_499)


def test_a_campaign_that_leaves_more_to_pay_than_the_plain_price_is_not_used():
    dear = product(rates=((12, 50_000, 75_000),))

    plan = plans_of(interest_free(share_ppm=100_000), products=[dear])["flat12"]

    assert (plan.campaign_id, plan.buyer_fee_minor) == (None, 24_995)


def test_the_campaign_that_waives_most_is_taken_and_the_other_says_why():
    answer = price(
        purchase=purchase(line("1", 499_900)),
        catalogue=catalogue(
            interest_free("cam_half", share_ppm=500_000, terms=(12,), priority=9),
            interest_free("cam_full", terms=(12,)),
            interest_free("cam_also", terms=(12,), priority=1),
        ),
    )

    assert {plan.term: plan.campaign_id for plan in answer.plans} == {3: None, 6: None, 12: "cam_also"}
    assert codes(answer) == {"cam_half": "lost_to_better_combination", "cam_full": "lost_to_better_combination"}


def test_a_mixed_basket_waives_the_fee_of_the_covered_lines_share():
    basket = purchase(line("1", 300_000), line("2", 200_000, category="case"))
    phones = interest_free(include=Scope(categories=frozenset({"phone"})))

    plan = plans_of(phones, buy=basket)["flat12"]

    assert (plan.lender_fee_minor, plan.waived_fee_minor, plan.buyer_fee_minor) == (37_500, 22_500, 15_000)


def test_minimum_and_maximum_test_the_financed_amount():
    basket = purchase(line("1", 499_900), down_payment_minor=100_000)
    low = TermOffer(term=12, min_minor=400_000)
    free = offer("cam_free", kind="interest_free", lane="interest", terms=(low,), funders=SHARED)

    answer = price(purchase=basket, catalogue=catalogue(free, interest_free("cam_big", min_minor=399_901)))

    assert {plan.campaign_id for plan in answer.plans} == {None}
    assert answer.withheld[0].figures == {"required": 399_901, "actual": 399_900}
    assert codes(answer) == {"cam_free": "below_minimum_amount", "cam_big": "below_minimum_amount"}


def test_an_interest_campaign_yields_to_the_price_it_is_excluded_by():
    cut = amount_off("cam_cut", 100)
    free = interest_free(exclusions=frozenset({"cam_cut"}))
    selfish = interest_free("cam_self", with_trade_in=False)

    answer = price(purchase=purchase(claim=True), catalogue=catalogue(cut, free, selfish, subsidy()))

    assert codes(answer) == {"cam_free": "excluded_by", "cam_self": "not_with_trade_in"}


def test_the_lenders_own_share_comes_first():
    plan = plans_of(interest_free(), products=[product(funder_share_lender_ppm=100_000)])["flat12"]

    assert plan.funders == (
        FunderAmount("lender", "len_1", 3_749),
        FunderAmount("merchant", "mer_1", 20_246),
        FunderAmount("brand", "brd_1", 13_497),
    )


def test_a_plan_above_the_cap_is_withheld_unless_the_campaign_brings_it_below():
    dear = product(rates=((12, 135_000, 135_000),))
    buy = purchase(line("1", 1_000_000))

    withheld = price(purchase=buy, catalogue=catalogue(products=[dear])).withheld
    answer = plans_of(interest_free(), buy=buy, products=[dear])

    assert [(verdict.code, verdict.figures, verdict.term) for verdict in withheld] == [
        ("annual_cost_above_cap", {"cap": "24", "actual": "24.05"}, 12)
    ]
    assert answer["flat12"].before_subsidy.simple == "24.05"


@pytest.mark.parametrize(
    ("facts", "buy", "code", "figures"),
    [
        ({"currency": "JPY"}, {}, "currency_mismatch", {"required": "JPY", "actual": "CNY"}),
        ({"min_minor": 500_000}, {}, "below_lender_minimum", {"required": 500_000, "actual": 499_900}),
        ({"max_minor": 499_899}, {}, "above_lender_maximum", {"allowed": 499_899, "actual": 499_900}),
        ({}, {"terms": (24,)}, "term_not_offered", {"term": 24}),
        ({"valid_from": date(2026, 11, 22)}, {}, "not_started", {"starts_at": "2026-11-22"}),
        ({"valid_to": date(2026, 11, 21)}, {}, "ended", {"ended_at": "2026-11-21"}),
    ],
)
def test_why_a_plan_is_not_offered(facts, buy, code, figures):
    shop = catalogue(products=[product(rates=((12, 75_000, 75_000),), **facts)])

    answer = price(purchase=purchase(line("1", 499_900), **buy), catalogue=shop)

    assert answer.plans == ()
    assert [(verdict.code, verdict.figures) for verdict in answer.withheld] == [(code, figures)]
    assert answer.withheld[0].product == "flat"


def test_lenders_that_were_not_asked_for_are_told_only_when_all_is():
    shop = catalogue(products=[product(rates=((12, 75_000, 75_000),))])
    buy = purchase(lenders=("len_9",))

    assert price(purchase=buy, catalogue=shop).withheld == ()
    assert codes(price(purchase=buy, catalogue=shop, explain_all=True), kind="plan") == {"flat": "lender_not_requested"}


def test_plan_ids_are_unique_when_lenders_share_a_name():
    plans = plans_of(products=[product(), product(lender_id="len_2")])

    assert set(plans) == {"flat3", "flat6", "flat12", "flat3-len_2-1", "flat6-len_2-1", "flat12-len_2-1"}


def test_one_plan_is_recommended_the_longest_of_the_cheapest():
    plans = plans_of(interest_free(terms=(3, 6)))

    assert [plan.id for plan in plans.values() if plan.recommended] == ["flat6"]


def test_the_day_of_sale_is_the_merchants_own():
    plan = plans_of(buy=purchase(at=datetime(2026, 1, 30, 16, 30, tzinfo=UTC)))["flat3"]

    assert [row.due_on for row in plan.schedule] == [date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]


def test_nothing_left_to_pay_is_nothing_to_finance():
    answer = price(
        purchase=purchase(line("1", 10_000)),
        catalogue=catalogue(amount_off("cam_all", 10_000), interest_free(), products=[product(min_minor=0)]),
    )

    assert answer.amounts.financed_minor == 0
    assert answer.plans == ()
    assert codes(answer, kind="plan") == {"flat": "below_lender_minimum"}


def test_a_down_payment_above_what_the_merchant_allows_is_refused():
    with pytest.raises(DownPaymentTooHigh) as refused:
        price(purchase=purchase(down_payment_minor=599_901), catalogue=catalogue())

    assert refused.value.figures == {"maximum": 599_900, "actual": 599_901}


def test_no_cost_emi_takes_the_interest_off_inside_the_price():
    emi = product("emi", method="interest_only_discount", rounding="emi_half_up", rates=((3, 150_000, 150_000),))

    plan = plans_of(interest_free(terms=(3,)), buy=purchase(line("1", 1_500_000)), products=[emi])["emi3"]

    assert (plan.lender_fee_minor, plan.waived_fee_minor, plan.buyer_fee_minor) == (36_733, 36_733, 0)
    assert [row.amount_minor for row in plan.schedule] == [500_000, 500_000, 500_000]
    assert plan.total_payable_minor == plan.financed_minor == 1_500_000
    assert plan.before_subsidy.simple == "15.00"


def funder(name, **facts):
    return Funder(party="brand", id=name, **facts)


@pytest.mark.parametrize(
    ("funders", "expected"),
    [
        ((), [("mer_1", 1_000)]),
        ((funder("a", share_ppm=333_333), funder("b", share_ppm=666_667)), [("a", 333), ("b", 667)]),
        ((funder("a", share_ppm=600_000, cap_minor=100), funder("b", share_ppm=400_000)), [("a", 100), ("b", 900)]),
        ((funder("a", share_ppm=600_000), funder("b", share_ppm=400_000, cap_minor=100)), [("a", 900), ("b", 100)]),
        ((funder("a", amount_minor=300), funder("b", share_ppm=1_000_000)), [("a", 300), ("b", 700)]),
        ((funder("a", amount_minor=300),), [("a", 300), ("mer_1", 700)]),
        ((funder("a", amount_minor=3_000),), [("a", 1_000)]),
        (
            (funder("a", share_ppm=500_000, cap_minor=10), funder("b", share_ppm=500_000, cap_minor=20)),
            [("a", 10), ("b", 990)],
        ),
        (
            (
                funder("a", share_ppm=500_000, cap_minor=100),
                funder("b", share_ppm=250_000, cap_minor=300),
                funder("c", share_ppm=250_000),
            ),
            [("a", 100), ("b", 300), ("c", 600)],
        ),
    ],
)
def test_funders_share_a_thousand(funders, expected):
    paid = fund(total=1_000, funders=funders, merchant_id="mer_1")

    assert [(one.id, one.amount_minor) for one in paid] == expected


@settings(max_examples=80, deadline=None)
@given(
    total=st.integers(1, 10**9),
    parts=st.lists(
        st.tuples(st.integers(0, 10**6), st.none() | st.integers(0, 10**8), st.none() | st.integers(0, 10**8)),
        max_size=4,
    ),
)
def test_funders_always_re_add(total, parts):
    funders = [
        funder(str(n), share_ppm=share, cap_minor=cap, amount_minor=fixed)
        for n, (share, cap, fixed) in enumerate(parts)
    ]

    paid = fund(total=total, funders=funders, merchant_id="mer_1")

    assert sum(one.amount_minor for one in paid) == total
    assert all(one.amount_minor > 0 for one in paid)


@settings(max_examples=60, deadline=None)
@given(
    price_minor=st.integers(1_000, 10**8),
    share=st.integers(0, 1_000_000),
    rate=st.integers(0, 130_000),
    method=st.sampled_from(["flat_fee", "annuity", "equal_principal", "interest_only_discount"]),
    rounding=st.sampled_from(["huabei", "card", "emi_half_up", "total_and_installment_down"]),
)
def test_the_columns_of_every_plan_re_add(price_minor, share, rate, method, rounding):
    card = product(method=method, rounding=rounding, rates=((12, rate, rate),), min_minor=1, max_minor=10**9)

    for plan in plans_of(
        interest_free(share_ppm=share), buy=purchase(line("1", price_minor)), products=[card]
    ).values():
        assert plan.lender_fee_minor == plan.waived_fee_minor + plan.buyer_fee_minor
        assert sum(one.amount_minor for one in plan.funders) == plan.waived_fee_minor
        assert sum(row.principal_minor for row in plan.schedule) == plan.financed_minor == price_minor
        assert sum(row.fee_minor for row in plan.schedule) == plan.buyer_fee_minor
        assert sum(row.amount_minor for row in plan.schedule) == plan.total_payable_minor
        assert min(row.amount_minor for row in plan.schedule) >= 0
