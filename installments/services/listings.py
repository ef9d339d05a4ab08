"""Prices for a listing page: many articles, each priced alone by the one core; per article the best monthly figure."""

from datetime import datetime
from typing import Literal

from msgspec.structs import replace

from domain.priced import PlanOption, Priced
from domain.purchase import Line
from foundation.caller import Caller
from foundation.structs import Out
from installments import messages
from installments.services import pricing, quotes
from installments.services.quote_in import BatchIn, ItemIn


class BestOut(Out, frozen=True, kw_only=True):
    """The plan to show: the cheapest for the buyer, then the lowest month."""

    plan: str
    lender: str
    term: int
    installment: int
    first_installment: int
    total_payable: int
    annual_cost: str
    interest_free: bool
    message: dict[str, str]
    short: dict[str, str]


class ItemOut(Out, frozen=True, kw_only=True):
    """One article's price; `best` is null when no plan fits."""

    sku: str
    id: str | None
    list: int
    payable: int
    government_subsidy: int
    best: BestOut | None


class BatchOut(Out, frozen=True, kw_only=True):
    """Prices for a page; they are shown, not signed: a purchase asks for a quote."""

    currency: str
    created_at: datetime
    data: list[ItemOut]
    object: Literal["quote_batch"] = "quote_batch"


def quote_batch(*, caller: Caller, request: BatchIn, now: datetime) -> BatchOut:
    """Price every article of a page. Raises as `quotes.quote` does, without tokens."""
    first = _line(request.items[0])
    asked = quotes.ask(caller=caller, context=request, lines=(first,), now=now)
    shown: dict[tuple[str, str, int, int, str | None, int | None], Priced] = {}
    data = []
    for item in request.items:
        line = _line(item)
        shape = (line.sku, line.category, line.unit_price_minor, line.quantity, line.brand, line.energy_grade)
        priced = shown.get(shape)
        if priced is None:
            purchase = replace(asked.purchase, lines=(line,))
            priced = pricing.price_only(snapshot=asked.snapshot, purchase=purchase)
            shown[shape] = priced
        data.append(_item(item, priced))
    return BatchOut(currency=request.currency, created_at=asked.created_at, data=data)


def _line(item: ItemIn) -> Line:
    return Line(
        id="1",
        sku=item.sku,
        category=item.category,
        quantity=item.quantity,
        unit_price_minor=item.unit_price,
        brand=item.brand,
        name=item.name,
        energy_grade=item.energy_grade,
    )


def _item(item: ItemIn, priced: Priced) -> ItemOut:
    return ItemOut(
        sku=item.sku,
        id=item.id,
        list=priced.amounts.list_minor,
        payable=priced.amounts.payable_minor,
        government_subsidy=priced.amounts.government_subsidy_minor,
        best=_best(priced),
    )


def best_plan(priced: Priced) -> PlanOption | None:
    """The plan a listing shows: no cost before cost, then the lowest regular month."""
    if not priced.plans:
        return None
    return min(priced.plans, key=lambda plan: (plan.buyer_fee_minor, plan.installment_minor, plan.id))


def _best(priced: Priced) -> BestOut | None:
    plan = best_plan(priced)
    if plan is None:
        return None
    return BestOut(
        plan=plan.id,
        lender=plan.lender_id,
        term=plan.term,
        installment=plan.installment_minor,
        first_installment=plan.first_installment_minor,
        total_payable=plan.total_payable_minor,
        annual_cost=plan.annual_cost.simple,
        interest_free=plan.buyer_fee_minor == 0,
        message=messages.plan_sentence(plan, currency=priced.currency),
        short=messages.short_plan_sentence(plan, currency=priced.currency),
    )
