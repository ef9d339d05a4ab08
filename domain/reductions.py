"""How much one price offer takes off, and from which lines: amounts only, no search.

Percentages are rounded half-up on the sum of the units that count, then shared by the one allocator with the lines'
running amounts as weights, so that no line ever falls below zero. `max_units` and `cheapest_free` take the cheapest
units by list price; among equal prices the line that stands first by its id.
"""

from collections.abc import Sequence

from msgspec import Struct

from domain.money import allocate
from domain.offers import Offer
from domain.purchase import Line
from domain.rates import PPM


class Share(Struct, frozen=True, gc=False, kw_only=True):
    """What an offer looks at in a basket. `lines` are positions; `units` how many units of each count, or None when all
    units of all of them do; `counted` is the number of units; `list_minor` their list price."""

    lines: tuple[int, ...]
    units: tuple[int, ...] | None
    counted: int
    list_minor: int


def share_of(*, offer: Offer, lines: tuple[int, ...], basket: Sequence[Line]) -> Share:
    """Settle once which units count: 3 units in scope, `max_units` 2: the two cheapest."""
    value = offer.value
    every = value.cheapest_free_every if value is not None else None
    if offer.max_units is None and every is None:
        counted = list_minor = 0
        for position in lines:
            line = basket[position]
            counted += line.quantity
            list_minor += line.unit_price_minor * line.quantity
        return Share(lines=lines, units=None, counted=counted, list_minor=list_minor)
    wanted = sum([basket[position].quantity for position in lines])
    if offer.max_units is not None:
        wanted = min(wanted, offer.max_units)
    if value is not None and every:
        # "Buy 3, the cheapest is free": every full group of `every` units frees `count` of the cheapest.
        wanted = wanted // every * min(value.cheapest_free_count or 1, every)
    units = _cheapest(lines=lines, basket=basket, wanted=wanted)
    return Share(
        lines=lines,
        units=units,
        counted=wanted,
        list_minor=sum(
            [basket[position].unit_price_minor * count for position, count in zip(lines, units, strict=True)]
        ),
    )


def _cheapest(*, lines: tuple[int, ...], basket: Sequence[Line], wanted: int) -> tuple[int, ...]:
    taken = dict.fromkeys(lines, 0)
    for position in sorted(lines, key=lambda place: (basket[place].unit_price_minor, place)):
        taken[position] = min(wanted, basket[position].quantity)
        wanted -= taken[position]
    return tuple(taken.values())


def weights_of(*, share: Share, running: Sequence[int], basket: Sequence[Line]) -> list[int]:
    """Running price of the units that count, per line of the share."""
    if share.units is None:
        return [running[position] for position in share.lines]
    return [
        part_of_units(total=running[position], units=basket[position].quantity, taken=taken)
        for position, taken in zip(share.lines, share.units, strict=True)
    ]


def part_of_units(*, total: int, units: int, taken: int) -> int:
    """Price of the `taken` cheapest of a line's units: 100 over 3 units is 34, 33, 33, so one unit is 33, two are 66."""
    price, odd = divmod(total, units)
    return price * taken + max(0, odd - (units - taken))


def off_minor(*, offer: Offer, share: Share, available: int) -> int:
    """What the offer takes off when its units run at `available` minor units; between zero and `available`.

    5,499.00 at 15 % with a cap of 500.00 is 500.00. A step counts when it is reached exactly.
    """
    value = offer.value
    if value is None:
        return 0
    spent = share.list_minor if offer.base == "list" else available
    if value.percent_ppm is not None:
        # Half-up of amounts that are never negative, written out: this is the innermost line of the search.
        off = (2 * spent * value.percent_ppm + PPM) // (2 * PPM)
    elif value.amount_minor is not None:
        off = value.amount_minor
    elif value.per_unit_minor is not None:
        off = value.per_unit_minor * share.counted
    elif value.steps:
        off = max([step.off_minor for step in value.steps if step.from_minor <= spent], default=0)
    else:
        off = available
    if offer.cap_minor is not None and off > offer.cap_minor:
        off = offer.cap_minor
    return min(off, available)


def spread(*, off: int, weights: list[int]) -> list[int]:
    """Share an amount over lines by their running prices."""
    if len(weights) == 1:
        return [off]
    return allocate(total=off, weights=weights)
