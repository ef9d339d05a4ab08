"""Eligibility: every code with its figures, and windows that are half-open."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from domain.eligibility import judge, setting_of
from domain.offers import Scope, WeeklyHours
from domain.priced import Withheld
from domain.quote import price
from domain.verdicts import FIGURES, VERDICTS
from tests.domain.shop import (
    MERCHANT,
    NOON,
    amount_off,
    catalogue,
    codes,
    interest_free,
    line,
    offer,
    percent_off,
    purchase,
    subsidy,
)


def judged(one, buy):
    return judge(offer=one, setting=setting_of(purchase=buy, merchant=MERCHANT))


def scope(**sets):
    return Scope(**{name: frozenset(values) for name, values in sets.items()})


@pytest.mark.parametrize(
    ("facts", "buy", "code", "figures"),
    [
        ({"starts_at": NOON + timedelta(seconds=1)}, {}, "not_started", {"starts_at": "2026-11-21T12:00:01+08:00"}),
        ({"ends_at": NOON}, {}, "ended", {"ended_at": "2026-11-21T12:00:00+08:00"}),
        ({"state": "paused"}, {}, "campaign_paused", {}),
        ({"state": "exhausted"}, {}, "budget_exhausted", {}),
        ({}, {"currency": "JPY"}, "currency_mismatch", {"required": "CNY", "actual": "JPY"}),
        ({"include": scope(channels=["pos"])}, {}, "channel_not_covered", {"channel": "online"}),
        ({"exclude": scope(channels=["online"])}, {}, "channel_not_covered", {"channel": "online"}),
        ({"include": scope(stores=["sto_1"])}, {"store_id": "sto_2"}, "store_not_covered", {"store": "sto_2"}),
        ({"include": scope(stores=["sto_1"])}, {}, "store_not_covered", {"store": ""}),
        ({"include": scope(regions=["CN-SH"])}, {"region": "CN-JS"}, "region_not_covered", {"region": "CN-JS"}),
        ({"include": scope(regions=["CN-SH"])}, {"store_id": "sto_2"}, "region_not_covered", {"region": "CN-JS"}),
        ({"include": scope(buyer_groups=["vip"])}, {"buyer_groups": ("new",)}, "buyer_group_not_covered", {}),
        ({"exclude": scope(buyer_groups=["staff"])}, {"buyer_groups": ("staff",)}, "buyer_group_not_covered", {}),
        ({"codes": frozenset({"SAVE"})}, {}, "coupon_missing", {}),
        ({"min_quantity": 2}, {}, "below_minimum_quantity", {"required": 2, "actual": 1}),
        ({"kind": "old_item_credit", "lane": "old_item"}, {}, "old_item_missing", {}),
        ({"include": scope(skus=["OTHER"])}, {}, "product_not_covered", {}),
        ({"exclude": scope(categories=["phone"])}, {}, "product_not_covered", {}),
    ],
)
def test_the_first_reason_and_its_figures(facts, buy, code, figures):
    verdict = judged(amount_off("cam_1", 100, **facts), purchase(**buy))

    assert isinstance(verdict, Withheld)
    assert (verdict.code, verdict.figures, verdict.campaign_id) == (code, figures, "cam_1")
    assert tuple(figures) == FIGURES[code]


@pytest.mark.parametrize(
    ("facts", "buy"),
    [
        ({"starts_at": NOON}, {}),
        ({"ends_at": NOON + timedelta(microseconds=1)}, {}),
        ({"state": "scheduled"}, {}),
        ({"include": scope(regions=["CN-SH"])}, {"store_id": "sto_1"}),
        ({"include": scope(buyer_groups=["vip", "new"])}, {"buyer_groups": ("new",)}),
        ({"codes": frozenset({"SAVE"})}, {"coupons": ("OTHER", "SAVE")}),
        ({"include": scope(categories=["phone"])}, {}),
        ({"include": scope(skus=["SKU-1"], categories=["phone.flagship"])}, {}),
    ],
)
def test_what_meets_the_offer(facts, buy):
    assert judged(amount_off("cam_1", 100, **facts), purchase(**buy)) == (0,)


def test_scope_and_exclusions_pick_the_lines():
    basket = purchase(
        line("1", category="phone.flagship", brand="ACME"),
        line("2", category="phone", brand="ACME"),
        line("3", category="phones", brand="ACME"),
        line("4", category="phone", brand=None),
    )

    covered = judged(
        amount_off("cam_1", 100, include=scope(categories=["phone"], brands=["ACME"]), exclude=scope(skus=["SKU-2"])),
        basket,
    )

    assert covered == (0,)


@pytest.mark.parametrize(
    ("minute", "applies"),
    [("11:59", False), ("12:00", True), ("13:59", True), ("14:00", False)],
)
def test_weekly_hours_are_the_merchants_own_and_half_open(minute, applies):
    hour, minutes = map(int, minute.split(":"))
    at = datetime(2026, 11, 21, hour - 8, minutes, tzinfo=UTC)
    saturday_noon = (WeeklyHours(days=(6,), from_minute=12 * 60, to_minute=14 * 60),)

    verdict = judged(amount_off("cam_1", 100, weekly_hours=saturday_noon), purchase(at=at))

    assert (verdict == (0,)) is applies
    if not applies:
        assert verdict.figures == {"weekday": 6, "minute": hour * 60 + minutes}


def test_withheld_tells_of_offers_that_meet_a_line_and_of_coupons():
    shop = catalogue(
        amount_off("cam_out", 100, include=scope(skus=["OTHER"])),
        amount_off("cam_named", 100, include=scope(skus=["OTHER"]), codes=frozenset({"SAVE"})),
        amount_off("cam_pos", 100, include=scope(channels=["pos"])),
        products=(),
    )

    told = price(purchase=purchase(coupons=("SAVE", "NOPE")), catalogue=shop)
    all_told = price(purchase=purchase(coupons=("SAVE", "NOPE")), catalogue=shop, explain_all=True)

    assert codes(told) == {"cam_named": "product_not_covered", "cam_pos": "channel_not_covered"}
    assert codes(all_told) == codes(told) | {"cam_out": "product_not_covered"}
    assert [verdict.figures for verdict in told.withheld if verdict.kind == "coupon"] == [{"coupon": "NOPE"}]


@pytest.mark.parametrize(
    ("buy", "code"),
    [
        ({"claim": False}, "not_claimed"),
        ({"at": datetime(2027, 1, 1, tzinfo=UTC)}, "ended"),
        ({"at": datetime(2026, 12, 31, 16, 0, tzinfo=UTC)}, "outside_effective_dates"),
    ],
)
def test_the_subsidy_is_of_the_local_day_and_of_those_who_ask(buy, code):
    shop = catalogue(subsidy(), products=())

    answer = price(purchase=purchase(**{"claim": True, **buy}), catalogue=shop)

    assert codes(answer) == {"cam_gov": code}


def test_a_programme_only_uses_its_own_rules():
    shop = catalogue(subsidy(programme="cn-appliance"), products=())

    answer = price(purchase=purchase(claim=True), catalogue=shop)

    assert codes(answer) == {"cam_gov": "category_not_covered"}


def test_every_code_that_pricing_gives_is_listed_with_its_figures():
    shop = catalogue(
        subsidy(),
        percent_off("cam_a", 100_000, group="g"),
        percent_off("cam_b", 90_000, group="g"),
        amount_off("cam_c", 100, max_minor=1),
        amount_off("cam_d", 100, with_trade_in=False),
        interest_free(min_minor=900_000),
        offer("cam_e", value=None),
    )

    answer = price(
        purchase=purchase(line("1", 500_000, quantity=2), claim=True, terms=(12, 48), lenders=("len_1",)),
        catalogue=replace(shop, products=(replace(shop.products[0], min_minor=2_000_000),)),
        explain_all=True,
    )

    assert len({verdict.code for verdict in answer.withheld}) >= 6
    for verdict in answer.withheld:
        assert set(verdict.figures) <= set(FIGURES[verdict.code])
    assert len(FIGURES) == len(VERDICTS)
