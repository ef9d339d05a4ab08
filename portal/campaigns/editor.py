"""The campaign editor: choose a kind, then four steps; each step saves the draft, the right half shows a sample sale."""

from typing import Any, Final
from uuid import UUID

import msgspec
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from domain.errors import DomainError
from foundation import clock, ids
from foundation.errors import InvalidRequest
from portal import refusals
from portal.access import PortalRequest, page
from portal.campaigns import prose
from portal.campaigns.around import editor_context
from portal.campaigns.forms.base import EditorContext, StepForm
from portal.campaigns.forms.limits import LimitsForm
from portal.campaigns.forms.stacking import StackingForm
from portal.campaigns.forms.what import WhatForm
from portal.campaigns.forms.where import WhereForm, default_window
from portal.campaigns.parts import actor
from portal.campaigns.sample_form import SampleForm, initial_sample
from promotions import shapes
from promotions.selectors import campaigns
from promotions.services import campaigns as services

KINDS: Final[tuple[tuple[str, str, Any], ...]] = (
    ("interest_free", "percent", gettext_lazy("The buyer pays by instalments and somebody else pays the interest.")),
    ("instant_discount", "down-arrow", gettext_lazy("An amount or a percentage off, at once.")),
    ("spend_and_save", "steps", gettext_lazy("The more is spent, the more is taken off.")),
    ("coupon", "ticket", gettext_lazy("Taken off for buyers who have a code.")),
    ("brand_rebate", "gift", gettext_lazy("A reduction that the brand pays.")),
    ("trade_in", "swap", gettext_lazy("The government's subsidy for new for old.")),
)
FORMS: Final[tuple[type[StepForm], ...]] = (WhatForm, WhereForm, LimitsForm, StackingForm)
STEPS: Final = (
    (1, gettext_lazy("What")),
    (2, gettext_lazy("Where & when")),
    (3, gettext_lazy("Budget & limits")),
    (4, gettext_lazy("Stacking & review")),
)
LAST: Final = len(FORMS)
# Where the field of a step stands in a draft: a refusal of the service finds its way to the field.
_FIELD_AT: Final = {
    "/name/zh-CN": "name_zh",
    "/name/en": "name_en",
    "/funders": "share_merchant",
    "/ends_at": "ends_at",
    "/starts_at": "starts_at",
    "/codes": "codes",
    "/cap": "cap",
    "/programme": "programme",
    "/max_amount": "max_amount",
    "/budget/total": "budget_total",
    "/budget/daily": "budget_daily",
    "/exclusions": "exclusions",
}


@require_GET
@page(permission="campaigns:write", kinds=("merchant",))
def choose_kind(request: PortalRequest) -> HttpResponse:
    """The kinds as cards."""
    return render(request, "campaigns/new.html", {"kinds": KINDS})


@require_http_methods(["GET", "POST"])
@page(permission="campaigns:write", kinds=("merchant",))
def begin(request: PortalRequest, kind: str) -> HttpResponse:
    """Step 1 of a new campaign; saving it makes the draft."""
    if kind not in {code for code, _icon, _text in KINDS}:
        raise Http404
    with request.seat.open():
        around = editor_context(request.seat, campaign_id=None)
    form = WhatForm(request.POST or None, around=around, kind=kind, draft=None)
    if request.method == "POST" and form.is_valid():
        made = _create(request, form, around)
        if made is not None:
            return _onward(request, made, step=1)
    return _render(request, form, step=1, around=around, campaign_id=None, draft=None)


@require_http_methods(["GET", "POST"])
@page(permission="campaigns:write", kinds=("merchant",))
def edit(request: PortalRequest, campaign_id: str, step: int) -> HttpResponse:
    """A step of a saved campaign."""
    if not 1 <= step <= LAST:
        raise Http404
    key = ids.parse_public_id("cam", campaign_id)
    with request.seat.open():
        draft = campaigns.campaign(tenant_id=request.seat.party.id, campaign_id=key).draft
        around = editor_context(request.seat, campaign_id=key)
    form = FORMS[step - 1](request.POST or None, around=around, kind=draft.kind, draft=draft)
    if request.method == "POST" and form.is_valid() and _save(request, form, key):
        return _onward(request, key, step=step)
    return _render(request, form, step=step, around=around, campaign_id=key, draft=draft)


