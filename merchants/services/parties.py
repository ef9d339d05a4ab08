"""Bring parties and stores in. Parties are made by staff, stores by staff or by the merchant itself."""

from datetime import datetime
from uuid import UUID

from foundation import db, ids
from foundation.errors import register_constraints
from merchants.models import Party, Store
from merchants.services import changes
from merchants.services.errors import StoreCodeTaken, UnknownPartyKind

register_constraints({"store_code_once": StoreCodeTaken, "party_kind_known": UnknownPartyKind})


@db.transaction_required
def create_party(
    *,
    kind: str,
    name_zh: str,
    name_en: str,
    book_id: UUID,
    now: datetime,
    currency: str = "CNY",
    timezone: str = "Asia/Shanghai",
    region: str = "",
    service_fee_ppm: int = 6_000,
    livemode: bool = False,
    credit_code: str = "",
    party_id: UUID | None = None,
) -> UUID:
    """Make a merchant, brand, lender, carrier, government programme or platform; returns its id. Staff transaction.

    `party_id` lets the maker of a book name its platform beforehand. Raises UnknownPartyKind.
    """
    if kind not in Party.Kind.values:
        raise UnknownPartyKind(kind=kind)
    row = Party.objects.create(
        id=party_id or ids.uuid7(now=now),
        kind=kind,
        name_zh=name_zh,
        name_en=name_en,
        credit_code=credit_code,
        currency=currency,
        timezone=timezone,
        region=region,
        book_id=book_id,
        livemode=livemode,
        service_fee_ppm=service_fee_ppm,
        created_at=now,
    )
    return row.id


@db.transaction_required
def create_store(
    *, tenant_id: UUID, code: str, name_zh: str, name_en: str, region: str, city: str, now: datetime
) -> UUID:
    """Open a store of a merchant; quotes know it within two seconds. Raises StoreCodeTaken (at the database)."""
    row = Store.objects.create(
        id=ids.uuid7(now=now),
        tenant_id=tenant_id,
        code=code,
        name_zh=name_zh,
        name_en=name_en,
        region=region,
        city=city,
        created_at=now,
    )
    changes.announce(party_id=tenant_id, now=now)
    return row.id
