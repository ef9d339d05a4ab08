"""What each role may do: pure data, read by the portal and by the making of keys.

A scope is spelled as in the API. Maker and checker are told apart by the person, not by the role: two people of one role
may check each other.
"""

from typing import Final

READ: Final[frozenset[str]] = frozenset(
    {"plans:read", "campaigns:read", "statements:read", "claims:read", "parties:read"}
)

SCOPES: Final[frozenset[str]] = READ | {
    "quotes:write",
    "plans:write",
    "refunds:write",
    "serials:write",
    "campaigns:write",
    "campaigns:approve",
    "campaigns:launch",
    "statements:approve",
    "exports:write",
    "claims:write",
    "books:close",
    "clock:write",
    "sales:write",
}
"""Every scope there is."""

PUBLISHABLE: Final[frozenset[str]] = frozenset({"quotes:write"})
"""The most a `pk_` key can have: it stands in a browser for everyone to read."""

_MARKETING: Final = {"campaigns:read", "campaigns:write", "quotes:write", "plans:read", "parties:read", "sales:write"}
_FINANCE: Final = READ | {"campaigns:approve", "statements:approve", "exports:write", "claims:write", "refunds:write"}
_CLERK: Final = {"quotes:write", "plans:read", "plans:write", "refunds:write", "serials:write", "parties:read"}

ROLE_PERMISSIONS: Final[dict[str, frozenset[str]]] = {
    "owner": frozenset(SCOPES | {"people:write", "keys:write", "settings:write"}),
    "marketing": frozenset(_MARKETING),
    "finance": frozenset(_FINANCE),
    "clerk": frozenset(_CLERK),
    "developer": frozenset(READ | {"quotes:write", "plans:write", "serials:write", "keys:write", "clock:write"}),
    "viewer": READ,
    "operator": frozenset(SCOPES | {"staff:read", "staff:write", "rule_sets:write", "people:write", "settings:write"}),
    "risk": frozenset(READ | {"staff:read", "integrity:write"}),
    "auditor": frozenset(READ | {"staff:read", "exports:write"}),
}
"""Role -> scopes of the API and permissions of the portal (people:write, keys:write, settings:write, staff:…)."""


def scopes_of_role(role: str) -> frozenset[str]:
    """What the role may do; an unknown role may do nothing."""
    return ROLE_PERMISSIONS.get(role, frozenset())
