"""The life of a government trade-in claim:
collecting > submitted > accepted | rejected | disputed > paid > returned; or withdrawn (refunded before payment)."""

from enum import StrEnum

from domain.states import IllegalMove, step

__all__ = ["ClaimMove", "ClaimState", "IllegalMove", "move"]


class ClaimState(StrEnum):
    """Spelled as stored and as in the API."""

    COLLECTING = "collecting"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    DISPUTED = "disputed"
    PAID = "paid"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


class ClaimMove(StrEnum):
    """What can happen to a claim."""

    SUBMIT = "submit"
    ACCEPT = "accept"
    REJECT = "reject"
    DISPUTE = "dispute"
    PAY = "pay"
    RETURN = "return"
    WITHDRAW = "withdraw"


_S = ClaimState
_TABLE: dict[ClaimMove, tuple[frozenset[ClaimState], ClaimState]] = {
    ClaimMove.SUBMIT: (frozenset({_S.COLLECTING}), _S.SUBMITTED),
    # A dispute ends like a review: accepted, rejected, or paid at once.
    ClaimMove.ACCEPT: (frozenset({_S.SUBMITTED, _S.DISPUTED}), _S.ACCEPTED),
    ClaimMove.REJECT: (frozenset({_S.SUBMITTED, _S.DISPUTED}), _S.REJECTED),
    ClaimMove.DISPUTE: (frozenset({_S.SUBMITTED}), _S.DISPUTED),
    ClaimMove.PAY: (frozenset({_S.ACCEPTED, _S.DISPUTED}), _S.PAID),
    ClaimMove.RETURN: (frozenset({_S.PAID}), _S.RETURNED),
    ClaimMove.WITHDRAW: (frozenset({_S.COLLECTING, _S.SUBMITTED, _S.ACCEPTED, _S.DISPUTED}), _S.WITHDRAWN),
}


def move(state: str, by: ClaimMove) -> ClaimState:
    """`move("collecting", ClaimMove.SUBMIT)` is `submitted`. Raises IllegalMove."""
    return step(noun="claim", table=_TABLE, state=state, by=by)
