"""What a campaign version is: canonical JSON of a `Document`, and its SHA-256. Pure; read by selectors and services.

The same document always gives the same bytes (sorted keys and sets, integers, ppm), so a digest names what a maker
wrote, a checker approved, a co-funder accepted and a plan was priced with.
"""

import hashlib
from typing import Literal

import msgspec
from msgspec import Struct

from domain.offers import Offer

State = Literal["scheduled", "live", "paused", "exhausted"]


class SharedLimit(Struct, frozen=True, gc=False, kw_only=True):
    """A limit several campaigns share by its name."""

    name: str
    minor: int


class BudgetRules(Struct, frozen=True, gc=False, kw_only=True):
    """The campaign's limits, minor units. `buyer`, `store` and `serial` limits hold for each one of them."""

    total_minor: int | None = None
    daily_minor: int | None = None
    store_minor: int | None = None
    buyer_minor: int | None = None
    shared: SharedLimit | None = None
    uses_total: int | None = None
    uses_per_buyer: int | None = None
    uses_per_serial: int | None = None


class Document(Struct, frozen=True, kw_only=True):
    """A whole version. `offer.state` is always `live` here: where the campaign stands is not part of a version."""

    currency: str
    timezone: str
    offer: Offer
    budget: BudgetRules


_encode = msgspec.json.Encoder(order="sorted").encode
_decode = msgspec.json.Decoder(Document).decode


def canonical(document: Document) -> str:
    """The one text of a document."""
    return _encode(document).decode()


def read(text: str) -> Document:
    """The document back; `canonical(read(text)) == text`."""
    return _decode(text)


def sha256_of(text: str) -> str:
    """The digest of a document, hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def compile_campaign(*, version_document: str, state: State) -> Offer:
    """A stored version as the frozen `Offer` that pricing reads, standing in `state`."""
    return msgspec.structs.replace(read(version_document).offer, state=state)
