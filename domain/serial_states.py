"""The life of a serial number (SN or IMEI) under a subsidy: free > held > locked > redeemed > released."""

from enum import StrEnum

from domain.states import IllegalMove, step

__all__ = ["IllegalMove", "SerialMove", "SerialState", "move"]


class SerialState(StrEnum):
    """Spelled as stored and as in the API."""

    FREE = "free"
    HELD = "held"
    LOCKED = "locked"
    REDEEMED = "redeemed"
    RELEASED = "released"


class SerialMove(StrEnum):
    """What can happen to a serial: held by a confirmed plan, locked at capture, redeemed by the accepted claim, released
    by a cancellation or a return."""

    HOLD = "hold"
    LOCK = "lock"
    REDEEM = "redeem"
    RELEASE = "release"


_S = SerialState
_TABLE: dict[SerialMove, tuple[frozenset[SerialState], SerialState]] = {
    # A returned unit may be sold again, so a released serial can be held like a free one.
    SerialMove.HOLD: (frozenset({_S.FREE, _S.RELEASED}), _S.HELD),
    SerialMove.LOCK: (frozenset({_S.HELD}), _S.LOCKED),
    SerialMove.REDEEM: (frozenset({_S.LOCKED}), _S.REDEEMED),
    SerialMove.RELEASE: (frozenset({_S.HELD, _S.LOCKED, _S.REDEEMED}), _S.RELEASED),
}


def move(state: str, by: SerialMove) -> SerialState:
    """`move("held", SerialMove.LOCK)` is `locked`. Raises IllegalMove."""
    return step(noun="serial", table=_TABLE, state=state, by=by)
