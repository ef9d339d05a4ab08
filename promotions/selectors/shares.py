"""Co-funding as both sides see it: who was asked for which share of what, what was said, and what it has cost so far."""

from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct

from foundation import db, ids
from promotions.models import FunderAcceptance
from promotions.selectors.desk import ShareView


def shares_of_campaign(*, tenant_id: UUID, campaign_id: UUID) -> tuple[ShareView, ...]:
    """What the co-funders of a merchant's campaign said, newest version first."""
    rows = FunderAcceptance.objects.filter(tenant_id=tenant_id, campaign_id=campaign_id).order_by(
        "-version", "party_id"
    )
    return tuple(_share(row) for row in rows)


def _share(row: FunderAcceptance) -> ShareView:
    return ShareView(
        campaign_id=row.campaign_id,
        tenant_id=row.tenant_id,
        party_id=row.party_id,
        version=row.version,
        state=row.state,
        person_id=row.person_id,
        decided_at=row.decided_at,
        created_at=row.created_at,
    )


def waiting_count(*, party_id: UUID) -> int:
    """How many questions a brand has not answered."""
    return FunderAcceptance.objects.filter(party_id=party_id, state="waiting").count()


def asked_of(*, party_id: UUID, limit: int = 100) -> tuple[ShareView, ...]:
    """What a brand was asked, newest first."""
    rows = FunderAcceptance.objects.filter(party_id=party_id).order_by("-created_at", "-id")[:limit]
    return tuple(_share(row) for row in rows)


_DOCUMENT = """
SELECT v.document, c.state, c.name_zh, c.name_en FROM promotions_campaign c
JOIN promotions_campaignversion v ON v.campaign_id = c.id AND v.number = %(version)s
WHERE c.id = %(campaign)s
  AND EXISTS (SELECT 1 FROM promotions_funderacceptance f
              WHERE f.campaign_id = c.id AND f.version = v.number AND f.party_id = %(party)s)
"""


class AskedVersion(Struct, frozen=True, gc=False, kw_only=True):
    """The version a brand was asked about, and where the campaign stands."""

    document: str
    state: str
    name_zh: str
    name_en: str


def asked_version(*, party_id: UUID, campaign_id: UUID, version: int) -> AskedVersion:
    """What a brand may read of a merchant's campaign: only the versions it was asked about. In the brand's own transaction.

    Raises UnknownId.
    """
    with db.cursor() as cursor:
        cursor.execute(_DOCUMENT, {"party": party_id, "campaign": campaign_id, "version": version})
        row = cursor.fetchone()
    if row is None:
        raise ids.UnknownId
    return AskedVersion(document=row[0], state=row[1], name_zh=row[2], name_en=row[3])


def asked_versions(*, party_id: UUID, asked: Sequence[ShareView]) -> dict[tuple[UUID, int], AskedVersion]:
    """`asked_version` of many. Staff transaction."""
    found = {}
    for row in asked:
        found[row.campaign_id, row.version] = asked_version(
            party_id=party_id, campaign_id=row.campaign_id, version=row.version
        )
    return found
