"""The index: offers that cannot match are never touched, and nothing that can match is missed."""

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.eligibility import matching_lines
from domain.index import build_index, candidates
from domain.offers import Scope
from tests.domain.shop import amount_off, catalogue, line, purchase


def scoped(campaign_id, **sets):
    return amount_off(campaign_id, 100, include=Scope(**{name: frozenset(values) for name, values in sets.items()}))


def found(shop, buy):
    index = build_index(shop)
    return {index.offers[position].campaign_id for position in candidates(index, buy)}


def test_an_offer_is_filed_under_its_most_selective_key():
    shop = catalogue(
        scoped("cam_sku", skus=["A", "B"], categories=["phone"]),
        scoped("cam_cat", categories=["phone"], brands=["ACME"]),
        scoped("cam_brand", brands=["ACME"], stores=["sto_1"]),
        scoped("cam_store", stores=["sto_1"], channels=["pos"]),
        scoped("cam_any", channels=["pos"]),
    )

    index = build_index(shop)

    assert (sorted(index.by_sku), list(index.by_category)) == (["A", "B"], ["phone"])
    assert (list(index.by_brand), list(index.by_store), len(index.anywhere)) == (["ACME"], ["sto_1"], 1)


def test_a_basket_touches_only_its_own_drawers():
    shop = catalogue(
        scoped("cam_a", skus=["SKU-1"]),
        scoped("cam_b", skus=["OTHER"]),
        scoped("cam_c", categories=["phone"]),
        scoped("cam_d", categories=["phone.cheap"]),
        scoped("cam_e", brands=["ACME"]),
        scoped("cam_f", stores=["sto_1"]),
        scoped("cam_g"),
    )

    assert found(shop, purchase(line("1", brand="ACME"))) == {"cam_a", "cam_c", "cam_e", "cam_g"}
    assert found(shop, purchase(line("1"), store_id="sto_1")) == {"cam_a", "cam_c", "cam_f", "cam_g"}


def test_an_offer_named_by_a_coupon_is_found_wherever_it_is_filed():
    shop = catalogue(
        amount_off("cam_a", 100, codes=frozenset({"SAVE"}), include=Scope(skus=frozenset({"OTHER"}))),
        amount_off("cam_b", 100, codes=frozenset({"MORE"}), include=Scope(skus=frozenset({"OTHER"}))),
    )

    assert found(shop, purchase(coupons=("SAVE",))) == {"cam_a"}


def test_exclusions_hold_both_ways():
    shop = catalogue(amount_off("cam_a", 1, exclusions=frozenset({"cam_b", "cam_a"})), amount_off("cam_b", 1))

    assert build_index(shop).enemies == {"cam_a": frozenset({"cam_b"}), "cam_b": frozenset({"cam_a"})}


def test_ten_thousand_offers_elsewhere_are_not_touched():
    elsewhere = [scoped(f"cam_{number}", skus=[f"OTHER-{number}"]) for number in range(10_000)]

    assert found(catalogue(*elsewhere, scoped("cam_here", skus=["SKU-1"])), purchase()) == {"cam_here"}


NAMES = st.sampled_from(["a", "a.b", "a.b.c", "d"])
SETS = st.frozensets(NAMES, max_size=2)


@settings(max_examples=100, deadline=None)
@given(
    scopes=st.lists(st.tuples(SETS, SETS, SETS), min_size=1, max_size=5),
    goods=st.lists(st.tuples(NAMES, NAMES, st.none() | NAMES), min_size=1, max_size=3),
)
def test_whatever_meets_a_line_is_found(scopes, goods):
    offers = [scoped(f"cam_{n}", skus=s, categories=c, brands=b) for n, (s, c, b) in enumerate(scopes)]
    buy = purchase(*[line(str(n), sku=sku, category=cat, brand=brand) for n, (sku, cat, brand) in enumerate(goods)])

    meeting = {one.campaign_id for one in offers if matching_lines(offer=one, purchase=buy)}

    assert meeting <= found(catalogue(*offers), buy)
