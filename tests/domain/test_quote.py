"""A whole quote: invariants of the API, the same bytes for the same question, and nothing left unexplained."""

from itertools import permutations
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from domain.canonical import digest, priced_bytes, priced_from, purchase_bytes, purchase_from
from domain.index import build_index
from domain.offers import Scope
from domain.purchase import OldItem, TradeIn
from domain.quote import price
from tests.domain.shop import (
    NOON,
    amount_off,
    catalogue,
    interest_free,
    line,
    percent_off,
    product,
    purchase,
    subsidy,
)

SHOP = catalogue(
    amount_off("cam_cut", 50_000, exclusions=frozenset({"cam_b"})),
    percent_off("cam_b", 70_000, lane="brand"),
    percent_off("cam_bank", 10_000, lane="channel"),
    subsidy(),
    interest_free(),
    interest_free("cam_pos", include=Scope(channels=frozenset({"pos"}))),
    products=[product(), product("easy", rates=((24, 150_000, 150_000),))],
)
BASKET = purchase(
    line("1", 599_900),
    line("2", 9_900, category="case", quantity=3),
    line("10", 101, category="cable"),
    coupons=("NOPE", "ALSO"),
    down_payment_minor=10_001,
    trade_in=TradeIn(claim=True, old_item=OldItem(category="phone", credit_minor=20_000)),
)


def test_the_invariants_of_the_answer_hold():
    answer = price(purchase=BASKET, catalogue=SHOP)

    amounts = answer.amounts
    after_base = amounts.government_subsidy_minor + amounts.old_item_credit_minor + amounts.channel_reductions_minor
    assert amounts.list_minor - amounts.reductions_minor == amounts.base_minor
    assert amounts.base_minor - after_base == amounts.payable_minor
    assert amounts.payable_minor - amounts.down_payment_minor == amounts.financed_minor
    assert amounts.old_item_credit_minor == 20_000
    assert [step.lane for step in answer.waterfall] == ["merchant", "government", "old_item", "channel"]
    assert sum(step.amount_minor for step in answer.waterfall) == amounts.list_minor - amounts.payable_minor
    assert answer.rule_sets == ("cn-2026-digital",)
    assert sum(plan.recommended for plan in answer.plans) == 1
    assert len({plan.id for plan in answer.plans}) == len(answer.plans) == 4


def test_every_offer_is_used_or_explained():
    answer = price(purchase=BASKET, catalogue=SHOP)

    used = {step.campaign_id for step in answer.waterfall} | {plan.campaign_id for plan in answer.plans}
    told = {verdict.campaign_id for verdict in answer.withheld}
    assert used | told >= {offer.campaign_id for offer in SHOP.offers}


def test_the_same_question_has_the_same_digest_in_any_order():
    index = build_index(SHOP)
    expected = digest(price(purchase=BASKET, catalogue=SHOP))

    assert digest(price(purchase=BASKET, catalogue=SHOP, index=index)) == expected
    for lines in permutations(BASKET.lines):
        shuffled = replace(BASKET, lines=lines, coupons=("ALSO", "NOPE"))
        turned = replace(SHOP, offers=SHOP.offers[::-1], products=SHOP.products[::-1], rulesets=SHOP.rulesets[::-1])
        assert digest(price(purchase=shuffled, catalogue=turned)) == expected


def test_a_purchase_survives_its_bytes():
    document = purchase_bytes(BASKET)

    assert purchase_from(document) == BASKET
    assert purchase_bytes(purchase_from(document)) == document


def test_the_zone_an_instant_came_in_does_not_show():
    shanghai = replace(BASKET, at=NOON.astimezone(ZoneInfo("Asia/Shanghai")))

    assert purchase_bytes(shanghai) == purchase_bytes(BASKET)


def test_an_answer_survives_its_bytes():
    answer = price(purchase=BASKET, catalogue=SHOP)

    assert priced_from(priced_bytes(answer)) == answer
    assert len(digest(answer)) == 64


def test_the_old_item_without_a_campaign_is_the_shops_own():
    answer = price(purchase=BASKET, catalogue=SHOP)

    (credit,) = [step for step in answer.waterfall if step.kind == "old_item_credit"]
    assert (credit.campaign_id, credit.amount_minor) == ("", 20_000)
    assert [share.line for share in credit.lines] == ["1"]
    assert credit.funders[0].party == "merchant"
