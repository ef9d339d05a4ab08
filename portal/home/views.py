"""The first page after signing in, by kind of tenant."""

from django.http import HttpResponse
from django.shortcuts import render

from foundation import clock
from portal.access import PortalRequest, page
from portal.home import read


@page()
def home(request: PortalRequest) -> HttpResponse:
    """The merchant's figures of the day, the brand's co-funding, or the operator's board."""
    now = clock.now()
    with request.seat.open():
        view = read.merchant_home(seat=request.seat, now=now)
    return render(request, "home/merchant.html", {"home": view})
