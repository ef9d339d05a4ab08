"""A plan's page and what can be done with it: capture, cancel, and a refund that is shown before it is pressed."""

from typing import Any
from uuid import UUID

import msgspec
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from domain.errors import DomainError
from foundation import clock, ids, request_id
from foundation.caller import Caller
from installments.services import cancelling, capturing, refund_preview
from installments.services.plan_in import CaptureIn, RefundIn
from merchants.selectors import parties
from portal import formats, refusals
from portal.access import PortalRequest, Seat, attempt, page
from portal.campaigns.actions import Action
from portal.plans.page import read
from portal.plans.refund_form import RefundForm
from portal.plans.shapes import PlanPage

CAPTURE = Action(
    code="capture",
    word=gettext_lazy("Capture"),
    question=gettext_lazy("The goods are handed over: the plan counts, and the money is booked."),
    tone="main",
)
CANCEL = Action(
    code="cancel",
    word=gettext_lazy("Cancel plan"),
    question=gettext_lazy("Budgets and serial numbers are free again. This cannot be undone."),
    tone="danger",
)


def caller_of(seat: Seat) -> Caller:
    """The person as the services of installments know callers."""
    return Caller(
        key_id=None,
        tenant_id=seat.party.id,
        party_kind=seat.party.kind,
        kind="secret",
        livemode=seat.party.livemode,
        person_id=seat.person_id,
        scopes=seat.permissions,
    )


@require_GET
@page(permission="plans:read", kinds=("merchant",))
def plan(request: PortalRequest, plan_id: str) -> HttpResponse:
    """The plan's page."""
    with request.seat.open():
        view = read(request.seat, ids.parse_public_id("pl", plan_id))
    actions = [action for action, may in ((CAPTURE, view.can_capture), (CANCEL, view.can_cancel)) if may]
    return render(request, "plans/detail.html", {"plan": view, "actions": actions})


@require_POST
@page(permission="plans:write", kinds=("merchant",))
def capture(request: PortalRequest, plan_id: str) -> HttpResponse:
    """Capture the whole plan."""
    key, now = ids.parse_public_id("pl", plan_id), clock.now()
    attempt(
        request,
        lambda: capturing.capture(
            caller=caller_of(request.seat),
            plan_id=key,
            request=CaptureIn(),
            now=now,
            request_id=request_id.current(),
        ),
        done=_("Captured."),
    )
    return redirect("portal:plan", plan_id=plan_id)


@require_POST
@page(permission="plans:write", kinds=("merchant",))
def cancel(request: PortalRequest, plan_id: str) -> HttpResponse:
    """Cancel a plan that was not captured."""
    key, now = ids.parse_public_id("pl", plan_id), clock.now()
    attempt(
        request,
        lambda: cancelling.cancel(
            caller=caller_of(request.seat), plan_id=key, now=now, request_id=request_id.current()
        ),
        done=_("Cancelled."),
    )
    return redirect("portal:plan", plan_id=plan_id)


@require_http_methods(["GET", "POST"])
@page(permission="refunds:write", kinds=("merchant",))
def refund(request: PortalRequest, plan_id: str) -> HttpResponse:
    """Choose, see what goes back to whom, then press. What was shown is what happens, or nothing."""
    key = ids.parse_public_id("pl", plan_id)
    with request.seat.open():
        view = read(request.seat, key)
    form = RefundForm(request.POST or None, units=view.units, currency=view.currency)
    context: dict[str, Any] = {"plan": view, "form": form}
    if request.method == "POST" and form.is_valid():
        try:
            asked = msgspec.convert(form.request(), RefundIn)
            if "confirm" in request.POST:
                return _refund(request, key, asked, plan_id)
            context |= _shown(request, key, asked, view)
        except (DomainError, msgspec.ValidationError) as error:
            form.add_error(None, _sentence(error))
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "plans/refund.html", context, status=status)


def _sentence(error: Exception) -> str:
    return refusals.sentence(error) if isinstance(error, DomainError) else str(error)


def _refund(request: PortalRequest, key: UUID, asked: RefundIn, plan_id: str) -> HttpResponse:
    before, now = request.POST.get("refunded_before", ""), clock.now()
    attempt(
        request,
        lambda: refund_preview.refund_as_shown(
            caller=caller_of(request.seat),
            plan_id=key,
            request=asked,
            refunded_before=int(before) if before.isdecimal() else -1,
            now=now,
            request_id=request_id.current(),
        ),
        done=_("Refunded. The money is booked back to everybody who paid."),
    )
    return redirect("portal:plan", plan_id=plan_id)


def _shown(request: PortalRequest, key: UUID, asked: RefundIn, view: PlanPage) -> dict[str, Any]:
    with request.seat.open():
        decided = refund_preview.decided_refund(
            caller=caller_of(request.seat), plan_id=key, request=asked, now=clock.now()
        )
        keys = [ids.parse_public_id(row.id.partition("_")[0], row.id) for row in decided.to_funders]
        known = {row.public_id: row for row in parties.parties(keys).values()}
    funders = [
        (
            row.party,
            formats.name(known[row.id].name_zh, known[row.id].name_en) if row.id in known else row.id,
            row.amount_minor,
        )
        for row in decided.to_funders
    ]
    return {"decided": decided, "funders": funders, "refunded_before": view.refunded_minor}
