"""Every way to pay in instalments: each lender product and term that fits, with the buyer's best interest campaign."""

from collections.abc import Sequence
from datetime import date, timedelta

from msgspec.structs import replace

from domain.eligibility import Reason, withheld
from domain.offers import LenderProduct, Offer, RateStep
from domain.plan_terms import buyer_terms, lender_fee, loan_of
from domain.priced import PlanOption, Withheld
from domain.rates import format_percent
from domain.waivers import Financing, best_waiver, waiver_funders


def plan_options(
    *, financing: Financing, products: Sequence[LenderProduct], explain_all: bool
) -> tuple[tuple[PlanOption, ...], tuple[Withheld, ...]]:
    """All plans that fit, shortest term first, one of them recommended; and why the others and which campaigns do not.

    `recommended` is advice: the lowest cost for the buyer, among equals the longest term, then the id.
    """
    options: list[PlanOption] = []
    refused: list[Withheld] = []
    used: set[str] = set()
    for product in products:
        reason = _product_bar(product, financing)
        if reason is not None and reason[0] == "lender_not_requested" and not explain_all:
            continue
        refused.extend(_terms_not_offered(product, financing))
        for rate in product.terms:
            if financing.purchase.terms is not None and rate.term not in financing.purchase.terms:
                continue
            option = _withheld_plan(product, rate.term, *reason) if reason else _option(product, rate, financing, used)
            if isinstance(option, Withheld):
                refused.append(option)
            else:
                used.add(option.id)
                options.append(option)
    options.sort(key=lambda option: (option.term, option.buyer_fee_minor, option.id))
    refused.extend(_unused_campaigns(financing, {option.campaign_id for option in options}))
    return _with_recommendation(options), tuple(refused)


def _product_bar(product: LenderProduct, financing: Financing) -> Reason | None:
    purchase, financed = financing.purchase, financing.financed_minor
    if purchase.lenders is not None and product.lender_id not in purchase.lenders:
        return "lender_not_requested", {"lender": product.lender_id}
    dated = _rate_card_bar(product, financing.sold_on)
    if dated is not None:
        return dated
    if product.currency != purchase.currency:
        return "currency_mismatch", {"required": product.currency, "actual": purchase.currency}
    # Nothing left to pay is nothing to lend, whatever the rate card says.
    least = max(product.min_minor, 1)
    if financed < least:
        return "below_lender_minimum", {"required": least, "actual": financed}
    if financed > product.max_minor:
        return "above_lender_maximum", {"allowed": product.max_minor, "actual": financed}
    return None


def _rate_card_bar(product: LenderProduct, sold_on: date) -> Reason | None:
    if product.valid_from is not None and sold_on < product.valid_from:
        return "not_started", {"starts_at": product.valid_from.isoformat()}
    if product.valid_to is not None and sold_on >= product.valid_to:
        return "ended", {"ended_at": product.valid_to.isoformat()}
    return None


def _terms_not_offered(product: LenderProduct, financing: Financing) -> list[Withheld]:
    known = [rate.term for rate in product.terms]
    return [
        _withheld_plan(product, term, "term_not_offered", {"term": term})
        for term in sorted(set(financing.purchase.terms or ()))
        if term not in known
    ]


def _option(product: LenderProduct, rate: RateStep, financing: Financing, used: set[str]) -> PlanOption | Withheld:
    first_due_on = (
        None if product.first_due_days is None else financing.sold_on + timedelta(days=product.first_due_days)
    )
    funded, full = (
        loan_of(
            product=product,
            term=rate.term,
            rate_ppm=rate_ppm,
            financed_minor=financing.financed_minor,
            start_on=financing.sold_on,
            first_due_on=first_due_on,
        )
        for rate_ppm in (rate.merchant_rate_ppm, rate.buyer_rate_ppm)
    )
    waiver = best_waiver(product=product, loan=funded, financing=financing)
    loan, fee, waived = full, 0, 0
    if waiver is not None:
        loan, fee, waived = funded, waiver.fee_minor, waiver.waived_minor
    # A campaign that leaves more to pay than the lender's plain price (its merchant rate is dearer) is no help.
    if waiver is None or (fee > waived and lender_fee(full) <= fee - waived):
        waiver, loan, fee, waived = None, full, lender_fee(full), 0
    terms = buyer_terms(loan, fee - waived)
    if terms.simple_ppm > product.cost_cap_ppm:
        cap = format_percent(product.cost_cap_ppm)
        return _withheld_plan(
            product, rate.term, "annual_cost_above_cap", {"cap": cap, "actual": terms.annual_cost.simple}
        )
    return PlanOption(
        id=_plan_id(product, rate.term, used),
        lender_id=product.lender_id,
        product=product.code,
        product_version=product.version,
        term=rate.term,
        method=product.method,
        financed_minor=financing.financed_minor,
        lender_fee_minor=fee,
        waived_fee_minor=waived,
        buyer_fee_minor=fee - waived,
        funders=waiver_funders(product=product, waiver=waiver, merchant_id=financing.merchant_id),
        campaign_id=waiver.offer.campaign_id if waiver else None,
        version=waiver.offer.version if waiver else None,
        installment_minor=terms.installment_minor,
        first_installment_minor=terms.rows[0].amount_minor,
        last_installment_minor=terms.rows[-1].amount_minor,
        total_payable_minor=terms.total_minor,
        annual_cost=terms.annual_cost,
        before_subsidy=terms.before_subsidy,
        schedule=terms.rows,
    )


def _plan_id(product: LenderProduct, term: int, used: set[str]) -> str:
    """`flat12`; where two lenders call a product the same, the later one by lender id says whose it is."""
    name = f"{product.code}{term}"
    return name if name not in used else f"{name}-{product.lender_id}-{product.version}"


def _with_recommendation(options: list[PlanOption]) -> tuple[PlanOption, ...]:
    if not options:
        return ()
    best = min(options, key=lambda option: (option.buyer_fee_minor, -option.term, option.id))
    return tuple([replace(option, recommended=True) if option is best else option for option in options])


def _unused_campaigns(financing: Financing, used: set[str | None]) -> list[Withheld]:
    """Interest campaigns that meet the basket and are on no plan: below their minimum, beaten, or without effect."""
    unused = []
    for offer, lines in financing.interest:
        if offer.campaign_id in used:
            continue
        covered = tuple([financing.purchase.lines[position].id for position in lines])
        unused.append(withheld(offer, *_unused_reason(offer, financing.financed_minor, used), lines=covered))
    return unused


def _unused_reason(offer: Offer, financed_minor: int, used: set[str | None]) -> Reason:
    lows = [term.min_minor for term in offer.terms if term.min_minor is not None]
    highs = [term.max_minor for term in offer.terms if term.max_minor is not None]
    if len(lows) == len(offer.terms) and lows and financed_minor < min(lows):
        return "below_minimum_amount", {"required": min(lows), "actual": financed_minor}
    if len(highs) == len(offer.terms) and highs and financed_minor > max(highs):
        return "above_maximum_amount", {"allowed": max(highs), "actual": financed_minor}
    return ("lost_to_better_combination", {}) if used - {None} else ("zero_effect", {})


def _withheld_plan(product: LenderProduct, term: int, code: str, figures: dict[str, int | str]) -> Withheld:
    return Withheld(
        kind="plan",
        code=code,
        figures=figures,
        lender_id=product.lender_id,
        product=product.code,
        term=term,
    )
