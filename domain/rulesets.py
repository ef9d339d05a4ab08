"""Government subsidy rules as data: dated, sourced, chosen by the day of the sale, the region and the category.

Laws change on a date and differ by province, so no number of theirs is written in code: a rule set is parsed from a
preset, and an old sale is judged for ever by the rules it was made under.
"""

from collections.abc import Iterable, Sequence
from datetime import date

import msgspec
from msgspec import Struct

from domain.errors import DomainError
from domain.money import Rounding, parse_decimal
from domain.rates import PPM, parse_percent

_GRADES = ("1", "2", "3", "4", "5")


class InvalidRuleSet(DomainError):
    """A rule set that contradicts itself or that does not read."""

    code = "invalid_rule_set"
    status = 422


class CategoryRule(Struct, frozen=True, gc=False, kw_only=True):
    """What one category of goods gets. Rates are ppm of the base, amounts minor units of the rule set's currency.

    `rate_ppm` pays every grade, `grade_rates_ppm` only the grades named (1 is the best), `unlabelled_rate_ppm` goods
    without a label. `ceiling_minor` is the dearest discounted unit price that still qualifies; None is no ceiling.
    """

    category: str
    cap_minor: int
    max_per_person: int
    rate_ppm: int | None = None
    grade_rates_ppm: dict[int, int] = {}
    unlabelled_rate_ppm: int | None = None
    ceiling_minor: int | None = None

    def rate_for(self, energy_grade: int | None) -> int | None:
        """The rate of a unit with that energy or water grade (None: no label), or None when it gets nothing."""
        if energy_grade is None:
            return self.unlabelled_rate_ppm if self.unlabelled_rate_ppm is not None else self.rate_ppm
        return self.grade_rates_ppm.get(energy_grade, self.rate_ppm)


class RuleSet(Struct, frozen=True, gc=False, kw_only=True):
    """One programme's rules for one period: `cn-2026-appliance`.

    In force on `[valid_from, valid_to)`, half-open like every period here: the 2025 rules end with `valid_to` 2026-01-01.
    Empty `regions` is nationwide; a province's own rule set goes before it. The switches are what provinces and years
    differ in: whether the old item's credit or a payment-channel discount lowers the base, whether a return gives the
    qualification back, whether claimant, payer and consignee must be one person, whether a serial number is needed.
    """

    id: str
    programme: str
    currency: str
    valid_from: date
    valid_to: date
    categories: dict[str, CategoryRule]
    source: str
    regions: frozenset[str] = frozenset()
    rounding: Rounding = Rounding.HALF_UP
    old_item_in_base: bool = False
    channel_in_base: bool = False
    restore_on_refund: bool = False
    require_same_person: bool = False
    require_serial: bool = False
    dossier: tuple[str, ...] = ()

    def in_force(self, *, on: date, region: str | None) -> bool:
        """Whether the rules hold on that day in that region; without a region only nationwide rules do."""
        return self.valid_from <= on < self.valid_to and self.reaches(region)

    def reaches(self, region: str | None) -> bool:
        """Whether the rules are nationwide or name the region."""
        return not self.regions or region in self.regions

    def rule_of(self, category: str) -> CategoryRule | None:
        """The rule of a category or of the nearest one above it: `phone` covers `phone.flagship`."""
        code = category
        while code:
            rule = self.categories.get(code)
            if rule is not None:
                return rule
            code = code.rpartition(".")[0]
        return None


class Ineligible(Struct, frozen=True, gc=False):
    """Why there is no subsidy: a stable code of the API and the figures that were compared."""

    code: str
    figures: dict[str, int | str]


def ruleset_in_force(
    *, rulesets: Sequence[RuleSet], sold_on: date, region: str | None, category: str
) -> tuple[RuleSet, CategoryRule] | Ineligible:
    """The rules for goods sold on a day: the region's own before nationwide ones, then the latest to begin.

    Codes: `outside_effective_dates` when no programme that knows the category runs that day (phones on 2025-01-19),
    `category_not_covered` when one runs but leaves the category out (dishwashers in 2026), or when none ever knew it.
    """
    best: tuple[RuleSet, CategoryRule] | None = None
    for ruleset in rulesets:
        rule = ruleset.rule_of(category)
        if rule is None or not ruleset.in_force(on=sold_on, region=region):
            continue
        if best is None or _precedence(ruleset) > _precedence(best[0]):
            best = ruleset, rule
    if best is not None:
        return best
    return _reason(rulesets=rulesets, sold_on=sold_on, region=region, category=category)


def _precedence(ruleset: RuleSet) -> tuple[bool, date, str]:
    # The id decides last, so that the order in which rule sets were loaded never changes money.
    return bool(ruleset.regions), ruleset.valid_from, ruleset.id


