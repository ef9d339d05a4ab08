"""What other apps hand over to be booked: one thing that happened, with the legs `domain.ledger` decided for it."""

import hashlib
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Final
from uuid import UUID

from msgspec import Struct, msgpack

from domain.errors import DomainError
from domain.ledger import Leg, LineType
from foundation import ids


class EventConflict(DomainError):
    """This event was booked before with other figures; a correction is a new event."""

    code = "event_conflict"
    status = 409


class NotAParty(DomainError):
    """An account of a leg belongs to no party: its owner is not the public id of one."""

    code = "not_a_party"
    status = 422


class BookedEvent(Struct, frozen=True, gc=False, kw_only=True):
    """An event and everything a statement prints about it, as text: the books never join upward.

    `event_key` names it for ever within the tenant ("capture:pl_01…:1"): booking it twice books it once. Parties in `legs`
    are public ids. Campaign and rule set of a leg come before those of the event. `reverses` names, leg by leg, the
    transfer that is corrected.
    """

    book_id: UUID
    tenant_id: UUID
    event_key: str
    effective_at: datetime
    legs: tuple[Leg, ...]
    currency: str
    order_id: str = ""
    order_reference: str = ""
    store_id: str = ""
    campaign_id: str = ""
    campaign_version: int | None = None
    term: int | None = None
    rule_set: str = ""
    payout_id: str = ""
    end_to_end_id: str = ""
    bank_value_date: date | None = None
    reason_code: str = ""
    note: str = ""
    reverses: tuple[UUID, ...] = ()


PARTY_KINDS: Final = frozenset({"merchant", "brand", "lender", "carrier", "government", "platform"})
CLAIMED: Final = frozenset(
    {
        LineType.SUBSIDY,
        LineType.SUBSIDY_REVERSAL,
        LineType.CLAIM_SUBMITTED,
        LineType.CLAIM_DISPUTED,
        LineType.CLAIM_PAID,
        LineType.CLAIM_REJECTED,
        LineType.CLAIM_RETURNED,
    }
)
"""Line types that belong to the claim of their order line."""

_encode = msgpack.Encoder(order="deterministic").encode


@lru_cache(maxsize=50_000)
def party_of(public_id: str) -> tuple[UUID, str]:
    """Key and kind of a party by its public id. Raises NotAParty."""
    prefix = public_id.partition("_")[0]
    kind = ids.PREFIXES.get(prefix, "")
    if kind not in PARTY_KINDS:
        raise NotAParty(party=public_id)
    return ids.parse_public_id(prefix, public_id), kind


def fingerprint(event: BookedEvent) -> str:
    """SHA-256 of all an event says: a replay must say the same."""
    return hashlib.sha256(_encode(event)).hexdigest()


_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def claim_key(*, tenant_id: UUID, order_id: str, item_id: str) -> UUID:
    """The key of the one claim of an order line: it follows from the line, so that transfers name it without asking.

    A UUIDv7 that carries the instant of the order's own id, so that claims sort by time.
    """
    named = f"{tenant_id}:{order_id}:{item_id}".encode()
    tail = int.from_bytes(hashlib.blake2b(named, digest_size=10, person=b"claim-id").digest(), "big")
    tail = tail & ~(0xF << 76) & ~(0b11 << 62) | (0x7 << 76) | (0b10 << 62)
    return UUID(int=_milliseconds_of(order_id) << 80 | tail)


def _milliseconds_of(order_id: str) -> int:
    try:
        return ids.parse_public_id("pl", order_id).int >> 80
    except ids.UnknownId:
        return 0
