"""Trade-in claims by state and age, and the files people asked for."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Min, Sum
from msgspec import Struct

from foundation import ids
from settlements.models import Claim
from settlements.selectors.claims import missing_fields


class ClaimRow(Struct, frozen=True, gc=False, kw_only=True):
    """A claim in a list."""

    public_id: str
    state: str
    rule_set: str
    region: str
    order_id: str
    order_reference: str
    item_id: str
    sku: str
    category: str
    serial: str
    units: int
    currency: str
    amount_minor: int
    sold_on: date
    reason_code: str
    missing: tuple[str, ...]


class ClaimGroup(Struct, frozen=True, gc=False, kw_only=True):
    """Claims of one state: how many, how much, since when."""

    state: str
    count: int
    amount_minor: int
    oldest_on: date | None


def _claim(row: Claim) -> ClaimRow:
    return ClaimRow(
        public_id=ids.public_id("clm", row.id),
        state=row.state,
        rule_set=row.rule_set,
        region=row.region,
        order_id=row.order_id,
        order_reference=row.order_reference,
        item_id=row.item_id,
        sku=row.sku,
        category=row.category,
        serial=row.serial,
        units=row.units,
        currency=row.currency,
        amount_minor=row.amount_minor,
        sold_on=row.sold_on,
        reason_code=row.reason_code,
        missing=missing_fields(row),
    )


def claim_groups(*, tenant_id: UUID) -> tuple[ClaimGroup, ...]:
    """A merchant's claims by state."""
    rows: Any = (
        Claim.objects.filter(tenant_id=tenant_id)
        .order_by()
        .values("state")
        .annotate(number=Count("id"), amount=Sum("amount_minor"), oldest=Min("sold_on"))
    )
    return tuple(
        ClaimGroup(state=row["state"], count=row["number"], amount_minor=row["amount"] or 0, oldest_on=row["oldest"])
        for row in rows
    )


def claim_page(*, tenant_id: UUID, state: str, reference: str = "", offset: int = 0, limit: int) -> list[ClaimRow]:
    """Up to `limit` + 1 claims, oldest sale first: what waits longest stands on top."""
    rows = Claim.objects.filter(tenant_id=tenant_id).order_by("sold_on", "id")
    if state:
        rows = rows.filter(state=state)
    if reference:
        rows = rows.filter(order_reference=reference)
    return [_claim(row) for row in rows[offset : offset + limit + 1]]


def claims_of_order(*, tenant_id: UUID, order_id: str) -> tuple[ClaimRow, ...]:
    """The claims of one plan."""
    return tuple(_claim(row) for row in Claim.objects.filter(tenant_id=tenant_id, order_id=order_id).order_by("id"))
