"""What a move of a claim means for the money: the event that is booked with it."""

from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from msgspec import structs

from domain.claim_states import ClaimMove, ClaimState
from domain.ledger import Claim as ClaimMoney
from domain.ledger import ClaimEvent as MoneyEvent
from domain.ledger import claim_legs
from foundation import ids
from settlements.models import Claim
from settlements.services.events import BookedEvent

Fault = Literal["merchant", "platform"]

_MONEY_EVENTS: Final[dict[ClaimMove, MoneyEvent]] = {
    ClaimMove.SUBMIT: MoneyEvent.SUBMITTED,
    ClaimMove.DISPUTE: MoneyEvent.DISPUTED,
    ClaimMove.PAY: MoneyEvent.PAID,
    ClaimMove.RETURN: MoneyEvent.RETURNED,
}


def money_event(move: ClaimMove, *, before: str, fault: Fault) -> MoneyEvent | None:
    """What the books learn. A dispute that ends in acceptance takes the money back from disputed to submitted."""
    if move is ClaimMove.REJECT:
        return MoneyEvent.REJECTED_PLATFORM_FAULT if fault == "platform" else MoneyEvent.REJECTED_MERCHANT_FAULT
    if move is ClaimMove.ACCEPT:
        return MoneyEvent.DISPUTED if before == ClaimState.DISPUTED else None
    return _MONEY_EVENTS.get(move)


def booked_event(
    row: Claim, money: MoneyEvent, *, move: ClaimMove, before: str, platform_id: UUID, now: datetime
) -> BookedEvent:
    """The event as the books are told; without legs where there is nothing to move."""
    legs = claim_legs(
        event=money,
        claim=ClaimMoney(
            programme_id=ids.public_id("gov", row.programme_id),
            merchant_id=ids.public_id("mer", row.tenant_id),
            platform_id=ids.public_id("plt", platform_id),
            amount_minor=row.returned_minor if money is MoneyEvent.RETURNED else row.amount_minor,
            item_id=row.item_id,
            sku=row.sku,
            rule_set=row.rule_set,
            pays="merchant" if row.pays == "merchant" else "platform",
            disputed=before == ClaimState.DISPUTED,
        ),
    )
    if move is ClaimMove.ACCEPT:
        legs = tuple([structs.replace(leg, debit=leg.credit, credit=leg.debit) for leg in legs])
    return BookedEvent(
        book_id=row.book_id,
        tenant_id=row.tenant_id,
        event_key=f"claim:{ids.public_id('clm', row.id)}:{move.value}",
        effective_at=now,
        legs=legs,
        currency=row.currency,
        order_id=row.order_id,
        order_reference=row.order_reference,
        reason_code=row.reason_code,
    )
