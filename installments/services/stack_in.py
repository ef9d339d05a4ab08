"""What the stacking calculator may be asked: a basket and offers that are no campaigns yet, in the campaigns' own shapes."""

from typing import Annotated, Final, Literal

from msgspec import Meta

from foundation.structs import Amount, Currency, In
from installments.services.quote_in import LINES_MAX, Channel, Code64, Instant, LineIn, Region, TradeInIn
from promotions.shapes import Count, FunderIn, GroupMode, ScopeIn, ValueIn

OFFERS_MAX: Final = 100

StackKind = Literal[
    "instant_discount",
    "spend_and_save",
    "coupon",
    "brand_rebate",
    "platform_coupon",
    "carrier_discount",
    "trade_in",
    "old_item_credit",
]
StackLane = Literal["merchant", "brand", "platform", "carrier", "old_item", "government", "channel"]


class StackOfferIn(In, frozen=True, kw_only=True):
    """One offer to try. Without a `value` only `trade_in` (the rules of the day) and `old_item_credit` make sense."""

    id: Code64
    kind: StackKind
    lane: StackLane
    value: ValueIn | None = None
    base: Literal["list", "running"] = "running"
    group: Code64 | None = None
    group_mode: GroupMode = "best"
    priority: Annotated[int, Meta(ge=-1_000_000, le=1_000_000)] = 0
    scope: ScopeIn = ScopeIn()
    min_amount: Amount | None = None
    max_amount: Amount | None = None
    min_quantity: Count | None = None
    cap: Amount | None = None
    max_units: Count | None = None
    exclusions: Annotated[list[Code64], Meta(max_length=OFFERS_MAX)] = []
    funders: Annotated[list[FunderIn], Meta(min_length=1, max_length=10)] | None = None
    with_trade_in: bool = True


class StackTradeInIn(TradeInIn, frozen=True, kw_only=True):
    """As in a quote, with what a quote would look up: how many units of which category the person had this year."""

    already_claimed: Annotated[dict[Code64, Annotated[int, Meta(ge=0, le=10_000)]], Meta(max_length=40)] = {}


class StackIn(In, frozen=True, kw_only=True):
    """POST /v1/calculators/stack. `at` is the instant of the sale, now when it is not given."""

    currency: Currency
    lines: Annotated[list[LineIn], Meta(min_length=1, max_length=LINES_MAX)]
    offers: Annotated[list[StackOfferIn], Meta(max_length=OFFERS_MAX)]
    trade_in: StackTradeInIn | None = None
    channel: Channel = "online"
    region: Region | None = None
    at: Instant | None = None
