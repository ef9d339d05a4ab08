"""Give money back on a captured plan: the mirror of what was booked, against the accounts where the money now stands.

The plan is locked, so refunds of one plan come one after the other; what came back is remembered as a state, and a refund
is the difference of two states (domain/refunds). So any sequence of partial refunds equals one full refund.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from domain import refunds
from domain.ledger import MoneyNow, refund_legs
from domain.plan_states import PlanMove
from domain.refunds import NothingToRefund
from domain.remaining import RefundState
from foundation import db, ids
from foundation.caller import Caller
from foundation.errors import InvalidRequest
from installments.models import Plan, PlanEvent, Refund
from installments.services import confirm_sql, dossiers, orders, plan_rows
from installments.services.drafts import allowance_use, keys_of
from installments.services.frozen import Frozen, frozen_from, restored_by_campaign, returned_units
from installments.services.plan_in import RefundIn
from installments.services.plan_out import RefundOut, refund_out
from installments.services.quote_out import funders_out
from promotions.services import budgets
from settlements.selectors import books
from settlements.selectors.claims import Standing
from settlements.services import booking
from settlements.services.events import BookedEvent

_REFUNDED = ("state", "refunded_minor", "progress")


class Back(Struct, frozen=True, kw_only=True):
    """One refund as decided, before it is written."""

    plan: Plan
    frozen: Frozen
    before: RefundState
    after: RefundState
    decided: refunds.Refund
    money_now: MoneyNow
    refund_id: UUID
    reason: str


@db.transaction_required
def refund(*, caller: Caller, plan_id: UUID, request: RefundIn, now: datetime, request_id: str = "") -> RefundOut:
    """Refund units or an amount of a plan of the caller, at the book's time.

    Raises UnknownId, IllegalMove, UnknownLine, RefundExceedsCaptured, NothingToRefund, InvalidRequest.
    """
    if (request.lines is None) == (request.amount is None):
        raise InvalidRequest(at="", reason="lines_or_amount", detail="Give either `lines` or `amount`.")
    plan = plan_rows.lock_plan(tenant_id=caller.tenant_id, plan_id=plan_id)
    clock = books.clock(plan.book_id, now)
    standing = dossiers.lock_standing([plan], tenant_id=caller.tenant_id, now=clock)[plan.id]
    back = decide(plan, request, standing=standing, now=clock)
    (row,) = refund_rows([back], now=clock, person_id=caller.person_id, request_id=request_id)
    return refund_out(row)


def decide(plan: Plan, request: RefundIn, *, standing: Standing, now: datetime) -> Back:
    """What the request gives back. Raises IllegalMove for a plan without captured money, and the refusals of refunds."""
    plan_rows.check_refundable(plan)
    frozen = frozen_from(plan.items)
    before = plan_rows.progress_of(plan)
    if request.lines is not None:
        quantities: dict[str, int] = {}
        for line in request.lines:
            quantities[line.id] = quantities.get(line.id, 0) + line.quantity
        after = refunds.return_units(facts=frozen.facts, before=before, quantities=quantities)
    else:
        after = refunds.reduce_price(facts=frozen.facts, before=before, amount_minor=request.amount or 0)
    decided = refunds.refund_between(
        facts=frozen.facts, before=before, after=after, without_subsidy=dossiers.lost_by_merchant(standing)
    )
    if decided.amount_minor <= 0:
        raise NothingToRefund
    return Back(
        plan=plan,
        frozen=frozen,
        before=before,
        after=after,
        decided=decided,
        money_now=dossiers.money_now(plan, standing),
        refund_id=ids.uuid7(now=now),
        reason=request.reason,
    )


@db.transaction_required
def refund_rows(
    backs: Sequence[Back], *, now: datetime, person_id: UUID | None = None, request_id: str = ""
) -> list[Refund]:
    """Write refunds of locked plans of one merchant, at most one a plan, set-wise; all else follows in the same breath."""
    if not backs:
        return []
    rows, events = [], []
    for back in backs:
        plan, decided = back.plan, back.decided
        by = PlanMove.REFUND_WHOLE if decided.is_whole else PlanMove.REFUND_PART
        events.append(
            plan_rows.moved(
                plan, by, at=now, amount_minor=decided.amount_minor, person_id=person_id, request_id=request_id
            )
        )
        plan.refunded_minor += decided.amount_minor
        plan.progress = msgspec.to_builtins(back.after)
        rows.append(_row(back, now=now))
    Plan.objects.bulk_update([back.plan for back in backs], _REFUNDED, batch_size=500)
    PlanEvent.objects.bulk_create(events)
    Refund.objects.bulk_create(rows)
    _give_back_units(backs, now=now)
    booking.book([_event(back, now=now) for back in backs])
    dossiers.reduce_for(
        [(back.plan, back.decided.lines) for back in backs],
        tenant_id=backs[0].plan.tenant_id,
        now=now,
        person_id=person_id,
    )
    restored = [(back.plan.id, restored_by_campaign(back.frozen, back.before, back.after)) for back in backs]
    budgets.restore_many(plans=[(plan_id, amounts) for plan_id, amounts in restored if amounts], now=now)
    return rows


def _row(back: Back, *, now: datetime) -> Refund:
    decided = back.decided
    return Refund(
        id=back.refund_id,
        tenant_id=back.plan.tenant_id,
        plan_id=back.plan.id,
        currency=back.plan.currency,
        amount_minor=decided.amount_minor,
        to_buyer_minor=decided.to_buyer_minor,
        to_government_minor=decided.to_government_minor,
        to_funders=msgspec.to_builtins(funders_out(decided.to_funders)),
        lender_keeps_minor=decided.lender_keeps_minor,
        lines=[
            {"id": line.line, "quantity": line.units, "amount": line.amount_minor, "subsidy": line.subsidy_minor}
            for line in decided.lines
            if line.units or line.amount_minor
        ],
        reason=back.reason,
        created_at=now,
    )


def _event(back: Back, *, now: datetime) -> BookedEvent:
    return orders.booked_event(
        orders.order_of_plan(back.plan),
        key=f"refund:{ids.public_id('re', back.refund_id)}",
        legs=refund_legs(facts=back.frozen.facts, before=back.before, after=back.after, money_now=back.money_now),
        at=now,
    )


def _give_back_units(backs: Sequence[Back], *, now: datetime) -> None:
    """Serials of returned units, the first of their line, and allowances where the rule set restores them."""
    uses = [
        allowance_use(units, buyer_key=back.plan.buyer_key)
        for back in backs
        for units in returned_units(back.frozen, back.before, back.after)
    ]
    with db.cursor() as cursor:
        for back in backs:
            confirm_sql.release_serials(cursor, plan_id=back.plan.id, keys=_returned_serials(back), now=now)
        confirm_sql.return_allowance(cursor, uses=uses)


def _returned_serials(back: Back) -> list[str]:
    keys: list[str] = []
    seen: dict[str, int] = {}
    for serial in back.plan.serials:
        number = seen.get(serial["line"], 0)
        seen[serial["line"]] = number + 1
        if back.before.returned.get(serial["line"], 0) <= number < back.after.returned.get(serial["line"], 0):
            keys.extend(keys_of(serial))
    return keys
