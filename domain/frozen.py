"""What an order froze at capture: every amount by order line, from which all later bookings are computed.

Plan-wide amounts (principal, each funder's part of the fee, the service fee) are shared over the lines by the one
allocator with the lines' payable amounts as weights; discounts and subsidies keep the lines they were given on. Each
funder's column re-adds by itself. Nothing is re-shared later: not by a refund, not by a new campaign version.
"""

from collections.abc import Iterable, Sequence
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from domain.frozen_units import UnitFacts, unit_facts
from domain.money import Rounding, allocate
from domain.offers import PartyKind
from domain.priced import PlanOption, Priced, Reduction
from domain.purchase import Purchase
from domain.rates import apply
from domain.rulesets import RuleSet

Role = Literal["principal", "fee", "discount", "subsidy", "service_fee", "buyer_fee"]
Rebate = Literal["none", "pro_rata"]


class Contract(Struct, frozen=True, gc=False, kw_only=True):
    """The terms the books need. `collection` says who collects from the lender: the platform, or the merchant directly.

    `rebate` is what the lender gives back of its fee on a refund; `service_fee_ppm` is of the financed amount.
    """

    merchant_id: str
    lender_id: str
    platform_id: str
    service_fee_ppm: int = 0
    collection: Literal["platform", "direct"] = "platform"
    rebate: Rebate = "pro_rata"
    returns_service_fee: bool = True


class Part(Struct, frozen=True, gc=False, kw_only=True):
    """One amount of one line, minor units: its role, the party that pays it, and the campaign or rules behind it.

    `buyer_fee` is a memo: the buyer pays it to the lender, the books never see it.
    """

    role: Role
    party: PartyKind
    party_id: str
    amount_minor: int
    campaign_id: str = ""
    version: int | None = None
    rule_set: str = ""


class LineFacts(Struct, frozen=True, gc=False, kw_only=True):
    """One captured order line. `units` come in the order in which they are returned."""

    line: str
    sku: str
    quantity: int
    payable_minor: int
    parts: tuple[Part, ...]
    units: tuple[UnitFacts, ...]


class CaptureFacts(Struct, frozen=True, gc=False, kw_only=True):
    """A captured order: its contract and its lines. Serialises as JSON and is kept with the plan."""

    currency: str
    contract: Contract
    lines: tuple[LineFacts, ...]

    @property
    def payable_minor(self) -> int:
        """What was captured: the buyer's price of the captured lines, minor units."""
        return sum([line.payable_minor for line in self.lines])


def freeze(
    *,
    purchase: Purchase,
    priced: Priced,
    plan: PlanOption,
    contract: Contract,
    rulesets: Sequence[RuleSet],
    captured: Iterable[str] | None = None,
) -> CaptureFacts:
    """Freeze a confirmed plan; `captured` names the lines of a partial capture (all by default).

    The shares are those of the whole order: what is not captured is released, never moved onto the captured lines.
    """
    wanted = None if captured is None else set(captured)
    basket = sorted(purchase.lines, key=lambda line: (len(line.id), line.id))
    taken = {line.id: 0 for line in basket}
    for step in priced.waterfall:
        for share in step.lines:
            taken[share.line] += share.amount_minor
    payables = [line.list_minor - taken[line.id] for line in basket]
    parts = _parts(priced=priced, plan=plan, contract=contract, line_ids=list(taken), payables=payables)
    lines = [
        LineFacts(
            line=line.id,
            sku=line.sku,
            quantity=line.quantity,
            payable_minor=payable,
            parts=tuple(parts[line.id]),
            units=unit_facts(line=line, payable_minor=payable, waterfall=priced.waterfall, rulesets=rulesets),
        )
        for line, payable in zip(basket, payables, strict=True)
        if wanted is None or line.id in wanted
    ]
    return CaptureFacts(currency=priced.currency, contract=contract, lines=tuple(lines))


def _parts(
    *, priced: Priced, plan: PlanOption, contract: Contract, line_ids: list[str], payables: list[int]
) -> dict[str, list[Part]]:
    wide = [(part, payables) for part in _plan_wide(plan=plan, contract=contract)]
    stepwise = [
        (part, _line_weights(step, line_ids)) for step in priced.waterfall for part in _step_parts(step, contract)
    ]
    parts: dict[str, list[Part]] = {line: [] for line in line_ids}
    for whole, weights in [*wide, *stepwise]:
        if whole.amount_minor <= 0:
            continue
        for line, amount in zip(line_ids, allocate(total=whole.amount_minor, weights=weights), strict=True):
            if amount:
                parts[line].append(replace(whole, amount_minor=amount))
    return parts


def _step_parts(step: Reduction, contract: Contract) -> list[Part]:
    """What others pay of a price step. The merchant's own discount is a lower price: nothing is owed to anybody."""
    return [
        Part(
            role="subsidy" if step.lane == "government" else "discount",
            party=funder.party,
            party_id=funder.id or contract.platform_id,
            amount_minor=funder.amount_minor,
            campaign_id=step.campaign_id,
            version=step.version,
            rule_set=step.rule_set or "",
        )
        for funder in step.funders
        if step.lane == "government" or funder.party != "merchant"
    ]


def _line_weights(step: Reduction, line_ids: list[str]) -> list[int]:
    amounts = {share.line: share.amount_minor for share in step.lines}
    return [amounts.get(line, 0) for line in line_ids]


def _plan_wide(*, plan: PlanOption, contract: Contract) -> list[Part]:
    """Principal, each funder's part of the fee, the service fee (half-even), the buyer's own fee."""
    service_fee = apply(rate_ppm=contract.service_fee_ppm, to=plan.financed_minor, rounding=Rounding.HALF_EVEN)
    fees = [
        Part(
            role="fee",
            party=funder.party,
            party_id=funder.id or contract.platform_id,
            amount_minor=funder.amount_minor,
            campaign_id=plan.campaign_id or "",
            version=plan.version,
        )
        for funder in plan.funders
    ]
    lender, merchant = contract.lender_id, contract.merchant_id
    return [
        Part(role="principal", party="lender", party_id=lender, amount_minor=plan.financed_minor),
        *fees,
        Part(role="service_fee", party="merchant", party_id=merchant, amount_minor=service_fee),
        Part(role="buyer_fee", party="lender", party_id=lender, amount_minor=plan.buyer_fee_minor),
    ]
