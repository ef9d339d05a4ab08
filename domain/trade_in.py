"""The government lane of a basket: which units get the trade-in subsidy, each on its own base.

A line's base is split to its units by the one allocator (100 over 3 is 34, 33, 33). Where a person's count is short the
units with the largest subsidy come first, among equals the line that stands first by its id: best for the buyer.
"""

from collections.abc import Sequence
from datetime import date
from operator import itemgetter

from msgspec import Struct

from domain.eligibility import withheld
from domain.offers import Offer
from domain.priced import SubsidisedUnits, Withheld
from domain.purchase import Line, Purchase
from domain.rates import PPM
from domain.rulesets import CategoryRule, Ineligible, RuleSet, ruleset_in_force
from domain.subsidy import evaluate_unit, unit_subsidy


class Entitled(Struct, frozen=True, gc=False, kw_only=True):
    """A line whose category and grade the day's rules cover. `claimed` counts the person's units of the rule's category."""

    position: int
    line: Line
    ruleset: RuleSet
    rule: CategoryRule
    claimed: int


class Programme(Struct, frozen=True, gc=False, kw_only=True):
    """A trade-in offer on this basket, at least one line. `refused` tells of lines in scope that the rules leave out."""

    entitled: tuple[Entitled, ...]
    refused: tuple[Withheld, ...] = ()

    @property
    def positions(self) -> tuple[int, ...]:
        """The lines of the basket that may get the subsidy."""
        return tuple([entry.position for entry in self.entitled])


class UnitGroup(Struct, frozen=True, gc=False, kw_only=True):
    """Units of a line with the same base each, and what each gets; `refusal` says why when that is nothing."""

    entry: Entitled
    units: int
    base_minor: int
    subsidy_minor: int
    refusal: Ineligible | None = None


# What gets furthest is the most telling reason for a basket of which no line is covered.
_TELLING = ("outside_effective_dates", "category_not_covered", "energy_grade_not_covered")


def find_programme(
    *,
    offer: Offer,
    lines: tuple[int, ...],
    purchase: Purchase,
    rulesets: Sequence[RuleSet],
    sold_on: date,
    region: str | None,
) -> Programme | Withheld:
    """The rules of the day for the offer's lines; not claimed, or nothing covered, is a coded reason."""
    if not purchase.trade_in.claim:
        return _withheld(offer, Ineligible("not_claimed", {}), [purchase.lines[position] for position in lines])
    known = [ruleset for ruleset in rulesets if offer.programme in (None, ruleset.programme)]
    entitled: list[Entitled] = []
    refused: list[Withheld] = []
    for position in lines:
        line = purchase.lines[position]
        found = ruleset_in_force(rulesets=known, sold_on=sold_on, region=region, category=line.category)
        verdict = (
            found
            if isinstance(found, Ineligible)
            else _entitle(position=position, purchase=purchase, ruleset=found[0], rule=found[1])
        )
        if isinstance(verdict, Entitled):
            entitled.append(verdict)
        else:
            refused.append(_withheld(offer, verdict, [line]))
    if entitled:
        return Programme(entitled=tuple(entitled), refused=tuple(refused))
    return max(refused, key=lambda verdict: _TELLING.index(verdict.code))


def _entitle(*, position: int, purchase: Purchase, ruleset: RuleSet, rule: CategoryRule) -> Entitled | Ineligible:
    line = purchase.lines[position]
    if rule.rate_for(line.energy_grade) is None:
        # Asked of a unit that costs nothing, so that only the grade can be the reason.
        verdict = evaluate_unit(ruleset=ruleset, rule=rule, base_minor=0, energy_grade=line.energy_grade, claimed=0)
        if isinstance(verdict, Ineligible):
            return verdict
    claimed = 0
    for category, count in purchase.trade_in.claimed:
        of_category = ruleset.rule_of(category)
        if of_category is not None and of_category.category == rule.category:
            claimed += count
    return Entitled(position=position, line=line, ruleset=ruleset, rule=rule, claimed=claimed)


def subsidise(programme: Programme, running: Sequence[int]) -> list[int] | None:
    """What each entitled line gets at its running price, minor units; None when no unit gets anything.

    The sums of `unit_groups` without their reasons: the search asks this of every set it tries.
    """
    offered: list[tuple[int, int, int]] = []
    for place, entry in enumerate(programme.entitled):
        price, odd = divmod(running[entry.position], entry.line.quantity)
        if odd:
            offered.append((_paid(entry, price + 1), odd, place))
        offered.append((_paid(entry, price), entry.line.quantity - odd, place))
    if len(offered) > 1:
        offered.sort(key=itemgetter(0), reverse=True)
    amounts = [0] * len(programme.entitled)
    left: dict[str, int] = {}
    for paid, units, place in offered:
        entry = programme.entitled[place]
        category = entry.rule.category
        room = left.get(category)
        if room is None:
            room = max(entry.rule.max_per_person - entry.claimed, 0)
        taken = min(units, room) if paid else 0
        left[category] = room - taken
        amounts[place] += taken * paid
    return amounts if any(amounts) else None


