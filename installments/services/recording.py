"""Write drafts: one plan or hundreds in the same few statements, all or none.

Order of locks: spent quotes, serials, persons, the book (shared), then budget counters by (rank, id), the hot total
last, so that the row everybody needs is held for the shortest time.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.plan_states import PlanMove, PlanState, move
from domain.serial_states import SerialMove
from foundation import db
from installments.services import budget_spending, capture_books, confirm_sql
from installments.services.drafts import Draft, event_row
from promotions.services import budgets
from promotions.services.budget_holds import Hold


@db.transaction_required
def record(drafts: Sequence[Draft], *, tenant_id: UUID, now: datetime) -> None:
    """Record plans of one merchant; those that capture automatically are captured and booked at once.

    Raises QuoteSpent, SerialTaken, SubsidyUsedUp, BudgetExhausted, BuyerCapReached: then the transaction must roll back.
    """
    at_once = [draft for draft in drafts if not draft.chosen.manual]
    with db.cursor() as cursor:
        confirm_sql.record_plans(cursor, plans=[row_of(draft) for draft in drafts], events=_events(drafts))
        confirm_sql.take_serials(
            cursor, tenant_id=tenant_id, wanted=[hold for draft in drafts for hold in draft.serials], now=now
        )
        confirm_sql.use_allowance(cursor, uses=[use for draft in drafts for use in draft.allowance])
        if any(draft.serials for draft in at_once):
            confirm_sql.move_serials(cursor, plan_ids=[draft.plan_id for draft in at_once], by=SerialMove.LOCK, now=now)
    capture_books.book_drafts(at_once, now=now)
    _take_budgets(drafts, at_once, tenant_id=tenant_id, now=now)


def row_of(draft: Draft) -> dict[str, Any]:
    """The row as it is written: authorised, or authorised and captured in one go."""
    if draft.chosen.manual:
        return draft.row
    return {
        **draft.row,
        "state": move(draft.row["state"], PlanMove.CAPTURE).value,
        "captured_minor": draft.basket.frozen.facts.payable_minor,
        "captured_at": draft.chosen.now,
        "release_on": capture_books.release_day(draft),
    }


def _events(drafts: Sequence[Draft]) -> list[dict[str, Any]]:
    events = []
    for draft in drafts:
        events.append(draft.event)
        if not draft.chosen.manual:
            events.append(_capture_event(draft))
    return events


def _capture_event(draft: Draft) -> dict[str, Any]:
    return event_row(
        plan_id=draft.plan_id,
        tenant_id=draft.row["tenant_id"],
        move=PlanMove.CAPTURE.value,
        from_state=PlanState.AUTHORISED.value,
        to_state=PlanState.CAPTURED.value,
        amount_minor=draft.basket.frozen.facts.payable_minor,
        at=draft.chosen.now,
        person_id=draft.chosen.person_id,
        request_id=draft.chosen.request_id,
    )


def _take_budgets(drafts: Sequence[Draft], at_once: Sequence[Draft], *, tenant_id: UUID, now: datetime) -> None:
    """Hold every budget, and commit those of captured plans in the same breath; the hot rows are locked here, last."""
    by_currency: dict[str, list[Hold]] = {}
    for draft in drafts:
        if draft.needs:
            by_currency.setdefault(draft.row["currency"], []).append(Hold(plan_id=draft.plan_id, needs=draft.needs))
    take = budget_spending.spend_many if len(at_once) == len(drafts) else budgets.hold_many
    for currency, holds in sorted(by_currency.items()):
        take(tenant_id=tenant_id, currency=currency, holds=holds, now=now)
    if at_once and take is budgets.hold_many:
        budgets.commit_many(plans={draft.plan_id: None for draft in at_once if draft.needs}, now=now)
