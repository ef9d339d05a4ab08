"""Plans, events and refunds as API answers. Inside a transaction of the tenant."""

from uuid import UUID

from msgspec.structs import replace

from foundation import ids
from foundation.caller import Caller
from foundation.structs import Page, PageQuery, page_of
from installments.models import Plan
from installments.selectors import plans
from installments.selectors.plans import PlanFilters
from installments.services.plan_in import PlanQuery
from installments.services.plan_out import (
    PlanDocument,
    PlanEventOut,
    RefundOut,
    event_out,
    plan_document,
    refund_out,
)
from merchants.selectors import parties


def plan_page(*, caller: Caller, query: PlanQuery) -> Page[PlanDocument]:
    """A page of the caller's plans, newest first. Raises UnknownId for ids in filters, BadCursor."""
    filters = PlanFilters(
        order_reference=query.order_reference,
        campaign_id=None if query.campaign is None else ids.parse_public_id("cam", query.campaign),
        store_id=None if query.store is None else ids.parse_public_id("sto", query.store),
        lender_id=None if query.lender is None else ids.parse_public_id("len", query.lender),
        state=query.state,
        created_from=query.created_from,
        created_to=query.created_to,
        timezone=parties.party(caller.tenant_id).timezone,
    )
    rows = plans.plans_of(tenant_id=caller.tenant_id, filters=filters, cursor=query.cursor, limit=query.limit)
    return page_of(
        rows,
        limit=query.limit,
        cursor_of=plans.cursor_of,
        show=lambda row: plan_document(row, livemode=caller.livemode),
    )


def one_plan(*, caller: Caller, plan_id: UUID) -> PlanDocument:
    """A plan with its refunds. Raises UnknownId."""
    detail = plans.plan_detail(tenant_id=caller.tenant_id, plan_id=plan_id)
    return replace(
        plan_document(detail.plan, livemode=caller.livemode), refunds=[refund_out(row) for row in detail.refunds]
    )


def events_page(*, caller: Caller, plan_id: UUID, query: PageQuery) -> Page[PlanEventOut]:
    """The moves of a plan, oldest first. Raises UnknownId."""
    _owned(caller, plan_id)
    after = None if query.cursor is None else ids.parse_public_id("evt", query.cursor)
    rows = plans.events_of(plan_id=plan_id, after=after, limit=query.limit)
    return page_of(rows, limit=query.limit, cursor_of=lambda row: ids.public_id("evt", row.id), show=event_out)


def refunds_page(*, caller: Caller, plan_id: UUID, query: PageQuery) -> Page[RefundOut]:
    """The refunds of a plan, oldest first. Raises UnknownId."""
    _owned(caller, plan_id)
    rows = plans.refunds_of(plan_ids=[plan_id])
    if query.cursor is not None:
        after = ids.parse_public_id("re", query.cursor)
        rows = [row for row in rows if row.id > after]
    return page_of(
        rows[: query.limit + 1],
        limit=query.limit,
        cursor_of=lambda row: ids.public_id("re", row.id),
        show=refund_out,
    )


def _owned(caller: Caller, plan_id: UUID) -> Plan:
    return plans.plan_of(tenant_id=caller.tenant_id, plan_id=plan_id)
