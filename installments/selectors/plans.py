"""Plans as the portal and the API read them: lists by cursor, one plan whole, and the figures of days."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from msgspec import Struct

from domain.errors import DomainError
from domain.periods import day_bounds
from foundation import db, ids
from foundation.ids import UnknownId
from installments.models import Plan, PlanEvent, Refund

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class BadCursor(DomainError):
    """This cursor was not given by this list."""

    code = "bad_cursor"
    status = 422
    pointer = "/cursor"


class PlanFilters(Struct, frozen=True, kw_only=True):
    """What a list is narrowed by; days are the merchant's, both included."""

    order_reference: str | None = None
    campaign_id: UUID | None = None
    store_id: UUID | None = None
    lender_id: UUID | None = None
    state: str | None = None
    created_from: date | None = None
    created_to: date | None = None
    timezone: str = "Asia/Shanghai"
    search: str | None = None


class PlanDetail(Struct, frozen=True, kw_only=True):
    """A plan with its trail."""

    plan: Plan
    events: tuple[PlanEvent, ...]
    refunds: tuple[Refund, ...]


class DayFigures(Struct, frozen=True, kw_only=True):
    """One day's confirmed plans of a merchant, minor units. `waived` and `by_term` are (name, amount or count) pairs."""

    day: date
    plans: int
    financed_minor: int
    payable_minor: int
    subsidy_minor: int
    waived_minor: int
    refunded_minor: int
    waived_by_funder: tuple[tuple[str, int], ...]
    by_term: tuple[tuple[int, int], ...]


def _filtered(tenant_id: UUID, filters: PlanFilters) -> QuerySet[Plan]:
    rows = Plan.objects.filter(tenant_id=tenant_id)
    for name in ("order_reference", "store_id", "lender_id", "state"):
        value = getattr(filters, name)
        if value is not None:
            rows = rows.filter(**{name: value})
    if filters.campaign_id is not None:
        rows = rows.filter(campaign_ids__contains=[filters.campaign_id])
    if filters.created_from is not None:
        rows = rows.filter(created_at__gte=day_bounds(on=filters.created_from, timezone=filters.timezone)[0])
    if filters.created_to is not None:
        rows = rows.filter(created_at__lt=day_bounds(on=filters.created_to, timezone=filters.timezone)[1])
    if filters.search:
        rows = rows.filter(_search(filters.search))
    return rows


def _search(text: str) -> Q:
    """By plan id, or by the beginning of the order reference."""
    try:
        return Q(pk=ids.parse_public_id("pl", text.strip()))
    except UnknownId:
        return Q(order_reference__startswith=text.strip())


def plans_of(*, tenant_id: UUID, filters: PlanFilters, cursor: str | None, limit: int) -> list[Plan]:
    """Up to `limit` + 1 plans after the cursor, newest first. Raises BadCursor."""
    rows = _filtered(tenant_id, filters)
    if cursor is not None:
        created_at, plan_id = _read_cursor(cursor)
        rows = rows.filter(Q(created_at__lt=created_at) | Q(created_at=created_at, pk__lt=plan_id))
    return list(rows.order_by("-created_at", "-pk")[: limit + 1])


def cursor_of(plan: Plan) -> str:
    """Where a list goes on after this plan: its instant in microseconds and its key, safe in a URL as it is."""
    since = plan.created_at - _EPOCH
    return f"{(since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds}.{plan.id.hex}"


def _read_cursor(text: str) -> tuple[datetime, UUID]:
    try:
        micros, _, key = text.partition(".")
        return _EPOCH + timedelta(microseconds=int(micros)), UUID(key)
    except (ValueError, OverflowError) as error:
        raise BadCursor from error


def plan_of(*, tenant_id: UUID, plan_id: UUID) -> Plan:
    """One plan of the tenant. Raises UnknownId."""
    row = Plan.objects.filter(tenant_id=tenant_id, pk=plan_id).first()
    if row is None:
        raise UnknownId
    return row


