"""A campaign as people and the API spell it: amounts in minor units, percentages as text. No rule stands here.

`Draft` is what a campaign is made from and shown as; `DraftChange` is any part of it (what is UNSET stays, null clears).
"""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType, field

from foundation.structs import Amount, Currency, In

Kind = Literal[
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
Lane = Literal["merchant", "brand", "platform", "carrier", "old_item", "government", "channel", "interest"]
Channel = Literal["online", "pos", "live_stream", "mini_program"]

Percent = Annotated[str, Meta(pattern=r"^(0|[1-9][0-9]{0,2})(\.[0-9]{1,4})?$", description="Percent, such as 13.57.")]
Code = Annotated[str, Meta(min_length=1, max_length=64)]
PublicId = Annotated[str, Meta(min_length=5, max_length=40)]
CampaignName = Annotated[str, Meta(min_length=1, max_length=60)]
Count = Annotated[int, Meta(ge=1, le=1_000_000_000)]
Instant = Annotated[datetime, Meta(tz=True)]
Clock = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$", description="HH:MM, 24:00 ends a day.")]
GroupMode = Annotated[str, Meta(pattern=r"^(first|best|all|at_most:[1-9][0-9]?)$")]
Codes = Annotated[list[Code], Meta(max_length=500)]
Ids = Annotated[list[PublicId], Meta(max_length=500)]


class Name(In, frozen=True, kw_only=True, rename={"zh": "zh-CN"}):
    """The campaign's name in both languages."""

    zh: CampaignName
    en: CampaignName


class StepIn(In, frozen=True, kw_only=True, rename={"from_": "from"}):
    """Spend `from` or more, get `off` off."""

    from_: Amount
    off: Amount


class CheapestFree(In, frozen=True, kw_only=True):
    """Of every `every` units the `free` cheapest cost nothing."""

    every: Annotated[int, Meta(ge=2, le=100)]
    free: Annotated[int, Meta(ge=1, le=99)]


class ValueIn(In, frozen=True, kw_only=True, omit_defaults=True):
    """How much is taken off: exactly one of the fields."""

    amount: Amount | None = None
    percent: Percent | None = None
    per_unit: Amount | None = None
    steps: Annotated[list[StepIn], Meta(max_length=20)] | None = None
    cheapest_free: CheapestFree | None = None


class FunderIn(In, frozen=True, kw_only=True, omit_defaults=True):
    """Who pays, by `share` (percent) or a fixed `amount`; `cap` is the most it pays for one order."""

    party: PartyKind
    id: PublicId | None = None
    share: Percent | None = None
    amount: Amount | None = None
    cap: Amount | None = None


class TermIn(In, frozen=True, kw_only=True, omit_defaults=True):
    """One term: `waived_share` percent of the lender's fee is waived. `funders` differ from the campaign's when given."""

    term: Annotated[int, Meta(ge=1, le=600)]
    waived_share: Percent = "100"
    lenders: Ids | None = None
    min_amount: Amount | None = None
    max_amount: Amount | None = None
    funders: Annotated[list[FunderIn], Meta(max_length=10)] | None = None


class ScopePart(In, frozen=True, kw_only=True, omit_defaults=True):
    """Sets; an empty one does not restrict."""

    skus: Codes = field(default_factory=list)
    categories: Codes = field(default_factory=list)
    brands: Codes = field(default_factory=list)
    stores: Ids = field(default_factory=list)
    regions: Codes = field(default_factory=list)
    channels: list[Channel] = field(default_factory=list)
    buyer_groups: Codes = field(default_factory=list)


class ScopeIn(In, frozen=True, kw_only=True, omit_defaults=True):
    """What is covered and what is not."""

    include: ScopePart = ScopePart()
    exclude: ScopePart = ScopePart()


class HoursIn(In, frozen=True, kw_only=True, rename={"from_": "from"}):
    """Weekly hours on ISO weekdays, half-open, in the campaign's time zone."""

    days: Annotated[list[Annotated[int, Meta(ge=1, le=7)]], Meta(min_length=1, max_length=7)]
    from_: Clock
    to: Clock


class SharedCap(In, frozen=True, kw_only=True):
    """A limit that several campaigns of the merchant share by its name."""

    name: Code
    amount: Amount


class BudgetIn(In, frozen=True, kw_only=True, omit_defaults=True):
    """How much money the campaign may give away, all funders together."""

    total: Amount | None = None
    daily: Amount | None = None
    per_store: Amount | None = None
    per_buyer: Amount | None = None
    shared_cap: SharedCap | None = None


class LimitsIn(In, frozen=True, kw_only=True, omit_defaults=True):
    """How often it may be used."""

    uses_total: Count | None = None
    uses_per_buyer: Count | None = None
    uses_per_serial: Count | None = None


class AlertIn(In, frozen=True, kw_only=True):
    """Tell people when this much of the budget is gone."""

    percent: Percent


class Draft(In, frozen=True, kw_only=True):
    """A whole campaign."""

    currency: Currency
    name: Name
    kind: Kind
    starts_at: Instant
    ends_at: Instant
    timezone: Annotated[str, Meta(min_length=1, max_length=40)] | None = None
    weekly_hours: Annotated[list[HoursIn], Meta(max_length=21)] | None = None
    terms: Annotated[list[TermIn], Meta(max_length=40)] | None = None
    value: ValueIn | None = None
    base: Literal["list", "running"] = "running"
    cap: Amount | None = None
    codes: Codes | None = None
    funders: Annotated[list[FunderIn], Meta(max_length=10)] | None = None
    scope: ScopeIn = ScopeIn()
    min_amount: Amount | None = None
    max_amount: Amount | None = None
    min_quantity: Count | None = None
    max_units: Count | None = None
    budget: BudgetIn = BudgetIn()
    limits: LimitsIn = LimitsIn()
    alerts: Annotated[list[AlertIn], Meta(max_length=10)] | None = None
    lane: Lane | None = None
    group: Code | None = None
    group_mode: GroupMode = "best"
    priority: Annotated[int, Meta(ge=-1_000_000, le=1_000_000)] = 0
    exclusions: Ids | None = None
    with_trade_in: bool = True
    when_short: Literal["refuse", "trim"] = "refuse"
    programme: PublicId | None = None
    metadata: dict[Code, Annotated[str, Meta(max_length=500)]] | None = None


class DraftChange(In, frozen=True, kw_only=True):
    """Parts of a campaign to change; its kind and currency are for ever."""

    name: Name | UnsetType = UNSET
    starts_at: Instant | UnsetType = UNSET
    ends_at: Instant | UnsetType = UNSET
    timezone: Annotated[str, Meta(min_length=1, max_length=40)] | UnsetType = UNSET
    weekly_hours: Annotated[list[HoursIn], Meta(max_length=21)] | UnsetType | None = UNSET
    terms: Annotated[list[TermIn], Meta(max_length=40)] | UnsetType | None = UNSET
    value: ValueIn | UnsetType | None = UNSET
    base: Literal["list", "running"] | UnsetType = UNSET
    cap: Amount | UnsetType | None = UNSET
    codes: Codes | UnsetType | None = UNSET
    funders: Annotated[list[FunderIn], Meta(max_length=10)] | UnsetType | None = UNSET
    scope: ScopeIn | UnsetType = UNSET
    min_amount: Amount | UnsetType | None = UNSET
    max_amount: Amount | UnsetType | None = UNSET
    min_quantity: Count | UnsetType | None = UNSET
    max_units: Count | UnsetType | None = UNSET
    budget: BudgetIn | UnsetType = UNSET
    limits: LimitsIn | UnsetType = UNSET
    alerts: Annotated[list[AlertIn], Meta(max_length=10)] | UnsetType | None = UNSET
    lane: Lane | UnsetType = UNSET
    group: Code | UnsetType | None = UNSET
    group_mode: GroupMode | UnsetType = UNSET
    priority: Annotated[int, Meta(ge=-1_000_000, le=1_000_000)] | UnsetType = UNSET
    exclusions: Ids | UnsetType | None = UNSET
    with_trade_in: bool | UnsetType = UNSET
    when_short: Literal["refuse", "trim"] | UnsetType = UNSET
    metadata: dict[Code, Annotated[str, Meta(max_length=500)]] | UnsetType | None = UNSET
