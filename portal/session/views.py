"""Sign in, sign out, choose the party, the language and the theme."""

from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation import clock, db
from merchants.selectors import people
from merchants.services.people import save_preferences
from portal import access, throttle
from portal.session.forms import SignInForm

THEMES: Final = ("auto", "light", "dark")
_LANGUAGES: Final = tuple(code for code, _name in settings.LANGUAGES)
_YEAR: Final = 365 * 24 * 3600


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The same answer for a wrong password, an unknown e-mail and a person who may not sign in any more."""
    if request.user.is_authenticated and request.method == "GET":
        return redirect("portal:home")
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = _authenticated(request, form)
        if person is not None:
            return _welcome(request, person)
    return render(request, "session/sign_in.html", {"form": form, "next": _next(request)})


def _authenticated(request: HttpRequest, form: SignInForm) -> Any:  # noqa: ANN401 - the user model of the settings
    now = clock.now()
    email, address = form.cleaned_data["email"], str(request.META.get("REMOTE_ADDR", ""))
    if throttle.wait_seconds(email=email, address=address, now=now):
        form.add_error(None, _("Too many attempts. Wait a few minutes, then try again."))
        return None
    person = authenticate(request, username=email.strip().casefold(), password=form.cleaned_data["password"])
    if person is None:
        throttle.failed(email=email, address=address, now=now)
        form.add_error(None, _("This e-mail and password do not match an active account."))
        return None
    throttle.succeeded(email=email)
    return person


def _welcome(request: HttpRequest, person: Any) -> HttpResponse:  # noqa: ANN401 - the user model of the settings
    login(request, person)  # a new session id
    seats = [row for row in people.memberships(person.pk) if row.party_kind in access.TENANT_KINDS]
    target = redirect(_next(request)) if len(seats) == 1 else redirect("portal:choose_party")
    return _remember_language(target, person.locale)


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return wanted
    return "/"


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return redirect("portal:sign_in")


@never_cache
@require_http_methods(["GET", "POST"])
def choose_party(request: HttpRequest) -> HttpResponse:
    """For people who work for several parties; POST switches and makes a new session id."""
    person: Any = request.user
    if not person.is_authenticated:
        return access.redirect_to_sign_in(request)
    translation.activate(person.locale)
    seats = [row for row in people.memberships(person.pk) if row.party_kind in access.TENANT_KINDS]
    if request.method == "POST":
        wanted = request.POST.get("party", "")
        if any(str(row.tenant_id) == wanted for row in seats):
            request.session[access.SESSION_PARTY] = wanted
            request.session.cycle_key()
            return redirect("portal:home")
    return render(request, "session/choose_party.html", {"seats": seats})


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Keep the language on the person, and in a cookie for the sign-in page."""
    wanted = request.POST.get("language", "")
    language = wanted if wanted in _LANGUAGES else settings.LANGUAGE_CODE
    if request.user.is_authenticated:
        _save(request.user.pk, locale=language)
    return _remember_language(redirect(_next(request)), language)


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Keep the theme on the person."""
    wanted = request.POST.get("theme", "")
    if request.user.is_authenticated:
        _save(request.user.pk, theme=wanted if wanted in THEMES else "auto")
    return redirect(_next(request))


@require_GET
def robots(_request: HttpRequest) -> HttpResponse:
    """Nothing here is for search engines."""
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain")


def _save(person_id: UUID, *, locale: str | None = None, theme: str | None = None) -> None:
    with db.staff_transaction(user=person_id):
        save_preferences(person_id=person_id, locale=locale, theme=theme)


def _remember_language(response: HttpResponse, language: str) -> HttpResponse:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=_YEAR,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
    )
    return response
