"""Keys and public ids: a UUIDv7 made in Python inside, `prefix_` + 26 characters of base32 outside.

The public id needs no second column: `pl_01k…` and the primary key are two spellings of the same 128 bits.
"""

import os
import threading
from base64 import b32decode, b32encode
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from domain.errors import DomainError
from foundation import clock

PREFIXES: Final[dict[str, str]] = {
    "mer": "merchant",
    "brd": "brand",
    "plt": "platform",
    "gov": "government",
    "car": "carrier",
    "len": "lender",
    "sto": "store",
    "cam": "campaign",
    "qt": "quote",
    "pl": "plan",
    "re": "refund",
    "st": "statement",
    "po": "payout",
    "clm": "claim",
    "ses": "session",
    "exp": "export",
    "evt": "event",
    "whe": "webhook_endpoint",
    "key": "api_key",
    "rs": "rule_set",
    "tr": "transfer",
    "bat": "claim_batch",
    "vou": "voucher",
}
"""Prefix of a public id -> the noun it names."""

PREFIX_OF: Final[dict[str, str]] = {noun: prefix for prefix, noun in PREFIXES.items()}
"""The noun (for parties: the kind of party) -> the prefix."""

_RFC4648 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_CROCKFORD = b"0123456789abcdefghjkmnpqrstvwxyz"
_ENCODE = bytes.maketrans(_RFC4648, _CROCKFORD)
_DECODE = bytes.maketrans(_CROCKFORD, _RFC4648)
_ALPHABET = frozenset(_CROCKFORD.decode())
_LENGTH = 26
_PADDED_BYTES = 20  # 160 bits are whole base32 groups: 6 leading characters of nought, then our 26

_VERSION_AND_VARIANT = (0x7 << 76) | (0b10 << 62)
_COUNTER_BITS = 12
_COUNTER_FULL = 1 << _COUNTER_BITS
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class UnknownId(DomainError):
    """No such object, or not yours: another tenant's id, a wrong prefix and a misspelling answer alike."""

    code = "not_found"
    status = 404


class _Sequence:
    """Hands out (millisecond, counter) pairs that only grow while the clock it is given does not go back."""

    __slots__ = ("_counter", "_lock", "_millisecond")

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._millisecond = -1
        self._counter = 0

    def take(self, millisecond: int, *, may_go_back: bool) -> tuple[int, int]:
        """Step the counter inside one millisecond; a full counter borrows the next millisecond (RFC 9562, 6.2)."""
        with self._lock:
            if millisecond > self._millisecond or (may_go_back and millisecond < self._millisecond - 1_000):
                self._millisecond = millisecond
                # The upper half is left free, so that 2,048 ids of one millisecond fit before borrowing.
                self._counter = int.from_bytes(os.urandom(2), "big") >> 5
            else:
                self._counter += 1
                if self._counter == _COUNTER_FULL:
                    self._millisecond += 1
                    self._counter = 0
            return self._millisecond, self._counter


_from_clock = _Sequence()
_from_caller = _Sequence()


def uuid7(*, now: datetime | None = None) -> UUID:
    """Make a UUIDv7 that sorts after every earlier one of this process.

    With `now` (aware) the id carries that instant instead of the clock's: the demo and tests write history. Such ids are
    ordered among themselves while their instants do not go back by more than a second.
    """
    if now is None:
        instant, sequence, may_go_back = clock.now(), _from_clock, False
    else:
        instant, sequence, may_go_back = now, _from_caller, True
    since = instant - _EPOCH
    millisecond = (since.days * 86_400 + since.seconds) * 1_000 + since.microseconds // 1_000
    millisecond, counter = sequence.take(millisecond, may_go_back=may_go_back)
    random_bits = int.from_bytes(os.urandom(8), "big") >> 2
    return UUID(int=millisecond << 80 | counter << 64 | random_bits | _VERSION_AND_VARIANT)


def public_id(prefix: str, value: UUID) -> str:
    """Spell a key for the outside: `public_id("pl", key)` -> `pl_01jd…`, 26 characters after the prefix."""
    text = b32encode(value.int.to_bytes(_PADDED_BYTES, "big"))[-_LENGTH:]
    return f"{prefix}_{text.translate(_ENCODE).decode()}"


def parse_public_id(prefix: str, text: str) -> UUID:
    """Read a public id back; exactly one spelling is accepted. Raises `UnknownId` (404) for anything else."""
    head, _, body = text.partition("_")
    if head != prefix or len(body) != _LENGTH or not _ALPHABET.issuperset(body) or body[0] > "7":
        raise UnknownId
    padded = b"A" * 6 + body.encode().translate(_DECODE)
    return UUID(bytes=b32decode(padded)[4:])
