"""One way to move any noun: a table of legal moves, and one refusal.

Each noun has its own file (`plan_states`, `campaign_states`, ...) with its states, its moves and its table; this file only
looks the move up. A state is stored and shown as its text, so a table accepts the plain string a row holds.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import ClassVar, TypeVar

from domain.errors import DomainError

State = TypeVar("State", bound=StrEnum)
Move = TypeVar("Move", bound=StrEnum)
Table = Mapping[Move, tuple[frozenset[State], State]]


class IllegalMove(DomainError):
    """The noun is not in a state from which this move is allowed, e.g. `capture` of an `expired` plan."""

    code: ClassVar[str] = "illegal_move"
    status: ClassVar[int] = 409


def step(*, noun: str, table: "Table[Move, State]", state: str, by: Move) -> State:
    """The state after the move. Raises IllegalMove(noun, state, move)."""
    sources, target = table[by]
    if state not in sources:
        raise IllegalMove(noun=noun, state=str(state), move=by.value)
    return target
