"""A plan, its events and its refunds, as the API spells them."""

from datetime import datetime
from typing import Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

from foundation import ids
from foundation.structs import Out
from installments.models import Plan, PlanEvent, Refund
from installments.services.quote_out import FunderOut


class BuyerOut(Out, frozen=True, kw_only=True):
    """The buyer by the merchant's own reference."""

    reference: str


class SerialOut(Out, frozen=True, kw_only=True):
    """A unit's serial, with the line it was sold on."""

    line: str
    serial: str
    imei2: str | None = None


class RefundOut(Out, frozen=True, kw_only=True):
    """Money that went back. `amount` is of the payable; running totals stand on the plan."""

    id: str
    plan: str
    amount: int
    currency: str
    to_buyer: int
    to_government: int
    to_funders: list[FunderOut]
    lender_keeps: int
    lines: list[dict[str, Any]]
    reason: str
    state: str
    created_at: datetime
    object: Literal["refund"] = "refund"


class PlanEventOut(Out, frozen=True, kw_only=True):
    """One move of a plan."""

    id: str
    plan: str
    type: str
    from_state: str | None
    to_state: str
    amount: int
    request_id: str
    created_at: datetime
    object: Literal["plan_event"] = "plan_event"


class PlanDocument(Out, frozen=True, kw_only=True):
    """A confirmed plan: amounts, waterfall and plan as they were priced, and where it stands."""

    id: str
    state: str
    quote_id: str
    livemode: bool
    currency: str
    order_reference: str
    store: str | None
    channel: str
    region: str | None
    lender: str
    buyer: BuyerOut
    amounts: msgspec.Raw | Any
    waterfall: msgspec.Raw | Any
    plan: msgspec.Raw | Any
    schedule: msgspec.Raw | Any
    lender_decision: msgspec.Raw | Any
    serials: list[SerialOut]
    captured: int
    refunded: int
    capture: Literal["automatic", "manual"]
    consent: msgspec.Raw | Any
    metadata: msgspec.Raw | Any
    created_at: datetime
    expires_at: datetime | None
    captured_at: datetime | None
    refunds: list[RefundOut] | UnsetType = UNSET
    events: list[PlanEventOut] | UnsetType = UNSET
    object: Literal["plan"] = "plan"


def plan_document(row: Plan, *, livemode: bool) -> PlanDocument:
    """A stored plan as the API shows it."""
    return PlanDocument(
        id=ids.public_id("pl", row.id),
        state=row.state,
        quote_id=ids.public_id("qt", row.quote_id),
        livemode=livemode,
        currency=row.currency,
        order_reference=row.order_reference,
        store=None if row.store_id is None else ids.public_id("sto", row.store_id),
        channel=row.channel,
        region=row.region or None,
        lender=ids.public_id("len", row.lender_id),
        buyer=BuyerOut(reference=row.buyer_reference),
        amounts=row.amounts,
        waterfall=row.waterfall,
        plan=row.plan,
        schedule=row.plan["schedule"],
        lender_decision=row.lender_decision,
        serials=[SerialOut(**serial) for serial in row.serials],
        captured=row.captured_minor,
        refunded=row.refunded_minor,
        capture="manual" if row.manual_capture else "automatic",
        consent=row.consent,
        metadata=row.metadata,
        created_at=row.created_at,
        expires_at=row.expires_at,
        captured_at=row.captured_at,
    )


def event_out(row: PlanEvent) -> PlanEventOut:
    """One move."""
    return PlanEventOut(
        id=ids.public_id("evt", row.id),
        plan=ids.public_id("pl", row.plan_id),
        type=f"plan.{row.move}",
        from_state=row.from_state or None,
        to_state=row.to_state,
        amount=row.amount_minor,
        request_id=row.request_id,
        created_at=row.at,
    )


def refund_out(row: Refund) -> RefundOut:
    """One refund."""
    return RefundOut(
        id=ids.public_id("re", row.id),
        plan=ids.public_id("pl", row.plan_id),
        amount=row.amount_minor,
        currency=row.currency,
        to_buyer=row.to_buyer_minor,
        to_government=row.to_government_minor,
        to_funders=[FunderOut(**funder) for funder in row.to_funders],
        lender_keeps=row.lender_keeps_minor,
        lines=row.lines,
        reason=row.reason,
        state=row.state,
        created_at=row.created_at,
    )
