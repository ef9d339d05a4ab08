"""The government trade-in subsidy of one unit: the last price step, on the price after every other discount."""

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from domain.rates import apply
from domain.rulesets import CategoryRule, Ineligible, RuleSet, ruleset_in_force


class UnitSubsidy(Struct, frozen=True, gc=False, kw_only=True):
    """What the government pays for one unit, minor units, and by which numbers."""

    rule_set: str
    category: str
    energy_grade: int | None
    rate_ppm: int
    cap_minor: int
    base_minor: int
    subsidy_minor: int


def unit_subsidy(*, ruleset: RuleSet, rule: CategoryRule, base_minor: int, energy_grade: int | None = None) -> int:
    """`min(round(base * rate), cap)`: 15 % of 3,333.34 half-up is 500.00, and no phone gets more.

    Only the arithmetic, as a price change on a kept unit needs it; `evaluate_unit` judges whether the unit qualifies.
    A grade that the rule does not pay gets 0.
    """
    rate_ppm = rule.rate_for(energy_grade)
    if rate_ppm is None:
        return 0
    return min(apply(rate_ppm=rate_ppm, to=base_minor, rounding=ruleset.rounding), rule.cap_minor)


def evaluate_unit(
    *, ruleset: RuleSet, rule: CategoryRule, base_minor: int, energy_grade: int | None, claimed: int
) -> UnitSubsidy | Ineligible:
    """Judge one unit under a rule. `claimed` is what the person has of this category this year, earlier units included.

    Codes in this order: `energy_grade_not_covered`, `price_above_ceiling` (the ceiling tests the discounted price:
    listed 8,000.00 and sold at 6,000.00 qualifies, 6,000.01 does not), `per_person_limit`.
    """
    rate_ppm = rule.rate_for(energy_grade)
    if rate_ppm is None:
        return Ineligible("energy_grade_not_covered", _grade_figures(rule=rule, energy_grade=energy_grade))
    if rule.ceiling_minor is not None and base_minor > rule.ceiling_minor:
        return Ineligible("price_above_ceiling", {"ceiling": rule.ceiling_minor, "actual": base_minor})
    if claimed >= rule.max_per_person:
        return Ineligible("per_person_limit", {"limit": rule.max_per_person, "claimed": claimed})
    return UnitSubsidy(
        rule_set=ruleset.id,
        category=rule.category,
        energy_grade=energy_grade,
        rate_ppm=rate_ppm,
        cap_minor=rule.cap_minor,
        base_minor=base_minor,
        subsidy_minor=unit_subsidy(ruleset=ruleset, rule=rule, base_minor=base_minor, energy_grade=energy_grade),
    )


def _grade_figures(*, rule: CategoryRule, energy_grade: int | None) -> dict[str, int | str]:
    figures: dict[str, int | str] = {"covered": ",".join(map(str, sorted(rule.grade_rates_ppm)))}
    if energy_grade is not None:
        figures["actual"] = energy_grade
    return figures


def evaluate(
    *,
    rulesets: Sequence[RuleSet],
    sold_on: date,
    region: str | None,
    category: str,
    energy_grade: int | None,
    base_minor: int,
    claimed: int = 0,
) -> UnitSubsidy | Ineligible:
    """Find the rules of the day and judge one unit: the calculator's question.

    A grade 1 fridge at 6,000.00 sold on 2026-03-01 gets 900.00; on 2025-03-01 it would have had 1,200.00.
    """
    found = ruleset_in_force(rulesets=rulesets, sold_on=sold_on, region=region, category=category)
    if isinstance(found, Ineligible):
        return found
    ruleset, rule = found
    return evaluate_unit(ruleset=ruleset, rule=rule, base_minor=base_minor, energy_grade=energy_grade, claimed=claimed)
