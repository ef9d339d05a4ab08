"""One plan as its page shows it."""

from datetime import date, datetime
from typing import Any

from msgspec import Struct

from installments.selectors.desk import RefundView
from portal.charts import Segment
from settlements.selectors.claim_desk import ClaimRow


class Reduction(Struct, frozen=True, kw_only=True):
    """One step of the price."""

    name: str
    lane: str
    amount_minor: int
    left_minor: int
    campaign: str
    version: int
    rule_set: str
    funders: tuple[tuple[str, str, int], ...]


class Unit(Struct, frozen=True, kw_only=True):
    """A line of the order and how many of its units can still come back."""

    line: str
    name: str
    sku: str
    quantity: int
    returned: int
    unit_price_minor: int
    serials: tuple[str, ...]

    @property
    def left(self) -> int:
        """Units that can still be returned."""
        return self.quantity - self.returned


class Moment(Struct, frozen=True, kw_only=True):
    """A line of the timeline."""

    move: str
    state: str
    who: str
    request_id: str
    amount_minor: int
    at: datetime


class Money(Struct, frozen=True, kw_only=True):
    """A transfer of the order, seen from its accounts."""

    day: date
    line_type: str
    debit: str
    credit: str
    amount_minor: int


class PlanPage(Struct, frozen=True, kw_only=True):
    """The whole page."""

    id: str
    state: str
    reference: str
    buyer: str
    store: str
    channel: str
    region: str
    lender: str
    term: int
    currency: str
    timezone: str
    created_at: datetime
    captured_at: datetime | None
    expires_at: datetime | None
    release_on: date | None
    list_minor: int
    payable_minor: int
    down_payment_minor: int
    financed_minor: int
    captured_minor: int
    refunded_minor: int
    reductions: tuple[Reduction, ...]
    bar: tuple[Segment, ...]
    legend: tuple[tuple[str, str, int], ...]
    plan: dict[str, Any]
    plan_funders: tuple[tuple[str, str, int], ...]
    schedule: tuple[dict[str, Any], ...]
    units: tuple[Unit, ...]
    timeline: tuple[Moment, ...]
    money: tuple[Money, ...]
    claims: tuple[ClaimRow, ...]
    refunds: tuple[RefundView, ...]
    can_capture: bool
    can_cancel: bool
    can_refund: bool
