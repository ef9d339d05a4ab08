"""Who is looking, for which party, and whether they may: the one door of every page.

A page says the permission it needs and the kinds of tenant it is for::

    @page(permission="campaigns:read", kinds=("merchant",))
    def campaign_list(request: PortalRequest) -> HttpResponse: ...

All reads and writes of a page happen in `request.seat.open()`, which is the party's own transaction behind row-level
security, or the staff's transaction for the platform.
"""

import functools
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Concatenate, Final, ParamSpec, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django_htmx.middleware import HtmxDetails
from msgspec import Struct

from domain.errors import DomainError
from foundation import db
from foundation.ids import UnknownId
from merchants.permissions import scopes_of_role
from merchants.selectors import parties, people
from merchants.selectors.parties import PartyView
from merchants.selectors.people import MembershipView
from portal import refusals, words

TENANT_KINDS: Final = ("merchant", "brand", "platform")
SESSION_PARTY: Final = "party"

P = ParamSpec("P")


class Seat(Struct, frozen=True, gc=False, kw_only=True):
    """A signed-in person acting for one party in one role."""

    person_id: UUID
    name: str
    email: str
    theme: str
    party: PartyView
    role: str
    permissions: frozenset[str]
    memberships: tuple[MembershipView, ...]

    @property
    def is_staff(self) -> bool:
        """Whether the person works for the platform and sees every tenant."""
        return self.party.kind == "platform"

    def may(self, permission: str) -> bool:
        """Whether the role has a permission."""
        return permission in self.permissions

    def open(self) -> AbstractContextManager[db.Scope]:
        """The transaction all database work of a page happens in."""
        if self.is_staff:
            return db.staff_transaction(user=self.person_id)
        return db.tenant_transaction(self.party.id, user=self.person_id)


class PortalRequest(HttpRequest):
    """A request that has been through `page`."""

    seat: Seat
    htmx: HtmxDetails


View = Callable[Concatenate[PortalRequest, P], HttpResponse]


def take_seat(request: HttpRequest) -> Seat | None:
    """The seat of the signed-in person; None when no party was chosen yet or the role was taken away."""
    person: Any = request.user
    memberships = people.memberships(person.pk)
    chosen = _chosen(memberships, request.session.get(SESSION_PARTY))
    if chosen is None:
        return None
    with db.tenant_transaction(chosen.tenant_id, user=person.pk):
        party = parties.party(chosen.tenant_id)
    return Seat(
        person_id=person.pk,
        name=person.name,
        email=person.email,
        theme=person.theme,
        party=party,
        role=chosen.role,
        permissions=scopes_of_role(chosen.role),
        memberships=memberships,
    )


def _chosen(memberships: tuple[MembershipView, ...], wanted: str | None) -> MembershipView | None:
    seats = [row for row in memberships if row.party_kind in TENANT_KINDS]
    if len(seats) == 1:
        return seats[0]
    return next((row for row in seats if str(row.tenant_id) == wanted), None)


def page(
    *, permission: str | None = None, kinds: tuple[str, ...] = TENANT_KINDS
) -> Callable[[View[P]], Callable[Concatenate[HttpRequest, P], HttpResponse]]:
    """Let a view be reached only by those it is for. Another tenant's object and a wrong id are both 404."""

    def wrap(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            person: Any = request.user
            if not person.is_authenticated:
                return redirect_to_sign_in(request)
            _speak(request, person.locale)
            seat = take_seat(request)
            if seat is None:
                return redirect("portal:choose_party")
            seated: Any = request
            seated.seat = seat
            if seat.party.kind not in kinds or (permission is not None and not seat.may(permission)):
                raise PermissionDenied
            try:
                response = view(seated, *args, **kwargs)
            except UnknownId as error:
                raise Http404 from error
            response.headers.setdefault("Cache-Control", "private, no-store")
            return response

        return cast("Callable[Concatenate[HttpRequest, P], HttpResponse]", guarded)

    return wrap


def redirect_to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page; htmx is told to load the whole page, not to paint a form into a corner."""
    answer = redirect_to_login(request.get_full_path() if request.method == "GET" else "/")
    if getattr(request, "htmx", None):
        return HttpResponse(status=204, headers={"HX-Redirect": answer.url})
    return answer


def _speak(request: HttpRequest, language: str) -> None:
    """The person's own language wins over the browser's."""
    if language and language != translation.get_language():
        translation.activate(language)
        spoken: Any = request
        spoken.LANGUAGE_CODE = translation.get_language()


def attempt(request: PortalRequest, act: Callable[[], object], *, done: words.Text) -> bool:
    """Do one thing in the seat's transaction; say that it is done, or why it was refused."""
    try:
        with request.seat.open():
            act()
    except UnknownId:
        raise
    except DomainError as error:
        messages.error(request, refusals.sentence(error))
        return False
    messages.success(request, str(done))
    return True
