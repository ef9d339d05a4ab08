"""What the calculators answer, as the API spells it."""

from datetime import date

from msgspec import UNSET, UnsetType

from domain.calculators.annual_cost import AnnualCostAnswer
from domain.calculators.rebate import RebateAnswer
from domain.calculators.schedule_terms import ScheduleAnswer
from domain.calculators.trade_in import TradeInAnswer
from domain.rates import format_percent
from foundation.structs import Out
from installments.services.quote_out import CostOut


class ScheduleRowOut(Out, frozen=True, kw_only=True):
    """amount = principal + fee + tax; `tax` stands where a tax was asked for."""

    number: int
    due_on: date
    principal: int
    fee: int
    amount: int
    tax: int | UnsetType = UNSET


class ScheduleTotalsOut(Out, frozen=True, kw_only=True):
    """The columns added up."""

    principal: int
    fee: int
    tax: int
    amount: int


class ScheduleOut(Out, frozen=True, kw_only=True):
    """A loan laid out. `waived_fee` and `funder_tax` are paid by somebody else; no rate: `annual_cost` is null."""

    installment: int
    first_installment: int
    last_installment: int
    schedule: list[ScheduleRowOut]
    totals: ScheduleTotalsOut
    discount: int
    waived_fee: int
    funder_tax: int
    annual_cost: CostOut | None


class AnnualCostOut(Out, frozen=True, kw_only=True):
    """Percent a year with two decimals and with ten; null when no rate was found."""

    percent: str | None
    percent_exact: str | None
    converged: bool


class SubsidyOut(Out, frozen=True, kw_only=True):
    """`code` says why a unit is not eligible; `rate` is percent."""

    eligible: bool
    base: int
    rate: str | None
    cap: int | None
    subsidy: int
    payable: int
    rule_set: str | None
    code: str | UnsetType = UNSET


class RebateOut(Out, frozen=True, kw_only=True):
    """What is given back, and what settles the loan."""

    rebate: int
    settlement: int


class AllocateOut(Out, frozen=True, kw_only=True):
    """The parts; they re-add to the total."""

    parts: list[int]


def schedule_out(answer: ScheduleAnswer, *, with_tax: bool) -> ScheduleOut:
    """A laid out loan as the API spells it."""
    cost, totals = answer.annual_cost, answer.totals
    return ScheduleOut(
        installment=answer.installment_minor,
        first_installment=answer.first_installment_minor,
        last_installment=answer.last_installment_minor,
        schedule=[
            ScheduleRowOut(
                number=row.number,
                due_on=row.due_on,
                principal=row.principal_minor,
                fee=row.fee_minor,
                amount=row.amount_minor,
                tax=row.tax_minor if with_tax else UNSET,
            )
            for row in answer.rows
        ],
        totals=ScheduleTotalsOut(
            principal=totals.principal_minor, fee=totals.fee_minor, tax=totals.tax_minor, amount=totals.amount_minor
        ),
        discount=answer.discount_minor,
        waived_fee=answer.waived_fee_minor,
        funder_tax=answer.funder_tax_minor,
        annual_cost=None if cost is None else CostOut(simple=cost.simple, compound=cost.compound),
    )


def annual_cost_out(answer: AnnualCostAnswer) -> AnnualCostOut:
    """An annual cost as the API spells it."""
    return AnnualCostOut(percent=answer.percent, percent_exact=answer.percent_exact, converged=answer.converged)


def subsidy_out(answer: TradeInAnswer) -> SubsidyOut:
    """A subsidy as the API spells it."""
    return SubsidyOut(
        eligible=answer.eligible,
        base=answer.base_minor,
        rate=None if answer.rate_ppm is None else format_percent(answer.rate_ppm),
        cap=answer.cap_minor,
        subsidy=answer.subsidy_minor,
        payable=answer.payable_minor,
        rule_set=answer.rule_set,
        code=UNSET if answer.code is None else answer.code,
    )


def rebate_out(answer: RebateAnswer) -> RebateOut:
    """A rebate as the API spells it."""
    return RebateOut(rebate=answer.rebate_minor, settlement=answer.settlement_minor)
