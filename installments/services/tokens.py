"""The quote token: everything a confirmation needs to price again, signed, so that a quote writes nothing.

Token = `<key id>.<base64url(zlib(canonical payload))>.<base64url(HMAC-SHA256)>`. The first of FENQI_SIGNING_KEYS signs,
all of them verify, so a key rotates with an overlap.
"""

import hashlib
import hmac
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from functools import lru_cache
from typing import Final, Literal
from uuid import UUID

import msgspec
from django.conf import settings
from msgspec import Struct

from domain.errors import DomainError

TOKEN_MAX_BYTES: Final = 96 * 1024
_PAYLOAD_MAX_BYTES: Final = 1024 * 1024
_FASTEST: Final = 1


class QuoteTooLarge(DomainError):
    """The basket is too large to be signed into a token; split the order."""

    code = "quote_too_large"
    status = 422
    pointer = "/lines"


class QuoteTampered(DomainError):
    """The quote token is not one of ours, or its figures no longer follow from it."""

    code = "quote_tampered"
    status = 422
    pointer = "/quote_token"


class CampaignPin(Struct, frozen=True, array_like=True, gc=False):
    """An offer as it was priced: its version, its state then, and the cap a short budget put on it."""

    campaign: str
    version: int
    state: str
    cap_minor: int | None = None


class CardPin(Struct, frozen=True, array_like=True, gc=False):
    """A lender product and its version."""

    lender: str
    code: str
    version: int


class RulePin(Struct, frozen=True, array_like=True, gc=False):
    """A rule set and its version."""

    code: str
    version: int


class MerchantPin(Struct, frozen=True, array_like=True, gc=False):
    """The seller's settings that pricing looks at."""

    currency: str
    timezone: str
    down_payment_max_ppm: int


class Pins(Struct, frozen=True, array_like=True, gc=False):
    """The versions a price was made with: offers, rate cards, rule sets, the seller's settings, the pricing engine."""

    campaigns: tuple[CampaignPin, ...]
    cards: tuple[CardPin, ...]
    rules: tuple[RulePin, ...]
    merchant: MerchantPin
    engine: str


class Sealed(Struct, frozen=True, array_like=True, gc=False):
    """What a token says. `purchase` is the canonical pricing input; `digest` the SHA-256 of the priced answer."""

    quote_id: UUID
    tenant_id: UUID
    issued_to: Literal["server", "browser"]
    livemode: bool
    issued_at: datetime
    expires_at: datetime
    purchase: msgspec.Raw
    pins: Pins
    digest: str


_encode = msgspec.json.Encoder(order="deterministic").encode
_decode = msgspec.json.Decoder(Sealed).decode


@lru_cache(maxsize=4)
def _keyring(text: str) -> tuple[tuple[str, bytes], ...]:
    """(id, key) pairs, the signing one first."""
    pairs = (pair.partition(":") for pair in text.split(",") if pair)
    return tuple(
        (key_id, hashlib.blake2b(secret.encode(), digest_size=32, person=b"fenqi-quote").digest())
        for key_id, _, secret in pairs
    )


def seal(sealed: Sealed) -> str:
    """Sign a quote. Raises QuoteTooLarge over 96 KB."""
    key_id, key = _keyring(settings.FENQI_SIGNING_KEYS)[0]
    body = urlsafe_b64encode(zlib.compress(_encode(sealed), _FASTEST)).rstrip(b"=")
    signed = key_id.encode() + b"." + body
    token = signed + b"." + urlsafe_b64encode(hmac.digest(key, signed, "sha256")).rstrip(b"=")
    if len(token) > TOKEN_MAX_BYTES:
        raise QuoteTooLarge(limit=TOKEN_MAX_BYTES, actual=len(token))
    return token.decode()


def unseal(token: str) -> Sealed:
    """What the token says. Raises QuoteTampered for anything we did not sign."""
    if len(token) > TOKEN_MAX_BYTES or not token.isascii():
        raise QuoteTampered
    signed, _, signature = token.rpartition(".")
    key_id, _, body = signed.partition(".")
    key = dict(_keyring(settings.FENQI_SIGNING_KEYS)).get(key_id)
    expected = b"" if key is None else urlsafe_b64encode(hmac.digest(key, signed.encode(), "sha256")).rstrip(b"=")
    if key is None or not hmac.compare_digest(expected, signature.encode()):
        raise QuoteTampered
    try:
        inflated = zlib.decompressobj()
        payload = inflated.decompress(urlsafe_b64decode(body + "=" * (-len(body) % 4)), _PAYLOAD_MAX_BYTES)
        return _decode(payload)
    except (ValueError, zlib.error, msgspec.MsgspecError) as error:
        raise QuoteTampered from error
