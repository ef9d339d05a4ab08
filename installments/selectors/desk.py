"""Plans as the people of a merchant see them: lists, one plan with its history, and the figures of days."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from django.db.models import Q
from msgspec import Struct

from domain.purchase import Line, Purchase
from foundation import db, ids
from installments.models import Plan, PlanEvent, Refund, Serial


class PlanRow(Struct, frozen=True, gc=False, kw_only=True):
    """A plan in a list."""

    id: UUID
    public_id: str
    state: str
    order_reference: str
    store_id: UUID | None
    lender_id: UUID
    term: int
    currency: str
    list_minor: int
    payable_minor: int
    financed_minor: int
    subsidy_minor: int
    waived_minor: int
    captured_minor: int
    refunded_minor: int
    created_at: datetime


class PlanFilter(Struct, frozen=True, gc=False, kw_only=True):
    """What a list is narrowed to; empty fields do not restrict. `start` and `end` are half-open instants."""

    state: str = ""
    store_id: UUID | None = None
    campaign_id: UUID | None = None
    reference: str = ""
    start: datetime | None = None
    end: datetime | None = None


class PlanView(Struct, frozen=True, gc=False, kw_only=True):
    """One plan with everything that was frozen; `amounts`, `waterfall`, `plan` are spelled as in the API."""

    row: PlanRow
    book_id: UUID
    channel: str
    region: str
    buyer_reference: str
    amounts: dict[str, Any]
    waterfall: list[dict[str, Any]]
    plan: dict[str, Any]
    lines: tuple[Line, ...]
    returned: dict[str, int]
    serials: list[dict[str, Any]]
    manual_capture: bool
    expires_at: datetime | None
    captured_at: datetime | None
    release_on: date | None
    released_at: datetime | None


class EventView(Struct, frozen=True, gc=False, kw_only=True):
    """One move of a plan."""

    move: str
    to_state: str
    person_id: UUID | None
    request_id: str
    amount_minor: int
    at: datetime


class RefundView(Struct, frozen=True, gc=False, kw_only=True):
    """Money that went back. `to_funders` is spelled as in the API."""

    public_id: str
    amount_minor: int
    to_buyer_minor: int
    to_government_minor: int
    to_funders: list[dict[str, Any]]
    lender_keeps_minor: int
    reason: str
    created_at: datetime


class SerialView(Struct, frozen=True, gc=False, kw_only=True):
    """Where a serial of the plan stands."""

    line: str
    state: str
    changed_at: datetime


_ROW: Final = (
    "id", "state", "order_reference", "store_id", "lender_id", "term", "currency", "list_minor", "payable_minor",
    "financed_minor", "subsidy_minor", "waived_minor", "captured_minor", "refunded_minor", "created_at",
)  # fmt: skip
_GONE: Final = ("declined", "cancelled", "expired")


def _row(plan: Plan) -> PlanRow:
    return PlanRow(public_id=ids.public_id("pl", plan.id), **{name: getattr(plan, name) for name in _ROW})


def _wanted(wanted: PlanFilter) -> Q:
    found = Q()
    for name, value in (
        ("state", wanted.state),
        ("store_id", wanted.store_id),
        ("order_reference", wanted.reference),
        ("created_at__gte", wanted.start),
        ("created_at__lt", wanted.end),
    ):
        if value:
            found &= Q(**{name: value})
    if wanted.campaign_id is not None:
        found &= Q(campaign_ids__contains=[wanted.campaign_id])
    return found


def plan_page(
    *, tenant_id: UUID, wanted: PlanFilter, after: tuple[datetime, UUID] | None = None, limit: int
) -> list[PlanRow]:
    """Up to `limit` + 1 plans of the tenant behind the cursor, newest first."""
    rows = Plan.objects.filter(_wanted(wanted), tenant_id=tenant_id).only(*_ROW).order_by("-created_at", "-id")
    if after is not None:
        at, plan_id = after
        rows = rows.filter(Q(created_at__lt=at) | Q(created_at=at, id__lt=plan_id))
    return [_row(plan) for plan in rows[: limit + 1]]


def cursor_of(*, tenant_id: UUID, plan_id: UUID) -> tuple[datetime, UUID]:
    """Where a list goes on behind a plan. Raises UnknownId."""
    at = Plan.objects.filter(tenant_id=tenant_id, pk=plan_id).values_list("created_at", flat=True).first()
    if at is None:
        raise ids.UnknownId
    return at, plan_id


def plan(*, tenant_id: UUID, plan_id: UUID) -> PlanView:
    """One plan. Raises UnknownId."""
    row = Plan.objects.filter(tenant_id=tenant_id, pk=plan_id).first()
    if row is None:
        raise ids.UnknownId
    purchase = msgspec.json.decode(bytes(row.pricing_input), type=Purchase)
    return PlanView(
        row=_row(row),
        book_id=row.book_id,
        channel=row.channel,
        region=row.region,
        buyer_reference=row.buyer_reference,
        amounts=row.amounts,
        waterfall=row.waterfall,
        plan=row.plan,
        lines=purchase.lines,
        returned=dict((row.progress or {}).get("returned", {})),
        serials=row.serials,
        manual_capture=row.manual_capture,
        expires_at=row.expires_at,
        captured_at=row.captured_at,
        release_on=row.release_on,
        released_at=row.released_at,
    )


def events(*, tenant_id: UUID, plan_id: UUID) -> tuple[EventView, ...]:
    """The plan's history, oldest first."""
    rows = PlanEvent.objects.filter(tenant_id=tenant_id, plan_id=plan_id).order_by("at", "id")
    return tuple(
        EventView(
            move=row.move,
            to_state=row.to_state,
            person_id=row.person_id,
            request_id=row.request_id,
            amount_minor=row.amount_minor,
            at=row.at,
        )
        for row in rows
    )


