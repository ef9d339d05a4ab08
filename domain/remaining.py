"""What is left of a captured order in a given state of its refunds: a pure function of the state.

A refund is the difference between two states, so its order and its splitting cannot matter, and all refunds together
are one full refund, to the minor unit.

# Note [How a price reduction is remembered]
Money given back on units the buyer keeps is remembered as one amount for the whole order, as if no unit had come back.
On a line where half the price is still there, half of its share counts. So the reduction leaves with the unit that is
returned, and reducing by 100 and then by 50 is the same as reducing by 150.

# Note [Shares that only ever fall]
Largest remainders can take a fen from one line when the total grows by one. Refunds must never move back, so a total is
shared here by cutting off one line (or unit group) at a time: first = floor(total * first / all), then the rest.
"""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from domain.frozen import CaptureFacts, LineFacts, Part
from domain.frozen_units import UnitFacts
from domain.money import Rounding, divide


class RefundState(Struct, frozen=True, gc=False, kw_only=True):
    """`returned` counts the units that came back by line id; `reduced_minor` is the price reduction on kept units, for
    the whole order as if no unit had come back. The state before the first refund is `RefundState()`."""

    returned: dict[str, int] = {}
    reduced_minor: int = 0


class LineRemaining(Struct, frozen=True, gc=False, kw_only=True):
    """What is left of a line: of its payable amount, its subsidy, and each of its parts (in the order of the facts)."""

    facts: LineFacts
    payable_minor: int
    subsidy_minor: int
    amounts: tuple[int, ...]


def remaining(*, facts: CaptureFacts, state: RefundState) -> tuple[LineRemaining, ...]:
    """What is left, line by line. With nothing returned it is what was captured, with everything returned nothing,
    but for what contracts keep: a fee that is not rebated, a service fee that is not returned."""
    reductions = _by_line(facts=facts, reduced_minor=state.reduced_minor)
    return tuple(
        [
            _line_remaining(
                line=line, facts=facts, returned=state.returned.get(line.line, 0), reduced_minor=reductions[line.line]
            )
            for line in facts.lines
        ]
    )


def payable_left(*, facts: CaptureFacts, state: RefundState) -> int:
    """What of the payable amount is not refunded yet, minor units."""
    reductions = _by_line(facts=facts, reduced_minor=state.reduced_minor)
    left = 0
    for line in facts.lines:
        kept = _kept_payable(line, state.returned.get(line.line, 0))
        left += kept - _share_of_kept(line=line, kept=kept, reduced_minor=reductions[line.line])
    return left


def cut(*, total: int, weights: Sequence[int]) -> list[int]:
    """Share so that no part falls when the total grows; see [Shares that only ever fall]. 5 by (1, 1, 1) is 1, 2, 2."""
    parts = []
    left, weight_left = total, sum(weights)
    for weight in weights:
        part = left * weight // weight_left if weight_left else 0
        parts.append(part)
        left -= part
        weight_left -= weight
    return parts


def _by_line(*, facts: CaptureFacts, reduced_minor: int) -> Mapping[str, int]:
    shares = cut(total=reduced_minor, weights=[line.payable_minor for line in facts.lines])
    return {line.line: share for line, share in zip(facts.lines, shares, strict=True)}


def _share_of_kept(*, line: LineFacts, kept: int, reduced_minor: int) -> int:
    return reduced_minor * kept // line.payable_minor if line.payable_minor else 0


def _kept_payable(line: LineFacts, returned: int) -> int:
    return sum([group.payable_minor for group in _kept_groups(line, returned)])


def _kept_groups(line: LineFacts, returned: int) -> list[UnitFacts]:
    """The groups without the first `returned` units. A group's first units carry its odd minor units."""
    kept: list[UnitFacts] = []
    for group in line.units:
        gone = min(returned, group.units)
        returned -= gone
        if gone == 0:
            kept.append(group)
        elif gone < group.units:
            price, odd = divmod(group.payable_minor, group.units)
            kept.append(
                UnitFacts(
                    units=group.units - gone,
                    base_minor=group.base_minor,
                    subsidy_minor=group.subsidy_minor,
                    payable_minor=group.payable_minor - price * gone - min(gone, odd),
                    rule=group.rule,
                )
            )
    return kept


def _line_remaining(*, line: LineFacts, facts: CaptureFacts, returned: int, reduced_minor: int) -> LineRemaining:
    groups = _kept_groups(line, returned)
    kept = sum([group.payable_minor for group in groups])
    reduction = _share_of_kept(line=line, kept=kept, reduced_minor=reduced_minor)
    shares = cut(total=reduction, weights=[group.payable_minor for group in groups])
    subsidy = sum([_subsidy_left(group, share) for group, share in zip(groups, shares, strict=True)])
    payable = kept - reduction
    # A line that costs the buyer nothing (all of it discounted) still returns by units.
    left, whole = (payable, line.payable_minor) if line.payable_minor else (line.quantity - returned, line.quantity)
    whole_subsidy = sum([group.units * group.subsidy_minor for group in line.units])
    return LineRemaining(
        facts=line,
        payable_minor=payable,
        subsidy_minor=subsidy,
        amounts=tuple(
            [
                _part_left(part, subsidy, whole_subsidy)
                if part.role == "subsidy"
                else part.amount_minor
                if _is_kept(part, facts)
                else _part_left(part, left, whole)
                for part in line.parts
            ]
        ),
    )


def _is_kept(part: Part, facts: CaptureFacts) -> bool:
    """Whether the contract keeps a part whatever comes back."""
    if part.role in {"fee", "buyer_fee"}:
        return facts.contract.rebate == "none"
    return part.role == "service_fee" and not facts.contract.returns_service_fee


def _part_left(part: Part, left: int, whole: int) -> int:
    """The part's share of what is left; the rounded share of what is gone is what came back."""
    if whole == 0:
        return part.amount_minor
    gone = divide(numerator=part.amount_minor * (whole - left), denominator=whole, rounding=Rounding.HALF_EVEN)
    return part.amount_minor - gone


def _subsidy_left(group: UnitFacts, reduction: int) -> int:
    """The group's subsidy when its units became cheaper by `reduction` together for the buyer."""
    if group.subsidy_minor == 0 or reduction == 0 or group.rule is None:
        return group.units * group.subsidy_minor
    share, odd = divmod(reduction, group.units)
    left = (group.units - odd) * _unit_subsidy_left(group, share)
    return left + odd * _unit_subsidy_left(group, share + 1) if odd else left


def _unit_subsidy_left(group: UnitFacts, reduction: int) -> int:
    """The subsidy of a unit whose price after subsidy fell by `reduction`: the pinned rule on the lower base.

    A phone of 3,000.00 got 450.00, the buyer paid 2,550.00. 255.00 back is a price of 2,700.00: subsidy 405.00, so
    45.00 goes back to the government. The base is the lowest that leaves exactly the buyer's new price.
    """
    if reduction == 0 or group.rule is None:
        return group.subsidy_minor
    target = group.base_minor - group.subsidy_minor - reduction
    low, high = target, group.base_minor
    while low < high:
        middle = (low + high) // 2
        if middle - group.rule.subsidy(middle) < target:
            low = middle + 1
        else:
            high = middle
    return group.rule.subsidy(low)
