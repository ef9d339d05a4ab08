"""A capture in the books: its transfers, the claims on the government, and the day its money is released."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from domain.accounts import Leg
from domain.periods import local_date
from installments.services import dossiers, orders
from installments.services.drafts import Draft
from installments.services.orders import Order
from settlements.services import booking
from settlements.services.events import BookedEvent


def release_day(draft: Draft) -> date:
    """The day the merchant's pending money becomes available: the agreement's days after the capture, in the book's zone."""
    snapshot = draft.chosen.snapshot
    agreement = snapshot.agreements[draft.basket.columns["lender_id"]]
    return released_on(at=draft.chosen.now, timezone=snapshot.book.timezone, release_days=agreement.release_days)


def released_on(*, at: datetime, timezone: str, release_days: int) -> date:
    """`release_days` after the local day of the capture."""
    return local_date(at=at, timezone=timezone) + timedelta(days=release_days)


def capture_event(order: Order, legs: tuple[Leg, ...], *, at: datetime) -> BookedEvent:
    """The capture of an order as the books are told."""
    return orders.booked_event(order, key="capture", legs=legs, at=at)


def book_drafts(drafts: Sequence[Draft], *, now: datetime) -> None:
    """Book the captures of plans that are recorded in this transaction, and open their claims."""
    if not drafts:
        return
    booking.book(
        [capture_event(orders.order_of_draft(draft), draft.basket.legs, at=draft.chosen.now) for draft in drafts]
    )
    dossiers.open_for([dossiers.of_draft(draft) for draft in drafts if draft.basket.frozen.claimed], now=now)
