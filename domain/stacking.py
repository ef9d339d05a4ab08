"""Which offers together cost the buyer least, lane by lane.

Offers take their turn in lane order, inside a lane by larger priority, then campaign id. An offer may be left out for a
better total, never moved. The best legal set is searched exactly up to 12 candidates and greedily above; the answer says
which. Among equally cheap sets the one that keeps the earlier offers wins, and one that keeps the claimed government
subsidy wins over one that gives it up.

# Note [Why leaving out can pay]
10 % off first can push the basket under the minimum of "300 off from 2,000". So every offer is tried with and without,
and a branch is cut when even its best possible end is not cheaper than what was found (`stacking_bound`).
"""

from typing import Literal

from msgspec import Struct

from domain.candidates import Candidate, amounts_off
from domain.purchase import Line
from domain.stacking_bound import lower, most_from

EXACT_UP_TO = 12


class Group(Struct, frozen=True, gc=False, kw_only=True):
    """At most `limit` of the group's offers apply. With `first_only` the first that qualifies is the only one that may."""

    name: str
    limit: int
    first_only: bool


class Field(Struct, frozen=True, gc=False, kw_only=True):
    """The search as posed: candidates in their turn order, their groups, the basket's lines in id order.

    `yields` are the bits of the offers that are not given together with the subsidy (all 0 without a claim).
    """

    basket: tuple[Line, ...]
    candidates: tuple[Candidate, ...]
    groups: tuple[Group, ...]
    yields: int = 0


class Chosen(Struct, frozen=True, gc=False, kw_only=True):
    """The best set found. `amounts[i]` is what candidate i takes off its lines, or None where it is not in the set."""

    mask: int
    amounts: tuple[list[int] | None, ...]
    payable_minor: int
    search: Literal["exact", "greedy"]


def choose(field: Field) -> Chosen:
    """The cheapest legal set for the buyer; the order of offers and lines in the request never changes it."""
    search = _Search(field)
    if len(field.candidates) <= EXACT_UP_TO:
        search.visit(0, [line.list_minor for line in field.basket], 0, tuple([group.limit for group in field.groups]))
    else:
        search.climb()
    return Chosen(
        mask=search.best_mask,
        amounts=tuple(search.best_amounts),
        payable_minor=search.best_cost // 2,
        search="exact" if len(field.candidates) <= EXACT_UP_TO else "greedy",
    )


