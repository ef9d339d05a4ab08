"""The lenders a merchant may offer, with their products: from the catalogue, so that the list is what quotes see."""

from uuid import UUID

from msgspec import Struct

from domain.offers import LenderProduct
from foundation import db, ids
from installments.selectors import lenders
from installments.selectors.lenders import AgreementView
from merchants.selectors import parties


class LenderView(Struct, frozen=True, kw_only=True):
    """A lender, what was agreed with it, and its products by code."""

    id: UUID
    public_id: str
    name_zh: str
    name_en: str
    agreement: AgreementView
    products: tuple[LenderProduct, ...]


def lenders_of(*, tenant_id: UUID) -> tuple[LenderView, ...]:
    """The merchant's lenders by id, in a transaction of its own."""
    with db.tenant_transaction(tenant_id):
        agreements = lenders.agreements_of(tenant_id)
        named = parties.parties(tuple(agreements))
        products = lenders.current_products(tuple(agreements))
    return tuple(
        LenderView(
            id=lender_id,
            public_id=ids.public_id("len", lender_id),
            name_zh=named[lender_id].name_zh,
            name_en=named[lender_id].name_en,
            agreement=agreements[lender_id],
            products=tuple(card for card in products if card.lender_id == ids.public_id("len", lender_id)),
        )
        for lender_id in sorted(agreements)
    )