def _paid(entry: Entitled, base_minor: int) -> int:
    rule = entry.rule
    if rule.ceiling_minor is not None and base_minor > rule.ceiling_minor:
        return 0
    return unit_subsidy(ruleset=entry.ruleset, rule=rule, base_minor=base_minor, energy_grade=entry.line.energy_grade)


def most_possible(programme: Programme, least: Sequence[int]) -> int:
    """No less than the programme pays on these prices, and nearly it: ceilings ignored, units rounded up.

    What is left to pay after it never falls when a price rises, as no rate is above 100 %.
    """
    offered: list[tuple[int, int, Entitled]] = []
    for entry in programme.entitled:
        base = least[entry.position] // entry.line.quantity + 2
        rate_ppm = entry.rule.rate_for(entry.line.energy_grade) or 0
        unit = min(base * rate_ppm // PPM + 2, entry.rule.cap_minor)
        offered.append((unit, entry.line.quantity, entry))
    if len(offered) > 1:
        offered.sort(key=itemgetter(0), reverse=True)
    most = 0
    left: dict[str, int] = {}
    for unit, units, entry in offered:
        room = left.get(entry.rule.category, entry.rule.max_per_person - entry.claimed)
        most += unit * min(units, max(room, 0))
        left[entry.rule.category] = room - units
    return most


def unit_groups(programme: Programme, running: Sequence[int]) -> list[UnitGroup]:
    """Every unit of every entitled line, judged: at most four groups a line (odd fen or not, paid or not)."""
    judged = [group for entry in programme.entitled for group in _judge_line(entry, running[entry.position])]
    judged.sort(key=lambda group: -group.subsidy_minor)
    left: dict[str, int] = {}
    settled: list[UnitGroup] = []
    for group in judged:
        settled.extend(_within_count(group, left))
    return settled


def _judge_line(entry: Entitled, base_minor: int) -> list[UnitGroup]:
    price, odd = divmod(base_minor, entry.line.quantity)
    if odd == 0:
        return [_judge_units(entry, entry.line.quantity, price)]
    return [_judge_units(entry, odd, price + 1), _judge_units(entry, entry.line.quantity - odd, price)]


def _judge_units(entry: Entitled, units: int, base_minor: int) -> UnitGroup:
    verdict = evaluate_unit(
        ruleset=entry.ruleset,
        rule=entry.rule,
        base_minor=base_minor,
        energy_grade=entry.line.energy_grade,
        claimed=entry.claimed,
    )
    if isinstance(verdict, Ineligible):
        return UnitGroup(entry=entry, units=units, base_minor=base_minor, subsidy_minor=0, refusal=verdict)
    return UnitGroup(entry=entry, units=units, base_minor=base_minor, subsidy_minor=verdict.subsidy_minor)


def _within_count(group: UnitGroup, left: dict[str, int]) -> list[UnitGroup]:
    """Cut a group where the person's count of the category runs out; `left` remembers what earlier groups used."""
    if group.subsidy_minor == 0:
        return [group]
    entry = group.entry
    limit = entry.rule.max_per_person
    room = left.get(entry.rule.category, max(limit - entry.claimed, 0))
    units = min(room, group.units)
    left[entry.rule.category] = room - units
    if units == group.units:
        return [group]
    over = UnitGroup(
        entry=entry,
        units=group.units - units,
        base_minor=group.base_minor,
        subsidy_minor=0,
        refusal=Ineligible("per_person_limit", {"limit": limit, "claimed": limit - room + units}),
    )
    paid = UnitGroup(entry=entry, units=units, base_minor=group.base_minor, subsidy_minor=group.subsidy_minor)
    return [paid, over] if units else [over]


def refusals(*, offer: Offer, groups: Sequence[UnitGroup]) -> tuple[Withheld, ...]:
    """Why units of entitled lines got nothing, one verdict a line and code."""
    found: dict[tuple[str, str], Withheld] = {}
    for group in groups:
        if group.refusal is not None:
            line = group.entry.line
            found.setdefault((line.id, group.refusal.code), _withheld(offer, group.refusal, [line]))
    return tuple(found.values())


def subsidised(groups: Sequence[UnitGroup]) -> dict[str, tuple[SubsidisedUnits, ...]]:
    """The units that got something, by rule set, in the order of the lines and then the dearer unit first."""
    by_ruleset: dict[str, list[SubsidisedUnits]] = {}
    for group in sorted(groups, key=lambda group: (group.entry.position, -group.base_minor)):
        if group.subsidy_minor:
            by_ruleset.setdefault(group.entry.ruleset.id, []).append(
                SubsidisedUnits(
                    line=group.entry.line.id,
                    units=group.units,
                    category=group.entry.rule.category,
                    energy_grade=group.entry.line.energy_grade,
                    base_minor=group.base_minor,
                    subsidy_minor=group.subsidy_minor,
                )
            )
    return {ruleset: tuple(units) for ruleset, units in sorted(by_ruleset.items())}


def _withheld(offer: Offer, reason: Ineligible, lines: Sequence[Line]) -> Withheld:
    return withheld(offer, reason.code, reason.figures, lines=tuple([line.id for line in lines]))
