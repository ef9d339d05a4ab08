"""The trade-in calculator on the dated presets, and the allocator with its remainder."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from domain.calculators.allocate import calculate_allocation
from domain.calculators.trade_in import (
    InvalidTradeIn,
    LaneReduction,
    ReductionsExceedPrice,
    TradeInRequest,
    calculate_trade_in,
)
from domain.money import InvalidWeights
from tests.domain.cases import parameters, trade_ins
from tests.domain.trade_in_presets import RULESETS

PHONE = {"category": "phone", "list_price_minor": 599_900, "on": date(2026, 3, 1)}


def answered(*, rulesets=RULESETS, **request):
    request["reductions"] = tuple(LaneReduction(*reduction) for reduction in request.get("reductions", ()))
    return calculate_trade_in(request=TradeInRequest(**request), rulesets=rulesets)


@pytest.mark.parametrize("case", parameters(trade_ins.ALL))
def test_published_subsidies_are_met_to_the_fen(case):
    answer = answered(**case.request)

    assert (answer.subsidy_minor, answer.payable_minor) == (case.subsidy, case.payable)
    assert (answer.rule_set, answer.code) == (case.rule_set, case.code)
    assert answer.eligible is (case.code is None)


def test_rate_and_cap_are_told_even_when_the_price_is_too_high():
    answer = answered(**PHONE | {"list_price_minor": 700_000})

    assert (answer.base_minor, answer.rate_ppm, answer.cap_minor) == (700_000, 150_000, 50_000)


def test_a_credit_of_600_00_for_the_old_item_lowers_the_base_only_where_the_rule_set_says_so():
    credit = {"reductions": [("old_item_credit", 60_000)], "list_price_minor": 300_000}
    inside = [replace(ruleset, old_item_in_base=True) for ruleset in RULESETS]

    beside, within = answered(**PHONE | credit), answered(rulesets=inside, **PHONE | credit)

    assert (beside.base_minor, beside.subsidy_minor, beside.payable_minor) == (300_000, 45_000, 195_000)
    assert (within.base_minor, within.subsidy_minor, within.payable_minor) == (240_000, 36_000, 204_000)


def test_a_channel_discount_comes_off_after_the_subsidy():
    answer = answered(**PHONE | {"reductions": [("merchant", 200_000), ("channel", 10_000)]})

    assert (answer.base_minor, answer.subsidy_minor, answer.payable_minor) == (399_900, 50_000, 339_900)


def test_what_is_paid_is_never_below_nothing():
    answer = answered(**PHONE | {"reductions": [("old_item_credit", 599_900)]})

    assert answer.payable_minor == 0


def test_more_off_than_the_price_and_amounts_below_nothing_are_refused():
    with pytest.raises(ReductionsExceedPrice):
        answered(**PHONE | {"reductions": [("merchant", 599_901)]})
    with pytest.raises(InvalidTradeIn):
        answered(**PHONE | {"reductions": [("merchant", -1)]})
    with pytest.raises(InvalidTradeIn):
        answered(**PHONE | {"already_claimed": -1})


@given(
    price=st.integers(1, 2_000_000),
    off=st.integers(0, 2_000_000),
    lane=st.sampled_from(["merchant", "brand", "platform", "carrier", "old_item_credit", "channel"]),
    category=st.sampled_from(["phone", "refrigerator", "dishwasher", "hovercraft"]),
    on=st.dates(date(2024, 1, 1), date(2027, 2, 1)),
    grade=st.sampled_from([None, 1, 2, 5]),
)
def test_subsidy_and_payment_never_exceed_the_price_and_add_up(price, off, lane, category, on, grade):
    off = min(off, price)
    answer = answered(
        category=category, list_price_minor=price, on=on, energy_grade=grade, reductions=[(lane, off)] if off else []
    )

    assert 0 <= answer.subsidy_minor <= answer.base_minor <= price
    assert answer.payable_minor == max(price - off - answer.subsidy_minor, 0)
    assert answer.eligible is (answer.code is None)
    assert answer.subsidy_minor == 0 or answer.eligible


@pytest.mark.parametrize(
    ("policy", "parts"),
    [("largest_remainder", (34, 33, 33)), ("first", (34, 33, 33)), ("last", (33, 33, 34))],
)
def test_100_by_thirds_leaves_1_to_whoever_the_policy_names(policy, parts):
    assert calculate_allocation(total=100, weights=[1, 1, 1], policy=policy) == parts


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1], [1] * 1_001])
def test_weights_that_share_nothing_are_refused_even_of_nothing(weights):
    with pytest.raises(InvalidWeights):
        calculate_allocation(total=0, weights=weights, policy="first")


@given(
    total=st.integers(0, 10**12),
    weights=st.lists(st.integers(0, 10**6), min_size=1, max_size=12).filter(any),
    policy=st.sampled_from(["largest_remainder", "first", "last"]),
)
def test_parts_re_add_and_none_is_negative(total, weights, policy):
    parts = calculate_allocation(total=total, weights=weights, policy=policy)

    assert sum(parts) == total
    assert min(parts) >= 0
