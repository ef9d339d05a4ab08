"""Refusals of this app."""

from domain.errors import DomainError


class UnknownPartyKind(DomainError):
    """There is no such kind of party."""

    code = "unknown_party_kind"
    status = 422


class StoreCodeTaken(DomainError):
    """Another store of this merchant has this code."""

    code = "store_code_taken"


class EmailTaken(DomainError):
    """Somebody signs in with this e-mail already."""

    code = "email_taken"


class UnknownRole(DomainError):
    """There is no such role, or not at this kind of party."""

    code = "unknown_role"
    status = 422


class UnknownScope(DomainError):
    """There is no such scope, or this kind of key cannot have it."""

    code = "unknown_scope"
    status = 422
    pointer = "/scopes"
