"""Plans that end before capture: cancelled by the merchant, or expired; what they held is free again."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from domain.plan_states import PlanMove
from domain.serial_states import SerialMove
from foundation import db
from foundation.caller import Caller
from installments.models import Plan, PlanEvent
from installments.services import confirm_sql, plan_rows
from installments.services.drafts import allowance_use
from installments.services.frozen import frozen_from
from installments.services.plan_out import PlanDocument, plan_document
from promotions.services import budgets
from settlements.selectors import books

_AT_ONCE = 500


@db.transaction_required
def cancel(*, caller: Caller, plan_id: UUID, now: datetime, request_id: str = "") -> PlanDocument:
    """Cancel a plan that is not captured. Raises UnknownId, IllegalMove."""
    plan = plan_rows.lock_plan(tenant_id=caller.tenant_id, plan_id=plan_id)
    end_uncaptured(
        [plan],
        PlanMove.CANCEL,
        now=books.clock(plan.book_id, now),
        person_id=caller.person_id,
        request_id=request_id,
    )
    return plan_document(plan, livemode=caller.livemode)


@db.transaction_required
def end_uncaptured(
    plans: Sequence[Plan],
    by: PlanMove,
    *,
    now: datetime,
    person_id: UUID | None = None,
    request_id: str = "",
) -> None:
    """End locked plans that never were captured, set-wise: serials, allowances and budgets return. Raises IllegalMove."""
    if not plans:
        return
    events = [plan_rows.moved(plan, by, at=now, person_id=person_id, request_id=request_id) for plan in plans]
    Plan.objects.bulk_update(plans, ["state"], batch_size=_AT_ONCE)
    PlanEvent.objects.bulk_create(events)
    uses = [
        allowance_use(units, buyer_key=plan.buyer_key) for plan in plans for units in frozen_from(plan.items).claimed
    ]
    with db.cursor() as cursor:
        confirm_sql.move_serials(cursor, plan_ids=[plan.id for plan in plans], by=SerialMove.RELEASE, now=now)
        confirm_sql.return_allowance(cursor, uses=uses)
    budgets.release_many(plan_ids=[plan.id for plan in plans], now=now)


def expire_due(*, now: datetime) -> int:
    """Expire plans whose authorisation ran out, by their book's clock; returns how many. For a task; opens its own
    staff transactions of at most 500 plans."""
    with db.staff_transaction():
        clocks = {book.id: book.at(now) for book in books.books()}
    return sum(_expire_book(book_id, clock) for book_id, clock in clocks.items())


def _expire_book(book_id: UUID, clock: datetime) -> int:
    expired = 0
    while True:
        with db.staff_transaction():
            due = (
                Plan.objects.select_for_update(skip_locked=True)
                .filter(state__in=["pending", "authorised"], expires_at__lte=clock, book_id=book_id)
                .order_by("expires_at", "id")[:_AT_ONCE]
            )
            plans = sorted(due, key=lambda plan: plan.id)
            end_uncaptured(plans, PlanMove.EXPIRE, now=clock)
        expired += len(plans)
        if len(plans) < _AT_ONCE:
            return expired
