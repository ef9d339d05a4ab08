"""Files people asked for: the list, the progress of one, and its download by a short-lived link."""

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from domain.errors import DomainError
from foundation import clock, ids
from portal.access import PortalRequest, page
from settlements.selectors import exports as export_views
from settlements.services import exports


@require_GET
@page(permission="statements:read")
def export_list(request: PortalRequest) -> HttpResponse:
    """The tenant's files, newest first."""
    with request.seat.open():
        rows = export_views.latest(tenant_id=request.seat.party.id)
    return render(request, "money/exports.html", {"rows": rows, "timezone": request.seat.party.timezone})


@require_GET
@page(permission="statements:read")
def progress(request: PortalRequest, export_id: str) -> HttpResponse:
    """How far one file is; asked again by htmx until it is done or has failed."""
    with request.seat.open():
        row = export_views.export(tenant_id=request.seat.party.id, export_id=ids.parse_public_id("exp", export_id))
    return render(request, "money/export_state.html", {"row": row})


@require_GET
@page(permission="exports:write")
def link(request: PortalRequest, export_id: str) -> HttpResponse:
    """A fresh link of ten minutes, bound to the person."""
    seat = request.seat
    key = ids.parse_public_id("exp", export_id)
    with seat.open():
        export_views.export(tenant_id=seat.party.id, export_id=key)
    token = exports.token_for(export_id=key, tenant_id=seat.party.id, person_id=seat.person_id, now=clock.now())
    address = reverse("portal:export_file", kwargs={"export_id": export_id})
    return redirect(f"{address}?{urlencode({'token': token})}")


@require_GET
@page(permission="exports:write")
def download(request: PortalRequest, export_id: str) -> HttpResponse:
    """The file itself, as an attachment, for the one the link was made for."""
    seat = request.seat
    try:
        with seat.open():
            file = exports.open_download(
                token=request.GET.get("token", ""),
                export_id=ids.parse_public_id("exp", export_id),
                tenant_id=seat.party.id,
                person_id=seat.person_id,
                now=clock.now(),
            )
    except ids.UnknownId:
        raise
    except DomainError as error:
        raise PermissionDenied from error
    answer: Any = FileResponse(file.path.open("rb"), as_attachment=True, filename=file.name, content_type="text/csv")
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store"
    return cast("HttpResponse", answer)
