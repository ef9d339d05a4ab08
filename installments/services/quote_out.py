"""The answer to a quote, as the API spells it. What a browser key may not see stays UNSET and is left out."""

from datetime import date, datetime
from typing import Any, Literal

from msgspec import UNSET, UnsetType

from domain.priced import Amounts, AnnualCost, FunderAmount, PlanOption, Priced, Reduction, Withheld
from foundation.structs import Out
from installments import messages

Sentence = dict[str, str]


class AmountsOut(Out, frozen=True, kw_only=True):
    """list - reductions = base; base - government_subsidy - old_item_credit - channel_reductions = payable;
    payable - down_payment = financed."""

    list: int
    reductions: int
    base: int
    government_subsidy: int
    old_item_credit: int
    channel_reductions: int
    payable: int
    down_payment: int
    financed: int


class FunderOut(Out, frozen=True, kw_only=True):
    """What one party pays."""

    party: str
    id: str
    amount: int


class LineAmountOut(Out, frozen=True, kw_only=True):
    """What falls on one line."""

    line: str
    amount: int


class UnitsOut(Out, frozen=True, kw_only=True):
    """Units of a line that got the same subsidy each; `base` and `subsidy` are for one."""

    line: str
    units: int
    category: str
    energy_grade: int | None
    base: int
    subsidy: int


class ReductionOut(Out, frozen=True, kw_only=True):
    """One step of the waterfall."""

    lane: str
    kind: str
    campaign: str
    version: int
    name: Sentence
    amount: int
    lines: list[LineAmountOut]
    funders: list[FunderOut] | UnsetType = UNSET
    rule_set: str | UnsetType = UNSET
    units: list[UnitsOut] | UnsetType = UNSET


class CostOut(Out, frozen=True, kw_only=True):
    """Annual cost in percent: simple (12 times the monthly rate, 单利) and compound."""

    simple: str
    compound: str


class BuyerCostOut(CostOut, frozen=True, kw_only=True):
    """The buyer's cost, and what it would be without the campaign."""

    before_subsidy: CostOut


class InstallmentOut(Out, frozen=True, kw_only=True):
    """One dated row."""

    number: int
    due_on: date
    principal: int
    fee: int
    amount: int


class PlanOut(Out, frozen=True, kw_only=True):
    """One way to pay. lender_fee = waived_fee + buyer_fee; the schedule re-adds to total_payable."""

    id: str
    lender: str
    product: str
    product_version: int
    term: int
    method: str
    financed: int
    waived_fee: int
    buyer_fee: int
    campaign: str | None
    version: int | None
    installment: int
    first_installment: int
    last_installment: int
    total_payable: int
    annual_cost: BuyerCostOut
    schedule: list[InstallmentOut]
    message: Sentence
    recommended: bool
    lender_fee: int | UnsetType = UNSET
    funders: list[FunderOut] | UnsetType = UNSET


class WithheldOut(Out, frozen=True, kw_only=True):
    """Why an offer, a coupon or a plan does not apply."""

    kind: str
    code: str
    figures: dict[str, int | str]
    message: Sentence
    campaign: str | UnsetType = UNSET
    version: int | UnsetType = UNSET
    lender: str | UnsetType = UNSET
    product: str | UnsetType = UNSET
    term: int | UnsetType = UNSET
    lines: list[str] | UnsetType = UNSET


class InformationOut(Out, frozen=True, kw_only=True):
    """What is good to know and no promise."""

    code: str
    figures: dict[str, int | str]
    message: Sentence


class QuoteOut(Out, frozen=True, kw_only=True):
    """A quote that explains itself; `token` buys one of its plans until `expires_at`."""

    id: str
    token: str
    created_at: datetime
    expires_at: datetime
    livemode: bool
    currency: str
    amounts: AmountsOut
    waterfall: list[ReductionOut]
    plans: list[PlanOut]
    withheld: list[WithheldOut]
    search: str
    information: list[InformationOut]
    rule_sets: list[str]
    object: Literal["quote"] = "quote"


