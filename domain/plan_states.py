"""The life of a plan: pending > authorised > captured > (part_refunded > refunded) | completed; or declined, cancelled, expired.

There is one capture a plan. A plan that the lender approved at once is created `authorised`.
"""

from enum import StrEnum

from domain.states import IllegalMove, step

__all__ = ["FINAL", "IllegalMove", "PlanMove", "PlanState", "move"]


class PlanState(StrEnum):
    """Spelled as stored and as in the API."""

    PENDING = "pending"
    AUTHORISED = "authorised"
    CAPTURED = "captured"
    PART_REFUNDED = "part_refunded"
    REFUNDED = "refunded"
    COMPLETED = "completed"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class PlanMove(StrEnum):
    """What can happen to a plan."""

    AUTHORISE = "authorise"
    DECLINE = "decline"
    CANCEL = "cancel"
    EXPIRE = "expire"
    CAPTURE = "capture"
    REFUND_PART = "refund_part"
    REFUND_WHOLE = "refund_whole"
    COMPLETE = "complete"


_UNCAPTURED = frozenset({PlanState.PENDING, PlanState.AUTHORISED})
_RUNNING = frozenset({PlanState.CAPTURED, PlanState.PART_REFUNDED})
_TABLE: dict[PlanMove, tuple[frozenset[PlanState], PlanState]] = {
    PlanMove.AUTHORISE: (frozenset({PlanState.PENDING}), PlanState.AUTHORISED),
    PlanMove.DECLINE: (frozenset({PlanState.PENDING}), PlanState.DECLINED),
    PlanMove.CANCEL: (_UNCAPTURED, PlanState.CANCELLED),
    PlanMove.EXPIRE: (_UNCAPTURED, PlanState.EXPIRED),
    PlanMove.CAPTURE: (frozenset({PlanState.AUTHORISED}), PlanState.CAPTURED),
    PlanMove.REFUND_PART: (_RUNNING, PlanState.PART_REFUNDED),
    PlanMove.REFUND_WHOLE: (_RUNNING, PlanState.REFUNDED),
    PlanMove.COMPLETE: (_RUNNING, PlanState.COMPLETED),
}
FINAL = frozenset({PlanState.REFUNDED, PlanState.COMPLETED, PlanState.DECLINED, PlanState.CANCELLED, PlanState.EXPIRED})


def move(state: str, by: PlanMove) -> PlanState:
    """`move("authorised", PlanMove.CAPTURE)` is `captured`. Raises IllegalMove."""
    return step(noun="plan", table=_TABLE, state=state, by=by)
