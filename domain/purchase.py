"""What a buyer wants to buy, where and when: the one input of pricing.

Amounts are integers of minor units of `Purchase.currency`; instants are aware UTC datetimes.
"""

from datetime import datetime

from msgspec import Struct


class Line(Struct, frozen=True, gc=False, kw_only=True):
    """One line of a basket. `unit_price_minor` is the list price of one unit."""

    id: str
    sku: str
    category: str
    quantity: int
    unit_price_minor: int
    brand: str | None = None
    name: str | None = None
    energy_grade: int | None = None
    serial: str | None = None

    @property
    def list_minor(self) -> int:
        """List price of the whole line, minor units."""
        return self.unit_price_minor * self.quantity


class OldItem(Struct, frozen=True, gc=False, kw_only=True):
    """The used appliance or phone the buyer hands in; `credit_minor` is what the shop gives for it."""

    category: str
    credit_minor: int


class TradeIn(Struct, frozen=True, gc=False, kw_only=True):
    """The buyer's wish to use the government trade-in subsidy.

    `claimed` counts what this person already claimed this year, as (category, count) pairs sorted by category;
    the caller looked it up, pricing only compares.
    """

    claim: bool = False
    qualification_code: str | None = None
    old_item: OldItem | None = None
    claimed: tuple[tuple[str, int], ...] = ()


class Purchase(Struct, frozen=True, gc=False, kw_only=True):
    """Everything pricing may look at. Nothing else (no clock, no database) influences a quote."""

    at: datetime
    currency: str
    merchant_id: str
    lines: tuple[Line, ...]
    channel: str = "online"
    store_id: str | None = None
    region: str | None = None
    buyer_key: str | None = None
    buyer_groups: tuple[str, ...] = ()
    coupons: tuple[str, ...] = ()
    trade_in: TradeIn = TradeIn()
    down_payment_minor: int = 0
    terms: tuple[int, ...] | None = None
    lenders: tuple[str, ...] | None = None

    @property
    def list_minor(self) -> int:
        """List price of the basket, minor units."""
        return sum(line.list_minor for line in self.lines)
