"""From a catalogue to a price, and back: what was pinned prices again to the same answer, years later too."""

import hashlib
from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain.index import build_index, candidates
from domain.offers import Catalogue, LenderProduct, Merchant, Offer
from domain.priced import Priced
from domain.purchase import Purchase
from domain.quote import price
from domain.rulesets import RuleSet
from installments.selectors import lenders
from installments.services import programmes
from installments.services.snapshots import CatalogueSnapshot
from installments.services.tokens import CampaignPin, CardPin, MerchantPin, Pins, RulePin
from promotions.selectors import offers

ENGINE: Final = "1"
"""Version of the pricing engine: raised with every change that may price an old basket differently."""

_canonical = msgspec.json.Encoder(order="deterministic").encode


class Overrides(msgspec.Struct, frozen=True, gc=False):
    """What a short budget changes about offers for one quote: caps by campaign, and campaigns taken as exhausted."""

    caps: dict[str, int] = {}
    exhausted: frozenset[str] = frozenset()


def price_now(
    *, snapshot: CatalogueSnapshot, purchase: Purchase, explain_all: bool = False, overrides: Overrides | None = None
) -> tuple[Priced, Pins]:
    """Price with the merchant's catalogue as it stands, and name the versions that were looked at."""
    if overrides is not None:
        return _price_overridden(snapshot, purchase, overrides)
    priced = price(purchase=purchase, catalogue=snapshot.catalogue, index=snapshot.index, explain_all=explain_all)
    return priced, _pins_now(snapshot, purchase)


def _pins_now(snapshot: CatalogueSnapshot, purchase: Purchase) -> Pins:
    met = [snapshot.index.offers[position] for position in candidates(snapshot.index, purchase)]
    return _pins(snapshot, purchase, [CampaignPin(offer.campaign_id, offer.version, offer.state) for offer in met])


def price_only(*, snapshot: CatalogueSnapshot, purchase: Purchase) -> Priced:
    """Price with the merchant's catalogue as it stands, for showing: nothing is pinned."""
    return price(purchase=purchase, catalogue=snapshot.catalogue, index=snapshot.index)


def _price_overridden(snapshot: CatalogueSnapshot, purchase: Purchase, overrides: Overrides) -> tuple[Priced, Pins]:
    pins = [
        CampaignPin(
            offer.campaign_id,
            offer.version,
            "exhausted" if offer.campaign_id in overrides.exhausted else offer.state,
            overrides.caps.get(offer.campaign_id),
        )
        for offer in (snapshot.index.offers[position] for position in candidates(snapshot.index, purchase))
    ]
    by_id = {offer.campaign_id: offer for offer in snapshot.catalogue.offers}
    met = tuple(as_pinned(by_id[pin.campaign], pin) for pin in pins)
    catalogue = replace(snapshot.catalogue, offers=met)
    return price(purchase=purchase, catalogue=catalogue), _pins(snapshot, purchase, pins)


def _pins(snapshot: CatalogueSnapshot, purchase: Purchase, campaigns: Sequence[CampaignPin]) -> Pins:
    merchant = snapshot.catalogue.merchant
    rules = snapshot.rules.items() if purchase.trade_in.claim else ()
    return Pins(
        campaigns=tuple(campaigns),
        cards=tuple([CardPin(lender, code, version) for (lender, code), version in snapshot.cards.items()]),
        rules=tuple([RulePin(code, version) for code, version in rules]),
        merchant=MerchantPin(merchant.currency, merchant.timezone, merchant.down_payment_max_ppm),
        engine=ENGINE,
    )


def as_pinned(offer: Offer, pin: CampaignPin) -> Offer:
    """The version as it was priced: its state then, and the cap a short budget put on it."""
    cap = offer.cap_minor
    if pin.cap_minor is not None:
        cap = pin.cap_minor if cap is None else min(cap, pin.cap_minor)
    return replace(offer, state=pin.state, cap_minor=cap)


def digest_of(priced: Priced) -> str:
    """SHA-256 of what a price promises: amounts, waterfall and plans. Verdicts are explanations, not promises."""
    return hashlib.sha256(_canonical((priced.amounts, priced.waterfall, priced.plans))).hexdigest()


class Repriced(msgspec.Struct, frozen=True):
    """A price made again, and the rule sets it was made with."""

    priced: Priced
    rulesets: tuple[RuleSet, ...]


def price_pinned(*, snapshot: CatalogueSnapshot, purchase: Purchase, pins: Pins) -> Repriced:
    """Price again with the pinned versions: all from memory when nothing moved, else what moved is read.

    Inside a transaction of the tenant. Raises UnknownId when a version is gone.
    """
    if _unmoved(snapshot, purchase, pins):
        priced = price(purchase=purchase, catalogue=snapshot.catalogue, index=snapshot.index)
        return Repriced(priced, rulesets_of(snapshot))
    known = {(offer.campaign_id, offer.version): offer for offer in snapshot.catalogue.offers}
    cards = {(card.lender_id, card.code, card.version): card for card in snapshot.catalogue.products}
    return _price_with(tenant_id=snapshot.tenant_id, purchase=purchase, pins=pins, known=known, cards=cards)


def rulesets_of(snapshot: CatalogueSnapshot) -> tuple[RuleSet, ...]:
    """The rule sets of a catalogue, typed."""
    return tuple([rule for rule in snapshot.catalogue.rulesets if isinstance(rule, RuleSet)])


def price_from_storage(*, tenant_id: UUID, purchase: Purchase, pins: Pins) -> Repriced:
    """Price with nothing but stored versions, as a replay does. Inside a transaction. Raises UnknownId."""
    return _price_with(tenant_id=tenant_id, purchase=purchase, pins=pins, known={}, cards={})


def _unmoved(snapshot: CatalogueSnapshot, purchase: Purchase, pins: Pins) -> bool:
    """Whether pricing now would look at exactly what was pinned."""
    return _pins_now(snapshot, purchase) == pins


def _price_with(
    *,
    tenant_id: UUID,
    purchase: Purchase,
    pins: Pins,
    known: dict[tuple[str, int], Offer],
    cards: dict[tuple[str, str, int], LenderProduct],
) -> Repriced:
    missing = [(pin.campaign, pin.version) for pin in pins.campaigns if (pin.campaign, pin.version) not in known]
    if missing:
        read = offers.pinned(tenant_id=tenant_id, pins=missing)
        known = known | {(offer.campaign_id, offer.version): offer for offer in read}
    wanted = [(pin.lender, pin.code, pin.version) for pin in pins.cards]
    if not cards.keys() >= set(wanted):
        cards = dict(zip(wanted, lenders.pinned_products(wanted), strict=True))
    rules = programmes.pinned_rules([(pin.code, pin.version) for pin in pins.rules])
    catalogue = Catalogue(
        merchant=Merchant(
            id=purchase.merchant_id,
            currency=pins.merchant.currency,
            timezone=pins.merchant.timezone,
            # The store's region was settled when the quote was given; it is the purchase's own since.
            stores={},
            down_payment_max_ppm=pins.merchant.down_payment_max_ppm,
        ),
        offers=tuple(as_pinned(known[pin.campaign, pin.version], pin) for pin in pins.campaigns),
        products=tuple(cards[card] for card in wanted),
        rulesets=rules,
    )
    return Repriced(price(purchase=purchase, catalogue=catalogue, index=build_index(catalogue)), rules)
