"""The answer of pricing: a quote that explains itself. Field names follow the checkout API."""

from datetime import date

from msgspec import Struct

from domain.offers import Lane, OfferKind, PartyKind


class FunderAmount(Struct, frozen=True, gc=False):
    """What one party pays, minor units."""

    party: PartyKind
    id: str
    amount_minor: int


class LineAmount(Struct, frozen=True, gc=False):
    """What falls on one basket line, minor units."""

    line: str
    amount_minor: int


class Reduction(Struct, frozen=True, gc=False, kw_only=True):
    """One step of the waterfall: an offer, a subsidy or an old-item credit that lowered the price."""

    lane: Lane
    kind: OfferKind
    campaign_id: str
    version: int
    name_zh: str
    name_en: str
    amount_minor: int
    funders: tuple[FunderAmount, ...]
    lines: tuple[LineAmount, ...]
    rule_set: str | None = None
    units: tuple["SubsidisedUnits", ...] = ()


class SubsidisedUnits(Struct, frozen=True, gc=False, kw_only=True):
    """Equal units of one line that got the same government subsidy each.

    `base_minor` and `subsidy_minor` are for ONE unit; units of a line that got none are not listed.
    """

    line: str
    units: int
    category: str
    energy_grade: int | None
    base_minor: int
    subsidy_minor: int


class Amounts(Struct, frozen=True, gc=False, kw_only=True):
    """list - reductions = base; base - government_subsidy - old_item_credit - channel_reductions = payable;
    payable - down_payment = financed. `old_item_credit` is 0 when the credit is inside the base (a reduction then)."""

    list_minor: int
    reductions_minor: int
    base_minor: int
    government_subsidy_minor: int
    old_item_credit_minor: int
    channel_reductions_minor: int
    payable_minor: int
    down_payment_minor: int
    financed_minor: int


class Installment(Struct, frozen=True, gc=False):
    """One dated row of a schedule. amount = principal + fee (the buyer's part of the fee)."""

    number: int
    due_on: date
    principal_minor: int
    fee_minor: int
    amount_minor: int


class AnnualCost(Struct, frozen=True, gc=False):
    """Annual cost in percent with two decimals, as text: simple = 12 x monthly IRR (单利), compound."""

    simple: str
    compound: str


class PlanOption(Struct, frozen=True, gc=False, kw_only=True):
    """One way to pay in instalments. lender_fee = waived_fee + buyer_fee; funders re-add to waived_fee."""

    id: str
    lender_id: str
    product: str
    product_version: int
    term: int
    method: str
    financed_minor: int
    lender_fee_minor: int
    waived_fee_minor: int
    buyer_fee_minor: int
    funders: tuple[FunderAmount, ...]
    campaign_id: str | None
    version: int | None
    installment_minor: int
    first_installment_minor: int
    last_installment_minor: int
    total_payable_minor: int
    annual_cost: AnnualCost
    before_subsidy: AnnualCost
    schedule: tuple[Installment, ...]
    recommended: bool = False


class Withheld(Struct, frozen=True, gc=False, kw_only=True):
    """Why an offer or a plan does not apply: a stable code and the figures that were compared."""

    kind: str
    code: str
    figures: dict[str, int | str]
    campaign_id: str | None = None
    version: int | None = None
    lender_id: str | None = None
    product: str | None = None
    term: int | None = None
    lines: tuple[str, ...] = ()


class Priced(Struct, frozen=True, gc=False, kw_only=True):
    """The priced basket. `search` says how stacking was searched: exact or greedy."""

    currency: str
    amounts: Amounts
    waterfall: tuple[Reduction, ...]
    plans: tuple[PlanOption, ...]
    withheld: tuple[Withheld, ...]
    search: str
    rule_sets: tuple[str, ...] = ()
