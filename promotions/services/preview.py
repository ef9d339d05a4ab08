"""A draft as it would be priced, before anything is saved: what the editor's live preview needs."""

from datetime import datetime
from uuid import UUID

from domain.offers import Offer
from foundation import db, ids
from promotions import drafts, shapes
from promotions.models import Campaign
from promotions.services import compile as compiling
from promotions.services import draft_links
from promotions.services.draft_checks import check_draft


@db.transaction_required
def offer_of_draft(*, tenant_id: UUID, campaign_id: UUID | None, draft: shapes.Draft, now: datetime) -> Offer:
    """Compile an unsaved draft to a live offer; a new campaign gets an id of its own. Raises InvalidRequest."""
    check_draft(draft)
    around = draft_links.surroundings(tenant_id)
    whole = draft_links.linked(draft, around=around, campaign_id=campaign_id)
    row = Campaign(id=campaign_id or ids.uuid7(now=now), tenant_id=tenant_id, timezone=around.merchant.timezone)
    drafts.write_draft(row, whole)
    return compiling.compile_campaign(version_document=compiling.document_of(row, number=1), state="live")