class _Search:
    """The state of one search. Costs are doubled payables; the odd unit marks a set that gives the subsidy up."""

    __slots__ = (
        "amounts",
        "basket",
        "best_amounts",
        "best_cost",
        "best_mask",
        "candidates",
        "groups",
        "plain",
        "rough_off",
        "yields",
    )

    def __init__(self, field: Field) -> None:
        self.basket = field.basket
        self.candidates = field.candidates
        self.groups = field.groups
        self.yields = field.yields
        self.plain = _is_plain(field)
        # rough_off[turn] is the most that the candidates from that turn on can take off together.
        self.rough_off = [0] if self.plain else most_from(field.candidates, field.basket)
        self.best_cost = -1
        self.best_mask = 0
        self.best_amounts: list[list[int] | None] = []
        self.amounts: list[list[int] | None] = [None] * len(field.candidates)

    def visit(self, turn: int, running: list[int], mask: int, room: tuple[int, ...]) -> None:
        """Try candidate `turn` in the set, then out of it."""
        if turn == len(self.candidates):
            self._keep(running, mask)
            return
        candidate = self.candidates[turn]
        off = self._off(candidate, running, mask, room)
        blocked = candidate.enemies & mask
        if off is not None and not blocked:
            self.amounts[turn] = off
            self.visit(turn + 1, _less(running, candidate.lines, off), mask | 1 << turn, _taken(candidate, room))
            self.amounts[turn] = None
            if self.plain:
                return
        if off is not None and candidate.group >= 0 and self.groups[candidate.group].first_only:
            # It qualified: nobody after it in a `first` group may take its place, not even where an exclusion bars it.
            room = _taken(candidate, room)
        if off is None or self.best_cost < 0 or self._least_cost(turn + 1, running, mask, room) < self.best_cost:
            self.visit(turn + 1, running, mask, room)

    def climb(self) -> None:
        """Greedy: all uncontested offers, then the contested ones by what each takes off alone, kept where they help."""
        listed = [line.list_minor for line in self.basket]
        alone = [(sum(amounts_off(c, listed, self.basket) or ()), turn) for turn, c in enumerate(self.candidates)]
        wanted = sum(1 << turn for turn, c in enumerate(self.candidates) if not c.enemies and c.group < 0)
        self._replay(wanted)
        for _, turn in sorted(alone, key=lambda entry: (-entry[0], entry[1])):
            if not wanted >> turn & 1:
                before = self.best_cost
                self._replay(wanted | 1 << turn)
                if self.best_cost < before:
                    wanted |= 1 << turn

    def _replay(self, wanted: int) -> None:
        """Play one set through; candidates that may not apply in their turn stay out."""
        running = [line.list_minor for line in self.basket]
        room = tuple([group.limit for group in self.groups])
        mask = 0
        for turn, candidate in enumerate(self.candidates):
            off = self._off(candidate, running, mask, room)
            self.amounts[turn] = None
            if off is None:
                continue
            if wanted >> turn & 1 and not candidate.enemies & mask:
                self.amounts[turn] = off
                running = _less(running, candidate.lines, off)
                mask |= 1 << turn
                room = _taken(candidate, room)
            elif candidate.group >= 0 and self.groups[candidate.group].first_only:
                room = _taken(candidate, room)
        self._keep(running, mask)

    def _off(self, candidate: Candidate, running: list[int], mask: int, room: tuple[int, ...]) -> list[int] | None:
        if candidate.group >= 0:
            if room[candidate.group] <= 0:
                return None
        elif candidate.enemies & mask:
            return None
        return amounts_off(candidate, running, self.basket)

    def _keep(self, running: list[int], mask: int) -> None:
        cost = sum(running) * 2 + (1 if mask & self.yields else 0)
        if self.best_cost < 0 or cost < self.best_cost:
            self.best_cost = cost
            self.best_mask = mask
            self.best_amounts = list(self.amounts)

    def _least_cost(self, turn: int, running: list[int], mask: int, room: tuple[int, ...]) -> int:
        """A cost that no end of this branch can undercut: a rough one if that settles it, else a close one."""
        given_up = 1 if mask & self.yields else 0
        rough = (sum(running) - self.rough_off[turn]) * 2 + given_up
        if rough >= self.best_cost:
            return rough
        least = running.copy()
        loose = 0
        for candidate in self.candidates[turn:]:
            if candidate.enemies & mask or (candidate.group >= 0 and room[candidate.group] <= 0):
                continue
            loose += lower(candidate, running=running, least=least, basket=self.basket)
        return max(sum(least) - loose, 0) * 2 + given_up


def _is_plain(field: Field) -> bool:
    """Whether taking every offer is surely best: nothing excludes, nothing has a threshold, all see the whole basket.

    Over several lines the odd fen of an allocation could tip a subsidy by a fen, so a programme is plain on one line only.
    """
    for candidate in field.candidates:
        offer = candidate.offer
        if candidate.enemies or candidate.group >= 0 or not candidate.whole:
            return False
        if offer.min_minor is not None or offer.max_minor is not None:
            return False
        if candidate.programme is not None and len(field.basket) > 1:
            return False
        if offer.value is not None and offer.value.steps:
            return False
    return True


def _less(running: list[int], lines: tuple[int, ...], off: list[int]) -> list[int]:
    following = running.copy()
    for position, amount in zip(lines, off, strict=True):
        following[position] -= amount
    return following


def _taken(candidate: Candidate, room: tuple[int, ...]) -> tuple[int, ...]:
    group = candidate.group
    return room if group < 0 else (*room[:group], room[group] - 1, *room[group + 1 :])
