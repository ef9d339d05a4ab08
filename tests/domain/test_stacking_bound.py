"""The bound of the search never cuts the best set: with subsidies, unit limits and channel offers, against every set."""

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from domain import contest, screening, stacking
from domain.eligibility import setting_of
from domain.index import build_index
from domain.offers import Scope, Step, Value
from domain.purchase import OldItem, TradeIn
from tests.domain.shop import APPLIANCES, DIGITAL, MERCHANT, catalogue, line, offer, purchase, subsidy

VALUES = st.one_of(
    st.builds(lambda minor: Value(amount_minor=minor), st.integers(1, 60_000)),
    st.builds(lambda ppm: Value(percent_ppm=ppm), st.integers(1, 500_000)),
    st.builds(lambda minor: Value(per_unit_minor=minor), st.integers(1, 5_000)),
    st.builds(
        lambda start, off: Value(steps=(Step(from_minor=start, off_minor=off),)),
        st.integers(1, 600_000),
        st.integers(1, 60_000),
    ),
    st.just(Value(cheapest_free_every=2, cheapest_free_count=1)),
)
OFFERS = st.lists(
    st.fixed_dictionaries(
        {
            "lane": st.sampled_from(["merchant", "brand", "carrier", "channel"]),
            "value": VALUES,
            "base": st.sampled_from(["list", "running"]),
            "min_minor": st.none() | st.integers(1, 600_000),
            "cap_minor": st.none() | st.integers(1, 50_000),
            "max_units": st.none() | st.integers(1, 4),
            "group": st.none() | st.just("g"),
            "with_trade_in": st.sampled_from([True, True, True, False]),
            "include": st.builds(
                lambda skus: Scope(skus=skus), st.frozensets(st.sampled_from(["SKU-1", "SKU-2"]), max_size=1)
            ),
        }
    ),
    min_size=1,
    max_size=5,
)
GOODS = st.lists(
    st.tuples(st.integers(1, 700_000), st.integers(1, 3), st.sampled_from(["phone", "refrigerator", "case"])),
    min_size=1,
    max_size=3,
)


@settings(max_examples=40, deadline=None)
@given(goods=GOODS, facts=OFFERS, switches=st.tuples(st.booleans(), st.booleans()), credit=st.integers(0, 50_000))
def test_the_search_agrees_with_playing_every_set(goods, facts, switches, credit):
    lines = [
        line(str(number), price_minor, quantity=units, category=category, energy_grade=1)
        for number, (price_minor, units, category) in enumerate(goods, start=1)
    ]
    rules = replace(DIGITAL, old_item_in_base=switches[0], channel_in_base=switches[1])
    offers = [offer(f"cam_{number}", **fact) for number, fact in enumerate(facts)]
    shop = catalogue(*offers, subsidy(), rulesets=(rules, APPLIANCES))
    old_item = OldItem(category="phone", credit_minor=credit) if credit else None
    buy = purchase(*lines, trade_in=TradeIn(claim=True, old_item=old_item))
    index = build_index(shop)
    setting = setting_of(purchase=buy, merchant=MERCHANT)
    seen = screening.screen(setting=setting, catalogue=shop, index=index, explain_all=False)
    ranks = contest.lane_ranks(old_item_in_base=switches[0], channel_in_base=switches[1])
    field = contest.pose(eligible=seen.price, basket=buy.lines, index=index, ranks=ranks)

    every = stacking._Search(field)
    for wanted in range(1 << len(field.candidates)):
        every._replay(wanted)

    assert stacking.choose(field).payable_minor == every.best_cost // 2
