"""One small shop that the domain tests price against: builders with defaults, amounts in fen."""

from datetime import UTC, date, datetime

from domain.frozen import Contract
from domain.offers import (
    Catalogue,
    Funder,
    LenderProduct,
    Merchant,
    Offer,
    RateStep,
    TermOffer,
    Value,
)
from domain.purchase import Line, Purchase, TradeIn
from domain.rulesets import CategoryRule, RuleSet

NOON = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
MERCHANT = Merchant(id="mer_1", currency="CNY", timezone="Asia/Shanghai", stores={"sto_1": "CN-SH", "sto_2": "CN-JS"})
SHARED = (Funder(party="merchant", id="mer_1", share_ppm=600_000), Funder(party="brand", id="brd_1", share_ppm=400_000))
CONTRACT = Contract(merchant_id="mer_1", lender_id="len_1", platform_id="plt_1", service_fee_ppm=6_000)

DIGITAL = RuleSet(
    id="cn-2026-digital",
    programme="cn-digital",
    currency="CNY",
    valid_from=date(2026, 1, 1),
    valid_to=date(2027, 1, 1),
    source="a test",
    categories={
        "phone": CategoryRule(
            category="phone", cap_minor=50_000, max_per_person=1, rate_ppm=150_000, ceiling_minor=600_000
        )
    },
)
APPLIANCES = RuleSet(
    id="cn-2026-appliance",
    programme="cn-appliance",
    currency="CNY",
    valid_from=date(2026, 1, 1),
    valid_to=date(2027, 1, 1),
    source="a test",
    categories={
        "refrigerator": CategoryRule(
            category="refrigerator", cap_minor=150_000, max_per_person=9, grade_rates_ppm={1: 150_000}
        )
    },
)


def offer(campaign_id, *, kind="instant_discount", lane="merchant", **facts):
    return Offer(
        campaign_id=campaign_id,
        version=facts.pop("version", 1),
        kind=kind,
        lane=lane,
        name_zh=campaign_id,
        name_en=campaign_id,
        starts_at=facts.pop("starts_at", datetime(2026, 1, 1, tzinfo=UTC)),
        ends_at=facts.pop("ends_at", datetime(2027, 1, 1, tzinfo=UTC)),
        **facts,
    )


def amount_off(campaign_id, minor, **facts):
    return offer(campaign_id, value=Value(amount_minor=minor), **facts)


def percent_off(campaign_id, ppm, **facts):
    return offer(campaign_id, value=Value(percent_ppm=ppm), **facts)


def subsidy(campaign_id="cam_gov", **facts):
    funders = (Funder(party="government", id="gov_1", share_ppm=1_000_000),)
    return offer(campaign_id, kind="trade_in", lane="government", funders=funders, **facts)


def interest_free(campaign_id="cam_free", *, terms=(3, 6, 12), share_ppm=1_000_000, funders=SHARED, **facts):
    offered = tuple(TermOffer(term=term, waived_share_ppm=share_ppm) for term in terms)
    return offer(campaign_id, kind="interest_free", lane="interest", terms=offered, funders=funders, **facts)


def product(code="flat", **facts):
    rates = facts.pop("rates", ((3, 23_000, 18_000), (6, 45_000, 45_000), (12, 75_000, 75_000)))
    defaults = {
        "lender_id": "len_1",
        "version": 1,
        "name_zh": code,
        "name_en": code,
        "method": "flat_fee",
        "rounding": "huabei",
        "currency": "CNY",
        "min_minor": 10_000,
        "max_minor": 30_000_000,
    }
    terms = tuple(RateStep(term=term, buyer_rate_ppm=buyer, merchant_rate_ppm=shop) for term, buyer, shop in rates)
    return LenderProduct(code=code, terms=terms, **{**defaults, **facts})


def catalogue(*offers, products=None, rulesets=(DIGITAL, APPLIANCES), merchant=MERCHANT):
    return Catalogue(
        merchant=merchant,
        offers=tuple(offers),
        products=(product(),) if products is None else tuple(products),
        rulesets=tuple(rulesets),
    )


def line(line_id="1", price_minor=599_900, **facts):
    defaults = {"sku": f"SKU-{line_id}", "category": "phone.flagship", "quantity": 1}
    return Line(id=line_id, unit_price_minor=price_minor, **{**defaults, **facts})


def purchase(*lines, claim=False, **facts):
    trade_in = facts.pop("trade_in", TradeIn(claim=claim))
    defaults = {"at": NOON, "currency": "CNY", "merchant_id": "mer_1"}
    return Purchase(lines=lines or (line(),), trade_in=trade_in, **{**defaults, **facts})


def codes(priced, *, kind="offer"):
    return {verdict.campaign_id or verdict.product: verdict.code for verdict in priced.withheld if verdict.kind == kind}
