"""The portal's own middleware."""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponseBase


class PlainAddress:
    """Answer 400 to an address with a NUL in its query: no browser sends one, and PostgreSQL keeps none in text."""

    sync_capable = True
    async_capable = False

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Look at every name and value of the query."""
        for name, values in request.GET.lists():
            if any("\0" in text for text in (name, *values)):
                raise BadRequest("NUL in the query")
        return self._get_response(request)
