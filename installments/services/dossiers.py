"""Claims on the government as a plan sees them: opened at capture with what is known of the sale, lowered by refunds.

One claim an order line. Settlements keeps and moves claims; here is only what a plan tells and asks.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from domain.ledger import MoneyNow
from domain.periods import local_date
from domain.purchase import Line, Purchase
from domain.refunds import LineRefund
from domain.rulesets import RuleSet
from foundation import ids
from installments.models import Plan
from installments.services import programmes
from installments.services.drafts import Draft
from installments.services.frozen import Frozen, frozen_from
from installments.services.orders import Order, order_of_draft, order_of_plan
from installments.services.tokens import Pins
from settlements.selectors import claims as claim_rows
from settlements.selectors.claims import Standing
from settlements.services import claims
from settlements.services.claims import ClaimFacts, ClaimReduction

_decode_purchase = msgspec.json.Decoder(Purchase).decode


class Sale(Struct, frozen=True, kw_only=True):
    """What a dossier is filled from."""

    order: Order
    purchase: Purchase
    frozen: Frozen
    serials: tuple[tuple[str, str], ...]
    sold_on: date


def of_draft(draft: Draft) -> Sale:
    """The sale of a plan that is recorded and captured in one go."""
    basket = draft.basket
    timezone = draft.chosen.snapshot.party.timezone
    return Sale(
        order=order_of_draft(draft),
        purchase=basket.purchase,
        frozen=basket.frozen,
        serials=tuple([(serial.line, serial.serial) for serial in draft.chosen.serials]),
        sold_on=local_date(at=basket.purchase.at, timezone=timezone),
    )


def of_plan(plan: Plan, frozen: Frozen) -> Sale:
    """The sale of a stored plan at its capture; the day of the sale is the day it was priced, where the merchant is."""
    purchase = _decode_purchase(bytes(plan.pricing_input))
    timezone = msgspec.convert(plan.pins, Pins).merchant.timezone
    return Sale(
        order=order_of_plan(plan),
        purchase=purchase,
        frozen=frozen,
        serials=tuple([(serial["line"], serial["serial"]) for serial in plan.serials]),
        sold_on=local_date(at=purchase.at, timezone=timezone),
    )


def open_for(sales: Sequence[Sale], *, now: datetime) -> None:
    """Open a claim for every subsidised line of captured sales; the rule sets' dossier lists travel along."""
    if not sales:
        return
    rules = {rule.id: rule for rule in programmes.current_rules().rulesets}
    facts = [fact for sale in sales for fact in _facts(sale, rules)]
    claims.open_claims(facts, now=now)


def _facts(sale: Sale, rules: dict[str, RuleSet]) -> Iterable[ClaimFacts]:
    order, purchase = sale.order, sale.purchase
    lines: dict[str, Line] = {line.id: line for line in purchase.lines}
    for line in sale.frozen.facts.lines:
        units = [one for one in sale.frozen.claimed if one.line == line.line]
        amount = sum(group.units * group.subsidy_minor for group in line.units)
        if not units or not amount:
            continue
        sold, rule_set = lines[line.line], units[0].rule_set
        serials = [serial for where, serial in sale.serials if where == line.line]
        yield ClaimFacts(
            tenant_id=order.tenant_id,
            book_id=order.book_id,
            programme_id=units[0].programme_id,
            rule_set=rule_set,
            order_id=order.order_id,
            order_reference=order.order_reference,
            item_id=line.line,
            sku=line.sku,
            category=units[0].category,
            units=sum(one.units for one in units),
            currency=order.currency,
            amount_minor=amount,
            sold_on=sale.sold_on,
            region=purchase.region or "",
            energy_grade=sold.energy_grade,
            serial=serials[0] if serials else "",
            facts=_known(sold, purchase),
            required_fields=rules[rule_set].dossier if rule_set in rules else (),
        )


def _known(line: Line, purchase: Purchase) -> dict[str, str]:
    """What of the dossier the sale already says, by the names of the rule sets' lists."""
    known = {
        "brand": line.brand,
        "model": line.name,
        "energy_grade": None if line.energy_grade is None else str(line.energy_grade),
        "channel": purchase.channel,
        "delivery_region": purchase.region,
        "qualification_code": purchase.trade_in.qualification_code,
    }
    return {name: value for name, value in known.items() if value}


def reduce_for(
    refunds: Sequence[tuple[Plan, Sequence[LineRefund]]],
    *,
    tenant_id: UUID,
    now: datetime,
    person_id: UUID | None = None,
) -> None:
    """What refunds take back of the claims of their plans' lines."""
    reductions = [
        ClaimReduction(
            order_id=ids.public_id("pl", plan.id),
            item_id=line.line,
            amount_minor=line.subsidy_minor,
            units=line.units,
        )
        for plan, lines in refunds
        for line in lines
        if line.subsidy_minor
    ]
    if reductions:
        claims.withdraw(reductions, tenant_id=tenant_id, now=now, person_id=person_id)


def lock_standing(plans: Sequence[Plan], *, tenant_id: UUID, now: datetime) -> dict[UUID, Standing]:
    """Where the claims of locked plans stand, and keep them there until the transaction ends.

    A withdrawal of nothing changes nothing and locks the claims: a claim that is paid meanwhile waits for the refund,
    which else would be booked against the account the money has just left.
    """
    subsidised = {ids.public_id("pl", plan.id): plan for plan in plans if plan.subsidy_minor}
    if not subsidised:
        return {plan.id: Standing() for plan in plans}
    lines = [
        ClaimReduction(order_id=order_id, item_id=line, amount_minor=0)
        for order_id, plan in subsidised.items()
        for line in sorted({units.line for units in frozen_from(plan.items).claimed})
    ]
    claims.withdraw(lines, tenant_id=tenant_id, now=now)
    found = claim_rows.standing(tenant_id=tenant_id, order_ids=list(subsidised))
    return {plan.id: found.get(ids.public_id("pl", plan.id), Standing()) for plan in plans}


def lost_by_merchant(standing: Standing) -> frozenset[str]:
    """Lines whose claim was rejected by the merchant's fault: the government paid nothing, nothing goes back to it."""
    return frozenset(
        line for line, state in standing.claims.items() if state == "rejected" and line not in standing.platform_fault
    )


def money_now(plan: Plan, standing: Standing) -> MoneyNow:
    """Where a plan's money stands, for the mirror of a refund."""
    return MoneyNow(
        released=plan.released_at is not None,
        remitted=plan.remitted_at is not None,
        claims=standing.claims,
        platform_fault=standing.platform_fault,
    )
