"""A tenant's API keys as its developers see them: never the secret."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from foundation import ids
from merchants.models import ApiKey

_LETTER = {"secret": "sk", "publishable": "pk", "restricted": "rk"}


class KeyView(Struct, frozen=True, gc=False, kw_only=True):
    """A key: how it begins and ends, what it may do, until when."""

    id: UUID
    public_id: str
    name: str
    kind: str
    prefix: str
    last4: str
    scopes: tuple[str, ...]
    person_id: UUID | None
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime | None
    revoked_at: datetime | None


def keys_of(tenant_id: UUID) -> tuple[KeyView, ...]:
    """The tenant's keys, newest first, revoked ones too."""
    return tuple(
        KeyView(
            id=row.id,
            public_id=ids.public_id("key", row.id),
            name=row.name,
            kind=row.kind,
            prefix=f"{_LETTER[row.kind]}_{'live' if row.livemode else 'test'}_",
            last4=row.last4,
            scopes=tuple(row.scopes),
            person_id=row.person_id,
            created_at=row.created_at,
            last_used_at=row.last_used_at,
            expires_at=row.expires_at,
            revoked_at=row.revoked_at,
        )
        for row in ApiKey.objects.filter(tenant_id=tenant_id).order_by("-created_at", "-id")
    )
