"""What a plan froze when it was confirmed: everybody's part of every line, for the books and for the budgets.

`domain.frozen.CaptureFacts` knows what is owed between parties. A merchant's own discount is owed to nobody, yet it was
spent from its campaign's budget: it stands beside the facts as an `OwnPart`, so that a budget is committed and restored
by the same lines as the books.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from domain.frozen import CaptureFacts, Contract, freeze
from domain.money import Rounding, allocate, divide
from domain.priced import PlanOption, Priced
from domain.purchase import Purchase
from domain.remaining import LineRemaining, RefundState, remaining
from domain.rulesets import RuleSet
from foundation import ids


class OwnPart(Struct, frozen=True, gc=False, kw_only=True):
    """What the merchant itself gave off a line, from a campaign's budget. Minor units."""

    line: str
    campaign_id: str
    amount_minor: int


class ClaimedUnits(Struct, frozen=True, gc=False, kw_only=True):
    """Subsidised units of a line that count against a person's allowance; `restores` says whether a return gives it back."""

    line: str
    rule_set: str
    programme_id: UUID
    year: int
    category: str
    units: int
    restores: bool


class Frozen(Struct, frozen=True, kw_only=True):
    """Everything about a plan that later bookings are computed from; kept as `Plan.items`."""

    facts: CaptureFacts
    own: tuple[OwnPart, ...] = ()
    claimed: tuple[ClaimedUnits, ...] = ()

    def of_lines(self, lines: Iterable[str]) -> "Frozen":
        """The same, of some lines only: what was captured."""
        wanted = set(lines)
        return Frozen(
            facts=msgspec.structs.replace(
                self.facts, lines=tuple([line for line in self.facts.lines if line.line in wanted])
            ),
            own=tuple([part for part in self.own if part.line in wanted]),
            claimed=tuple([units for units in self.claimed if units.line in wanted]),
        )


def freeze_plan(
    *,
    purchase: Purchase,
    priced: Priced,
    option: PlanOption,
    contract: Contract,
    rulesets: tuple[RuleSet, ...],
    claimed: tuple[ClaimedUnits, ...],
) -> Frozen:
    """Freeze a priced plan."""
    return Frozen(
        facts=freeze(purchase=purchase, priced=priced, plan=option, contract=contract, rulesets=rulesets),
        own=_own_parts(priced),
        claimed=claimed,
    )


def _own_parts(priced: Priced) -> tuple[OwnPart, ...]:
    """The merchant's own discounts by line, shared like everybody else's."""
    parts: list[OwnPart] = []
    for step in priced.waterfall:
        own = sum([funder.amount_minor for funder in step.funders if funder.party == "merchant"])
        if step.lane == "government" or not step.campaign_id or not own:
            continue
        shares = allocate(total=own, weights=[share.amount_minor for share in step.lines])
        parts.extend(
            OwnPart(line=share.line, campaign_id=step.campaign_id, amount_minor=amount)
            for share, amount in zip(step.lines, shares, strict=True)
            if amount
        )
    return tuple(parts)


def frozen_from(document: Any) -> Frozen:  # noqa: ANN401 - JSON as the database gives it
    """`Plan.items` as the value it was."""
    return msgspec.convert(document, Frozen)


def spent_by_campaign(frozen: Frozen, state: RefundState) -> dict[UUID, int]:
    """What each campaign still has in the plan after the refunds of `state`: all funders' money, minor units."""
    left: dict[str, int] = {}
    lines: dict[str, LineRemaining] = {}
    for line in remaining(facts=frozen.facts, state=state):
        lines[line.facts.line] = line
        for part, amount in zip(line.facts.parts, line.amounts, strict=True):
            if part.campaign_id:
                left[part.campaign_id] = left.get(part.campaign_id, 0) + amount
    for own in frozen.own:
        amount = _own_left(own, lines[own.line], state)
        left[own.campaign_id] = left.get(own.campaign_id, 0) + amount
    return {ids.parse_public_id("cam", campaign): amount for campaign, amount in left.items()}


def _own_left(own: OwnPart, line: LineRemaining, state: RefundState) -> int:
    """The own part in the measure the domain uses: what is gone of the line's payable, or of its units where it is free."""
    whole, left = line.facts.payable_minor, line.payable_minor
    if whole == 0:
        whole = line.facts.quantity
        left = whole - state.returned.get(own.line, 0)
    gone = divide(numerator=own.amount_minor * (whole - left), denominator=whole, rounding=Rounding.HALF_EVEN)
    return own.amount_minor - gone


def restored_by_campaign(frozen: Frozen, before: RefundState, after: RefundState) -> dict[UUID, int]:
    """What a refund gives back to each campaign's budget."""
    was, now = spent_by_campaign(frozen, before), spent_by_campaign(frozen, after)
    return {campaign: amount - now[campaign] for campaign, amount in was.items() if amount > now[campaign]}


def returned_units(frozen: Frozen, before: RefundState, after: RefundState) -> list[ClaimedUnits]:
    """Subsidised units that came back and whose rule set gives the allowance back. They return before the others."""
    back = []
    for units in frozen.claimed:
        gone = _first(after.returned, units) - _first(before.returned, units)
        if gone > 0 and units.restores:
            back.append(msgspec.structs.replace(units, units=gone))
    return back


def _first(returned: Mapping[str, int], units: ClaimedUnits) -> int:
    return min(returned.get(units.line, 0), units.units)
