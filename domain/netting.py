"""Opening plus lines is closing: what a party's statement adds up to.

# Note [Signs]
Every account counts credits minus debits. A party's closing balance is so what is owed to it less what it owes: payables
count up, receivables down; for the platform income counts up, costs and cash down. Summed over all parties of a book
every movement cancels: the closing balances of all statements of a period add up to zero.
"""

from collections.abc import Iterable

from msgspec import Struct

from domain.accounts import PURPOSES, Leg, LineType, Purpose


class StatementTotals(Struct, frozen=True, gc=False, kw_only=True):
    """One party's statement in minor units: `closing = opening + credits - debits`, positive: owed to the party.

    An internal move (pending to available) is two lines. `by_type` gives (debits, credits) by line type, `by_purpose`
    the movement of each account (credits minus debits).
    """

    opening_minor: int
    debit_minor: int
    credit_minor: int
    closing_minor: int
    line_count: int
    by_type: dict[LineType, tuple[int, int]]
    by_purpose: dict[Purpose, int]


def signed(*, purpose: Purpose, normal_minor: int) -> int:
    """A balance in its account's normal direction as a statement counts it: 900.00 receivable is -900.00."""
    return normal_minor if PURPOSES[purpose].normal == "credit" else -normal_minor


def opening_of(balances: Iterable[tuple[Purpose, int]]) -> int:
    """The opening of a statement from the normal-direction balances of the party's accounts."""
    return sum([signed(purpose=purpose, normal_minor=normal_minor) for purpose, normal_minor in balances])


def statement_totals(*, party_id: str, opening_minor: int, legs: Iterable[Leg]) -> StatementTotals:
    """Add up a party's lines; legs that do not touch it are passed over."""
    debit = credit = count = 0
    by_type: dict[LineType, tuple[int, int]] = {}
    by_purpose: dict[Purpose, int] = {}
    for leg in legs:
        for account, taken, given in ((leg.debit, leg.amount_minor, 0), (leg.credit, 0, leg.amount_minor)):
            if account.party_id != party_id:
                continue
            count += 1
            debit += taken
            credit += given
            debits, credits_ = by_type.get(leg.line_type, (0, 0))
            by_type[leg.line_type] = debits + taken, credits_ + given
            by_purpose[account.purpose] = by_purpose.get(account.purpose, 0) + given - taken
    return StatementTotals(
        opening_minor=opening_minor,
        debit_minor=debit,
        credit_minor=credit,
        closing_minor=opening_minor + credit - debit,
        line_count=count,
        by_type=by_type,
        by_purpose=by_purpose,
    )
