"""GET /v1/lenders: whom the merchant may offer, with their products and prices."""

from datetime import date
from typing import Literal

from domain.rates import format_percent
from foundation.api import Call, Endpoint, Out, Page, PageQuery, Route
from foundation.ids import UnknownId
from installments.services import lender_list
from installments.services.lender_list import LenderView


class TermOut(Out, frozen=True, kw_only=True):
    """Prices of one term, in percent: of the amount for flat_fee, a year otherwise."""

    term: int
    buyer_rate: str
    merchant_rate: str


class ProductOut(Out, frozen=True, kw_only=True):
    """A product at its newest version."""

    code: str
    version: int
    name: dict[str, str]
    method: str
    currency: str
    min_amount: int
    max_amount: int
    cost_cap: str
    rounding: str
    valid_from: date | None
    valid_to: date | None
    terms: list[TermOut]


class LenderOut(Out, frozen=True, kw_only=True):
    """A lender and what the merchant agreed with it."""

    id: str
    name: dict[str, str]
    collection: str
    remits: str
    rebate: str
    release_days: int
    products: list[ProductOut]
    object: Literal["lender"] = "lender"


class Lenders(Endpoint):
    """The merchant's lenders."""

    tag = "Lenders"

    @Route(scope="plans:read", query=PageQuery, returns=Page[LenderOut])
    def get(self, call: Call, *, query: PageQuery) -> Page[LenderOut]:
        """Lenders with an agreement, by name, each with its products and their prices."""
        found = lender_list.lenders_of(tenant_id=call.caller.tenant_id)
        after = [lender for lender in found if query.cursor is None or lender.public_id > query.cursor]
        return Page(
            data=[_lender(lender) for lender in after[: query.limit]],
            has_more=len(after) > query.limit,
            next_cursor=after[query.limit - 1].public_id if len(after) > query.limit else None,
        )


class OneLender(Endpoint):
    """One lender."""

    tag = "Lenders"

    @Route(scope="plans:read", returns=LenderOut)
    def get(self, call: Call, *, lender_id: str) -> LenderOut:
        """A lender the merchant has an agreement with."""
        for lender in lender_list.lenders_of(tenant_id=call.caller.tenant_id):
            if lender.public_id == lender_id:
                return _lender(lender)
        raise UnknownId


def _lender(lender: LenderView) -> LenderOut:
    return LenderOut(
        id=lender.public_id,
        name={"zh-CN": lender.name_zh, "en": lender.name_en},
        collection=lender.agreement.collection,
        remits=lender.agreement.remits,
        rebate=lender.agreement.rebate,
        release_days=lender.agreement.release_days,
        products=[
            ProductOut(
                code=product.code,
                version=product.version,
                name={"zh-CN": product.name_zh, "en": product.name_en},
                method=product.method,
                currency=product.currency,
                min_amount=product.min_minor,
                max_amount=product.max_minor,
                cost_cap=format_percent(product.cost_cap_ppm),
                rounding=product.rounding,
                valid_from=product.valid_from,
                valid_to=product.valid_to,
                terms=[
                    TermOut(
                        term=step.term,
                        buyer_rate=format_percent(step.buyer_rate_ppm),
                        merchant_rate=format_percent(step.merchant_rate_ppm),
                    )
                    for step in product.terms
                ],
            )
            for product in lender.products
        ],
    )
