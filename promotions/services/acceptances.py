"""A co-funder's word on its share: asked at submission, given by the brand itself, needed before the launch."""

from datetime import datetime
from uuid import UUID

from foundation import db, ids
from promotions import shapes
from promotions.models import Campaign, FunderAcceptance
from promotions.services import changes
from promotions.services.errors import AlreadyDecided, FunderDeclined, FunderNotAccepted


def co_funders(draft: shapes.Draft) -> tuple[UUID, ...]:
    """The brands that pay a part, in the whole or in any term."""
    rows = [*(draft.funders or ()), *(row for term in draft.terms or () for row in term.funders or ())]
    named = sorted({row.id for row in rows if row.party == "brand" and row.id is not None})
    return tuple(ids.parse_public_id("brd", name) for name in named)


def ask(*, campaign: Campaign, draft: shapes.Draft, version: int, now: datetime) -> None:
    """Ask every co-funder about a version; who was asked already is not asked again."""
    FunderAcceptance.objects.bulk_create(
        [
            FunderAcceptance(
                id=ids.uuid7(now=now),
                tenant_id=campaign.tenant_id,
                party_id=party_id,
                campaign=campaign,
                version=version,
                created_at=now,
            )
            for party_id in co_funders(draft)
        ],
        ignore_conflicts=True,
    )


def give_in_test_mode(*, campaign: Campaign, version: int, now: datetime) -> int:
    """Count what waits as accepted, in a sandbox only (the caller has checked); returns how many. A no stays a no."""
    return FunderAcceptance.objects.filter(
        tenant_id=campaign.tenant_id, campaign=campaign, version=version, state="waiting"
    ).update(state="accepted", decided_at=now)


def require_accepted(*, campaign: Campaign, version: int) -> None:
    """Raises FunderDeclined or FunderNotAccepted, naming the party."""
    rows = FunderAcceptance.objects.filter(tenant_id=campaign.tenant_id, campaign=campaign, version=version)
    for party_id, state in rows.exclude(state="accepted").order_by("party_id").values_list("party_id", "state"):
        refusal = FunderDeclined if state == "declined" else FunderNotAccepted
        raise refusal(party=ids.public_id("brd", party_id), version=version)


@db.transaction_required
def accept_share(*, party_id: UUID, campaign_id: UUID, version: int, person_id: UUID, now: datetime) -> None:
    """The co-funder agrees to its share of a version, in its own tenant transaction.

    Raises UnknownId when it was not asked, AlreadyDecided.
    """
    _decide(party_id=party_id, campaign_id=campaign_id, version=version, state="accepted", person_id=person_id, now=now)


@db.transaction_required
def decline_share(*, party_id: UUID, campaign_id: UUID, version: int, person_id: UUID, now: datetime) -> None:
    """The co-funder refuses its share of a version. Raises as `accept_share`."""
    _decide(party_id=party_id, campaign_id=campaign_id, version=version, state="declined", person_id=person_id, now=now)


def _decide(*, party_id: UUID, campaign_id: UUID, version: int, state: str, person_id: UUID, now: datetime) -> None:
    row = (
        FunderAcceptance.objects.select_for_update()
        .filter(party_id=party_id, campaign_id=campaign_id, version=version)
        .first()
    )
    if row is None:
        raise ids.UnknownId
    if row.state != "waiting":
        raise AlreadyDecided(state=row.state)
    row.state, row.person_id, row.decided_at = state, person_id, now
    row.save(update_fields=["state", "person_id", "decided_at"])
    changes.announce(party_id=row.tenant_id, now=now)
