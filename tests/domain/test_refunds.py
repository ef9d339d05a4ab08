"""Refunds: what goes back to whom, and that order and splitting never matter."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from domain.ledger import MoneyNow, balances, capture_legs, freeze, refund_legs
from domain.offers import Funder
from domain.priced import FunderAmount
from domain.quote import price
from domain.refunds import (
    NothingToRefund,
    RefundExceedsCaptured,
    RefundState,
    UnknownLine,
    reduce_price,
    refund_between,
    return_all,
    return_units,
)
from tests.domain.shop import CONTRACT, catalogue, interest_free, line, percent_off, product, purchase, subsidy

START = RefundState()
FUNDERS = (
    Funder(party="merchant", id="mer_1", share_ppm=500_001),
    Funder(party="brand", id="brd_1", share_ppm=333_333),
    Funder(party="platform", id="plt_1", share_ppm=166_666),
)


def order(*lines, offers=(), rate=75_000, share=1_000_000, rebate="pro_rata", **facts):
    basket = purchase(*lines, claim=True, **facts)
    shop = catalogue(
        subsidy(),
        interest_free(funders=FUNDERS, share_ppm=share),
        *offers,
        products=[product(rates=((12, rate, rate),), min_minor=1, cost_cap_ppm=900_000_000)],
    )
    answer = price(purchase=basket, catalogue=shop)
    return freeze(
        purchase=basket,
        priced=answer,
        plan=answer.plans[0],
        contract=replace(CONTRACT, rebate=rebate),
        rulesets=shop.rulesets,
    )


def fridges(quantity=3, price_minor=200_000):
    return line("1", price_minor, category="refrigerator", energy_grade=1, quantity=quantity)


def test_one_of_three_fridges_goes_back():
    facts = order(fridges(), rate=72_000)
    after = return_units(facts=facts, before=START, quantities={"1": 1})

    refund = refund_between(facts=facts, before=START, after=after)

    assert (refund.amount_minor, refund.to_buyer_minor, refund.to_government_minor) == (170_000, 170_000, 30_000)
    assert refund.to_funders == (
        FunderAmount("brand", "brd_1", 4_080),
        FunderAmount("merchant", "mer_1", 6_120),
        FunderAmount("platform", "plt_1", 2_040),
    )
    assert refund.lender_keeps_minor == 0
    assert not refund.is_whole


def test_a_lender_that_keeps_its_fee_says_how_much():
    facts = order(fridges(), rate=72_000, rebate="none")
    after = return_units(facts=facts, before=START, quantities={"1": 1})

    refund = refund_between(facts=facts, before=START, after=after)

    assert (refund.to_funders, refund.lender_keeps_minor) == ((), 12_240)


def test_the_buyers_own_fee_comes_back_with_the_rebate():
    facts = order(fridges(), rate=72_000, share=500_000)
    after = return_units(facts=facts, before=START, quantities={"1": 1})

    refund = refund_between(facts=facts, before=START, after=after)

    assert (refund.amount_minor, refund.to_buyer_minor) == (170_000, 176_120)


def test_the_subsidised_phone_comes_back_first():
    facts = order(line("1", 300_000, quantity=2))
    once = return_units(facts=facts, before=START, quantities={"1": 1})
    twice = return_units(facts=facts, before=once, quantities={"1": 1})

    first = refund_between(facts=facts, before=START, after=once)
    second = refund_between(facts=facts, before=once, after=twice)

    assert (first.amount_minor, first.to_government_minor) == (255_000, 45_000)
    assert (second.amount_minor, second.to_government_minor) == (300_000, 0)
    assert second.is_whole


@pytest.mark.parametrize(
    ("price_minor", "back", "to_government"),
    [
        (300_000, 25_500, 4_500),  # 2,550.00 less 255.00 is a price of 2,700.00: subsidy 405.00
        (500_000, 100_000, 0),  # 4,500.00 less 1,000.00 is a price of 4,000.00: still capped at 500.00
        (500_000, 450_000, 50_000),
        (333_334, 1, 0),  # one fen on the very edge of the cap
        (333_334, 85, 15),
    ],
)
def test_a_lower_price_on_a_kept_phone_recomputes_its_subsidy(price_minor, back, to_government):
    facts = order(line("1", price_minor))
    after = reduce_price(facts=facts, before=START, amount_minor=back)

    refund = refund_between(facts=facts, before=START, after=after)

    assert (refund.amount_minor, refund.to_government_minor) == (back, to_government)


def test_money_back_on_kept_units_leaves_with_the_unit():
    facts = order(line("1", 100_000, category="case", quantity=3))
    reduced = reduce_price(facts=facts, before=START, amount_minor=30_000)
    after = return_units(facts=facts, before=reduced, quantities={"1": 1})

    assert refund_between(facts=facts, before=reduced, after=after).amount_minor == 90_000


def test_a_rejected_claim_sends_nothing_to_the_government():
    facts = order(fridges())
    after = return_all(facts=facts, before=START)

    refund = refund_between(facts=facts, before=START, after=after, without_subsidy=frozenset({"1"}))

    assert refund.to_government_minor == 0


def test_refusals_name_what_is_left():
    facts = order(fridges())

    with pytest.raises(UnknownLine):
        return_units(facts=facts, before=START, quantities={"9": 1})
    with pytest.raises(RefundExceedsCaptured) as units:
        return_units(facts=facts, before=START, quantities={"1": 4})
    with pytest.raises(RefundExceedsCaptured) as money:
        reduce_price(facts=facts, before=START, amount_minor=510_001)
    with pytest.raises(NothingToRefund):
        return_units(facts=facts, before=START, quantities={"1": 0})
    with pytest.raises(NothingToRefund):
        return_all(facts=facts, before=return_all(facts=facts, before=START))

    assert units.value.figures == {"line": "1", "left": 3, "requested": 4}
    assert money.value.figures == {"left": 510_000, "requested": 510_001}


def test_a_line_that_was_free_still_gives_its_funders_money_back():
    brand = (Funder(party="brand", id="brd_1", share_ppm=1_000_000),)
    gift = percent_off("cam_gift", 1_000_000, lane="brand", funders=brand, exclude=_only("SKU-1"))
    facts = order(line("1", 300_000), line("2", 9_999, category="case", quantity=3), offers=(gift,))

    after = return_units(facts=facts, before=START, quantities={"2": 1})
    refund = refund_between(facts=facts, before=START, after=after)

    assert (refund.amount_minor, refund.to_funders) == (0, (FunderAmount("brand", "brd_1", 9_999),))


def _only(sku):
    return type(subsidy().exclude)(skus=frozenset({sku}))


LINES = st.lists(
    st.tuples(st.integers(1, 700_000), st.integers(1, 4), st.sampled_from(["phone", "refrigerator", "case"])),
    min_size=1,
    max_size=3,
)


@st.composite
def captured(draw):
    lines = [
        line(str(number), price_minor, quantity=units, category=category, energy_grade=1)
        for number, (price_minor, units, category) in enumerate(draw(LINES), start=1)
    ]
    offers = [percent_off("cam_b", draw(st.integers(0, 300_000)), lane="brand", funders=FUNDERS)]
    return order(
        *lines, offers=offers, share=draw(st.integers(0, 1_000_000)), rebate=draw(st.sampled_from(["pro_rata", "none"]))
    )


def some_steps(data, facts):
    """A random walk of refunds that ends with everything back: the states it passed."""
    states = [START]
    for _ in range(data.draw(st.integers(0, 4))):
        one = data.draw(st.sampled_from(facts.lines))
        left = one.quantity - states[-1].returned.get(one.line, 0)
        amount = data.draw(st.integers(0, 50_000))
        try:
            if amount:
                states.append(reduce_price(facts=facts, before=states[-1], amount_minor=amount))
            else:
                states.append(return_units(facts=facts, before=states[-1], quantities={one.line: min(left, 1)}))
        except (NothingToRefund, RefundExceedsCaptured):
            continue
    if any(states[-1].returned.get(one.line, 0) < one.quantity for one in facts.lines):
        states.append(return_all(facts=facts, before=states[-1]))
    return states


@settings(max_examples=80, deadline=None)
@given(facts=captured(), data=st.data())
def test_any_refunds_in_any_order_are_one_full_refund(facts, data):
    states = some_steps(data, facts)
    steps = [refund_between(facts=facts, before=before, after=after) for before, after in pairwise(states)]
    whole = refund_between(facts=facts, before=START, after=return_all(facts=facts, before=START))

    assert sum(step.amount_minor for step in steps) == whole.amount_minor == facts.payable_minor
    assert sum(step.to_buyer_minor for step in steps) == whole.to_buyer_minor
    assert sum(step.to_government_minor for step in steps) == whole.to_government_minor
    assert sum(step.lender_keeps_minor for step in steps) == whole.lender_keeps_minor
    assert all(step.amount_minor >= 0 and step.to_buyer_minor >= 0 for step in steps)

    legs = list(capture_legs(facts=facts))
    for before, after in pairwise(states):
        legs += refund_legs(facts=facts, before=before, after=after, money_now=MoneyNow())
    at_once = [
        *capture_legs(facts=facts),
        *refund_legs(facts=facts, before=START, after=states[-1], money_now=MoneyNow()),
    ]
    assert balances(legs) == balances(at_once)
    assert facts.contract.rebate == "none" or not any(balances(legs).values())


@settings(max_examples=80, deadline=None)
@given(facts=captured(), data=st.data())
def test_an_amount_comes_back_exactly_however_it_is_split(facts, data):
    if facts.payable_minor < 2:
        return
    first = data.draw(st.integers(1, facts.payable_minor - 1))
    second = data.draw(st.integers(1, facts.payable_minor - first))

    once = reduce_price(facts=facts, before=START, amount_minor=first)
    twice = reduce_price(facts=facts, before=once, amount_minor=second)

    assert refund_between(facts=facts, before=START, after=once).amount_minor == first
    assert refund_between(facts=facts, before=once, after=twice).amount_minor == second
    assert twice == reduce_price(facts=facts, before=START, amount_minor=first + second)


@settings(max_examples=60, deadline=None)
@given(facts=captured(), data=st.data())
def test_units_come_back_the_same_in_any_order(facts, data):
    units = [one.line for one in facts.lines for _ in range(one.quantity)]
    state = START
    for one in data.draw(st.permutations(units)):
        after = return_units(facts=facts, before=state, quantities={one: 1})
        refund = refund_between(facts=facts, before=state, after=after)
        assert refund.amount_minor >= 0
        assert refund.to_government_minor >= 0
        assert all(funder.amount_minor >= 0 for funder in refund.to_funders)
        state = after

    assert state == return_all(facts=facts, before=START)
