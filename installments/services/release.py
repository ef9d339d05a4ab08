"""Days on which money moves by itself: the merchant's pending money becomes available, the lender pays, plans complete.

Set-wise in staff transactions of at most 500 plans; every booking has a key of its own, so doing a day twice does nothing.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q

from domain.ledger import release_legs, remit_legs
from domain.plan_states import PlanMove
from foundation import db, ids
from installments.models import LenderAgreement, Plan, PlanEvent
from installments.services import orders, plan_rows
from installments.services.frozen import frozen_from
from settlements.selectors import books
from settlements.selectors.books import BookView
from settlements.services import booking
from settlements.services.events import BookedEvent

_AT_ONCE = 500
# The documents of a plan that money does not look at; reading them would take longer than the rest.
_UNREAD = ("amounts", "waterfall", "plan", "pricing_input", "pins", "lender_decision", "consent", "metadata", "serials")
_SANDBOX_PAYS_AFTER = timedelta(days=1)
_CAPTURED = ("captured", "part_refunded", "refunded", "completed")


def release_due(*, book_id: UUID, up_to: date, now: datetime) -> int:
    """Make pending money of plans whose release day has come available; returns how many plans. `now` is the book's.

    4,849.08 pending of the worked example moves to available; what was refunded before is not in it.
    """
    due = Q(book_id=book_id, state__in=_CAPTURED, released_at__isnull=True, release_on__lte=up_to)
    return _batches(due, lambda plans: _release(plans, now=now))


def release_all(*, now: datetime) -> int:
    """Release what is due in every book by its own clock. For the tick."""
    return sum(release_due(book_id=book.id, up_to=book.day_of(book.at(now)), now=book.at(now)) for book in _books())


def remit(*, book_id: UUID, captured_before: datetime, now: datetime, lender_id: UUID | None = None) -> int:
    """Book that lenders paid for plans captured before an instant, gross or net as agreed; returns how many plans.

    The sandbox lenders pay when told; a live lender's file does this per line.
    """
    due = Q(book_id=book_id, state__in=_CAPTURED, remitted_at__isnull=True, captured_at__lt=captured_before)
    if lender_id is not None:
        due &= Q(lender_id=lender_id)
    bank = ids.public_id("plt", _book(book_id).platform_id)
    return _batches(due, lambda plans: _remit(plans, bank=bank, now=now))


def remit_sandboxes(*, now: datetime) -> int:
    """Sandbox lenders pay a day after the capture; a live lender pays when its file says so. For a task."""
    return sum(
        remit(book_id=book.id, captured_before=book.at(now) - _SANDBOX_PAYS_AFTER, now=book.at(now))
        for book in _books()
        if not book.livemode
    )


def complete_due(*, now: datetime) -> int:
    """Plans whose last instalment fell due are completed; returns how many. For a task."""
    done = 0
    for book in _books():
        clock = book.at(now)
        due = Q(book_id=book.id, state__in=["captured", "part_refunded"], last_due_on__lt=book.day_of(clock))
        done += _batches(due, lambda plans, clock=clock: _complete(plans, now=clock))  # type: ignore[misc]
    return done


def _books() -> tuple[BookView, ...]:
    with db.staff_transaction():
        return books.books()


def _book(book_id: UUID) -> BookView:
    with db.staff_transaction():
        return books.book(book_id)


def _batches(due: Q, act: Callable[[list[Plan]], None]) -> int:
    """Take due plans 500 at a time, each batch in a transaction of its own; two runs at once share the work."""
    total = 0
    while True:
        with db.staff_transaction():
            rows = Plan.objects.select_for_update(skip_locked=True).filter(due).defer(*_UNREAD).order_by("id")
            plans = list(rows[:_AT_ONCE])
            act(plans)
        total += len(plans)
        if len(plans) < _AT_ONCE:
            return total


def _release(plans: Sequence[Plan], *, now: datetime) -> None:
    events: list[BookedEvent] = []
    for plan in plans:
        legs = release_legs(facts=frozen_from(plan.items).facts, state=plan_rows.progress_of(plan))
        if legs:
            events.append(orders.booked_event(orders.order_of_plan(plan), key="release", legs=legs, at=now))
    _write(plans, {"released_at": now}, events)


def _remit(plans: Sequence[Plan], *, bank: str, now: datetime) -> None:
    rows = LenderAgreement.objects.filter(tenant_id__in={plan.tenant_id for plan in plans})
    net = {(row.tenant_id, row.lender_id): row.remits == "net" for row in rows}
    events: list[BookedEvent] = []
    for plan in plans:
        facts = frozen_from(plan.items).facts
        if facts.contract.collection == "direct":
            continue
        legs = remit_legs(
            facts=facts,
            state=plan_rows.progress_of(plan),
            bank_id=bank,
            net=net.get((plan.tenant_id, plan.lender_id), False),
        )
        if legs:
            events.append(orders.booked_event(orders.order_of_plan(plan), key="remit", legs=legs, at=now))
    _write(plans, {"remitted_at": now}, events)


def _write(plans: Sequence[Plan], stamp: dict[str, datetime], events: Sequence[BookedEvent]) -> None:
    if plans:
        Plan.objects.filter(pk__in=[plan.pk for plan in plans]).update(**stamp)
    if events:
        booking.book(events)


def _complete(plans: Sequence[Plan], *, now: datetime) -> None:
    events: list[PlanEvent] = [plan_rows.moved(plan, PlanMove.COMPLETE, at=now) for plan in plans]
    if plans:
        Plan.objects.bulk_update(plans, ["state"], batch_size=_AT_ONCE)
        PlanEvent.objects.bulk_create(events)
