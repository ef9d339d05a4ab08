"""A small API that the tests of the base mount in place of the real one."""

import uuid
from typing import Annotated

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import path
from msgspec import Meta

from domain.errors import DomainError
from foundation import health
from foundation.api import (
    BROWSER_KEYS,
    Answer,
    Call,
    Caller,
    Endpoint,
    In,
    Out,
    Page,
    PageQuery,
    Route,
    answer,
    once,
    page_of,
)
from foundation.ids import uuid7
from foundation.models import OutboxMessage

TENANT = uuid.UUID("01a20000-0000-7000-8000-000000000001")


class TooHeavy(DomainError):
    """The parcel is heavier than the carrier takes."""

    code = "too_heavy"
    status = 409


class ParcelIn(In, frozen=True, kw_only=True):
    grams: Annotated[int, Meta(ge=1)]
    name: str = "parcel"


class ParcelOut(Out, frozen=True, kw_only=True):
    id: str
    grams: int


class ParcelQuery(PageQuery, frozen=True, kw_only=True):
    heavier_than: int | None = None
    fragile: bool = False


class Authenticator:
    """`Bearer secret`, `Bearer viewer` (no scopes) or `Bearer browser` (a publishable key)."""

    def authenticate(self, request):
        word = request.META.get("HTTP_AUTHORIZATION", "").removeprefix("Bearer ")
        if word not in {"secret", "viewer", "browser"}:
            return None
        kind = "publishable" if word == "browser" else "secret"
        scopes = frozenset() if word == "viewer" else frozenset({"parcels:write", "parcels:read"})
        caller = Caller(
            key_id=TENANT, tenant_id=TENANT, party_kind="merchant", kind=kind, livemode=False, scopes=scopes
        )
        return None, caller


class Parcels(Endpoint):
    authentication_classes = [Authenticator]

    @Route(scope="parcels:write", body=ParcelIn, returns=ParcelOut, status=201, idempotent=True, errors=(TooHeavy,))
    def post(self, call: Call, *, body: ParcelIn) -> Answer:
        """Send a parcel."""

        def effect(_handle) -> Answer:
            if body.grams > 30_000:
                raise TooHeavy(limit=30_000, actual=body.grams)
            row = OutboxMessage.objects.create(
                id=uuid7(), tenant_id=call.caller.tenant_id, topic="t", ref=body.name, payload={}
            )
            return answer(ParcelOut(id=str(row.pk), grams=body.grams), status=201)

        return once(call, effect)

    @Route(scope="parcels:read", query=ParcelQuery, returns=Page[ParcelOut], keys=BROWSER_KEYS)
    def get(self, call: Call, *, query: ParcelQuery) -> Page[ParcelOut]:
        """List parcels."""
        rows = [ParcelOut(id=str(n), grams=n * 100) for n in range(1, 60) if n * 100 > (query.heavier_than or 0)]
        rows = [row for row in rows if int(row.id) > int(query.cursor or 0)]
        return page_of(rows[: query.limit + 1], limit=query.limit, cursor_of=lambda row: row.id, show=lambda row: row)


class Broken(Endpoint):
    authentication_classes = [Authenticator]

    @Route(public=True)
    def get(self, call: Call, *, how: str) -> None:
        """Fail in one of several ways."""
        if how == "database":
            raise OperationalError("server closed the connection")
        raise ZeroDivisionError(f"a bug with sk_live_{'a' * 20}")


def plain(_request: HttpRequest) -> HttpResponse:
    raise KeyError("a view that is no Endpoint")


urlpatterns = [
    path("healthz", health.Healthz.as_view()),
    path("readyz", health.Readyz.as_view()),
    path("metrics", health.metrics),
    path("v1/parcels", Parcels.as_view()),
    path("v1/broken/<str:how>", Broken.as_view()),
    path("v1/plain", plain),
]
