"""Claims on the government as values: lists, what a dossier still lacks, and where an order's claims stand."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Min, Sum
from msgspec import Struct

from domain.claim_states import ClaimState
from foundation import ids
from settlements.models import Claim, ClaimEvent

OPEN_STATES = (ClaimState.COLLECTING, ClaimState.SUBMITTED, ClaimState.ACCEPTED, ClaimState.DISPUTED)


class ClaimView(Struct, frozen=True, gc=False, kw_only=True):
    """A claim, read only. `missing` lists what must be there before it can be submitted."""

    id: UUID
    public_id: str
    tenant_id: UUID
    book_id: UUID
    programme_id: UUID
    rule_set: str
    region: str
    order_id: str
    order_reference: str
    item_id: str
    sku: str
    category: str
    energy_grade: int | None
    serial: str
    units: int
    currency: str
    amount_minor: int
    returned_minor: int
    state: str
    reason_code: str
    fault: str
    required_fields: tuple[str, ...]
    missing: tuple[str, ...]
    sold_on: date
    submitted_on: date | None
    paid_on: date | None
    created_at: datetime


class ClaimEventView(Struct, frozen=True, gc=False, kw_only=True):
    """One move of a claim."""

    move: str
    from_state: str
    to_state: str
    person_id: UUID | None
    reason_code: str
    at: datetime


class Standing(Struct, frozen=True, gc=False, kw_only=True):
    """Where the claims of an order stand, as `domain.sides.MoneyNow` asks: states by order line, and lost lines."""

    claims: dict[str, str] = {}
    platform_fault: frozenset[str] = frozenset()


class ClaimGroup(Struct, frozen=True, gc=False, kw_only=True):
    """Claims of one state together, with the oldest sale among them: the ageing of unpaid claims."""

    state: str
    currency: str
    count: int
    amount_minor: int
    oldest_sold_on: date


def missing_fields(row: Claim) -> tuple[str, ...]:
    """The required fields that are neither in the claim's own columns nor among its facts."""
    return tuple(name for name in row.required_fields if not (getattr(row, name, None) or row.facts.get(name)))


def view_of(row: Claim) -> ClaimView:
    """The value of a row."""
    return ClaimView(
        id=row.id,
        public_id=ids.public_id("clm", row.id),
        tenant_id=row.tenant_id,
        book_id=row.book_id,
        programme_id=row.programme_id,
        rule_set=row.rule_set,
        region=row.region,
        order_id=row.order_id,
        order_reference=row.order_reference,
        item_id=row.item_id,
        sku=row.sku,
        category=row.category,
        energy_grade=row.energy_grade,
        serial=row.serial,
        units=row.units,
        currency=row.currency,
        amount_minor=row.amount_minor,
        returned_minor=row.returned_minor,
        state=row.state,
        reason_code=row.reason_code,
        fault=row.fault,
        required_fields=tuple(row.required_fields),
        missing=missing_fields(row),
        sold_on=row.sold_on,
        submitted_on=row.submitted_on,
        paid_on=row.paid_on,
        created_at=row.created_at,
    )


def claim_page(
    *, tenant_id: UUID | None, limit: int, after: UUID | None = None, filters: Mapping[str, Any] | None = None
) -> list[ClaimView]:
    """Up to `limit + 1` claims, newest first; `tenant_id=None` (staff) lists every merchant's.

    Filters by column: state, order_id, order_reference, programme_id, book_id.
    """
    rows = Claim.objects.order_by("-id").filter(**dict(filters or {}))
    if tenant_id is not None:
        rows = rows.filter(tenant_id=tenant_id)
    if after is not None:
        rows = rows.filter(id__lt=after)
    return [view_of(row) for row in rows[: limit + 1]]


def claim(*, tenant_id: UUID | None, claim_id: UUID) -> ClaimView:
    """One claim. Raises UnknownId."""
    rows = Claim.objects.filter(pk=claim_id)
    if tenant_id is not None:
        rows = rows.filter(tenant_id=tenant_id)
    row = rows.first()
    if row is None:
        raise ids.UnknownId
    return view_of(row)


def events_of(claim_id: UUID) -> tuple[ClaimEventView, ...]:
    """The moves of a claim, oldest first."""
    rows = ClaimEvent.objects.filter(claim_id=claim_id).order_by("at", "id")
    return tuple(
        ClaimEventView(
            move=row.move,
            from_state=row.from_state,
            to_state=row.to_state,
            person_id=row.person_id,
            reason_code=row.reason_code,
            at=row.at,
        )
        for row in rows
    )


def standing(*, tenant_id: UUID, order_ids: Sequence[str]) -> dict[str, Standing]:
    """Where the claims of orders stand, by order id; an order without claims is left out. A refund asks this."""
    found: dict[str, tuple[dict[str, str], set[str]]] = {}
    rows = Claim.objects.filter(tenant_id=tenant_id, order_id__in=list(order_ids))
    for order_id, item_id, state, fault in rows.values_list("order_id", "item_id", "state", "fault"):
        claims, lost = found.setdefault(order_id, ({}, set()))
        claims[item_id] = state
        if fault == "platform":
            lost.add(item_id)
    return {
        order_id: Standing(claims=claims, platform_fault=frozenset(lost)) for order_id, (claims, lost) in found.items()
    }


def ageing(*, tenant_id: UUID | None, book_id: UUID | None = None) -> tuple[ClaimGroup, ...]:
    """Claims by state and currency, with the oldest sale of each."""
    rows = Claim.objects.all()
    if tenant_id is not None:
        rows = rows.filter(tenant_id=tenant_id)
    if book_id is not None:
        rows = rows.filter(book_id=book_id)
    grouped = rows.values("state", "currency").annotate(
        number=Count("id"), amount=Sum("amount_minor"), oldest=Min("sold_on")
    )
    return tuple(
        ClaimGroup(
            state=row["state"],
            currency=row["currency"],
            count=row["number"],
            amount_minor=row["amount"],
            oldest_sold_on=row["oldest"],
        )
        for row in grouped.order_by("state", "currency")
    )
