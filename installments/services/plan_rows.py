"""Plans that are about to move: locked in the order of their ids, and moved through the one table of legal moves."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from domain.plan_states import PlanMove, move
from domain.remaining import RefundState
from foundation import db
from foundation.ids import UnknownId
from installments.models import Plan, PlanEvent
from installments.services.drafts import event_row

_EMPTY = RefundState()


@db.transaction_required
def lock_plan(*, tenant_id: UUID, plan_id: UUID) -> Plan:
    """The plan, locked until the transaction ends. Raises UnknownId."""
    row = Plan.objects.select_for_update().filter(tenant_id=tenant_id, pk=plan_id).first()
    if row is None:
        raise UnknownId
    return row


@db.transaction_required
def lock_plans(plan_ids: Sequence[UUID]) -> list[Plan]:
    """Those of the plans that may be seen, locked in the order of their ids."""
    return list(Plan.objects.select_for_update().filter(pk__in=list(plan_ids)).order_by("pk"))


def progress_of(plan: Plan) -> RefundState:
    """What came back so far."""
    return msgspec.convert(plan.progress, RefundState) if plan.progress else _EMPTY


def check_refundable(plan: Plan) -> None:
    """Raises IllegalMove unless there is captured money to give back."""
    move(plan.state, PlanMove.REFUND_PART)


def moved(
    plan: Plan,
    by: PlanMove,
    *,
    at: datetime,
    amount_minor: int = 0,
    person_id: UUID | None = None,
    request_id: str = "",
) -> PlanEvent:
    """Move a plan in memory and give the event to be written with it. Raises IllegalMove."""
    before = plan.state
    plan.state = move(before, by).value
    facts: dict[str, Any] = event_row(
        plan_id=plan.id,
        tenant_id=plan.tenant_id,
        move=by.value,
        from_state=before,
        to_state=plan.state,
        at=at,
        amount_minor=amount_minor,
        person_id=person_id,
        request_id=request_id,
    )
    return PlanEvent(**facts)
