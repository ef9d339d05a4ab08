"""/v1/plans: confirm, list, read, capture, cancel, refund."""

from uuid import UUID

from domain.refunds import NothingToRefund, RefundExceedsCaptured, UnknownLine
from domain.states import IllegalMove
from foundation import db, ids
from foundation.api import Answer, Call, Endpoint, Handle, Page, Route, answer, once
from foundation.structs import PageQuery
from installments.services import (
    cancelling,
    capturing,
    confirming,
    judging,
    plan_reading,
    refunding,
    requoting,
)
from installments.services.catalogue import CatalogueStale
from installments.services.confirm_sql import QuoteSpent, SerialTaken, SubsidyUsedUp
from installments.services.plan_in import CancelIn, CaptureIn, ConfirmIn, PlanQuery, RefundIn
from installments.services.plan_out import PlanDocument, PlanEventOut, RefundOut
from installments.services.tokens import QuoteTampered
from promotions.services.errors import BudgetExhausted, BuyerCapReached

CONFIRM_REFUSALS = (
    judging.QuoteExpired,
    QuoteSpent,
    BudgetExhausted,
    judging.CampaignPaused,
    BuyerCapReached,
    SubsidyUsedUp,
    SerialTaken,
    judging.LenderDeclined,
    judging.ClaimantMismatch,
    QuoteTampered,
    judging.QuoteContextMismatch,
    CatalogueStale,
)


def plan_key(public_id: str) -> UUID:
    """The key behind a plan's public id. Raises UnknownId."""
    return ids.parse_public_id("pl", public_id)


class Plans(Endpoint):
    """Confirmed plans."""

    tag = "Plans"

    @Route(
        scope="plans:write",
        body=ConfirmIn,
        returns=PlanDocument,
        status=201,
        idempotent=True,
        errors=CONFIRM_REFUSALS,
    )
    def post(self, call: Call, *, body: ConfirmIn) -> Answer:
        """Buy one plan of a quote. A budget that is too short answers 409 with a fresh quote in `quote`."""

        def effect(_handle: Handle) -> Answer:
            return answer(
                confirming.confirm(caller=call.caller, request=body, now=call.now, request_id=call.request_id),
                status=201,
            )

        try:
            return once(call, effect)
        except BudgetExhausted as short:
            quote = requoting.fresh_quote(caller=call.caller, token=body.quote_token, short=short, now=call.now)
            short.extra = {"quote": quote}  # type: ignore[attr-defined]
            raise

    @Route(scope="plans:read", query=PlanQuery, returns=Page[PlanDocument])
    def get(self, call: Call, *, query: PlanQuery) -> Page[PlanDocument]:
        """The merchant's plans, newest first."""
        with db.tenant_transaction(call.caller.tenant_id):
            return plan_reading.plan_page(caller=call.caller, query=query)


class OnePlan(Endpoint):
    """One plan."""

    tag = "Plans"

    @Route(scope="plans:read", returns=PlanDocument)
    def get(self, call: Call, *, plan_id: str) -> PlanDocument:
        """A plan with its refunds."""
        with db.tenant_transaction(call.caller.tenant_id):
            return plan_reading.one_plan(caller=call.caller, plan_id=plan_key(plan_id))


class PlanEvents(Endpoint):
    """What happened to a plan."""

    tag = "Plans"

    @Route(scope="plans:read", query=PageQuery, returns=Page[PlanEventOut])
    def get(self, call: Call, *, query: PageQuery, plan_id: str) -> Page[PlanEventOut]:
        """Every move of a plan, oldest first."""
        with db.tenant_transaction(call.caller.tenant_id):
            return plan_reading.events_page(caller=call.caller, plan_id=plan_key(plan_id), query=query)


class Capture(Endpoint):
    """Capture a plan."""

    tag = "Plans"

    @Route(
        scope="plans:write", body=CaptureIn, returns=PlanDocument, idempotent=True, errors=(IllegalMove, UnknownLine)
    )
    def post(self, call: Call, *, body: CaptureIn, plan_id: str) -> Answer:
        """Capture the whole plan or some of its lines, once; what is not captured is released."""

        def effect(_handle: Handle) -> Answer:
            return answer(
                capturing.capture(
                    caller=call.caller,
                    plan_id=plan_key(plan_id),
                    request=body,
                    now=call.now,
                    request_id=call.request_id,
                )
            )

        return once(call, effect)


class Cancel(Endpoint):
    """Cancel a plan."""

    tag = "Plans"

    @Route(scope="plans:write", body=CancelIn, returns=PlanDocument, idempotent=True, errors=(IllegalMove,))
    def post(self, call: Call, *, body: CancelIn, plan_id: str) -> Answer:
        """Cancel a plan that is not captured; its budgets, serials and allowances are free again."""

        def effect(_handle: Handle) -> Answer:
            return answer(
                cancelling.cancel(
                    caller=call.caller,
                    plan_id=plan_key(plan_id),
                    now=call.now,
                    request_id=call.request_id,
                )
            )

        del body
        return once(call, effect)


class Refunds(Endpoint):
    """Refunds of a plan."""

    tag = "Refunds"

    @Route(
        scope="refunds:write",
        body=RefundIn,
        returns=RefundOut,
        status=201,
        idempotent=True,
        errors=(IllegalMove, UnknownLine, RefundExceedsCaptured, NothingToRefund),
    )
    def post(self, call: Call, *, body: RefundIn, plan_id: str) -> Answer:
        """Give whole units or an amount of the payable back; funders, government and lender unwind by frozen shares."""

        def effect(_handle: Handle) -> Answer:
            return answer(
                refunding.refund(
                    caller=call.caller,
                    plan_id=plan_key(plan_id),
                    request=body,
                    now=call.now,
                    request_id=call.request_id,
                ),
                status=201,
            )

        return once(call, effect)

    @Route(scope="plans:read", query=PageQuery, returns=Page[RefundOut])
    def get(self, call: Call, *, query: PageQuery, plan_id: str) -> Page[RefundOut]:
        """The refunds of a plan, oldest first."""
        with db.tenant_transaction(call.caller.tenant_id):
            return plan_reading.refunds_page(caller=call.caller, plan_id=plan_key(plan_id), query=query)
