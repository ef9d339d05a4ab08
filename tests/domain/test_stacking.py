"""Stacking: worked baskets, groups, exclusions, and a plain second implementation that must agree."""

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from domain.offers import Scope, Step, Value
from domain.purchase import OldItem, TradeIn
from domain.quote import price
from tests.domain.brute_force import cheapest
from tests.domain.shop import (
    DIGITAL,
    amount_off,
    catalogue,
    codes,
    line,
    offer,
    percent_off,
    purchase,
    subsidy,
)


def priced(*offers, buy=None, **facts):
    return price(purchase=buy or purchase(), catalogue=catalogue(*offers, products=(), **facts))


def payable(*offers, **facts):
    return priced(*offers, **facts).amounts.payable_minor


def test_a_discount_then_the_subsidy_on_what_is_left():
    answer = priced(amount_off("cam_500", 50_000), subsidy(), buy=purchase(claim=True))

    assert answer.amounts.base_minor == 549_900
    assert answer.amounts.government_subsidy_minor == 50_000
    assert answer.amounts.payable_minor == 499_900
    assert [(step.lane, step.amount_minor) for step in answer.waterfall] == [
        ("merchant", 50_000),
        ("government", 50_000),
    ]
    assert answer.search == "exact"


@pytest.mark.parametrize(
    ("value", "facts", "expected"),
    [
        (Value(amount_minor=50_000), {}, 549_900),
        (Value(amount_minor=999_900), {}, 0),
        (Value(percent_ppm=100_000), {}, 539_910),
        (Value(percent_ppm=100_000), {"cap_minor": 30_000}, 569_900),
        (Value(per_unit_minor=10_000), {}, 589_900),
        (
            Value(steps=(Step(from_minor=300_000, off_minor=5_000), Step(from_minor=599_900, off_minor=9_000))),
            {},
            590_900,
        ),
        (Value(steps=(Step(from_minor=599_901, off_minor=9_000),)), {}, 599_900),
        (Value(amount_minor=100), {"min_minor": 599_900}, 599_800),
        (Value(amount_minor=100), {"min_minor": 599_901}, 599_900),
    ],
)
def test_what_one_offer_takes_off_a_phone_of_5999(value, facts, expected):
    assert payable(offer("cam_1", value=value, **facts)) == expected


def test_a_percentage_of_the_list_price_ignores_what_came_before():
    first = amount_off("cam_a", 100_000, priority=9)

    assert payable(first, percent_off("cam_b", 100_000, base="running")) == 449_910
    assert payable(first, percent_off("cam_b", 100_000, base="list")) == 439_910


def test_of_every_three_units_the_cheapest_is_free():
    basket = purchase(line("1", 10_000, quantity=2), line("2", 8_000, quantity=4), line("3", 3_000))

    answer = priced(offer("cam_3", value=Value(cheapest_free_every=3, cheapest_free_count=1)), buy=basket)

    assert answer.amounts.reductions_minor == 3_000 + 8_000
    assert [(share.line, share.amount_minor) for share in answer.waterfall[0].lines] == [("2", 8_000), ("3", 3_000)]


def test_max_units_takes_the_cheapest_units():
    basket = purchase(line("1", 10_000, quantity=2), line("2", 8_000, quantity=2))

    assert priced(percent_off("cam_1", 500_000, max_units=3), buy=basket).amounts.reductions_minor == 13_000


def test_a_percentage_is_rounded_half_up_on_the_sum_and_then_shared():
    basket = purchase(line("1", 3_333), line("2", 3_333), line("3", 3_334))

    answer = priced(percent_off("cam_1", 333_350), buy=basket)

    assert answer.waterfall[0].amount_minor == 3_334
    assert [share.amount_minor for share in answer.waterfall[0].lines] == [1_111, 1_111, 1_112]


def test_leaving_ten_percent_out_keeps_the_basket_above_the_better_minimum():
    ten = percent_off("cam_ten", 100_000, priority=9)
    three_hundred = amount_off("cam_300", 30_000, min_minor=200_000)

    answer = priced(ten, three_hundred, buy=purchase(line("1", 210_000)))

    assert answer.amounts.payable_minor == 180_000
    assert codes(answer) == {"cam_ten": "lost_to_better_combination"}