def amounts_out(amounts: Amounts) -> AmountsOut:
    """The amounts as the API spells them."""
    return AmountsOut(
        list=amounts.list_minor,
        reductions=amounts.reductions_minor,
        base=amounts.base_minor,
        government_subsidy=amounts.government_subsidy_minor,
        old_item_credit=amounts.old_item_credit_minor,
        channel_reductions=amounts.channel_reductions_minor,
        payable=amounts.payable_minor,
        down_payment=amounts.down_payment_minor,
        financed=amounts.financed_minor,
    )


def funders_out(funders: tuple[FunderAmount, ...]) -> list[FunderOut]:
    """Who pays how much."""
    return [FunderOut(party=one.party, id=one.id, amount=one.amount_minor) for one in funders]


def reduction_out(step: Reduction, *, browser: bool) -> ReductionOut:
    """One step; a browser does not learn who funds it."""
    return ReductionOut(
        lane=step.lane,
        kind=step.kind,
        campaign=step.campaign_id,
        version=step.version,
        name={"zh-CN": step.name_zh, "en": step.name_en},
        amount=step.amount_minor,
        lines=[LineAmountOut(line=part.line, amount=part.amount_minor) for part in step.lines],
        funders=UNSET if browser else funders_out(step.funders),
        rule_set=step.rule_set or UNSET,
        units=[
            UnitsOut(
                line=group.line,
                units=group.units,
                category=group.category,
                energy_grade=group.energy_grade,
                base=group.base_minor,
                subsidy=group.subsidy_minor,
            )
            for group in step.units
        ]
        or UNSET,
    )


def plan_out(plan: PlanOption, *, currency: str, browser: bool) -> PlanOut:
    """One plan; a browser does not learn the lender's fee and who funds it."""
    return PlanOut(
        id=plan.id,
        lender=plan.lender_id,
        product=plan.product,
        product_version=plan.product_version,
        term=plan.term,
        method=plan.method,
        financed=plan.financed_minor,
        waived_fee=plan.waived_fee_minor,
        buyer_fee=plan.buyer_fee_minor,
        campaign=plan.campaign_id,
        version=plan.version,
        installment=plan.installment_minor,
        first_installment=plan.first_installment_minor,
        last_installment=plan.last_installment_minor,
        total_payable=plan.total_payable_minor,
        annual_cost=BuyerCostOut(
            simple=plan.annual_cost.simple,
            compound=plan.annual_cost.compound,
            before_subsidy=_cost(plan.before_subsidy),
        ),
        schedule=[
            InstallmentOut(
                number=row.number,
                due_on=row.due_on,
                principal=row.principal_minor,
                fee=row.fee_minor,
                amount=row.amount_minor,
            )
            for row in plan.schedule
        ],
        message=messages.plan_sentence(plan, currency=currency),
        recommended=plan.recommended,
        lender_fee=UNSET if browser else plan.lender_fee_minor,
        funders=UNSET if browser else funders_out(plan.funders),
    )


def _cost(cost: AnnualCost) -> CostOut:
    return CostOut(simple=cost.simple, compound=cost.compound)


def withheld_out(verdict: Withheld, *, currency: str) -> WithheldOut:
    """A verdict with its sentence."""
    return WithheldOut(
        kind=verdict.kind,
        code=verdict.code,
        figures=verdict.figures,
        message=messages.verdict_sentence(verdict, currency=currency),
        campaign=verdict.campaign_id or UNSET,
        version=UNSET if verdict.version is None else verdict.version,
        lender=verdict.lender_id or UNSET,
        product=verdict.product or UNSET,
        term=UNSET if verdict.term is None else verdict.term,
        lines=list(verdict.lines) or UNSET,
    )


def priced_parts(priced: Priced, *, browser: bool) -> dict[str, Any]:
    """The fields of a `QuoteOut` that come from pricing."""
    currency = priced.currency
    return {
        "currency": currency,
        "amounts": amounts_out(priced.amounts),
        "waterfall": [reduction_out(step, browser=browser) for step in priced.waterfall],
        "plans": [plan_out(plan, currency=currency, browser=browser) for plan in priced.plans],
        "withheld": [withheld_out(verdict, currency=currency) for verdict in priced.withheld],
        "search": priced.search,
        "rule_sets": list(priced.rule_sets),
    }
