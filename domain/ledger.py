"""What the books say of an order: the transfers of every event, leg by leg and order line by order line.

Worked example (CNY): price 6,000.00, subsidy 900.00, financed 5,100.00, fee 367.20 funded 220.32 merchant, 110.16 brand,
36.72 platform, service fee 30.60. Capture books six legs; the merchant's pending is then 4,849.08.
"""

from collections.abc import Iterable, Mapping

from domain.accounts import PURPOSES, Account, Kind, Leg, LineType, Purpose, PurposeFacts, Side
from domain.claim_legs import Claim, ClaimEvent, claim_legs
from domain.frozen import CaptureFacts, Contract, LineFacts, Part, freeze
from domain.money import allocate
from domain.payout_legs import PayoutEvent, carry_legs, payout_legs
from domain.refunds import part_deltas
from domain.remaining import LineRemaining, RefundState, remaining
from domain.sides import AT_CAPTURE, LINE_TYPES, MoneyNow, leg, sides

__all__ = [
    "PURPOSES",
    "Account",
    "CaptureFacts",
    "Claim",
    "ClaimEvent",
    "Contract",
    "Kind",
    "Leg",
    "LineFacts",
    "LineType",
    "MoneyNow",
    "Part",
    "PayoutEvent",
    "Purpose",
    "PurposeFacts",
    "Side",
    "balances",
    "capture_legs",
    "carry_legs",
    "claim_legs",
    "freeze",
    "payoff_legs",
    "payout_legs",
    "refund_legs",
    "release_legs",
    "remit_legs",
]


def capture_legs(*, facts: CaptureFacts) -> tuple[Leg, ...]:
    """Principal, everybody's share of fee and discounts, the subsidy and the service fee."""
    legs: list[Leg] = []
    for line in facts.lines:
        for part in line.parts:
            pair = sides(part=part, line=line.line, contract=facts.contract, now=AT_CAPTURE)
            if pair is not None:
                debit, credit = pair
                legs.append(
                    leg(
                        part=part,
                        line=line,
                        amount_minor=part.amount_minor,
                        debit=debit,
                        credit=credit,
                        line_type=LINE_TYPES[part.role][0],
                    )
                )
    return tuple(legs)


def refund_legs(
    *, facts: CaptureFacts, before: RefundState, after: RefundState, money_now: MoneyNow
) -> tuple[Leg, ...]:
    """The mirror of what came back, against the accounts where the money now stands.

    One third of the worked example back, pro-rata rebate: 1,700.00 principal, 73.44 / 36.72 / 12.24 fee, 300.00
    subsidy, 10.20 service fee. Where the lender keeps its fee the three shares stay spent.
    """
    legs: list[Leg] = []
    deltas = part_deltas(remaining(facts=facts, state=before), remaining(facts=facts, state=after))
    for left, part, delta in deltas:
        pair = sides(part=part, line=left.facts.line, contract=facts.contract, now=money_now)
        if pair is not None:
            debit, credit = pair
            legs.append(
                leg(
                    part=part,
                    line=left.facts,
                    amount_minor=delta,
                    debit=credit,
                    credit=debit,
                    line_type=LINE_TYPES[part.role][1],
                )
            )
    return tuple(legs)


def release_legs(*, facts: CaptureFacts, state: RefundState) -> tuple[Leg, ...]:
    """The release date: what is pending of each line becomes available; 4,849.08 in the worked example.

    A line on which fees exceed the principal (a large down payment) is pending below zero and moves the other way.
    """
    pending = Account(facts.contract.merchant_id, Purpose.MERCHANT_PENDING)
    available = Account(facts.contract.merchant_id, Purpose.MERCHANT_AVAILABLE)
    legs = []
    for left in remaining(facts=facts, state=state):
        amount = _balance_of(left, facts, pending, at=AT_CAPTURE)
        if amount:
            debit, credit = (pending, available) if amount > 0 else (available, pending)
            legs.append(_plain(left.facts, debit, credit, abs(amount), LineType.RELEASE))
    return tuple(legs)