def _create(request: PortalRequest, form: WhatForm, around: EditorContext) -> UUID | None:
    now = clock.now()
    try:
        draft = draft_of_step(form, around)
        with request.seat.open():
            return services.create_draft(
                tenant_id=request.seat.party.id, draft=draft, actor=actor(request.seat), now=now
            )
    except DomainError as error:
        _say(form, error)
        return None


def draft_of_step(form: StepForm, around: EditorContext) -> shapes.Draft:
    """A whole draft from one valid step: over the saved one, or over the defaults of a new campaign."""
    parts = form.change()
    if form.draft is not None:
        change = msgspec.convert(parts, shapes.DraftChange)
        return msgspec.structs.replace(form.draft, **{name: getattr(change, name) for name in parts})
    start, end = default_window(timezone=around.timezone, now=clock.now())
    whole = {"currency": around.currency, "kind": form.kind, "starts_at": start, "ends_at": end} | parts
    if form.kind == "trade_in":
        whole["programme"] = form.cleaned_data["programme"]
    return msgspec.convert(whole, shapes.Draft)


def _save(request: PortalRequest, form: StepForm, campaign_id: UUID) -> bool:
    now = clock.now()
    try:
        change = msgspec.convert(form.change(), shapes.DraftChange)
        with request.seat.open():
            services.update(
                tenant_id=request.seat.party.id,
                campaign_id=campaign_id,
                change=change,
                actor=actor(request.seat),
                now=now,
            )
    except ids.UnknownId:
        raise
    except (DomainError, msgspec.ValidationError) as error:
        _say(form, error)
        return False
    return True


def _say(form: StepForm, error: Exception) -> None:
    """Put a refusal beside its field when it names one, else above the form."""
    if isinstance(error, InvalidRequest):
        field = next((name for at, name in _FIELD_AT.items() if error.at.startswith(at)), None)
        form.add_error(field if field in form.fields else None, refusals.sentence(error))
    elif isinstance(error, DomainError):
        form.add_error(None, refusals.sentence(error))
    else:
        form.add_error(None, _("A value is not acceptable: %(why)s") % {"why": error})


def _onward(request: PortalRequest, campaign_id: UUID, *, step: int) -> HttpResponse:
    public_id = ids.public_id("cam", campaign_id)
    if "later" in request.POST:
        messages.success(request, _("The draft is saved."))
        return redirect("portal:campaign", campaign_id=public_id)
    if step == LAST:
        messages.success(request, _("Saved. Read it through below, then submit it."))
    return redirect("portal:campaign_edit", campaign_id=public_id, step=min(step + 1, LAST))


def _render(
    request: PortalRequest,
    form: StepForm,
    *,
    step: int,
    around: EditorContext,
    campaign_id: UUID | None,
    draft: shapes.Draft | None,
) -> HttpResponse:
    include = draft.scope.include if draft is not None else shapes.ScopePart()
    sample = SampleForm(
        around=around,
        initial=initial_sample(
            around=around,
            brand=include.brands[0] if include.brands else "",
            category=include.categories[0] if include.categories else "",
            region=include.regions[0] if include.regions else "",
        ),
    )
    context = {
        "form": form,
        "kind": form.kind,
        "step": step,
        "steps": STEPS,
        "last_step": LAST,
        "campaign_id": ids.public_id("cam", campaign_id) if campaign_id else None,
        "sample": sample,
        "currency": around.currency,
        "timezone": around.timezone,
        "review": prose.review(draft, around) if draft is not None and step == LAST else (),
        "step_template": f"campaigns/steps/{step}.html",
    }
    return render(request, "campaigns/edit.html", context, status=422 if form.is_bound and form.errors else 200)
