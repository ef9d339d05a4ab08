"""What may be offered: compiled, frozen campaigns, lender products and rule sets of one merchant.

A campaign version is stored as canonical JSON (promotions) and compiled to an `Offer` once; a quote never touches
a database row. Rates and shares are parts per million (ppm); amounts are minor units of the catalogue's currency.
"""

from datetime import date, datetime
from typing import Literal

from msgspec import Struct

from domain.rulesets import RuleSet

Lane = Literal["merchant", "brand", "platform", "carrier", "old_item", "government", "channel", "interest"]
OfferKind = Literal[
    "interest_free",
    "instant_discount",
    "spend_and_save",
    "coupon",
    "brand_rebate",
    "platform_coupon",
    "carrier_discount",
    "trade_in",
    "old_item_credit",
    "interest_voucher",
]
PartyKind = Literal["merchant", "brand", "platform", "government", "lender", "carrier"]
GroupMode = Literal["first", "best", "all", "at_most"]
Base = Literal["list", "running"]
OfferState = Literal["scheduled", "live", "paused", "exhausted"]


class Scope(Struct, frozen=True, gc=False, kw_only=True):
    """Sets a purchase is tested against; an empty set does not restrict.

    `skus, categories, brands` select lines; the rest select the whole purchase. A category scopes its own code and
    any code below it (`phone` covers `phone.flagship`).
    """

    skus: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    brands: frozenset[str] = frozenset()
    stores: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()
    buyer_groups: frozenset[str] = frozenset()


class Funder(Struct, frozen=True, gc=False, kw_only=True):
    """A party that pays part of an offer.

    Either `share_ppm` (all shares of an offer add up to 1,000,000) or a fixed `amount_minor`; `cap_minor` is the most
    this funder pays for one order, what is above flows to the next funder in order (the last one has no cap).
    """

    party: PartyKind
    id: str
    share_ppm: int = 0
    amount_minor: int | None = None
    cap_minor: int | None = None


class Step(Struct, frozen=True, gc=False, kw_only=True):
    """Spend `from_minor` or more, get `off_minor` off."""

    from_minor: int
    off_minor: int


class Value(Struct, frozen=True, gc=False, kw_only=True):
    """How much a price offer takes off: exactly one of the fields is set."""

    amount_minor: int | None = None
    percent_ppm: int | None = None
    per_unit_minor: int | None = None
    steps: tuple[Step, ...] = ()
    cheapest_free_every: int | None = None
    cheapest_free_count: int | None = None


class TermOffer(Struct, frozen=True, gc=False, kw_only=True):
    """One term of an interest-free or interest-reduced campaign; `waived_share_ppm` of the lender's fee is waived.

    `funders` overrides the campaign's funders for this term when not empty.
    """

    term: int
    waived_share_ppm: int = 1_000_000
    lenders: tuple[str, ...] = ()
    min_minor: int | None = None
    max_minor: int | None = None
    funders: tuple[Funder, ...] = ()


class WeeklyHours(Struct, frozen=True, gc=False, kw_only=True):
    """Half-open minutes of the day `[from_minute, to_minute)` on ISO weekdays (1 = Monday), merchant's time zone."""

    days: tuple[int, ...]
    from_minute: int
    to_minute: int


class Offer(Struct, frozen=True, gc=False, kw_only=True):
    """One campaign version, ready to be priced."""

    campaign_id: str
    version: int
    kind: OfferKind
    lane: Lane
    name_zh: str
    name_en: str
    starts_at: datetime
    ends_at: datetime
    state: OfferState = "live"
    weekly_hours: tuple[WeeklyHours, ...] = ()
    include: Scope = Scope()
    exclude: Scope = Scope()
    group: str | None = None
    group_mode: GroupMode = "best"
    group_limit: int | None = None
    priority: int = 0
    exclusions: frozenset[str] = frozenset()
    base: Base = "running"
    value: Value | None = None
    cap_minor: int | None = None
    min_minor: int | None = None
    max_minor: int | None = None
    min_quantity: int | None = None
    max_units: int | None = None
    codes: frozenset[str] = frozenset()
    funders: tuple[Funder, ...] = ()
    terms: tuple[TermOffer, ...] = ()
    with_trade_in: bool = True
    when_short: Literal["refuse", "trim"] = "refuse"
    programme: str | None = None


class RateStep(Struct, frozen=True, gc=False, kw_only=True):
    """The lender's price of one term.

    `merchant_rate_ppm` applies when any part is waived by a campaign, `buyer_rate_ppm` when the buyer pays all.
    For `flat_fee` a rate is the total fee over the principal; for the interest methods it is the annual rate.
    """

    term: int
    buyer_rate_ppm: int
    merchant_rate_ppm: int


class LenderProduct(Struct, frozen=True, gc=False, kw_only=True):
    """A lender's instalment product as one version of its rate card. `rounding` names a preset of domain/schedule."""

    lender_id: str
    code: str
    version: int
    name_zh: str
    name_en: str
    method: Literal["flat_fee", "annuity", "equal_principal", "interest_only_discount"]
    terms: tuple[RateStep, ...]
    rounding: str
    currency: str
    min_minor: int
    max_minor: int
    first_due_days: int | None = None
    cost_cap_ppm: int = 240_000
    valid_from: date | None = None
    valid_to: date | None = None
    funder_share_lender_ppm: int = 0


class Merchant(Struct, frozen=True, gc=False, kw_only=True):
    """The seller's settings that pricing needs. `stores` maps store id to its region (ISO 3166-2)."""

    id: str
    currency: str
    timezone: str
    stores: dict[str, str]
    down_payment_max_ppm: int = 1_000_000


class Catalogue(Struct, frozen=True, kw_only=True):
    """All that one merchant may offer at one catalogue version."""

    merchant: Merchant
    offers: tuple[Offer, ...]
    products: tuple[LenderProduct, ...]
    rulesets: tuple[RuleSet, ...]
    version: str = ""
