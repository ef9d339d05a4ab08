"""Confirm a plan: one short transaction, judged by the token, decided by the statements that take what it needs."""

from datetime import datetime

from foundation import db, ids
from foundation.caller import Caller
from foundation.errors import register_constraints
from installments.services import catalogue, judging, recording
from installments.services.confirm_sql import QuoteSpent
from installments.services.drafts import Draft, draft_of
from installments.services.plan_in import ConfirmIn
from installments.services.plan_out import BuyerOut, PlanDocument, SerialOut

register_constraints({"installments_spentquote_pkey": QuoteSpent})


@db.transaction_required
def confirm(*, caller: Caller, request: ConfirmIn, now: datetime, request_id: str = "") -> PlanDocument:
    """Buy one plan of a quote; captured and booked in the same transaction unless `capture` is manual.

    Inside a tenant transaction that must roll back when this raises. Raises what `judging.judge` and
    `recording.record` raise, and CatalogueStale.
    """
    snapshot = catalogue.snapshot(caller.tenant_id)
    chosen = judging.judge(caller=caller, request=request, snapshot=snapshot, now=now, request_id=request_id)
    draft = draft_of(chosen)
    recording.record([draft], tenant_id=caller.tenant_id, now=chosen.now)
    return document_of(draft, livemode=caller.livemode)


def document_of(draft: Draft, *, livemode: bool) -> PlanDocument:
    """The plan as the API shows it right after it was recorded."""
    row = recording.row_of(draft)
    basket = draft.basket
    return PlanDocument(
        id=ids.public_id("pl", draft.plan_id),
        state=row["state"],
        quote_id=ids.public_id("qt", row["quote_id"]),
        livemode=livemode,
        currency=row["currency"],
        order_reference=row["order_reference"],
        store=basket.purchase.store_id,
        channel=row["channel"],
        region=basket.purchase.region,
        lender=basket.option.lender_id,
        buyer=BuyerOut(reference=row["buyer_reference"]),
        amounts=basket.amounts,
        waterfall=basket.waterfall,
        plan=basket.plan,
        schedule=basket.plan.schedule,
        lender_decision=row["lender_decision"],
        serials=[
            SerialOut(line=serial.line, serial=serial.serial, imei2=serial.imei2) for serial in draft.chosen.serials
        ],
        captured=row["captured_minor"],
        refunded=0,
        capture="manual" if draft.chosen.manual else "automatic",
        consent=row["consent"],
        metadata=row["metadata"],
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        captured_at=row["captured_at"],
    )
