"""What a refund would give back to whom, before it is pressed: the same decision, and nothing is written."""

from datetime import datetime
from uuid import UUID

from domain.refunds import Refund
from foundation import db
from foundation.caller import Caller
from foundation.errors import Conflict
from installments.services import dossiers, plan_rows, refunding
from installments.services.plan_in import RefundIn
from installments.services.plan_out import RefundOut
from settlements.selectors import books


@db.transaction_required
def decided_refund(*, caller: Caller, plan_id: UUID, request: RefundIn, now: datetime) -> Refund:
    """Decide a refund and throw the decision away. Raises as `refunding.refund`."""
    plan = plan_rows.lock_plan(tenant_id=caller.tenant_id, plan_id=plan_id)
    clock = books.clock(plan.book_id, now)
    standing = dossiers.lock_standing([plan], tenant_id=caller.tenant_id, now=clock)[plan.id]
    return refunding.decide(plan, request, standing=standing, now=clock).decided


@db.transaction_required
def refund_as_shown(
    *, caller: Caller, plan_id: UUID, request: RefundIn, refunded_before: int, now: datetime, request_id: str = ""
) -> RefundOut:
    """Refund what was shown: when something was refunded in between, nothing happens. Raises Conflict and as `refund`."""
    plan = plan_rows.lock_plan(tenant_id=caller.tenant_id, plan_id=plan_id)
    if plan.refunded_minor != refunded_before:
        raise Conflict
    return refunding.refund(caller=caller, plan_id=plan_id, request=request, now=now, request_id=request_id)