def plan_detail(*, tenant_id: UUID, plan_id: UUID) -> PlanDetail:
    """One plan with its events and refunds, oldest first. Raises UnknownId."""
    plan = plan_of(tenant_id=tenant_id, plan_id=plan_id)
    return PlanDetail(
        plan=plan,
        events=tuple(events_of(plan_id=plan_id)),
        refunds=tuple(refunds_of(plan_ids=[plan_id])),
    )


def events_of(*, plan_id: UUID, after: UUID | None = None, limit: int = 1000) -> list[PlanEvent]:
    """The plan's moves, oldest first, at most `limit` + 1."""
    rows = PlanEvent.objects.filter(plan_id=plan_id).order_by("at", "id")
    if after is not None:
        rows = rows.filter(pk__gt=after).order_by("id")
    return list(rows[: limit + 1])


def refunds_of(*, plan_ids: Sequence[UUID]) -> list[Refund]:
    """The refunds of plans, oldest first."""
    return list(Refund.objects.filter(plan_id__in=list(plan_ids)).order_by("created_at", "id"))


_FIGURES = """
SELECT (created_at AT TIME ZONE %(zone)s)::date AS day, count(*), sum(financed_minor), sum(payable_minor),
       sum(subsidy_minor), sum(waived_minor), sum(refunded_minor)
FROM installments_plan
WHERE tenant_id = %(tenant)s AND created_at >= %(start)s AND created_at < %(end)s
  AND state NOT IN ('declined', 'cancelled', 'expired', 'pending')
GROUP BY 1 ORDER BY 1
"""
_BY_FUNDER = """
SELECT (p.created_at AT TIME ZONE %(zone)s)::date AS day, f.value->>'party', sum((f.value->>'amount')::bigint)
FROM installments_plan p CROSS JOIN LATERAL jsonb_array_elements(p.plan->'funders') f
WHERE p.tenant_id = %(tenant)s AND p.created_at >= %(start)s AND p.created_at < %(end)s
  AND p.state NOT IN ('declined', 'cancelled', 'expired', 'pending')
GROUP BY 1, 2 ORDER BY 1, 2
"""
_BY_TERM = """
SELECT (created_at AT TIME ZONE %(zone)s)::date AS day, term, count(*)
FROM installments_plan
WHERE tenant_id = %(tenant)s AND created_at >= %(start)s AND created_at < %(end)s
  AND state NOT IN ('declined', 'cancelled', 'expired', 'pending')
GROUP BY 1, 2 ORDER BY 1, 2
"""


def figures_of_days(*, tenant_id: UUID, first: date, last: date, timezone: str) -> tuple[DayFigures, ...]:
    """Plans of every day from `first` to `last`, both included, days without plans as zeros; three grouped queries."""
    params = {
        "tenant": tenant_id,
        "zone": timezone,
        "start": day_bounds(on=first, timezone=timezone)[0],
        "end": day_bounds(on=last, timezone=timezone)[1],
    }
    totals = {row[0]: row[1:] for row in _rows(_FIGURES, params)}
    funders: dict[date, list[tuple[str, int]]] = {}
    for day, party, amount in _rows(_BY_FUNDER, params):
        funders.setdefault(day, []).append((party, int(amount)))
    terms: dict[date, list[tuple[int, int]]] = {}
    for day, term, count in _rows(_BY_TERM, params):
        terms.setdefault(day, []).append((term, count))
    days = [date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1)]
    return tuple(
        _figures(day, totals.get(day, (0,) * 6), tuple(funders.get(day, ())), tuple(terms.get(day, ()))) for day in days
    )


def _rows(sql: str, params: dict[str, Any]) -> list[tuple[Any, ...]]:
    with db.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def _figures(
    day: date, totals: tuple[Any, ...], funders: tuple[tuple[str, int], ...], terms: tuple[tuple[int, int], ...]
) -> DayFigures:
    plans, financed, payable, subsidy, waived, refunded = (int(value) for value in totals)
    return DayFigures(
        day=day,
        plans=plans,
        financed_minor=financed,
        payable_minor=payable,
        subsidy_minor=subsidy,
        waived_minor=waived,
        refunded_minor=refunded,
        waived_by_funder=funders,
        by_term=terms,
    )