def _reason(*, rulesets: Sequence[RuleSet], sold_on: date, region: str | None, category: str) -> Ineligible:
    running = {ruleset.programme for ruleset in rulesets if ruleset.in_force(on=sold_on, region=region)}
    knowing = [ruleset for ruleset in rulesets if ruleset.reaches(region) and ruleset.rule_of(category) is not None]
    programmes = {ruleset.programme for ruleset in knowing}
    if running and (not programmes or programmes & running):
        return Ineligible("category_not_covered", {"category": category, "sold_on": sold_on.isoformat()})
    figures: dict[str, int | str] = {"sold_on": sold_on.isoformat()}
    figures.update(_nearest_window(windows=knowing or rulesets, sold_on=sold_on))
    return Ineligible("outside_effective_dates", figures)


def _nearest_window(*, windows: Iterable[RuleSet], sold_on: date) -> dict[str, str]:
    """The next window to open, else the last that closed: what a clerk wants to know."""
    ordered = sorted(windows, key=lambda ruleset: (ruleset.valid_from, ruleset.id))
    if not ordered:
        return {}
    upcoming = [ruleset for ruleset in ordered if ruleset.valid_from > sold_on]
    nearest = upcoming[0] if upcoming else ordered[-1]
    return {"valid_from": nearest.valid_from.isoformat(), "valid_to": nearest.valid_to.isoformat()}


class _CategoryEntry(Struct, forbid_unknown_fields=True):
    """A category as people write it: percentages and yuan as text."""

    cap: str
    max_per_person: int
    rate: str | None = None
    grade_rates: dict[str, str] = {}
    unlabelled_rate: str | None = None
    ceiling: str | None = None


class _RuleSetEntry(Struct, forbid_unknown_fields=True, kw_only=True):
    id: str
    programme: str
    currency: str
    valid_from: date
    valid_to: date
    categories: dict[str, _CategoryEntry]
    source: str
    regions: list[str] = []
    rounding: Rounding = Rounding.HALF_UP
    old_item_in_base: bool = False
    channel_in_base: bool = False
    restore_on_refund: bool = False
    require_same_person: bool = False
    require_serial: bool = False
    dossier: tuple[str, ...] = ()


class _RuleSetFile(Struct, forbid_unknown_fields=True):
    rule_set: list[_RuleSetEntry]


def parse_rulesets(document: dict[str, object]) -> tuple[RuleSet, ...]:
    """The rule sets of one preset (`tomllib.load` of it, or the same as JSON): strict, amounts and percentages as text.

    Raises InvalidRuleSet (it does not read, contradicts itself, or an id comes twice), InvalidPercent, InvalidAmount,
    UnknownCurrency.
    """
    try:
        entries = msgspec.convert(document, _RuleSetFile).rule_set
    except msgspec.ValidationError as error:
        raise InvalidRuleSet(reason=str(error)) from error
    rulesets = tuple(_parsed(entry) for entry in entries)
    ids = [ruleset.id for ruleset in rulesets]
    if len(set(ids)) != len(ids):
        raise InvalidRuleSet(reason="an id comes twice", ids=",".join(ids))
    return rulesets


def _parsed(entry: _RuleSetEntry) -> RuleSet:
    if not (entry.valid_from < entry.valid_to and entry.categories and entry.source):
        raise InvalidRuleSet(reason="needs a period, categories and a source", rule_set=entry.id)
    rules = [
        _parsed_rule(category=category, entry=rule, rule_set=entry.id, currency=entry.currency)
        for category, rule in entry.categories.items()
    ]
    facts = msgspec.structs.asdict(entry)
    facts |= {"regions": frozenset(entry.regions), "categories": {rule.category: rule for rule in rules}}
    return RuleSet(**facts)


def _parsed_rule(*, category: str, entry: _CategoryEntry, rule_set: str, currency: str) -> CategoryRule:
    rule = CategoryRule(
        category=category,
        cap_minor=parse_decimal(text=entry.cap, currency=currency),
        max_per_person=entry.max_per_person,
        rate_ppm=None if entry.rate is None else parse_percent(entry.rate),
        grade_rates_ppm={_grade(text): parse_percent(rate) for text, rate in entry.grade_rates.items()},
        unlabelled_rate_ppm=None if entry.unlabelled_rate is None else parse_percent(entry.unlabelled_rate),
        ceiling_minor=None if entry.ceiling is None else parse_decimal(text=entry.ceiling, currency=currency),
    )
    rates = [*rule.grade_rates_ppm.values(), rule.rate_ppm, rule.unlabelled_rate_ppm]
    stated = [rate for rate in rates if rate is not None]
    positive = rule.cap_minor > 0 and rule.max_per_person > 0 and (rule.ceiling_minor is None or rule.ceiling_minor > 0)
    if not (positive and stated and all(0 < rate <= PPM for rate in stated)):
        raise InvalidRuleSet(
            reason="rates, cap, ceiling and count are above zero", rule_set=rule_set, category=category
        )
    return rule


def _grade(text: str) -> int:
    if text not in _GRADES:
        raise InvalidRuleSet(reason="energy grades are 1 to 5", grade=text)
    return int(text)
