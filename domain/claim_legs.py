"""The transfers of a government claim on one order line: submitted, disputed, paid, rejected, returned."""

from enum import StrEnum
from typing import Literal

from msgspec import Struct

from domain.accounts import Account, Leg, LineType, Purpose


class ClaimEvent(StrEnum):
    """What the books learn of a claim. Acceptance alone moves no money."""

    SUBMITTED = "submitted"
    DISPUTED = "disputed"
    PAID = "paid"
    REJECTED_MERCHANT_FAULT = "rejected_merchant_fault"
    REJECTED_PLATFORM_FAULT = "rejected_platform_fault"
    RETURNED = "returned"


class Claim(Struct, frozen=True, gc=False, kw_only=True):
    """One claim, minor units. `pays`: the programme pays the platform's bank account, or the merchant directly.

    `disputed` says that the money stands at disputed when it is paid or rejected.
    """

    programme_id: str
    merchant_id: str
    platform_id: str
    amount_minor: int
    item_id: str
    sku: str = ""
    rule_set: str = ""
    pays: Literal["platform", "merchant"] = "platform"
    disputed: bool = False


def claim_legs(*, event: ClaimEvent, claim: Claim, reason: str = "") -> tuple[Leg, ...]:
    """The rows of the event table: 900.00 paid is bank > submitted and merchant contingent > available.

    A programme that pays the merchant never touches our bank: the evidence clears contingent against submitted.
    """
    if claim.amount_minor <= 0:
        return ()
    line_type, moves = _moves(event, claim)
    return tuple(
        [
            Leg(
                debit=debit,
                credit=credit,
                amount_minor=claim.amount_minor,
                line_type=line_type,
                item_id=claim.item_id,
                sku=claim.sku,
                rule_set=claim.rule_set,
                reason=reason,
            )
            for debit, credit in moves
        ]
    )


def _moves(event: ClaimEvent, claim: Claim) -> tuple[LineType, list[tuple[Account, Account]]]:
    submitted = Account(claim.programme_id, Purpose.GOVERNMENT_SUBMITTED)
    disputed = Account(claim.programme_id, Purpose.GOVERNMENT_DISPUTED)
    standing = disputed if claim.disputed else submitted
    bank = Account(claim.platform_id, Purpose.BANK)
    contingent = Account(claim.merchant_id, Purpose.MERCHANT_CONTINGENT)
    to_merchant = (contingent, Account(claim.merchant_id, Purpose.MERCHANT_AVAILABLE))
    loss = Account(claim.platform_id, Purpose.PLATFORM_CLAIM_LOSS)
    paid = [(contingent, standing)] if claim.pays == "merchant" else [(bank, standing), to_merchant]
    table = {
        ClaimEvent.SUBMITTED: (
            LineType.CLAIM_SUBMITTED,
            [(submitted, Account(claim.programme_id, Purpose.GOVERNMENT_ACCRUED))],
        ),
        ClaimEvent.DISPUTED: (LineType.CLAIM_DISPUTED, [(disputed, submitted)]),
        ClaimEvent.PAID: (LineType.CLAIM_PAID, paid),
        ClaimEvent.REJECTED_MERCHANT_FAULT: (LineType.CLAIM_REJECTED, [(contingent, standing)]),
        ClaimEvent.REJECTED_PLATFORM_FAULT: (LineType.CLAIM_REJECTED, [(loss, standing), to_merchant]),
        ClaimEvent.RETURNED: (
            LineType.CLAIM_RETURNED,
            [(Account(claim.programme_id, Purpose.GOVERNMENT_PAYABLE), bank)],
        ),
    }
    return table[event]
