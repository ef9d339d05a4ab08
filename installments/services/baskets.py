"""A priced basket with the plan taken from it: all that is the same for every buyer who takes it.

A shop sells the same basket many times; what it froze, how it is shown and what it books are made once and shared.
"""

from typing import Any

import msgspec
from msgspec import Struct

from domain.accounts import Leg
from domain.frozen import Contract
from domain.ledger import capture_legs
from domain.periods import local_date
from domain.priced import PlanOption, Priced
from domain.purchase import Purchase
from domain.rulesets import RuleSet
from foundation import ids
from installments.services import quote_out
from installments.services.frozen import ClaimedUnits, Frozen, freeze_plan
from installments.services.quote_out import AmountsOut, PlanOut, ReductionOut
from installments.services.snapshots import CatalogueSnapshot
from installments.services.tokens import Pins


class Basket(Struct, frozen=True, kw_only=True):
    """What was priced and chosen. `columns` are those of installments_plan that do not depend on the buyer, documents
    among them already encoded; `spent` is all funders' money by campaign; `limits` the allowance by rule set and category."""

    purchase: Purchase
    priced: Priced
    option: PlanOption
    frozen: Frozen
    legs: tuple[Leg, ...]
    columns: dict[str, Any]
    spent: dict[str, int]
    limits: dict[tuple[str, str], int]
    amounts: AmountsOut
    waterfall: list[ReductionOut]
    plan: PlanOut


def basket_of(
    *,
    snapshot: CatalogueSnapshot,
    purchase: Purchase,
    priced: Priced,
    option: PlanOption,
    rulesets: tuple[RuleSet, ...],
    pins: Pins,
    digest: str,
) -> Basket:
    """Freeze and spell out a basket. Raises KeyError for a lender without an agreement (a bug: it was not offered)."""
    frozen = freeze_plan(
        purchase=purchase,
        priced=priced,
        option=option,
        contract=_contract(snapshot, option),
        rulesets=rulesets,
        claimed=_claimed(snapshot, purchase, priced, rulesets),
    )
    spent = _spent(priced, option)
    amounts = quote_out.amounts_out(priced.amounts)
    waterfall = [quote_out.reduction_out(step, browser=False) for step in priced.waterfall]
    plan = quote_out.plan_out(option, currency=priced.currency, browser=False)
    rules = {rule.id: rule for rule in rulesets}
    return Basket(
        purchase=purchase,
        priced=priced,
        option=option,
        frozen=frozen,
        legs=capture_legs(facts=frozen.facts),
        columns={
            **_figures(purchase, priced, option),
            "amounts": _raw(amounts),
            "waterfall": _raw(waterfall),
            "plan": _raw(plan),
            "items": _raw(frozen),
            "pins": _raw(pins),
            "digest": digest,
            "campaign_ids": [ids.parse_public_id("cam", campaign) for campaign in spent],
        },
        spent=spent,
        limits={
            (units.rule_set, units.category): rules[units.rule_set].categories[units.category].max_per_person
            for units in frozen.claimed
        },
        amounts=amounts,
        waterfall=waterfall,
        plan=plan,
    )


def _raw(value: Any) -> msgspec.Raw:  # noqa: ANN401 - any document
    return msgspec.Raw(msgspec.json.encode(value))


def _figures(purchase: Purchase, priced: Priced, option: PlanOption) -> dict[str, Any]:
    amounts = priced.amounts
    return {
        "store_id": None if purchase.store_id is None else ids.parse_public_id("sto", purchase.store_id),
        "lender_id": ids.parse_public_id("len", option.lender_id),
        "product": option.product,
        "term": option.term,
        "channel": purchase.channel,
        "region": purchase.region or "",
        "currency": priced.currency,
        "list_minor": amounts.list_minor,
        "payable_minor": amounts.payable_minor,
        "financed_minor": amounts.financed_minor,
        "subsidy_minor": amounts.government_subsidy_minor,
        "waived_minor": option.waived_fee_minor,
        "last_due_on": option.schedule[-1].due_on,
    }


def _contract(snapshot: CatalogueSnapshot, option: PlanOption) -> Contract:
    agreement = snapshot.agreements[ids.parse_public_id("len", option.lender_id)]
    return Contract(
        merchant_id=snapshot.party.public_id,
        lender_id=option.lender_id,
        platform_id=ids.public_id("plt", snapshot.book.platform_id),
        service_fee_ppm=snapshot.party.service_fee_ppm,
        collection="direct" if agreement.collection == "direct" else "platform",
        rebate="none" if agreement.rebate == "none" else "pro_rata",
    )


def _spent(priced: Priced, option: PlanOption) -> dict[str, int]:
    """All funders' money in each campaign: what it takes off the price, or the fee it waives. Minor units by public id."""
    spent: dict[str, int] = {}
    for step in priced.waterfall:
        if step.campaign_id:
            spent[step.campaign_id] = spent.get(step.campaign_id, 0) + step.amount_minor
    if option.campaign_id and option.waived_fee_minor:
        spent[option.campaign_id] = spent.get(option.campaign_id, 0) + option.waived_fee_minor
    return spent


def _claimed(
    snapshot: CatalogueSnapshot, purchase: Purchase, priced: Priced, rulesets: tuple[RuleSet, ...]
) -> tuple[ClaimedUnits, ...]:
    """The subsidised units that count against the person's allowance of the year of the sale, by line and rule set."""
    year = local_date(at=purchase.at, timezone=snapshot.party.timezone).year
    rules = {rule.id: rule for rule in rulesets}
    counts: dict[tuple[str, str, str], int] = {}
    for step in priced.waterfall:
        for group in step.units:
            key = (group.line, step.rule_set or "", group.category)
            counts[key] = counts.get(key, 0) + group.units
    return tuple(
        ClaimedUnits(
            line=line,
            rule_set=code,
            programme_id=snapshot.programmes[code],
            year=year,
            category=category,
            units=units,
            restores=rules[code].restore_on_refund,
        )
        for (line, code, category), units in counts.items()
    )
