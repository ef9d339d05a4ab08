"""Claims whose turn has come, for batches: oldest sale first."""

from datetime import date
from uuid import UUID

from settlements.models import Claim
from settlements.selectors.claims import ClaimView, view_of


def collecting(*, book_id: UUID, sold_up_to: date, limit: int) -> list[ClaimView]:
    """Claims still without a complete dossier or not sent in, of sales up to a day."""
    rows = Claim.objects.filter(book_id=book_id, state="collecting", sold_on__lte=sold_up_to)
    return [view_of(row) for row in rows.order_by("sold_on", "id")[:limit]]


def submitted(*, book_id: UUID, submitted_up_to: date, limit: int) -> list[ClaimView]:
    """Claims sent in up to a day that have no answer yet."""
    rows = Claim.objects.filter(book_id=book_id, state="submitted", submitted_on__lte=submitted_up_to)
    return [view_of(row) for row in rows.order_by("submitted_on", "id")[:limit]]


def accepted(*, book_id: UUID, submitted_up_to: date, limit: int) -> list[ClaimView]:
    """Claims that were accepted and not paid, sent in up to a day."""
    rows = Claim.objects.filter(book_id=book_id, state="accepted", submitted_on__lte=submitted_up_to)
    return [view_of(row) for row in rows.order_by("submitted_on", "id")[:limit]]
