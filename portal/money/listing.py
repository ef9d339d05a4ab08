"""The list of statements: a tenant's own, or every party's for the platform; and the files made of them."""

from datetime import date
from typing import Any, Final

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET
from msgspec import Struct

from merchants.selectors import parties
from portal import formats, words
from portal.access import PortalRequest, Seat, page
from portal.filters import day_field
from portal.states import STATEMENT_STATES
from settlements.selectors import books, desk
from settlements.selectors.desk import StatementFilter, StatementRow

PAGE: Final = 30


class Row(Struct, frozen=True, kw_only=True):
    """A statement in a list. Positive amounts are owed to the party."""

    id: str
    party: str
    party_type: str
    start: date
    end: date
    state: str
    currency: str
    opening_minor: int
    movement_minor: int
    closing_minor: int
    line_count: int


class FilterForm(forms.Form):
    """What the address says."""

    state = forms.ChoiceField(label=_("State"), required=False)
    party_type = forms.ChoiceField(label=_("Party"), required=False)
    first = day_field(_("From"))
    last = day_field(_("Until"))

    def __init__(self, *args: Any, staff: bool, **options: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **options)
        choices = {
            "state": [(code, look.word) for code, look in STATEMENT_STATES.items()],
            "party_type": [(code, word) for code, word in words.PARTY_KINDS.items() if code != "buyer"],
        }
        for name, known in choices.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = [("", _("All")), *known]
        if not staff:
            del self.fields["party_type"]


def rows_of(found: list[StatementRow]) -> list[Row]:
    """Statements with their parties' names."""
    names = parties.parties([row.party_id for row in found])
    return [
        Row(
            id=row.public_id,
            party=formats.name(names[row.party_id].name_zh, names[row.party_id].name_en)
            if row.party_id in names
            else "",
            party_type=row.party_type,
            start=row.period_start,
            end=row.period_end,
            state=row.state,
            currency=row.currency,
            opening_minor=row.opening_minor,
            movement_minor=row.closing_minor - row.opening_minor,
            closing_minor=row.closing_minor,
            line_count=row.line_count,
        )
        for row in found
    ]


@require_GET
@page(permission="statements:read")
def statement_list(request: PortalRequest) -> HttpResponse:
    """A page of statements."""
    return _list(request, state=None)


@require_GET
@page(permission="statements:read", kinds=("platform",))
def approvals(request: PortalRequest) -> HttpResponse:
    """What waits for the checker."""
    return _list(request, state="in_review")


def _list(request: PortalRequest, *, state: str | None) -> HttpResponse:
    seat = request.seat
    form = FilterForm(request.GET, staff=seat.is_staff)
    form.is_valid()
    offset = _whole(request.GET.get("from_row", ""))
    with seat.open():
        found = desk.statement_page(wanted=_wanted(seat, form.cleaned_data, state), offset=offset, limit=PAGE)
        rows = rows_of(found[:PAGE])
        status = books.status(seat.party.book_id)
    kept: dict[str, str] = {name: str(value) for name, value in request.GET.items() if value and name != "from_row"}
    context = {
        "rows": rows,
        "form": form,
        "status": status,
        "approvals": state is not None,
        "filtered": bool(kept),
        "next": f"?{urlencode(kept | {'from_row': str(offset + PAGE)})}" if len(found) > PAGE else "",
        "previous": f"?{urlencode(kept | {'from_row': str(max(0, offset - PAGE))})}" if offset else "",
    }
    return render(request, "money/list.html", context)


def _whole(text: str) -> int:
    return min(int(text), 100_000) if text.isdecimal() else 0


def _wanted(seat: Seat, said: dict[str, Any], state: str | None) -> StatementFilter:
    return StatementFilter(
        party_id=None if seat.is_staff else seat.party.id,
        book_id=seat.party.book_id,
        state=state or said.get("state", ""),
        party_type=said.get("party_type", ""),
        start=said.get("first"),
        end=said.get("last"),
    )
