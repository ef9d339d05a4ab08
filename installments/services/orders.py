"""What the books print about a plan's order, and the events the books are told. Text only: the books never join upward."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from domain.accounts import Leg
from foundation import ids
from installments.models import Plan
from installments.services.drafts import Draft
from settlements.services.events import BookedEvent


class Order(Struct, frozen=True, kw_only=True):
    """An order as the books know it."""

    plan_id: UUID
    tenant_id: UUID
    book_id: UUID
    order_id: str
    order_reference: str
    store_id: str
    currency: str
    term: int


def order_of_draft(draft: Draft) -> Order:
    """The order of a plan that is being recorded."""
    row = draft.row
    return Order(
        plan_id=draft.plan_id,
        tenant_id=row["tenant_id"],
        book_id=row["book_id"],
        order_id=ids.public_id("pl", draft.plan_id),
        order_reference=row["order_reference"],
        store_id=draft.basket.purchase.store_id or "",
        currency=row["currency"],
        term=row["term"],
    )


def order_of_plan(plan: Plan) -> Order:
    """The order of a stored plan."""
    return Order(
        plan_id=plan.id,
        tenant_id=plan.tenant_id,
        book_id=plan.book_id,
        order_id=ids.public_id("pl", plan.id),
        order_reference=plan.order_reference,
        store_id="" if plan.store_id is None else ids.public_id("sto", plan.store_id),
        currency=plan.currency,
        term=plan.term,
    )


def booked_event(order: Order, *, key: str, legs: tuple[Leg, ...], at: datetime, reason: str = "") -> BookedEvent:
    """One thing that happened to an order. `key` names it within the order: `capture`, `refund:re_01…`."""
    return BookedEvent(
        book_id=order.book_id,
        tenant_id=order.tenant_id,
        event_key=f"{order.order_id}:{key}",
        effective_at=at,
        legs=legs,
        currency=order.currency,
        order_id=order.order_id,
        order_reference=order.order_reference,
        store_id=order.store_id,
        term=order.term,
        reason_code=reason,
    )