def remit_legs(*, facts: CaptureFacts, state: RefundState, bank_id: str, net: bool) -> tuple[Leg, ...]:
    """The lender pays what it still owes, gross or net of its fee. Its own share of the fee is set off first.

    Gross: bank > lender receivable 5,100.00. Net: lender payable > lender receivable 367.20 and bank 4,732.80.
    """
    lender = facts.contract.lender_id
    receivable = Account(lender, Purpose.LENDER_RECEIVABLE)
    payable = Account(lender, Purpose.LENDER_PAYABLE)
    contribution = Account(lender, Purpose.LENDER_CONTRIBUTION)
    bank = Account(bank_id, Purpose.BANK)
    legs = []
    for left in remaining(facts=facts, state=state):
        owed = -_balance_of(left, facts, receivable, at=AT_CAPTURE)
        own = -_balance_of(left, facts, contribution, at=AT_CAPTURE)
        fee = _balance_of(left, facts, payable, at=AT_CAPTURE) - own
        offset = min(fee, owed) if net else 0
        for debit, credit, amount, line_type in (
            (payable, contribution, own, LineType.SET_OFF),
            (payable, receivable, offset, LineType.SET_OFF),
            (bank, receivable, owed - offset, LineType.REMITTANCE),
        ):
            if amount > 0:
                legs.append(_plain(left.facts, debit, credit, amount, line_type))
    return tuple(legs)


def payoff_legs(*, facts: CaptureFacts, state: RefundState, rebate_minor: int, money_now: MoneyNow) -> tuple[Leg, ...]:
    """Early payoff: the lender rebates part of its fee; it goes back to the funders by their frozen shares.

    120.00 of the worked example: 72.00 merchant, 36.00 brand, 12.00 platform. What the buyer paid of the fee is the
    lender's to rebate to the buyer, outside the books; `rebate_minor` is the waived part's.
    """
    shares = [
        (left, part, amount)
        for left in remaining(facts=facts, state=state)
        for part, amount in zip(left.facts.parts, left.amounts, strict=True)
        if part.role == "fee" and amount
    ]
    if not shares or rebate_minor <= 0:
        return ()
    legs = []
    parts = allocate(total=rebate_minor, weights=[amount for _, _, amount in shares])
    for (left, part, _), back in zip(shares, parts, strict=True):
        pair = sides(part=part, line=left.facts.line, contract=facts.contract, now=money_now)
        if pair is not None and back:
            legs.append(
                leg(
                    part=part,
                    line=left.facts,
                    amount_minor=back,
                    debit=pair[1],
                    credit=pair[0],
                    line_type=LineType.PAYOFF_REBATE,
                )
            )
    return tuple(legs)


def balances(legs: Iterable[Leg]) -> Mapping[Account, int]:
    """Credits minus debits of every account the legs touch, minor units. They add up to zero."""
    sums: dict[Account, int] = {}
    for one in legs:
        sums[one.credit] = sums.get(one.credit, 0) + one.amount_minor
        sums[one.debit] = sums.get(one.debit, 0) - one.amount_minor
    return sums


def _balance_of(left: LineRemaining, facts: CaptureFacts, account: Account, *, at: MoneyNow) -> int:
    """Credits minus debits of an account by what is left of a line."""
    balance = 0
    for part, amount in zip(left.facts.parts, left.amounts, strict=True):
        pair = sides(part=part, line=left.facts.line, contract=facts.contract, now=at)
        if pair is not None:
            balance += amount * ((pair[1] == account) - (pair[0] == account))
    return balance


def _plain(line: LineFacts, debit: Account, credit: Account, amount_minor: int, line_type: LineType) -> Leg:
    return Leg(
        debit=debit, credit=credit, amount_minor=amount_minor, line_type=line_type, item_id=line.line, sku=line.sku
    )
