"""Tell every process that something of a party moved; pollers compare fingerprints (selectors/changes)."""

from datetime import datetime
from uuid import UUID

from foundation import db
from merchants.models import CatalogueChange


@db.transaction_required
def announce(*, party_id: UUID | None, now: datetime) -> None:
    """Write a change in the transaction that makes it. None means everybody (a rule set, a lender's rate card)."""
    CatalogueChange.objects.create(party_id=party_id, created_at=now)
