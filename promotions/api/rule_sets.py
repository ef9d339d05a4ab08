"""GET /v1/rule_sets: the government's rules as data, with their sources."""

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta

from domain.rates import format_percent
from domain.rulesets import CategoryRule
from foundation import db, ids
from foundation.api import Call, Endpoint, Out, Page, PageQuery, Route, page_of
from foundation.ids import UnknownId
from promotions.selectors import rulesets
from promotions.selectors.rulesets import CurrentRuleSet


class CategoryOut(Out, frozen=True, kw_only=True):
    """What a category of goods gets: percent of the base, at most `cap`; `ceiling` is the dearest unit that qualifies."""

    category: str
    rate: str | None
    grade_rates: dict[str, str]
    unlabelled_rate: str | None
    cap: int
    ceiling: int | None
    max_per_person: int


class RuleSetOut(Out, frozen=True, kw_only=True):
    """One programme's rules for one period, in force on [valid_from, valid_to)."""

    id: str
    object: Literal["rule_set"] = "rule_set"
    version: int
    programme: str
    government: str
    currency: str
    valid_from: date
    valid_to: date
    regions: list[str]
    rounding: str
    old_item_in_base: bool
    channel_in_base: bool
    restore_on_refund: bool
    require_same_person: bool
    require_serial: bool
    dossier: list[str]
    categories: list[CategoryOut]
    source: str


class RuleSetQuery(PageQuery, frozen=True, kw_only=True):
    """`on` keeps the rule sets in force that day; `region` those that reach it."""

    on: date | None = None
    region: Annotated[str, Meta(max_length=8)] | None = None


def _percent(ppm: int | None) -> str | None:
    return None if ppm is None else format_percent(ppm)


def _category(rule: CategoryRule) -> CategoryOut:
    return CategoryOut(
        category=rule.category,
        rate=_percent(rule.rate_ppm),
        grade_rates={str(grade): format_percent(ppm) for grade, ppm in sorted(rule.grade_rates_ppm.items())},
        unlabelled_rate=_percent(rule.unlabelled_rate_ppm),
        cap=rule.cap_minor,
        ceiling=rule.ceiling_minor,
        max_per_person=rule.max_per_person,
    )


def _out(row: CurrentRuleSet) -> RuleSetOut:
    rules = row.ruleset
    return RuleSetOut(
        id=rules.id,
        version=row.version,
        programme=rules.programme,
        government=ids.public_id("gov", row.programme_id),
        currency=rules.currency,
        valid_from=rules.valid_from,
        valid_to=rules.valid_to,
        regions=sorted(rules.regions),
        rounding=rules.rounding.value,
        old_item_in_base=rules.old_item_in_base,
        channel_in_base=rules.channel_in_base,
        restore_on_refund=rules.restore_on_refund,
        require_same_person=rules.require_same_person,
        require_serial=rules.require_serial,
        dossier=list(rules.dossier),
        categories=[_category(rules.categories[code]) for code in sorted(rules.categories)],
        source=rules.source,
    )


class RuleSets(Endpoint):
    """All rule sets."""

    tag = "Rule sets"

    @Route(scope="campaigns:read", query=RuleSetQuery, returns=Page[RuleSetOut])
    def get(self, call: Call, *, query: RuleSetQuery) -> Page[RuleSetOut]:
        """List the newest version of every rule set, by id; past ones too."""
        with db.tenant_transaction(call.caller.tenant_id):
            rows = [row for row in rulesets.current() if query.cursor is None or row.ruleset.id > query.cursor]
        kept = [row for row in rows if _asked_for(row, query)]
        return page_of(kept[: query.limit + 1], limit=query.limit, cursor_of=lambda row: row.ruleset.id, show=_out)


def _asked_for(row: CurrentRuleSet, query: RuleSetQuery) -> bool:
    rules = row.ruleset
    if query.on is not None and not rules.valid_from <= query.on < rules.valid_to:
        return False
    return query.region is None or rules.reaches(query.region)


class RuleSet(Endpoint):
    """One rule set."""

    tag = "Rule sets"

    @Route(scope="campaigns:read", returns=RuleSetOut, errors=(UnknownId,))
    def get(self, call: Call, *, code: str) -> RuleSetOut:
        """Read the newest version of a rule set."""
        with db.tenant_transaction(call.caller.tenant_id):
            found = next((row for row in rulesets.current() if row.ruleset.id == code), None)
        if found is None:
            raise UnknownId
        return _out(found)
