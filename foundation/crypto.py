"""Keys and what they are for: signatures (quote tokens, links), fields encrypted at rest, keyed hashes of API keys.

`settings.FENQI_SIGNING_KEYS` is "id:secret,id:secret", newest first: the first signs, all verify, so keys rotate with an
overlap. `settings.FENQI_FIELD_KEYS` is "secret,secret" in the same order. Each use derives its own key from its secret, so
that a signature made for one purpose never fits another.
"""

import base64
import functools
import hashlib
import hmac
from typing import Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from domain.errors import DomainError

MAC_BYTES: Final = 32


class Undecipherable(DomainError):
    """A stored secret cannot be read with the keys this server has."""

    code = "undecipherable"
    status = 500


@functools.cache
def _signing_keys() -> dict[str, str]:
    keys: dict[str, str] = {}
    for entry in str(settings.FENQI_SIGNING_KEYS).split(","):
        key_id, separator, secret = entry.strip().partition(":")
        if not (key_id and separator and secret):
            raise ImproperlyConfigured('FENQI_SIGNING_KEYS must be "id:secret", comma separated')
        keys[key_id] = secret
    return keys


def _derived(secret: str, purpose: str) -> bytes:
    return hmac.digest(secret.encode(), b"fenqi/" + purpose.encode(), "sha256")


@functools.cache
def _mac(key_id: str, purpose: str) -> "hmac.HMAC | None":
    secret = _signing_keys().get(key_id)
    return None if secret is None else hmac.new(_derived(secret, purpose), digestmod=hashlib.sha256)


def sign(data: bytes, *, purpose: str) -> tuple[str, bytes]:
    """HMAC-SHA256 with the newest key: (key id, 32 bytes)."""
    key_id = next(iter(_signing_keys()))
    signed = _digest(key_id, data, purpose)
    assert signed is not None
    return key_id, signed


def verify(data: bytes, *, key_id: str, mac: bytes, purpose: str) -> bool:
    """Whether the signature is ours for this purpose. Constant time; an unknown key id is simply no."""
    expected = _digest(key_id, data, purpose)
    return expected is not None and hmac.compare_digest(expected, mac)


def _digest(key_id: str, data: bytes, purpose: str) -> bytes | None:
    # Only names that config knows reach the cache: a stranger's key ids must not fill memory.
    if key_id not in _signing_keys():
        return None
    prepared = _mac(key_id, purpose)
    if prepared is None:
        return None
    running = prepared.copy()
    running.update(data)
    return running.digest()


@functools.cache
def _fields() -> MultiFernet:
    secrets = str(getattr(settings, "FENQI_FIELD_KEYS", "") or settings.SECRET_KEY).split(",")
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derived(secret.strip(), "field"))) for secret in secrets])


def encrypt(text: str) -> str:
    """Encrypt a field (webhook secret, personal data of a claimant) for storage; every call gives another text."""
    return _fields().encrypt(text.encode()).decode()


def decrypt(stored: str) -> str:
    """Read an encrypted field. Raises `Undecipherable` for what was not encrypted with any of our keys."""
    try:
        return _fields().decrypt(stored.encode()).decode()
    except InvalidToken:
        raise Undecipherable from None


def rotate(stored: str) -> str:
    """The same field under the newest key."""
    try:
        return _fields().rotate(stored.encode()).decode()
    except InvalidToken:
        raise Undecipherable from None


@functools.cache
def _pepper(purpose: str) -> "hmac.HMAC":
    secret = str(getattr(settings, "FENQI_KEY_PEPPER", "") or settings.SECRET_KEY)
    return hmac.new(_derived(secret, f"pepper/{purpose}"), digestmod=hashlib.sha256)


def keyed_hash(text: str, *, purpose: str) -> bytes:
    """HMAC-SHA256 with the pepper, 32 bytes: what is stored of an API key, or of an identity that must only be compared."""
    running = _pepper(purpose).copy()
    running.update(text.encode())
    return running.digest()


def forget_keys() -> None:
    """Read the settings anew at the next use; tests change them."""
    for cached in (_signing_keys, _mac, _fields, _pepper):
        cached.cache_clear()
