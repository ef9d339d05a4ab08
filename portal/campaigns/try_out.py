"""The live preview's address: both forms come in, a painted right half goes out. Nothing is saved."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from domain.errors import DomainError
from domain.money import exponent
from domain.offers import Offer
from foundation import clock, ids
from installments.services import preview as pricing
from merchants.selectors import stores
from portal import formats, refusals
from portal.access import PortalRequest, Seat, page
from portal.campaigns import preview
from portal.campaigns.around import editor_context, party_names
from portal.campaigns.editor import FORMS, LAST, draft_of_step
from portal.campaigns.forms.base import EditorContext, StepForm
from portal.campaigns.sample_form import SampleForm
from portal.campaigns.samples import BY_CODE
from promotions import shapes
from promotions.selectors import campaigns, offers
from promotions.services.preview import offer_of_draft
from settlements.selectors import books


@require_POST
@page(permission="campaigns:write", kinds=("merchant",))
def try_out(request: PortalRequest) -> HttpResponse:
    """Price the sample with the draft as it stands in the form; where the form is not complete, say what is missing."""
    seat = request.seat
    key = ids.parse_public_id("cam", request.POST["campaign"]) if request.POST.get("campaign") else None
    with seat.open():
        around = editor_context(seat, campaign_id=key)
        saved = campaigns.campaign(tenant_id=seat.party.id, campaign_id=key).draft if key else None
        names = party_names(seat)
        regions = {row.public_id: row.region for row in stores.stores(seat.party.id)}
        now = books.clock(seat.party.book_id, clock.now())
    sample = SampleForm(_with_price_of_product(request.POST, around), around=around)
    form = _step_form(request, around, saved)
    context: dict[str, Any] = {"sample": sample, "new_product": sample.data is not request.POST}
    if not sample.is_valid():
        return render(request, "campaigns/preview.html", context)
    try:
        draft = draft_of_step(form, around) if form.is_valid() else saved
        if draft is None:
            return render(request, "campaigns/preview.html", {"sample": sample, "incomplete": True})
        offer = _compiled(seat, key, draft, now)
        context["preview"] = _priced(seat, offer, sample, regions=regions, names=names, now=now)
        context["stale_form"] = not form.is_valid()
    except DomainError as error:
        context["refusal"] = refusals.sentence(error)
    except msgspec.ValidationError as error:
        context["refusal"] = str(error)
    return render(request, "campaigns/preview.html", context)


def _step_form(request: PortalRequest, around: EditorContext, saved: shapes.Draft | None) -> StepForm:
    asked = request.POST.get("step", "1")
    step = int(asked) if asked.isdecimal() and 1 <= int(asked) <= LAST else 1
    kind = saved.kind if saved is not None else request.POST.get("kind", "interest_free")
    return FORMS[step - 1](_named(request.POST), around=around, kind=kind, draft=saved)


def _named(data: QueryDict) -> QueryDict:
    """A campaign can be tried before it has a name."""
    named = data.copy()
    for field in ("name_zh", "name_en"):
        named[field] = data.get(field, "").strip() or _("This campaign")
    return named


def _with_price_of_product(data: QueryDict, around: EditorContext) -> QueryDict:
    """Choosing another product brings its price along; a price that was typed stays."""
    chosen = data.get("sample-product", "")
    if chosen == data.get("sample-last_product") or chosen not in BY_CODE:
        return data
    changed = data.copy()
    decimals = exponent(around.currency)
    changed["sample-price"] = f"{BY_CODE[chosen].price}" + (f".{'0' * decimals}" if decimals else "")
    changed["sample-last_product"] = chosen
    return changed


def _compiled(seat: Seat, key: UUID | None, draft: shapes.Draft, now: datetime) -> Offer:
    with seat.open():
        return offer_of_draft(tenant_id=seat.party.id, campaign_id=key, draft=draft, now=now)


def _priced(
    seat: Seat, offer: Offer, sample: SampleForm, *, regions: dict[str, str], names: dict[str, str], now: datetime
) -> preview.Preview:
    with seat.open():
        others = offers.offers_for(tenant_id=seat.party.id)
    at = min(now, offer.ends_at - timedelta(minutes=1))
    region = sample.cleaned_data["region"] or regions.get(sample.cleaned_data["store"], seat.party.region)
    purchase = preview.purchase_of(sample, offer=offer, merchant_id=seat.party.public_id, region=region, now=at)
    priced = pricing.price_with_offer(tenant_id=seat.party.id, offer=offer, purchase=purchase)
    titles = {row.campaign_id: formats.name(row.name_zh, row.name_en) for row in (*others, offer)}
    return preview.show(priced, offer=offer, names=names, campaigns=titles, at=purchase.at)
