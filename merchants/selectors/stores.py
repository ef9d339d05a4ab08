"""Stores as values."""

from uuid import UUID

from msgspec import Struct

from foundation import ids
from merchants.models import Store


class StoreView(Struct, frozen=True, gc=False, kw_only=True):
    """A shop of a merchant."""

    id: UUID
    public_id: str
    code: str
    name_zh: str
    name_en: str
    region: str
    city: str


def _view(row: Store) -> StoreView:
    return StoreView(
        id=row.id,
        public_id=ids.public_id("sto", row.id),
        code=row.code,
        name_zh=row.name_zh,
        name_en=row.name_en,
        region=row.region,
        city=row.city,
    )


def stores(tenant_id: UUID) -> tuple[StoreView, ...]:
    """The merchant's active stores, by code."""
    return tuple(_view(row) for row in Store.objects.filter(tenant_id=tenant_id, is_active=True).order_by("code"))


def store_page(*, tenant_id: UUID, after: UUID | None, limit: int) -> list[StoreView]:
    """Up to `limit` + 1 active stores after the cursor, oldest first."""
    rows = Store.objects.filter(tenant_id=tenant_id, is_active=True).order_by("id")
    if after is not None:
        rows = rows.filter(id__gt=after)
    return [_view(row) for row in rows[: limit + 1]]


def store(*, tenant_id: UUID, store_id: UUID) -> StoreView:
    """One store of the tenant. Raises UnknownId."""
    row = Store.objects.filter(tenant_id=tenant_id, pk=store_id).first()
    if row is None:
        raise ids.UnknownId
    return _view(row)
