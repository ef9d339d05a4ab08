"""The catalogue, filed so that offers that cannot match are never touched.

Each offer is filed under its one most selective key (its skus, else categories, else brands, else stores, else anywhere).
A lookup costs the same with 10 offers and with 10,000: it touches the drawers of the basket's own skus, categories
with all they lie under, brands and store, and the drawer `anywhere`.
"""

from collections import defaultdict

from msgspec import Struct

from domain.eligibility import Check, category_prefixes, checks_of
from domain.offers import Catalogue, GroupMode, LenderProduct, Offer
from domain.purchase import Purchase

LANE_RANK = {
    "merchant": 0,
    "brand": 1,
    "platform": 2,
    "carrier": 3,
    "old_item": 4,
    "government": 5,
    "channel": 6,
    "interest": 7,
}
Drawer = dict[str, tuple[int, ...]]
Groups = dict[tuple[str, str], tuple[GroupMode, int]]


class Index(Struct, frozen=True, kw_only=True):
    """Offers in stacking order (lane, larger priority, campaign id) and the drawers that hold their positions.

    `checks` are what each offer has to be asked. `enemies` closes the exclusions both ways: if either of two campaigns
    names the other, both have each other here. `groups` holds the mode and the limit of each (lane, group): those of
    its first offer, so that a group means the same in every basket.
    """

    offers: tuple[Offer, ...]
    checks: tuple[tuple[Check, ...], ...]
    products: tuple[LenderProduct, ...]
    by_sku: Drawer
    by_category: Drawer
    by_brand: Drawer
    by_store: Drawer
    anywhere: tuple[int, ...]
    by_code: Drawer
    enemies: dict[str, frozenset[str]]
    groups: Groups


def build_index(catalogue: Catalogue) -> Index:
    """File a catalogue once; the order of its offers does not matter."""
    offers = tuple(sorted(catalogue.offers, key=stacking_key))
    drawers: dict[str, dict[str, list[int]]] = {
        name: defaultdict(list) for name in ("sku", "category", "brand", "store", "any", "code")
    }
    for position, offer in enumerate(offers):
        name, keys = _most_selective(offer)
        for key in keys:
            drawers[name][key].append(position)
        for code in offer.codes:
            drawers["code"][code].append(position)
    return Index(
        offers=offers,
        checks=tuple([checks_of(offer) for offer in offers]),
        products=tuple(
            sorted(catalogue.products, key=lambda product: (product.code, product.lender_id, product.version))
        ),
        by_sku=_closed(drawers["sku"]),
        by_category=_closed(drawers["category"]),
        by_brand=_closed(drawers["brand"]),
        by_store=_closed(drawers["store"]),
        anywhere=tuple(drawers["any"][""]),
        by_code=_closed(drawers["code"]),
        enemies=_enemies(offers),
        groups=_groups(offers),
    )


def stacking_key(offer: Offer) -> tuple[int, int, str, int]:
    """The order in which offers take their turn: lane, then the larger priority, then the campaign id."""
    return LANE_RANK[offer.lane], -offer.priority, offer.campaign_id, offer.version


def candidates(index: Index, purchase: Purchase) -> tuple[int, ...]:
    """Positions of the offers that may meet a line, or that a coupon names, in stacking order."""
    found = set(index.anywhere)
    for line in purchase.lines:
        found.update(index.by_sku.get(line.sku, ()))
        if line.brand is not None:
            found.update(index.by_brand.get(line.brand, ()))
        if index.by_category:
            for category in category_prefixes(line.category):
                found.update(index.by_category.get(category, ()))
    if purchase.store_id is not None:
        found.update(index.by_store.get(purchase.store_id, ()))
    for code in purchase.coupons:
        found.update(index.by_code.get(code, ()))
    return tuple(sorted(found))


def _most_selective(offer: Offer) -> tuple[str, frozenset[str]]:
    scope = offer.include
    for name, keys in (
        ("sku", scope.skus),
        ("category", scope.categories),
        ("brand", scope.brands),
        ("store", scope.stores),
    ):
        if keys:
            return name, keys
    return "any", frozenset({""})


def _closed(drawer: dict[str, list[int]]) -> Drawer:
    return {key: tuple(positions) for key, positions in drawer.items()}


def _enemies(offers: tuple[Offer, ...]) -> dict[str, frozenset[str]]:
    both_ways: dict[str, set[str]] = defaultdict(set)
    for offer in offers:
        for other in offer.exclusions:
            if other != offer.campaign_id:
                both_ways[offer.campaign_id].add(other)
                both_ways[other].add(offer.campaign_id)
    return {campaign: frozenset(others) for campaign, others in both_ways.items()}


def _groups(offers: tuple[Offer, ...]) -> Groups:
    groups: Groups = {}
    for offer in offers:
        if offer.group is not None:
            limit = (offer.group_limit or 1) if offer.group_mode == "at_most" else 1
            groups.setdefault((offer.lane, offer.group), (offer.group_mode, limit))
    return groups
