"""The first page after signing in, by kind of tenant."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from foundation import clock
from portal.access import PortalRequest, page
from portal.cofunding import page as cofunding
from portal.home import read
from portal.operator.board import board


@require_GET
@page()
def home(request: PortalRequest) -> HttpResponse:
    """The merchant's figures of the day, the brand's co-funding, or the operator's board."""
    kind = request.seat.party.kind
    if kind == "platform":
        return board(request)
    now = clock.now()
    if kind == "brand":
        return render(request, "home/brand.html", {"home": cofunding.brand_home(request.seat)})
    with request.seat.open():
        view = read.merchant_home(seat=request.seat, now=now)
    return render(request, "home/merchant.html", {"home": view})
