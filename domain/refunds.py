"""Refunds by whole units or by amount: what goes back to the buyer, the government and the funders.

The state is what is kept (`RefundState`); a refund is what is left before minus what is left after.
"""

from collections.abc import Mapping
from typing import ClassVar

from msgspec import Struct

from domain.errors import DomainError
from domain.frozen import CaptureFacts, Part
from domain.priced import FunderAmount
from domain.remaining import LineRemaining, RefundState, payable_left, remaining

__all__ = [
    "LineRefund",
    "NothingToRefund",
    "Refund",
    "RefundExceedsCaptured",
    "RefundState",
    "UnknownLine",
    "reduce_price",
    "refund_between",
    "remaining",
    "return_all",
    "return_units",
]


class RefundExceedsCaptured(DomainError):
    """More units, or more money, than is left of the capture: `left` units of the line, or minor units."""

    code: ClassVar[str] = "refund_exceeds_captured"
    status: ClassVar[int] = 409


class UnknownLine(DomainError):
    """The line is not one of the captured order."""

    code: ClassVar[str] = "unknown_line"
    status: ClassVar[int] = 422
    pointer: ClassVar[str | None] = "/lines"


class NothingToRefund(DomainError):
    """No unit and no amount was named, or nothing is left."""

    code: ClassVar[str] = "nothing_to_refund"
    status: ClassVar[int] = 422


class LineRefund(Struct, frozen=True, gc=False, kw_only=True):
    """What came back on one line, minor units; `units` is how many came back as goods."""

    line: str
    units: int
    amount_minor: int
    subsidy_minor: int


class Refund(Struct, frozen=True, gc=False, kw_only=True):
    """One refund. `amount_minor` is of the payable amount; `to_buyer_minor` adds the buyer's own fee that the lender
    rebates; `lender_keeps_minor` is the fee on the returned part that it does not."""

    amount_minor: int
    to_buyer_minor: int
    to_government_minor: int
    to_funders: tuple[FunderAmount, ...]
    lender_keeps_minor: int
    lines: tuple[LineRefund, ...]
    is_whole: bool


def return_units(*, facts: CaptureFacts, before: RefundState, quantities: Mapping[str, int]) -> RefundState:
    """The state after whole units came back. Raises UnknownLine, RefundExceedsCaptured, NothingToRefund."""
    returned = dict(before.returned)
    known = {line.line: line.quantity for line in facts.lines}
    for line, quantity in quantities.items():
        if line not in known:
            raise UnknownLine(line=line)
        left = known[line] - returned.get(line, 0)
        if quantity > left:
            raise RefundExceedsCaptured(line=line, left=left, requested=quantity)
        if quantity > 0:
            returned[line] = returned.get(line, 0) + quantity
    if returned == before.returned:
        raise NothingToRefund
    return RefundState(returned=dict(sorted(returned.items())), reduced_minor=before.reduced_minor)


def return_all(*, facts: CaptureFacts, before: RefundState) -> RefundState:
    """The state after everything that is left came back. Raises NothingToRefund."""
    left = {line.line: line.quantity - before.returned.get(line.line, 0) for line in facts.lines}
    return return_units(facts=facts, before=before, quantities=left)


def reduce_price(*, facts: CaptureFacts, before: RefundState, amount_minor: int) -> RefundState:
    """The state after an amount of the payable came back and the goods stayed; it is spread over what is left.

    All that is left is the sale undone: the units count as returned, so that serials and allowances are free again, and
    no reduction is left to remember. Otherwise finds the smallest reduction of the whole order that lowers what is left
    by exactly the amount: each further minor unit lowers one line by one or none, so one exists. Raises NothingToRefund,
    RefundExceedsCaptured.
    """
    left = payable_left(facts=facts, state=before)
    if amount_minor < 1 or left == 0:
        raise NothingToRefund
    if amount_minor > left:
        raise RefundExceedsCaptured(left=left, requested=amount_minor)
    if amount_minor == left:
        return RefundState(returned=return_all(facts=facts, before=before).returned, reduced_minor=0)
    low, high = before.reduced_minor, facts.payable_minor
    while low < high:
        middle = (low + high) // 2
        tried = RefundState(returned=before.returned, reduced_minor=middle)
        if payable_left(facts=facts, state=tried) > left - amount_minor:
            low = middle + 1
        else:
            high = middle
    return RefundState(returned=before.returned, reduced_minor=low)


def refund_between(
    *,
    facts: CaptureFacts,
    before: RefundState,
    after: RefundState,
    without_subsidy: frozenset[str] = frozenset(),
) -> Refund:
    """The refund that leads from one state to the other.

    `without_subsidy` are lines whose claim was rejected by the merchant's fault: the government paid nothing, nothing
    goes back to it.
    """
    lefts = remaining(facts=facts, state=before)
    rights = remaining(facts=facts, state=after)
    lines = tuple(
        [
            LineRefund(
                line=left.facts.line,
                units=after.returned.get(left.facts.line, 0) - before.returned.get(left.facts.line, 0),
                amount_minor=left.payable_minor - right.payable_minor,
                subsidy_minor=left.subsidy_minor - right.subsidy_minor,
            )
            for left, right in zip(lefts, rights, strict=True)
        ]
    )
    amount = sum([line.amount_minor for line in lines])
    deltas = part_deltas(lefts, rights)
    buyer_fee = sum([delta for _, part, delta in deltas if part.role == "buyer_fee"])
    return Refund(
        amount_minor=amount,
        to_buyer_minor=amount + buyer_fee,
        to_government_minor=sum([line.subsidy_minor for line in lines if line.line not in without_subsidy]),
        to_funders=_to_funders([(part, delta) for _, part, delta in deltas]),
        lender_keeps_minor=_kept_fee(facts, lefts, rights),
        lines=lines,
        is_whole=all(not right.payable_minor for right in rights)
        and (amount > 0 or all(after.returned.get(line.line, 0) == line.quantity for line in facts.lines)),
    )


def part_deltas(
    lefts: tuple[LineRemaining, ...], rights: tuple[LineRemaining, ...]
) -> list[tuple[LineRemaining, Part, int]]:
    """What came back of each part of each line, zeros left out."""
    return [
        (left, part, was - now)
        for left, right in zip(lefts, rights, strict=True)
        for part, was, now in zip(left.facts.parts, left.amounts, right.amounts, strict=True)
        if was != now
    ]


def _to_funders(deltas: list[tuple[Part, int]]) -> tuple[FunderAmount, ...]:
    back: dict[tuple[str, str], FunderAmount] = {}
    for part, delta in deltas:
        if part.role in {"fee", "discount"}:
            key = part.party, part.party_id
            so_far = back[key].amount_minor if key in back else 0
            back[key] = FunderAmount(part.party, part.party_id, so_far + delta)
    return tuple([back[key] for key in sorted(back) if back[key].amount_minor])


def _kept_fee(facts: CaptureFacts, lefts: tuple[LineRemaining, ...], rights: tuple[LineRemaining, ...]) -> int:
    """The lender's fee on what came back, where it does not rebate: what a pro-rata rebate would have been."""
    if facts.contract.rebate != "none":
        return 0
    kept = 0
    for left, right in zip(lefts, rights, strict=True):
        fee = sum([part.amount_minor for part in left.facts.parts if part.role in {"fee", "buyer_fee"}])
        whole = left.facts.payable_minor
        if whole:
            kept += fee * (whole - right.payable_minor) // whole - fee * (whole - left.payable_minor) // whole
    return kept
