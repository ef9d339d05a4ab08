"""The life of a statement:
open > computing > computed > in_review > approved > paying > paid | part_paid | failed > reconciled; or carried.

A run that was killed is resumed in `computing`; it does not move.
"""

from enum import StrEnum

from domain.states import IllegalMove, step

__all__ = ["IllegalMove", "StatementMove", "StatementState", "move"]


class StatementState(StrEnum):
    """Spelled as stored and as in the API."""

    OPEN = "open"
    COMPUTING = "computing"
    COMPUTED = "computed"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    PAYING = "paying"
    PAID = "paid"
    PART_PAID = "part_paid"
    FAILED = "failed"
    RECONCILED = "reconciled"
    CARRIED = "carried"


class StatementMove(StrEnum):
    """What can happen to a statement. `carry` takes a net below the minimum, or below zero, to the next statement."""

    COMPUTE = "compute"
    FINISH = "finish"
    SUBMIT = "submit"
    REJECT = "reject"
    APPROVE = "approve"
    PAY = "pay"
    CONFIRM_PAID = "confirm_paid"
    CONFIRM_PART = "confirm_part"
    FAIL = "fail"
    RECONCILE = "reconcile"
    CARRY = "carry"


_S = StatementState
_TABLE: dict[StatementMove, tuple[frozenset[StatementState], StatementState]] = {
    StatementMove.COMPUTE: (frozenset({_S.OPEN}), _S.COMPUTING),
    StatementMove.FINISH: (frozenset({_S.COMPUTING}), _S.COMPUTED),
    StatementMove.SUBMIT: (frozenset({_S.COMPUTED}), _S.IN_REVIEW),
    # A checker's no does not recompute: the lines are what the books say. It goes back to its maker as it is.
    StatementMove.REJECT: (frozenset({_S.IN_REVIEW}), _S.COMPUTED),
    StatementMove.APPROVE: (frozenset({_S.IN_REVIEW}), _S.APPROVED),
    # What failed or was paid in part may be paid again.
    StatementMove.PAY: (frozenset({_S.APPROVED, _S.PART_PAID, _S.FAILED}), _S.PAYING),
    StatementMove.CONFIRM_PAID: (frozenset({_S.PAYING}), _S.PAID),
    StatementMove.CONFIRM_PART: (frozenset({_S.PAYING}), _S.PART_PAID),
    StatementMove.FAIL: (frozenset({_S.PAYING}), _S.FAILED),
    StatementMove.RECONCILE: (frozenset({_S.PAID, _S.PART_PAID, _S.FAILED}), _S.RECONCILED),
    StatementMove.CARRY: (frozenset({_S.COMPUTED, _S.APPROVED}), _S.CARRIED),
}


def move(state: str, by: StatementMove) -> StatementState:
    """`move("in_review", StatementMove.APPROVE)` is `approved`. Raises IllegalMove."""
    return step(noun="statement", table=_TABLE, state=state, by=by)
