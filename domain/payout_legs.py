"""The transfers of a payout, of a receipt, and of a balance that is carried."""

from enum import StrEnum

from domain.accounts import Account, Leg, LineType, Purpose


class PayoutEvent(StrEnum):
    """Instructed: on its way. Booked: the bank paid. Rejected: never paid. Returned: paid and sent back."""

    INSTRUCTED = "instructed"
    BOOKED = "booked"
    REJECTED = "rejected"
    RETURNED = "returned"


def payout_legs(
    *, event: PayoutEvent, source: Account, platform_id: str, amount_minor: int, reason: str = ""
) -> tuple[Leg, ...]:
    """`source` is what is paid out: a merchant's available, a lender's or a brand's payable, the government's payable.

    Available > in transit; in transit > bank; and back. The hold on the next payout is the caller's.
    """
    transit = Account(platform_id, Purpose.IN_TRANSIT)
    bank = Account(platform_id, Purpose.BANK)
    debit, credit, line_type = {
        PayoutEvent.INSTRUCTED: (source, transit, LineType.PAYOUT),
        PayoutEvent.BOOKED: (transit, bank, LineType.PAYOUT_BOOKED),
        PayoutEvent.REJECTED: (transit, source, LineType.PAYOUT_REJECTED),
        PayoutEvent.RETURNED: (bank, source, LineType.PAYOUT_RETURNED),
    }[event]
    if amount_minor <= 0:
        return ()
    return (Leg(debit=debit, credit=credit, amount_minor=amount_minor, line_type=line_type, reason=reason),)


def carry_legs(*, merchant_id: str, available_minor: int) -> tuple[Leg, ...]:
    """At close a negative available balance becomes a receivable, and opens the next statement: -116.36 books
    merchant receivable > merchant available 116.36."""
    if available_minor >= 0:
        return ()
    return (
        Leg(
            debit=Account(merchant_id, Purpose.MERCHANT_RECEIVABLE),
            credit=Account(merchant_id, Purpose.MERCHANT_AVAILABLE),
            amount_minor=-available_minor,
            line_type=LineType.CARRIED,
        ),
    )


def receipt_legs(
    *, into: Account, from_account: Account | None, platform_id: str, amount_minor: int
) -> tuple[Leg, ...]:
    """Money that came in: it clears a receivable, or waits as unapplied cash until somebody knows whose it is."""
    if amount_minor <= 0:
        return ()
    cleared = from_account if from_account is not None else Account(platform_id, Purpose.UNAPPLIED_CASH)
    return (Leg(debit=into, credit=cleared, amount_minor=amount_minor, line_type=LineType.RECEIPT),)
