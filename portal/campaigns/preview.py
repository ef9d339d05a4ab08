"""The live preview: a sample sale through the one pricing core, shown as the buyer and each payer would see it."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from domain.offers import Offer
from domain.priced import PlanOption, Priced, Withheld
from domain.purchase import Line, Purchase, TradeIn
from installments import messages
from portal import formats
from portal.campaigns.sample_form import SampleForm
from portal.charts import Part, Segment, bar
from portal.words import LANES, PARTY_KINDS, word


class Step(Struct, frozen=True, kw_only=True):
    """One reduction and what is left after it."""

    name: str
    lane: str
    amount_minor: int
    left_minor: int
    is_new: bool
    funders: tuple[tuple[str, str, int], ...]


class PlanRow(Struct, frozen=True, kw_only=True):
    """One way to pay and who carries its interest."""

    term: int
    lender: str
    sentence: str
    total_minor: int
    fee_minor: int
    simple: str
    compound: str
    before: str
    recommended: bool
    is_new: bool
    costs: tuple[int, ...]
    buyer_minor: int


class Reason(Struct, frozen=True, kw_only=True):
    """Why something does not apply."""

    name: str
    sentence: str
    is_new: bool


class Preview(Struct, frozen=True, kw_only=True):
    """The preview's right half."""

    currency: str
    at: datetime
    list_minor: int
    payable_minor: int
    steps: tuple[Step, ...]
    bar: tuple[Segment, ...]
    plans: tuple[PlanRow, ...]
    payers: tuple[tuple[str, str], ...]
    reasons: tuple[Reason, ...]
    applies: bool


def purchase_of(form: SampleForm, *, offer: Offer, merchant_id: str, region: str, now: datetime) -> Purchase:
    """The sample as pricing reads it, at an instant at which the offer runs when there is one."""
    done = form.cleaned_data
    sample = form.sample
    at = min(max(now, offer.starts_at), offer.ends_at) if offer.ends_at > offer.starts_at else now
    return Purchase(
        at=at,
        currency=form.around.currency,
        merchant_id=merchant_id,
        lines=(
            Line(
                id="1",
                sku=_first(offer.include.skus) or f"SAMPLE-{sample.code}".upper(),
                category=sample.category,
                quantity=1,
                unit_price_minor=done["price"],
                brand=done["brand_code"] or None,
                energy_grade=sample.energy_grade,
            ),
        ),
        channel=done["channel"] or "pos",
        store_id=done["store"] or None,
        region=region or None,
        buyer_groups=tuple(sorted(offer.include.buyer_groups)),
        coupons=tuple(sorted(offer.codes))[:1],
        trade_in=TradeIn(claim=done["trade_in"]),
    )


def _first(codes: frozenset[str]) -> str | None:
    return min(codes, default=None)


def show(priced: Priced, *, offer: Offer, names: dict[str, str], campaigns: dict[str, str], at: datetime) -> Preview:
    """Spell a price out. `names` are the parties' and `campaigns` the offers' names by public id."""
    amounts = priced.amounts
    payers = _payers(priced, names)
    return Preview(
        currency=priced.currency,
        at=at,
        list_minor=amounts.list_minor,
        payable_minor=amounts.payable_minor,
        steps=_steps(priced, offer, names),
        bar=_bar(priced, names),
        plans=tuple(_plan_row(plan, priced, offer, names, payers) for plan in priced.plans),
        payers=tuple((kind, names.get(party, party)) for kind, party in payers),
        reasons=_reasons(priced.withheld, priced.currency, offer, names, campaigns),
        applies=_applies(priced, offer),
    )


def _applies(priced: Priced, offer: Offer) -> bool:
    used = {step.campaign_id for step in priced.waterfall} | {plan.campaign_id for plan in priced.plans}
    return offer.campaign_id in used


def _steps(priced: Priced, offer: Offer, names: dict[str, str]) -> tuple[Step, ...]:
    left = priced.amounts.list_minor
    steps = []
    for row in priced.waterfall:
        left -= row.amount_minor
        steps.append(
            Step(
                name=formats.name(row.name_zh, row.name_en) or str(word(LANES, row.lane)),
                lane=row.lane,
                amount_minor=row.amount_minor,
                left_minor=left,
                is_new=row.campaign_id == offer.campaign_id,
                funders=tuple((one.party, names.get(one.id, one.id), one.amount_minor) for one in row.funders),
            )
        )
    return tuple(steps)


def _bar(priced: Priced, names: dict[str, str]) -> tuple[Segment, ...]:
    """The list price as what the buyer pays and what each party takes over."""
    parts = [Part("buyer", str(word(PARTY_KINDS, "buyer")), priced.amounts.payable_minor)]
    for row in priced.waterfall:
        parts += [Part(one.party, names.get(one.id, one.id), one.amount_minor) for one in row.funders]
    return bar(parts, total_minor=priced.amounts.list_minor)


def _payers(priced: Priced, names: dict[str, str]) -> list[tuple[str, str]]:
    """Everybody who pays something in any plan or reduction: (kind, id), in order of first appearance."""
    seen = [(one.party, one.id) for row in priced.waterfall for one in row.funders]
    seen += [(one.party, one.id) for plan in priced.plans for one in plan.funders]
    return list(dict.fromkeys(pair for pair in seen if pair[1] in names or pair[1]))


def _plan_row(
    plan: PlanOption, priced: Priced, offer: Offer, names: dict[str, str], payers: Sequence[tuple[str, str]]
) -> PlanRow:
    costs = dict.fromkeys((party for _kind, party in payers), 0)
    for one in [*plan.funders, *(one for row in priced.waterfall for one in row.funders)]:
        costs[one.id] += one.amount_minor
    sentence = messages.plan_sentence(plan, currency=priced.currency)
    return PlanRow(
        term=plan.term,
        lender=names.get(plan.lender_id, plan.lender_id),
        sentence=formats.name(sentence["zh-CN"], sentence["en"]),
        total_minor=plan.total_payable_minor,
        fee_minor=plan.buyer_fee_minor,
        simple=plan.annual_cost.simple,
        compound=plan.annual_cost.compound,
        before=plan.before_subsidy.simple,
        recommended=plan.recommended,
        is_new=plan.campaign_id == offer.campaign_id,
        costs=tuple(costs.values()),
        buyer_minor=plan.total_payable_minor,
    )


def _reasons(
    withheld: Sequence[Withheld], currency: str, offer: Offer, names: dict[str, str], campaigns: dict[str, str]
) -> tuple[Reason, ...]:
    rows = []
    for one in withheld:
        sentence = messages.verdict_sentence(one, currency=currency)
        about = campaigns.get(one.campaign_id or "", "")
        if one.lender_id:
            about = f"{names.get(one.lender_id, one.lender_id)} {one.product or ''} {one.term or ''}".strip()
        rows.append(
            Reason(
                name=about or one.kind,
                sentence=formats.name(sentence["zh-CN"], sentence["en"]),
                is_new=one.campaign_id == offer.campaign_id,
            )
        )
    return tuple(sorted(rows, key=lambda row: not row.is_new))