@pytest.mark.parametrize(
    ("mode", "limit", "expected", "withheld"),
    [
        ("first", None, 599_900 - 100, {"cam_b": "group_limit", "cam_c": "group_limit"}),
        ("best", None, 599_900 - 300, {"cam_a": "group_limit", "cam_b": "group_limit"}),
        ("all", None, 599_900 - 600, {}),
        ("at_most", 2, 599_900 - 500, {"cam_a": "group_limit"}),
    ],
)
def test_group_modes(mode, limit, expected, withheld):
    offers = [
        amount_off("cam_a", 100, priority=3, group="g", group_mode=mode, group_limit=limit),
        amount_off("cam_b", 200, priority=2, group="g", group_mode=mode, group_limit=limit),
        amount_off("cam_c", 300, priority=1, group="g", group_mode=mode, group_limit=limit),
    ]

    answer = priced(*offers)

    assert answer.amounts.payable_minor == expected
    assert codes(answer) == withheld


def test_the_first_that_qualifies_takes_the_place_in_its_group():
    high = amount_off("cam_a", 900, priority=9, min_minor=700_000, group="g", group_mode="first")
    low = amount_off("cam_b", 200, group="g", group_mode="first")

    answer = priced(high, low)

    assert answer.amounts.payable_minor == 599_700
    assert codes(answer) == {"cam_a": "below_minimum_amount"}


def test_a_group_means_the_same_in_every_basket():
    elsewhere = Scope(skus=frozenset({"OTHER"}))
    offers = [
        amount_off("cam_a", 100, priority=9, group="g", group_mode="best", include=elsewhere),
        amount_off("cam_b", 200, group="g", group_mode="all"),
        amount_off("cam_c", 300, group="g", group_mode="all"),
    ]

    assert payable(*offers) == 599_600


def test_an_exclusion_named_on_one_side_holds_on_both():
    small = amount_off("cam_a", 100, exclusions=frozenset({"cam_b"}))
    large = amount_off("cam_b", 200, lane="platform")

    answer = priced(small, large)

    assert answer.amounts.payable_minor == 599_700
    assert answer.withheld[0].figures == {"campaign": "cam_b"}
    assert codes(answer) == {"cam_a": "excluded_by"}


def test_an_offer_that_changes_nothing_uses_nothing_and_bars_nobody():
    free = amount_off("cam_all", 599_900, priority=9)
    nothing = amount_off("cam_none", 500, exclusions=frozenset({"cam_all"}))

    answer = priced(free, nothing)

    assert answer.amounts.payable_minor == 0
    assert codes(answer)["cam_none"] in {"excluded_by", "zero_effect"}


def test_an_offer_that_is_not_given_with_the_subsidy_yields_on_equal_terms():
    selfish = amount_off("cam_own", 50_000, with_trade_in=False)

    answer = priced(selfish, subsidy(), buy=purchase(claim=True))

    assert answer.amounts.government_subsidy_minor == 50_000
    assert codes(answer) == {"cam_own": "not_with_trade_in"}


def test_the_larger_discount_wins_over_the_subsidy_it_is_not_given_with():
    answer = priced(amount_off("cam_own", 90_000, with_trade_in=False), subsidy(), buy=purchase(claim=True))

    assert answer.amounts.payable_minor == 509_900
    assert codes(answer) == {"cam_gov": "excluded_by"}


def test_without_a_claim_the_selfish_offer_applies():
    answer = priced(amount_off("cam_own", 50_000, with_trade_in=False), subsidy())

    assert answer.amounts.payable_minor == 549_900
    assert codes(answer) == {"cam_gov": "not_claimed"}


@pytest.mark.parametrize(
    ("price_minor", "discount", "expected", "code"),
    [
        (800_000, 200_000, 550_000, None),
        (600_000, 0, 550_000, None),
        (600_001, 0, 600_001, "price_above_ceiling"),
        (333_334, 0, 283_334, None),
        (333_330, 0, 283_330, None),
        (300_000, 0, 255_000, None),
    ],
)
def test_the_ceiling_tests_the_discounted_price(price_minor, discount, expected, code):
    offers = [subsidy(), *([amount_off("cam_cut", discount)] if discount else [])]

    answer = priced(*offers, buy=purchase(line("1", price_minor), claim=True))

    assert answer.amounts.payable_minor == expected
    assert codes(answer).get("cam_gov") == code


