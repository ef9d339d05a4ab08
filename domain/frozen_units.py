"""The units of a captured line in the order in which they are returned, each with its own base and subsidy.

# Note [Which unit comes back]
A request names a quantity, not a unit. Units that got a subsidy are returned first, the larger subsidy and then the
dearer unit before the others: the government's money is never kept on goods that came back. A caller that knows better
(by serial) returns by line.
"""

from collections.abc import Sequence

from msgspec import Struct

from domain.money import Rounding, allocate
from domain.priced import Reduction, SubsidisedUnits
from domain.purchase import Line
from domain.rates import apply
from domain.rulesets import RuleSet


class PinnedRule(Struct, frozen=True, gc=False, kw_only=True):
    """The numbers of the rule set of the day of sale, for a price change on a kept unit."""

    rate_ppm: int
    cap_minor: int
    rounding: Rounding

    def subsidy(self, base_minor: int) -> int:
        """`min(round(base * rate), cap)`, minor units."""
        return min(apply(rate_ppm=self.rate_ppm, to=base_minor, rounding=self.rounding), self.cap_minor)


class UnitFacts(Struct, frozen=True, gc=False, kw_only=True):
    """Units of a line with the same base and subsidy each. `payable_minor` is for all of them together: the first
    units carry its odd minor units."""

    units: int
    base_minor: int
    subsidy_minor: int
    payable_minor: int
    rule: PinnedRule | None = None


def unit_facts(
    *, line: Line, payable_minor: int, waterfall: Sequence[Reduction], rulesets: Sequence[RuleSet]
) -> tuple[UnitFacts, ...]:
    """The units of a line as priced: 3 phones of which one is subsidised are two groups."""
    pinned = {rule_set.id: rule_set for rule_set in rulesets}
    base_minor = line.list_minor
    found: list[tuple[SubsidisedUnits, str]] = []
    for step in waterfall:
        if step.lane == "government":
            found.extend((units, step.rule_set or "") for units in step.units if units.line == line.id)
        elif not found:
            base_minor -= sum([share.amount_minor for share in step.lines if share.line == line.id])
    groups = [
        (units.units, units.base_minor, units.subsidy_minor, _pin(units, pinned.get(rule_set)))
        for units, rule_set in found
    ]
    groups.extend(_unsubsidised(line=line, base_minor=base_minor, found=[units for units, _ in found]))
    groups.sort(key=lambda group: (-group[2], -group[1]))
    weights = [units * (base - subsidy) for units, base, subsidy, _ in groups]
    payables = allocate(total=payable_minor, weights=weights) if any(weights) else [0] * len(groups)
    return tuple(
        [
            UnitFacts(units=units, base_minor=base, subsidy_minor=subsidy, payable_minor=payable, rule=rule)
            for (units, base, subsidy, rule), payable in zip(groups, payables, strict=True)
        ]
    )


def _unsubsidised(
    *, line: Line, base_minor: int, found: Sequence[SubsidisedUnits]
) -> list[tuple[int, int, int, PinnedRule | None]]:
    units = line.quantity - sum([group.units for group in found])
    if units == 0:
        return []
    price, odd = divmod(base_minor - sum([group.units * group.base_minor for group in found]), units)
    groups: list[tuple[int, int, int, PinnedRule | None]] = [(odd, price + 1, 0, None), (units - odd, price, 0, None)]
    return [group for group in groups if group[0]]


def _pin(units: SubsidisedUnits, rule_set: RuleSet | None) -> PinnedRule | None:
    rule = rule_set.rule_of(units.category) if rule_set is not None else None
    rate_ppm = rule.rate_for(units.energy_grade) if rule is not None else None
    if rule_set is None or rule is None or rate_ppm is None:
        return None
    return PinnedRule(rate_ppm=rate_ppm, cap_minor=rule.cap_minor, rounding=rule_set.rounding)
