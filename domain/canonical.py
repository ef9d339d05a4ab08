"""Canonical bytes: the same purchase or quote is the same bytes on every machine, in every year.

JSON in UTF-8 with sorted keys, no white space, integers for money, aware instants in UTC; tuples keep their order, sets
are sorted. A digest of these bytes is what a token signs and a replay compares.
"""

import hashlib
from datetime import UTC

import msgspec
from msgspec.structs import replace

from domain.priced import Priced
from domain.purchase import Purchase

_ENCODER = msgspec.json.Encoder(order="sorted")
_PURCHASES = msgspec.json.Decoder(Purchase)
_PRICED = msgspec.json.Decoder(Priced)


def purchase_bytes(purchase: Purchase) -> bytes:
    """A purchase as bytes; its instant is written in UTC, whatever zone it came in."""
    return _ENCODER.encode(replace(purchase, at=purchase.at.astimezone(UTC)))


def purchase_from(document: bytes) -> Purchase:
    """The purchase those bytes were made of. Raises msgspec.ValidationError when they are not."""
    return _PURCHASES.decode(document)


def priced_bytes(priced: Priced) -> bytes:
    """A priced answer as bytes."""
    return _ENCODER.encode(priced)


def priced_from(document: bytes) -> Priced:
    """The priced answer those bytes were made of."""
    return _PRICED.decode(document)


def digest(priced: Priced) -> str:
    """SHA-256 of the priced answer, hexadecimal: two quotes are the same when these are."""
    return hashlib.sha256(priced_bytes(priced)).hexdigest()
