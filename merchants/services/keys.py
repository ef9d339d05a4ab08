"""Make and revoke API keys. A secret is shown once; what is kept is its keyed hash."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.conf import settings

from foundation import db, ids
from merchants.models import ApiKey
from merchants.permissions import PUBLISHABLE, SCOPES
from merchants.services import changes, key_cache
from merchants.services.errors import UnknownScope

_SECRET_BYTES: Final = 32
_LETTER: Final = {"secret": "sk", "publishable": "pk", "restricted": "rk"}

forget = key_cache.forget
refresh = key_cache.refresh
cached_parties = key_cache.cached_parties


def hash_of(secret: str) -> str:
    """The keyed hash a key is found by. The pepper is not in the database: a stolen table opens nothing."""
    pepper = hashlib.sha256(b"fenqi api key pepper:" + settings.SECRET_KEY.encode()).digest()
    return hmac.new(pepper, secret.encode(), hashlib.sha256).hexdigest()


@db.transaction_required
def create_key(
    *,
    tenant_id: UUID,
    person_id: UUID | None,
    kind: str,
    livemode: bool,
    name: str,
    scopes: Sequence[str],
    now: datetime,
    expires_at: datetime | None = None,
) -> tuple[UUID, str]:
    """Make a key and return (its id, its secret). The secret cannot be had again.

    `create_key(kind="secret", livemode=False, …)` gives `sk_test_` + 43 characters (256 bits). Raises UnknownScope.
    """
    allowed = PUBLISHABLE if kind == "publishable" else SCOPES
    for scope in scopes:
        if scope not in allowed:
            raise UnknownScope(scope=scope)
    secret = f"{_LETTER[kind]}_{'live' if livemode else 'test'}_{secrets.token_urlsafe(_SECRET_BYTES)}"
    row = ApiKey.objects.create(
        id=ids.uuid7(now=now),
        tenant_id=tenant_id,
        person_id=person_id,
        kind=kind,
        livemode=livemode,
        name=name,
        secret_hash=hash_of(secret),
        last4=secret[-4:],
        scopes=sorted(set(scopes)),
        expires_at=expires_at,
        created_at=now,
    )
    return row.id, secret


@db.transaction_required
def revoke_key(*, tenant_id: UUID, key_id: UUID, now: datetime) -> None:
    """Stop a key at once; other processes hear of it within two seconds. A revoked key stays revoked. Raises UnknownId."""
    if not ApiKey.objects.filter(tenant_id=tenant_id, pk=key_id).exists():
        raise ids.UnknownId
    ApiKey.objects.filter(tenant_id=tenant_id, pk=key_id, revoked_at__isnull=True).update(revoked_at=now)
    changes.announce(party_id=tenant_id, now=now)
    db.on_commit(lambda: forget(tenant_id))


@db.transaction_required
def rotate_key(*, tenant_id: UUID, key_id: UUID, overlap_until: datetime, now: datetime) -> tuple[UUID, str]:
    """Make a successor with the same rights; the old key works until `overlap_until`. Raises UnknownId."""
    old = ApiKey.objects.filter(tenant_id=tenant_id, pk=key_id, revoked_at__isnull=True).first()
    if old is None:
        raise ids.UnknownId
    made = create_key(
        tenant_id=tenant_id,
        person_id=old.person_id,
        kind=old.kind,
        livemode=old.livemode,
        name=old.name,
        scopes=old.scopes,
        now=now,
    )
    if old.expires_at is None or old.expires_at > overlap_until:
        ApiKey.objects.filter(pk=old.pk).update(expires_at=overlap_until)
    changes.announce(party_id=tenant_id, now=now)
    db.on_commit(lambda: forget(tenant_id))
    return made
