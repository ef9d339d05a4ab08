"""Rate cards and agreements as values."""

from collections.abc import Sequence
from uuid import UUID

import msgspec
from msgspec import Struct

from domain.offers import LenderProduct
from foundation import ids
from installments.models import LenderAgreement, RateCard

_decode = msgspec.json.Decoder(LenderProduct).decode


class AgreementView(Struct, frozen=True, gc=False, kw_only=True):
    """The terms between a merchant and a lender."""

    lender_id: UUID
    collection: str
    remits: str
    rebate: str
    release_days: int


def agreements_of(tenant_id: UUID) -> dict[UUID, AgreementView]:
    """The merchant's active agreements, by lender."""
    rows = LenderAgreement.objects.filter(tenant_id=tenant_id, is_active=True).order_by("created_at", "id")
    return {
        row.lender_id: AgreementView(
            lender_id=row.lender_id,
            collection=row.collection,
            remits=row.remits,
            rebate=row.rebate,
            release_days=row.release_days,
        )
        for row in rows
    }


def current_products(lender_ids: Sequence[UUID]) -> tuple[LenderProduct, ...]:
    """The newest version of every product of these lenders."""
    rows = (
        RateCard.objects.filter(lender_id__in=list(lender_ids))
        .order_by("lender_id", "code", "-version")
        .distinct("lender_id", "code")
    )
    return tuple(_decode(row.document) for row in rows)


def pinned_products(pins: Sequence[tuple[str, str, int]]) -> tuple[LenderProduct, ...]:
    """The products as (lender public id, code, version) name them, in that order. Raises UnknownId when one is gone."""
    wanted = [(ids.parse_public_id("len", lender), code, version) for lender, code, version in pins]
    rows = RateCard.objects.filter(
        lender_id__in=[lender for lender, _, _ in wanted], code__in=[code for _, code, _ in wanted]
    )
    found = {(row.lender_id, row.code, row.version): row.document for row in rows}
    if any(pin not in found for pin in wanted):
        raise ids.UnknownId
    return tuple(_decode(found[pin]) for pin in wanted)
