"""What a quote request may say. Unknown fields, floats and figures out of range are refused with a pointer."""

from datetime import datetime
from typing import Annotated, Final, Literal

from msgspec import Meta

from foundation.structs import Amount, AmountOrZero, Currency, In, Reference, check_years

LINES_MAX: Final = 100
BATCH_MAX: Final = 500
QUANTITY_MAX: Final = 10_000

Code64 = Annotated[str, Meta(min_length=1, max_length=64)]
Category = Annotated[str, Meta(min_length=1, max_length=40)]
Region = Annotated[str, Meta(pattern=r"^[A-Z]{2}-[A-Z0-9]{1,3}$", description="ISO 3166-2, where the goods go.")]
Channel = Literal["online", "pos", "live_stream", "mini_program"]
PublicId = Annotated[str, Meta(min_length=1, max_length=40)]
Term = Annotated[int, Meta(ge=1, le=600)]
Locale = Annotated[str, Meta(min_length=2, max_length=35)]
Instant = Annotated[datetime, Meta(tz=True)]


class LineIn(In, frozen=True, kw_only=True):
    """One line of the basket; `unit_price` is the list price of one unit."""

    id: Code64
    sku: Code64
    category: Category
    quantity: Annotated[int, Meta(ge=1, le=QUANTITY_MAX)]
    unit_price: Amount
    name: Annotated[str, Meta(max_length=200)] | None = None
    brand: Code64 | None = None
    energy_grade: Annotated[int, Meta(ge=1, le=5)] | None = None
    serial: Code64 | None = None
    attributes: Annotated[dict[str, str], Meta(max_length=20)] | None = None


class BuyerIn(In, frozen=True, kw_only=True):
    """Who buys: the merchant's own reference of the person, bound into the token."""

    reference: Reference
    groups: Annotated[list[Code64], Meta(max_length=20)] = []


class OldItemIn(In, frozen=True, kw_only=True):
    """What is handed in, and what the shop gives for it."""

    category: Category
    credit: Amount


class TradeInIn(In, frozen=True, kw_only=True):
    """The wish to use the government's trade-in subsidy."""

    claim: bool = False
    qualification_code: Code64 | None = None
    old_item: OldItemIn | None = None


class ContextIn(In, frozen=True, kw_only=True):
    """What the lines of a basket share."""

    currency: Currency
    store: PublicId | None = None
    channel: Channel = "online"
    region: Region | None = None
    buyer: BuyerIn | None = None
    coupons: Annotated[list[Code64], Meta(max_length=20)] = []
    trade_in: TradeInIn | None = None
    terms: Annotated[list[Term], Meta(min_length=1, max_length=20)] | None = None
    lenders: Annotated[list[PublicId], Meta(min_length=1, max_length=20)] | None = None
    at: Instant | None = None
    locale: Locale | None = None

    def __post_init__(self) -> None:
        """Raises InvalidRequest for an instant outside of the calendar."""
        check_years(self, "at")


class QuoteIn(ContextIn, frozen=True, kw_only=True):
    """POST /v1/quotes."""

    lines: Annotated[list[LineIn], Meta(min_length=1, max_length=LINES_MAX)]
    down_payment: AmountOrZero = 0
    explain: Literal["scope", "all"] = "scope"


class ItemIn(In, frozen=True, kw_only=True):
    """One article of a listing page."""

    sku: Code64
    category: Category
    unit_price: Amount
    id: Code64 | None = None
    quantity: Annotated[int, Meta(ge=1, le=QUANTITY_MAX)] = 1
    name: Annotated[str, Meta(max_length=200)] | None = None
    brand: Code64 | None = None
    energy_grade: Annotated[int, Meta(ge=1, le=5)] | None = None


class BatchIn(ContextIn, frozen=True, kw_only=True):
    """POST /v1/quotes/batch."""

    items: Annotated[list[ItemIn], Meta(min_length=1, max_length=BATCH_MAX)]
