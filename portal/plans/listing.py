"""The list of plans: filters in the address, pages by cursor."""

from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET
from msgspec import Struct

from domain.periods import day_bounds
from foundation import ids
from installments.selectors import desk
from installments.selectors.desk import PlanFilter, PlanRow
from merchants.selectors import stores
from portal import formats
from portal.access import PortalRequest, Seat, page
from portal.filters import day_field
from portal.states import PLAN_STATES

PAGE: Final = 30
_ROUTES: Final = {"pl": ("plan", "plan_id"), "cam": ("campaign", "campaign_id"), "st": ("statement", "statement_id")}


class FilterForm(forms.Form):
    """What the address says; what is not understood is left out and shown beside its field."""

    state = forms.ChoiceField(label=_("State"), required=False)
    store = forms.ChoiceField(label=_("Store"), required=False)
    reference = forms.CharField(label=_("Order"), required=False, max_length=255)
    first = day_field(_("From"))
    last = day_field(_("Until"))
    campaign = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, shops: list[tuple[str, str]], **options: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **options)
        states = [(code, look.word) for code, look in PLAN_STATES.items()]
        for name, choices in (("state", states), ("store", shops)):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = [("", _("All")), *choices]


class Row(Struct, frozen=True, kw_only=True):
    """A plan as lists show it."""

    id: str
    state: str
    reference: str
    store: str
    term: int
    currency: str
    payable_minor: int
    subsidy_minor: int
    waived_minor: int
    refunded_minor: int
    at: datetime
    timezone: str


def rows_of(found: list[PlanRow], *, shops: dict[UUID, str], timezone: str) -> list[Row]:
    """Rows with the names of their stores."""
    return [
        Row(
            id=row.public_id,
            state=row.state,
            reference=row.order_reference,
            store=shops.get(row.store_id, "") if row.store_id else "",
            term=row.term,
            currency=row.currency,
            payable_minor=row.payable_minor,
            subsidy_minor=row.subsidy_minor,
            waived_minor=row.waived_minor,
            refunded_minor=row.refunded_minor,
            at=row.created_at,
            timezone=timezone,
        )
        for row in found
    ]


def store_names(tenant_id: UUID) -> dict[UUID, str]:
    """The merchant's stores by id."""
    return {row.id: formats.name(row.name_zh, row.name_en) for row in stores.stores(tenant_id)}


@require_GET
@page(permission="plans:read", kinds=("merchant",))
def plan_list(request: PortalRequest) -> HttpResponse:
    """A page of plans."""
    seat = request.seat
    after = request.GET.get("after", "")
    with seat.open():
        shops = store_names(seat.party.id)
        form = FilterForm(request.GET, shops=[(ids.public_id("sto", key), name) for key, name in shops.items()])
        form.is_valid()
        wanted = _wanted(form.cleaned_data, seat)
        cursor = desk.cursor_of(tenant_id=seat.party.id, plan_id=ids.parse_public_id("pl", after)) if after else None
        found = desk.plan_page(tenant_id=seat.party.id, wanted=wanted, after=cursor, limit=PAGE)
    rows = rows_of(found[:PAGE], shops=shops, timezone=seat.party.timezone)
    kept: dict[str, str] = {name: str(value) for name, value in request.GET.items() if value and name != "after"}
    context = {
        "form": form,
        "rows": rows,
        "filtered": bool(kept),
        "next": f"?{urlencode(kept | {'after': rows[-1].id})}" if len(found) > PAGE else "",
        "first_page": not after,
        "first_url": f"?{urlencode(kept)}",
    }
    return render(request, "plans/list.html", context)


def _wanted(said: dict[str, Any], seat: Seat) -> PlanFilter:
    first, last = said.get("first"), said.get("last")
    return PlanFilter(
        state=said.get("state", ""),
        store_id=_key("sto", said.get("store")),
        campaign_id=_key("cam", said.get("campaign")),
        reference=said.get("reference", "").strip(),
        start=_midnight(first, seat.party.timezone) if first else None,
        end=_midnight(last + timedelta(days=1), seat.party.timezone) if last else None,
    )


def _key(prefix: str, text: str | None) -> UUID | None:
    return ids.parse_public_id(prefix, text) if text else None


def _midnight(day: date, timezone: str) -> datetime:
    return day_bounds(on=day, timezone=timezone)[0]


@require_GET
@page(permission="plans:read", kinds=("merchant",))
def search(request: PortalRequest) -> HttpResponse:
    """From an id to its page; anything else is an order reference."""
    text = request.GET.get("q", "").strip()
    prefix, dash, _rest = text.partition("_")
    route = _ROUTES.get(prefix)
    if route is not None and dash:
        name, argument = route
        return redirect(reverse(f"portal:{name}", kwargs={argument: text}))
    return redirect(f"{_plans_url()}?{urlencode({'reference': text})}" if text else _plans_url())


def _plans_url() -> str:
    return reverse("portal:plans")
