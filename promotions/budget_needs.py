"""Which budget rows a purchase draws on, and in which order they are locked. Pure.

# Note [Rank before id]
Every statement that changes counters locks them by (rank, id): serial 1, buyer 2, store 3, day 4, funder 5, shared 6, total 7.
Two purchases can then never wait for each other crosswise, and the row everybody needs is held for the shortest time.
"""

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from msgspec import Struct

from promotions.documents import BudgetRules

RANKS: Final = {"serial": 1, "buyer": 2, "store": 3, "daily": 4, "funder": 5, "shared": 6, "total": 7}


class Need(Struct, frozen=True, gc=False, kw_only=True):
    """One counter a purchase draws on: the row, its limits should it have to be made, and what is wanted of it."""

    counter_id: UUID
    campaign_id: UUID | None
    kind: str
    key: str
    rank: int
    limit_minor: int | None
    uses_limit: int | None
    amount_minor: int
    # The campaign whose money this is; differs from `campaign_id` for a shared limit, which belongs to none.
    spent_by: UUID


def counter_id(*, tenant_id: UUID, campaign_id: UUID | None, kind: str, key: str) -> UUID:
    """The id of a counter follows from what it counts, so that it is found, or made once, without looking for it."""
    named = f"{tenant_id}|{campaign_id or ''}|{kind}|{key}"
    digest = hashlib.blake2b(named.encode(), digest_size=16, person=b"budget counter").digest()
    return UUID(bytes=digest, version=5)


def needs_of(  # noqa: PLR0913 - one keyword a fact
    *,
    tenant_id: UUID,
    campaign_id: UUID,
    rules: BudgetRules,
    amount_minor: int,
    day: date,
    buyer_key: str,
    store_id: UUID | None = None,
    serials: Sequence[str] = (),
) -> tuple[Need, ...]:
    """The counters of one campaign's money in one purchase, in lock order.

    `day` is the day of the sale in the merchant's zone, `buyer_key` and `serials` are keyed hashes. Only what has a limit
    is counted, and the total always.
    """
    wanted: list[tuple[str, str, int | None, int | None]] = []
    if rules.uses_per_serial is not None:
        wanted += [("serial", serial, None, rules.uses_per_serial) for serial in serials]
    if rules.buyer_minor is not None or rules.uses_per_buyer is not None:
        wanted.append(("buyer", buyer_key, rules.buyer_minor, rules.uses_per_buyer))
    if rules.store_minor is not None and store_id is not None:
        wanted.append(("store", str(store_id), rules.store_minor, None))
    if rules.daily_minor is not None:
        wanted.append(("daily", day.isoformat(), rules.daily_minor, None))
    if rules.shared is not None:
        wanted.append(("shared", rules.shared.name, rules.shared.minor, None))
    wanted.append(("total", "", rules.total_minor, rules.uses_total))
    return tuple(
        make_need(
            tenant_id=tenant_id,
            campaign_id=campaign_id,
            kind=kind,
            key=key,
            limit_minor=limit,
            uses_limit=uses,
            amount_minor=amount_minor,
        )
        for kind, key, limit, uses in wanted
    )


def make_need(  # noqa: PLR0913 - one keyword a fact
    *,
    tenant_id: UUID,
    campaign_id: UUID,
    kind: str,
    key: str,
    limit_minor: int | None,
    uses_limit: int | None,
    amount_minor: int,
) -> Need:
    """One need; a shared counter belongs to no campaign."""
    owner = None if kind == "shared" else campaign_id
    return Need(
        counter_id=counter_id(tenant_id=tenant_id, campaign_id=owner, kind=kind, key=key),
        campaign_id=owner,
        kind=kind,
        key=key,
        rank=RANKS[kind],
        limit_minor=limit_minor,
        uses_limit=uses_limit,
        amount_minor=amount_minor,
        spent_by=campaign_id,
    )
