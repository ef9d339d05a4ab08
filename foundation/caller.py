"""Who is calling: what authentication found out, in one frozen value."""

from typing import Literal
from uuid import UUID

from msgspec import Struct

from domain.errors import DomainError

KeyKind = Literal["secret", "publishable", "restricted"]


class ScopeMissing(DomainError):
    """The key has not been given the scope this call needs."""

    code = "scope_missing"
    status = 403


class KeyKindRefused(DomainError):
    """This kind of key may not call this address."""

    code = "key_kind_refused"
    status = 403


class Caller(Struct, frozen=True, kw_only=True, gc=False):
    """The key or person behind a request. `scopes` holding "*" means every scope of its party's kind."""

    key_id: UUID | None
    tenant_id: UUID
    party_kind: str
    kind: KeyKind
    livemode: bool
    person_id: UUID | None = None
    scopes: frozenset[str] = frozenset()
    staff: bool = False


def require_scope(caller: Caller, scope: str) -> None:
    """Raises `ScopeMissing` (403) unless the caller has the scope."""
    if scope not in caller.scopes and "*" not in caller.scopes:
        raise ScopeMissing(scope=scope)
