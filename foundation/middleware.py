"""The one middleware of the site: every request gets an id, API paths a short road, everything else the portal's stack.

API paths carry no session, CSRF, message, auth or locale middleware (reference: they cost more than the view). The
portal's own middlewares are named in `settings.PORTAL_MIDDLEWARE` and run here, in the order Django would give them.
"""

from collections.abc import Callable
from typing import Any, Final, TypeVar

import structlog
from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.module_loading import import_string

from domain.errors import DomainError
from foundation import errors, request_id
from foundation.ids import UnknownId

View = Callable[[HttpRequest], HttpResponseBase]
Hook = Callable[..., HttpResponseBase | None]
R = TypeVar("R", bound=HttpResponseBase)

API_PREFIXES: Final = ("/v1/", "/healthz", "/readyz", "/metrics")
_BODY_LIMITS: Final = (("/v1/imports", 64 * 1024 * 1024), ("/v1/trade_in_claims", 16 * 1024 * 1024))
_BODY_LIMIT: Final = 256 * 1024
_CLIENT_ERROR: Final = 400

_BY_STATUS: Final[dict[int, type[DomainError]]] = {
    400: errors.ValueRefused,
    403: errors.Forbidden,
    404: UnknownId,
    405: errors.MethodNotAllowed,
    413: errors.BodyTooLarge,
}


def is_api(path: str) -> bool:
    """Whether a path takes the short road."""
    return path.startswith(API_PREFIXES) or path == "/v1"


class ApiShortCircuit:
    """Put first and alone in MIDDLEWARE."""

    sync_capable = True
    async_capable = False

    def __init__(self, get_response: View) -> None:
        self._api = get_response
        self._portal = PortalStack(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Name the request, take the road of its path, and see that an API answer is never HTML."""
        name = request_id.begin()
        structlog.contextvars.clear_contextvars()
        response = self._serve_api(request) if is_api(request.path_info) else self._portal(request)
        response.headers["Request-Id"] = name
        if body_unread(request):
            # The server cannot reuse a connection with a body still on it; unsaid, the client's next request is lost.
            response.headers["Connection"] = "close"
        return response

    def _serve_api(self, request: HttpRequest) -> HttpResponseBase:
        refusal = body_refused(request)
        if refusal is not None:
            return errors.problem_response(refusal)
        response = self._api(request)
        if response.status_code >= _CLIENT_ERROR and "json" not in response.headers.get("Content-Type", ""):
            # Raised outside a view: an unknown path, an unreadable request, a bug in routing.
            kind = _BY_STATUS.get(response.status_code, errors.InternalError)
            allowed = response.headers.get("Allow")
            response = errors.problem_response(kind())
            if allowed is not None:
                response.headers["Allow"] = allowed
        response.headers["X-Content-Type-Options"] = "nosniff"
        if not response.streaming and isinstance(response, HttpResponse):
            response.headers.setdefault("Content-Length", str(len(response.content)))
        return response

    def process_view(
        self, request: HttpRequest, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Hand the hook on to the portal's middlewares (CSRF checks here)."""
        if is_api(request.path_info):
            return None
        return self._portal.first(self._portal.view_hooks, request, view, args, kwargs)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """API: any exception of a view is a problem. Portal: hand the hook on."""
        if is_api(request.path_info):
            return errors.answer_for(exception)
        return self._portal.first(self._portal.exception_hooks, request, exception)

    def process_template_response(self, request: HttpRequest, response: R) -> R:
        """Hand the hook on to the portal's middlewares."""
        if not is_api(request.path_info):
            for hook in self._portal.template_hooks:
                response = hook(request, response)
        return response


class PortalStack:
    """The chain of `settings.PORTAL_MIDDLEWARE`, built as Django's handler builds its own."""

    def __init__(self, get_response: View) -> None:
        self.view_hooks: list[Hook] = []
        self.template_hooks: list[Callable[..., Any]] = []
        self.exception_hooks: list[Hook] = []
        handler: Any = get_response
        for path in reversed(settings.PORTAL_MIDDLEWARE):
            try:
                layer = import_string(path)(handler)
            except MiddlewareNotUsed:
                continue
            self._collect(layer)
            handler = convert_exception_to_response(layer)
        self._handler: View = handler

    def _collect(self, layer: object) -> None:
        if hasattr(layer, "process_view"):
            self.view_hooks.insert(0, layer.process_view)
        if hasattr(layer, "process_template_response"):
            self.template_hooks.append(layer.process_template_response)
        if hasattr(layer, "process_exception"):
            self.exception_hooks.append(layer.process_exception)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Serve through the whole chain."""
        return self._handler(request)

    @staticmethod
    def first(hooks: list[Hook], *arguments: object) -> HttpResponseBase | None:
        """The first answer any hook gives."""
        for hook in hooks:
            response = hook(*arguments)
            if response is not None:
                return response
        return None


def body_unread(request: HttpRequest) -> bool:
    """Whether the request brought a body that nobody has begun to read: refused by its address, its key or its size."""
    sent = request.META.get("CONTENT_LENGTH") or request.META.get("HTTP_TRANSFER_ENCODING")
    return sent not in {None, "", "0"} and not getattr(request, "_read_started", False)


def body_refused(request: HttpRequest) -> DomainError | None:
    """Refuse a chunked body without a length, and one larger than its address takes, before a byte is read."""
    environ = request.META
    if environ.get("HTTP_TRANSFER_ENCODING") and not environ.get("CONTENT_LENGTH"):
        return errors.LengthRequired()
    try:
        length = int(environ.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return errors.LengthRequired()
    if length <= _BODY_LIMIT:
        return None
    limit = next((bytes_ for prefix, bytes_ in _BODY_LIMITS if request.path_info.startswith(prefix)), _BODY_LIMIT)
    return errors.BodyTooLarge(limit=limit, actual=length) if length > limit else None
