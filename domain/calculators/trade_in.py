"""The trade-in calculator: one unit, its reductions by lane, and the subsidy of the rules of its day."""

from collections.abc import Sequence
from datetime import date
from typing import Literal

from msgspec import Struct

from domain.errors import DomainError
from domain.rulesets import CategoryRule, Ineligible, RuleSet, ruleset_in_force
from domain.subsidy import UnitSubsidy, evaluate_unit

ReductionLane = Literal["merchant", "brand", "platform", "carrier", "old_item_credit", "channel"]


class ReductionsExceedPrice(DomainError):
    """More is taken off than the unit costs."""

    code = "reductions_exceed_price"
    status = 422
    pointer = "/reductions"


class InvalidTradeIn(DomainError):
    """A price below 1, a reduction or a count below 0."""

    code = "invalid_trade_in"
    status = 422


class LaneReduction(Struct, frozen=True, gc=False):
    """What one lane takes off the list price, minor units."""

    lane: ReductionLane
    amount_minor: int


class TradeInRequest(Struct, frozen=True, gc=False, kw_only=True):
    """A unit sold `on` a day. `already_claimed` is what the person had of its category this year."""

    on: date
    category: str
    list_price_minor: int
    region: str | None = None
    energy_grade: int | None = None
    reductions: tuple[LaneReduction, ...] = ()
    already_claimed: int = 0


class TradeInAnswer(Struct, frozen=True, gc=False, kw_only=True):
    """`code` says why a unit is not eligible; rate, cap and rule set are those of the day where the rules cover it."""

    eligible: bool
    code: str | None
    base_minor: int
    rate_ppm: int | None
    cap_minor: int | None
    subsidy_minor: int
    payable_minor: int
    rule_set: str | None


def calculate_trade_in(*, request: TradeInRequest, rulesets: Sequence[RuleSet]) -> TradeInAnswer:
    """A phone of 5,999.00 less 1,500.00: base 4,499.00, 15 % of it above the cap, so 500.00, and 3,999.00 to pay.

    The old item's credit and a payment-channel discount lower the base where the rule set says so, else only what is
    paid. Raises ReductionsExceedPrice, InvalidTradeIn.
    """
    _check(request)
    found = ruleset_in_force(rulesets=rulesets, sold_on=request.on, region=request.region, category=request.category)
    if isinstance(found, Ineligible):
        return _answer(request, ruleset=None, rule=None, verdict=found)
    ruleset, rule = found
    verdict = evaluate_unit(
        ruleset=ruleset,
        rule=rule,
        base_minor=_base(request, ruleset),
        energy_grade=request.energy_grade,
        claimed=request.already_claimed,
    )
    return _answer(request, ruleset=ruleset, rule=rule, verdict=verdict)


def _check(request: TradeInRequest) -> None:
    off = [reduction.amount_minor for reduction in request.reductions]
    if request.list_price_minor < 1 or min([request.already_claimed, *off]) < 0:
        raise InvalidTradeIn(list_price=request.list_price_minor, already_claimed=request.already_claimed)
    if sum(off) > request.list_price_minor:
        raise ReductionsExceedPrice(list_price=request.list_price_minor, reductions=sum(off))


def _base(request: TradeInRequest, ruleset: RuleSet | None) -> int:
    """The price after every discount that the rules count; without rules, after those that all of them count."""
    outside = {"old_item_credit": False, "channel": False}
    if ruleset is not None:
        outside = {"old_item_credit": ruleset.old_item_in_base, "channel": ruleset.channel_in_base}
    return request.list_price_minor - sum(
        [reduction.amount_minor for reduction in request.reductions if outside.get(reduction.lane, True)]
    )


def _answer(
    request: TradeInRequest, *, ruleset: RuleSet | None, rule: CategoryRule | None, verdict: UnitSubsidy | Ineligible
) -> TradeInAnswer:
    subsidy = 0 if isinstance(verdict, Ineligible) else verdict.subsidy_minor
    paid = request.list_price_minor - sum([reduction.amount_minor for reduction in request.reductions]) - subsidy
    return TradeInAnswer(
        eligible=not isinstance(verdict, Ineligible),
        code=verdict.code if isinstance(verdict, Ineligible) else None,
        base_minor=_base(request, ruleset),
        rate_ppm=None if rule is None else rule.rate_for(request.energy_grade),
        cap_minor=None if rule is None else rule.cap_minor,
        subsidy_minor=subsidy,
        payable_minor=max(paid, 0),
        rule_set=None if ruleset is None else ruleset.id,
    )