def test_one_phone_a_person_and_the_best_one():
    basket = purchase(line("1", 200_000), line("2", 300_000, quantity=2), claim=True)

    answer = priced(subsidy(), buy=basket)

    (step,) = answer.waterfall
    assert step.amount_minor == 45_000
    assert [(units.line, units.units, units.base_minor, units.subsidy_minor) for units in step.units] == [
        ("2", 1, 300_000, 45_000)
    ]
    assert {(verdict.code, verdict.lines) for verdict in answer.withheld} == {
        ("per_person_limit", ("1",)),
        ("per_person_limit", ("2",)),
    }


def test_what_was_claimed_before_counts():
    claimed = TradeIn(claim=True, claimed=(("phone", 1),))

    answer = priced(subsidy(), buy=purchase(trade_in=claimed))

    assert answer.amounts.government_subsidy_minor == 0
    assert answer.withheld[0].code == "per_person_limit"
    assert answer.withheld[0].figures == {"limit": 1, "claimed": 1}


def test_every_unit_has_its_own_base_and_grade():
    basket = purchase(
        line("1", 200_000, category="refrigerator", energy_grade=1, quantity=3),
        line("2", 200_000, category="refrigerator", energy_grade=2),
        claim=True,
    )

    answer = priced(amount_off("cam_1", 100), subsidy(), buy=basket)

    step = answer.waterfall[1]
    assert [(units.units, units.base_minor, units.subsidy_minor) for units in step.units] == [(3, 199_975, 29_996)]
    assert codes(answer) == {"cam_gov": "energy_grade_not_covered"}


def test_the_old_items_credit_is_in_or_out_of_the_base_by_rule_set():
    trade_in = TradeIn(claim=True, old_item=OldItem(category="phone", credit_minor=100_000))
    inside = replace(DIGITAL, old_item_in_base=True)
    basket = purchase(line("1", 300_000), trade_in=trade_in)

    out = priced(subsidy(), buy=basket)
    in_base = priced(subsidy(), buy=basket, rulesets=(inside,))

    assert (out.amounts.base_minor, out.amounts.government_subsidy_minor, out.amounts.old_item_credit_minor) == (
        300_000,
        45_000,
        100_000,
    )
    assert out.amounts.payable_minor == 155_000
    assert (in_base.amounts.base_minor, in_base.amounts.government_subsidy_minor) == (200_000, 30_000)
    assert (in_base.amounts.old_item_credit_minor, in_base.amounts.payable_minor) == (0, 170_000)


def test_a_channel_offer_comes_after_the_subsidy_unless_the_rule_set_counts_it():
    bank = percent_off("cam_bank", 100_000, lane="channel", kind="platform_coupon")
    basket = purchase(line("1", 300_000), claim=True)

    after = priced(bank, subsidy(), buy=basket)
    before = priced(bank, subsidy(), buy=basket, rulesets=(replace(DIGITAL, channel_in_base=True),))

    assert (after.amounts.channel_reductions_minor, after.amounts.payable_minor) == (25_500, 229_500)
    assert (before.amounts.reductions_minor, before.amounts.payable_minor) == (30_000, 229_500)


def test_above_twelve_candidates_the_search_is_greedy_and_says_so():
    offers = [amount_off(f"cam_{number:02}", 100) for number in range(13)]

    answer = priced(*offers)

    assert answer.search == "greedy"
    assert answer.amounts.payable_minor == 599_900 - 1_300


def test_greedy_respects_groups_and_exclusions():
    offers = [amount_off(f"cam_{number:02}", 100 + number, group="g") for number in range(12)]
    offers += [amount_off("cam_x", 500, exclusions=frozenset({"cam_y"})), amount_off("cam_y", 400)]

    answer = priced(*offers)

    assert answer.search == "greedy"
    assert answer.amounts.payable_minor == 599_900 - 111 - 500


