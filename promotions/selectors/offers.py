"""A merchant's campaigns compiled for pricing, and where they stand."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from msgspec import Struct

from domain.offers import Offer
from foundation import db, ids
from promotions import documents
from promotions.documents import BudgetRules

# A scheduled campaign shows once every co-funder has accepted its version; nobody's share is promised for him.
_OFFERED: Final = """
SELECT v.document, c.state, c.id FROM promotions_campaign c
JOIN promotions_campaignversion v ON v.campaign_id = c.id AND v.number = c.version
WHERE c.tenant_id = %(tenant)s AND c.state IN ('scheduled', 'live', 'paused', 'exhausted')
  AND (c.state <> 'scheduled' OR NOT EXISTS (
      SELECT 1 FROM promotions_funderacceptance f
      WHERE f.campaign_id = c.id AND f.version = c.version AND f.state <> 'accepted'))
ORDER BY c.id
"""

_PINNED: Final = """
SELECT v.document, v.campaign_id, v.number FROM promotions_campaignversion v
JOIN unnest(%(campaigns)s::uuid[], %(versions)s::int[]) AS w(campaign_id, number)
  ON w.campaign_id = v.campaign_id AND w.number = v.number
WHERE v.tenant_id = %(tenant)s
"""


class Standing(Struct, frozen=True, gc=False, kw_only=True):
    """Where a campaign stands now, for the judge at confirm."""

    campaign_id: UUID
    state: str
    version: int
    starts_at: datetime
    ends_at: datetime


@lru_cache(maxsize=4096)
def _document(text: str) -> documents.Document:
    return documents.read(text)


def offers_for(*, tenant_id: UUID) -> tuple[Offer, ...]:
    """The current versions of the merchant's scheduled, live, paused and exhausted campaigns, in their states."""
    with db.cursor() as cursor:
        cursor.execute(_OFFERED, {"tenant": tenant_id})
        return tuple(
            documents.compile_campaign(version_document=document, state=state)
            for document, state, _ in cursor.fetchall()
        )


def budgets_for(*, tenant_id: UUID) -> dict[str, BudgetRules]:
    """The budget rules of the same campaigns, by public id: what `budgets.needs_of` asks for."""
    with db.cursor() as cursor:
        cursor.execute(_OFFERED, {"tenant": tenant_id})
        return {ids.public_id("cam", row[2]): _document(row[0]).budget for row in cursor.fetchall()}


def budget_rules(*, tenant_id: UUID, campaign_ids: Sequence[UUID]) -> dict[UUID, BudgetRules]:
    """The budget rules of named campaigns by their current version, whatever their state."""
    with db.cursor() as cursor:
        cursor.execute(
            "SELECT c.id, v.document FROM promotions_campaign c JOIN promotions_campaignversion v "
            "ON v.campaign_id = c.id AND v.number = c.version WHERE c.tenant_id = %s AND c.id = ANY(%s)",
            [tenant_id, list(campaign_ids)],
        )
        return {row[0]: _document(row[1]).budget for row in cursor.fetchall()}


def pinned(*, tenant_id: UUID, pins: Sequence[tuple[str, int]]) -> tuple[Offer, ...]:
    """The named (campaign public id, version)s as they were written, in the order named, all standing `live`.

    For recompute and replay: the state of that moment is the caller's to put back. Raises UnknownId when one is not there.
    """
    if not pins:
        return ()
    wanted = [(ids.parse_public_id("cam", campaign), version) for campaign, version in pins]
    params: dict[str, Any] = {
        "tenant": tenant_id,
        "campaigns": [key for key, _ in wanted],
        "versions": [number for _, number in wanted],
    }
    with db.cursor() as cursor:
        cursor.execute(_PINNED, params)
        found = {(row[1], row[2]): row[0] for row in cursor.fetchall()}
    if not found.keys() >= set(wanted):
        raise ids.UnknownId
    return tuple(documents.compile_campaign(version_document=found[pin], state="live") for pin in wanted)


def standing(*, tenant_id: UUID, campaign_ids: Sequence[UUID]) -> dict[UUID, Standing]:
    """Where the campaigns stand this instant, read from their rows."""
    with db.cursor() as cursor:
        cursor.execute(
            "SELECT id, state, version, starts_at, ends_at FROM promotions_campaign WHERE tenant_id = %s AND id = ANY(%s)",
            [tenant_id, list(campaign_ids)],
        )
        return {
            row[0]: Standing(campaign_id=row[0], state=row[1], version=row[2], starts_at=row[3], ends_at=row[4])
            for row in cursor.fetchall()
        }
