"""Capture authorised plans, whole or by lines: budgets are committed, the books are told, the rest is released."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from django.db.backends.utils import CursorWrapper
from msgspec import Struct

from domain.errors import DomainError
from domain.ledger import capture_legs
from domain.plan_states import PlanMove
from domain.refunds import UnknownLine
from domain.remaining import RefundState
from domain.serial_states import SerialMove
from foundation import db
from foundation.caller import Caller
from installments.models import Plan, PlanEvent
from installments.selectors import lenders
from installments.services import capture_books, confirm_sql, dossiers, orders, part_capture, plan_rows
from installments.services.drafts import allowance_use, keys_of
from installments.services.frozen import ClaimedUnits, Frozen, frozen_from, spent_by_campaign
from installments.services.plan_in import CaptureIn
from installments.services.plan_out import PlanDocument, plan_document
from promotions.services import budgets
from settlements.selectors import books
from settlements.services import booking

_CAPTURED = ("state", "captured_minor", "captured_at", "expires_at", "release_on", "items", "plan")


class PartialLine(DomainError):
    """A line is captured whole or not at all."""

    code = "partial_line"
    status = 422
    pointer = "/lines"


class Taken(Struct, frozen=True, kw_only=True):
    """A locked plan and the part of it that is captured; `dropped` are its other lines, `unclaimed` their subsidised
    units."""

    plan: Plan
    frozen: Frozen
    dropped: frozenset[str] = frozenset()
    unclaimed: tuple[ClaimedUnits, ...] = ()


@db.transaction_required
def capture(*, caller: Caller, plan_id: UUID, request: CaptureIn, now: datetime, request_id: str = "") -> PlanDocument:
    """Capture a plan of the caller, at the book's time. Raises UnknownId, IllegalMove, UnknownLine, PartialLine."""
    plan = plan_rows.lock_plan(tenant_id=caller.tenant_id, plan_id=plan_id)
    taken = _taken(plan, request)
    clock = books.clock(plan.book_id, now)
    capture_rows([taken], now=clock, person_id=caller.person_id, request_id=request_id)
    return plan_document(plan, livemode=caller.livemode)


def _taken(plan: Plan, request: CaptureIn) -> Taken:
    frozen = frozen_from(plan.items)
    if request.lines is None:
        return Taken(plan=plan, frozen=frozen)
    known = {line.line: line.quantity for line in frozen.facts.lines}
    for wanted in request.lines:
        if wanted.id not in known:
            raise UnknownLine(line=wanted.id)
        if wanted.quantity != known[wanted.id]:
            raise PartialLine(line=wanted.id, quantity=wanted.quantity, whole=known[wanted.id])
    chosen = frozenset(wanted.id for wanted in request.lines)
    dropped = frozenset(known.keys() - chosen)
    return Taken(
        plan=plan,
        frozen=frozen.of_lines(chosen),
        dropped=dropped,
        unclaimed=tuple([units for units in frozen.claimed if units.line in dropped]),
    )


@db.transaction_required
def capture_rows(
    captures: Sequence[Taken], *, now: datetime, person_id: UUID | None = None, request_id: str = ""
) -> None:
    """Capture locked plans of one merchant set-wise. Raises IllegalMove for one that is not authorised."""
    if not captures:
        return
    first = captures[0].plan
    timezone = books.book(first.book_id).timezone
    days = {lender: terms.release_days for lender, terms in lenders.agreements_of(first.tenant_id).items()}
    events = []
    for taken in captures:
        plan = taken.plan
        events.append(
            plan_rows.moved(
                plan,
                PlanMove.CAPTURE,
                at=now,
                amount_minor=taken.frozen.facts.payable_minor,
                person_id=person_id,
                request_id=request_id,
            )
        )
        plan.captured_minor = taken.frozen.facts.payable_minor
        plan.captured_at = now
        plan.expires_at = None
        plan.release_on = capture_books.released_on(at=now, timezone=timezone, release_days=days.get(plan.lender_id, 1))
        if taken.dropped:
            plan.items = msgspec.to_builtins(taken.frozen)
            plan.plan = part_capture.cut_plan(plan.plan, taken.frozen)
    Plan.objects.bulk_update([taken.plan for taken in captures], _CAPTURED, batch_size=500)
    PlanEvent.objects.bulk_create(events)
    _tell(captures, now=now)


def _tell(captures: Sequence[Taken], *, now: datetime) -> None:
    """Tell the serials, the persons' allowances, the books, the claims and, last, the budgets."""
    with db.cursor() as cursor:
        for taken in captures:
            if taken.dropped:
                _release_dropped(cursor, taken, now=now)
        confirm_sql.move_serials(cursor, plan_ids=[taken.plan.id for taken in captures], by=SerialMove.LOCK, now=now)
    booking.book(
        [
            capture_books.capture_event(
                orders.order_of_plan(taken.plan), capture_legs(facts=taken.frozen.facts), at=now
            )
            for taken in captures
        ]
    )
    dossiers.open_for(
        [dossiers.of_plan(taken.plan, taken.frozen) for taken in captures if taken.frozen.claimed], now=now
    )
    budgets.commit_many(
        plans={
            taken.plan.id: spent_by_campaign(taken.frozen, RefundState()) if taken.dropped else None
            for taken in captures
        },
        now=now,
    )


def _release_dropped(cursor: CursorWrapper, taken: Taken, *, now: datetime) -> None:
    """Serials and allowances of lines that were not captured are free again."""
    plan = taken.plan
    keys = [key for serial in plan.serials if serial["line"] in taken.dropped for key in keys_of(serial)]
    confirm_sql.release_serials(cursor, plan_id=plan.id, keys=keys, now=now)
    confirm_sql.return_allowance(
        cursor, uses=[allowance_use(units, buyer_key=plan.buyer_key) for units in taken.unclaimed]
    )