def test_the_order_of_offers_and_lines_never_changes_money():
    offers = [
        percent_off("cam_a", 33_333),
        amount_off("cam_b", 101, include=Scope(skus=frozenset({"SKU-2", "SKU-3"}))),
        subsidy(),
    ]
    lines = [line("1", 9_999), line("2", 10_001), line("10", 333)]

    answers = {
        price(purchase=purchase(*some, claim=True), catalogue=catalogue(*those, products=())).waterfall
        for some in permutations(lines)
        for those in permutations(offers)
    }

    assert len(answers) == 1


SKUS = ("SKU-1", "SKU-2", "SKU-3")
VALUES = st.one_of(
    st.builds(lambda minor: Value(amount_minor=minor), st.integers(1, 40_000)),
    st.builds(lambda ppm: Value(percent_ppm=ppm), st.integers(1, 400_000)),
    st.builds(
        lambda start, off: Value(
            steps=(Step(from_minor=start, off_minor=off), Step(from_minor=start * 2, off_minor=off * 3))
        ),
        st.integers(1_000, 60_000),
        st.integers(1, 9_000),
    ),
)


@st.composite
def offers_of(draw, most=6):
    count = draw(st.integers(1, most))
    ids = [f"cam_{number}" for number in range(count)]
    return [
        offer(
            campaign,
            lane=draw(st.sampled_from(["merchant", "brand", "platform"])),
            value=draw(VALUES),
            base=draw(st.sampled_from(["list", "running"])),
            priority=draw(st.integers(0, 2)),
            min_minor=draw(st.none() | st.integers(1, 120_000)),
            cap_minor=draw(st.none() | st.integers(1, 20_000)),
            group=draw(st.none() | st.sampled_from(["g", "h"])),
            group_mode=draw(st.sampled_from(["first", "best", "all", "at_most"])),
            group_limit=2,
            exclusions=draw(st.frozensets(st.sampled_from(ids), max_size=1)) - {campaign},
            include=Scope(skus=draw(st.frozensets(st.sampled_from(SKUS), max_size=2))),
        )
        for campaign in ids
    ]


LINES = st.lists(st.tuples(st.integers(1, 60_000), st.integers(1, 3)), min_size=1, max_size=3).map(
    lambda pairs: [line(str(n + 1), price_minor, quantity=units) for n, (price_minor, units) in enumerate(pairs)]
)


@settings(max_examples=60, deadline=None)
@given(offers=offers_of(), lines=LINES)
def test_the_exact_search_agrees_with_trying_every_set(offers, lines):
    answer = price(purchase=purchase(*lines), catalogue=catalogue(*offers, products=()))

    assert answer.amounts.payable_minor == cheapest(offers=offers, lines=lines)


@settings(max_examples=25, deadline=None)
@given(offers=offers_of(most=8), lines=LINES, data=st.data())
def test_removing_an_exclusion_never_makes_the_buyer_pay_more(offers, lines, data):
    before = payable(*offers, buy=purchase(*lines))
    place = data.draw(st.integers(0, len(offers) - 1))
    freed = [replace(one, exclusions=frozenset()) if n == place else one for n, one in enumerate(offers)]

    assert payable(*freed, buy=purchase(*lines)) <= before


@settings(max_examples=25, deadline=None)
@given(offers=offers_of(most=8), lines=LINES)
def test_everything_re_adds_and_nothing_is_negative(offers, lines):
    basket = purchase(*[replace(one, category="phone") for one in lines], claim=True)

    answer = priced(*offers, subsidy(), buy=basket)

    amounts = answer.amounts
    assert amounts.list_minor - amounts.reductions_minor == amounts.base_minor
    assert amounts.base_minor - amounts.government_subsidy_minor == amounts.payable_minor >= 0
    assert amounts.government_subsidy_minor <= amounts.base_minor
    left = {one.id: one.list_minor for one in basket.lines}
    for step in answer.waterfall:
        assert step.amount_minor == sum(funder.amount_minor for funder in step.funders) > 0
        assert step.amount_minor == sum(share.amount_minor for share in step.lines)
        for share in step.lines:
            left[share.line] -= share.amount_minor
            assert left[share.line] >= 0
    assert sum(left.values()) == amounts.payable_minor