def refunds(*, tenant_id: UUID, plan_id: UUID) -> tuple[RefundView, ...]:
    """The plan's refunds, oldest first."""
    rows = Refund.objects.filter(tenant_id=tenant_id, plan_id=plan_id).order_by("created_at", "id")
    return tuple(
        RefundView(
            public_id=ids.public_id("re", row.id),
            amount_minor=row.amount_minor,
            to_buyer_minor=row.to_buyer_minor,
            to_government_minor=row.to_government_minor,
            to_funders=row.to_funders,
            lender_keeps_minor=row.lender_keeps_minor,
            reason=row.reason,
            created_at=row.created_at,
        )
        for row in rows
    )


def serials(*, tenant_id: UUID, plan_id: UUID) -> tuple[SerialView, ...]:
    """The states of the plan's serials, by line."""
    rows = Serial.objects.filter(tenant_id=tenant_id, plan_id=plan_id).order_by("line", "serial_key")
    return tuple(SerialView(line=row.line, state=row.state, changed_at=row.changed_at) for row in rows)


_BY_CAMPAIGN: Final = """
SELECT c, count(*) FROM installments_plan p CROSS JOIN LATERAL unnest(p.campaign_ids) c
WHERE p.tenant_id = %(tenant)s AND p.created_at >= %(start)s AND p.created_at < %(end)s AND NOT p.state = ANY(%(gone)s)
  AND c = ANY(%(campaigns)s)
GROUP BY c
"""


def plans_by_campaign(
    *, tenant_id: UUID, campaign_ids: Sequence[UUID], start: datetime, end: datetime
) -> dict[UUID, int]:
    """How many plans used each campaign in [start, end)."""
    facts: dict[str, Any] = {
        "tenant": tenant_id,
        "campaigns": list(campaign_ids),
        "start": start,
        "end": end,
        "gone": list(_GONE),
    }
    with db.cursor() as cursor:
        cursor.execute(_BY_CAMPAIGN, facts)
        return dict(cursor.fetchall())


def any_plan(*, tenant_id: UUID) -> bool:
    """Whether the tenant ever had a plan."""
    return Plan.objects.filter(tenant_id=tenant_id).exists()
