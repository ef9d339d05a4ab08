"""The base of every API view: a handler declares what it reads, returns and needs; the base does the rest.

Example::

    class Refunds(Endpoint):
        @Route(scope="refunds:write", body=RefundIn, returns=RefundOut, status=201, idempotent=True, errors=(NotCaptured,))
        def post(self, call: Call, *, body: RefundIn, plan_id: str) -> Answer:
            \"\"\"Give money back.\"\"\"
            return once(call, lambda handle: refunds.refund(...), status=201)

        @Route(scope="refunds:read", query=RefundQuery, returns=Page[RefundOut])
        def get(self, call: Call, *, query: RefundQuery, plan_id: str) -> Page[RefundOut]: ...

It is DRF's APIView (its authenticators and throttles run), with a shorter `dispatch`: bodies are read by
`foundation.json_parser` and answers encoded by msgspec, without negotiation, serializers or renderers.
"""

# First: settings name these here, and rest_framework.views looks them up while it is being imported.
from foundation.drf_parts import JsonOnly, StrictJsonParser, StructRenderer

# isort: split
from http import HTTPStatus
from typing import Any, ClassVar, cast

import msgspec
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from rest_framework.views import APIView

from foundation import errors, rate_limit
from foundation.call import Call
from foundation.caller import Caller, KeyKindRefused, require_scope
from foundation.idempotency import Answer, Effect, Handle, checked_key, run_idempotent, run_idempotent_as_staff
from foundation.route import BROWSER_KEYS, SERVER_KEYS, Route
from foundation.structs import In, Out, Page, PageQuery, page_of

__all__ = [
    "BROWSER_KEYS",
    "SERVER_KEYS",
    "Answer",
    "Call",
    "Caller",
    "Effect",
    "Endpoint",
    "Handle",
    "In",
    "JsonOnly",
    "Out",
    "Page",
    "PageQuery",
    "Route",
    "StrictJsonParser",
    "StructRenderer",
    "answer",
    "once",
    "once_as_staff",
    "page_of",
    "reply",
]

_encode = msgspec.json.Encoder().encode
_JSON = "application/json"
_CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key",
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Expose-Headers": "Request-Id, Retry-After, RateLimit-Remaining",
    "Access-Control-Max-Age": "600",
}


class Endpoint(APIView):
    """One address; its methods carry a `Route`."""

    routes: ClassVar[dict[str, Route]] = {}
    tag: ClassVar[str] = ""

    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        found = {name.upper(): getattr(cls, name) for name in ("get", "post", "patch", "delete") if hasattr(cls, name)}
        bare = [name for name, handler in found.items() if not hasattr(handler, "route")]
        if bare:
            raise TypeError(f"{cls.__name__}: {', '.join(bare)} without a Route")
        cls.routes = {name: handler.route for name, handler in found.items()}

    def dispatch(self, request: HttpRequest, *_args: object, **kwargs: object) -> HttpResponseBase:
        """Serve one request; whatever is raised becomes a problem."""
        try:
            response = self._serve(request, kwargs)
        except Exception as error:  # noqa: BLE001 - the door: nothing passes it but an answer
            response = errors.answer_for(error)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            response.headers["Allow"] = self._allowed()
        if any(route.browser for route in self.routes.values()):
            for name, value in _CORS.items():
                response.headers[name] = value
        return response

    def _serve(self, request: HttpRequest, kwargs: dict[str, object]) -> HttpResponseBase:
        method = "GET" if request.method == "HEAD" else request.method or ""
        if method == "OPTIONS":
            return nothing(Allow=self._allowed())
        route = self.routes.get(method)
        if route is None:
            raise errors.MethodNotAllowed
        caller = self._admitted(request, route)
        call = Call(request, caller)
        if route.idempotent:
            checked_key(call.idempotency_key)
        if route.body is not None:
            kwargs["body"] = call.read(route.body)
        if route.query is not None:
            kwargs["query"] = call.read_query(route.query)
        handler = getattr(self, method.lower())
        response = reply(handler(call, **kwargs), status=route.status)
        for name, value in call.headers.items():
            response.headers[name] = value
        if caller is not None:
            rate_limit.tell(response, left=request.META["fenqi.rate_left"])
        return response

    def _allowed(self) -> str:
        return ", ".join([*self.routes, "OPTIONS"])

    def _admitted(self, request: HttpRequest, route: Route) -> Caller | None:
        """Who calls, after every check that does not need the body."""
        if route.public:
            return None
        caller = self._authenticated(request)
        if caller is None:
            raise errors.Unauthenticated
        if caller.kind not in route.keys:
            raise KeyKindRefused(kind=caller.kind)
        if route.scope is not None:
            require_scope(caller, route.scope)
        request.META["fenqi.rate_left"] = rate_limit.spend(caller)
        return caller

    def _authenticated(self, request: HttpRequest) -> Caller | None:
        for authenticator in self.get_authenticators():
            found = authenticator.authenticate(cast("Any", request))
            if found is not None:
                return next((part for part in found if isinstance(part, Caller)), None)
        return None


def nothing(**headers: str) -> HttpResponse:
    """An answer without a body, hence without a type of one."""
    response = HttpResponse(status=204, headers=headers)
    del response.headers["Content-Type"]
    return response


def reply(result: object, *, status: int) -> HttpResponseBase:
    """An HTTP answer from what a handler returned: a Struct, an `Answer`, nothing (204), or a response as it is."""
    if isinstance(result, HttpResponseBase):
        return result
    if isinstance(result, Answer):
        response = HttpResponse(result.body, status=result.status, content_type=_JSON)
        if result.replayed:
            response.headers["Idempotent-Replayed"] = "true"
    elif result is None:
        return nothing()
    else:
        response = HttpResponse(_encode(result), status=status, content_type=_JSON)
    response.headers["Cache-Control"] = "no-store"
    return response


def answer(value: object, *, status: int = 200) -> Answer:
    """Encode a Struct as the answer of an idempotent effect."""
    return Answer(status, _encode(value))


def once(call: Call, effect: Effect) -> Answer:
    """Run the effect at most once per Idempotency-Key, in the caller's tenant transaction."""
    return run_idempotent(caller=call.caller, key=call.idempotency_key, fingerprint=call.fingerprint, effect=effect)


def once_as_staff(call: Call, effect: Effect) -> Answer:
    """As `once`, in a staff transaction. Raises `Forbidden` unless the caller is platform staff."""
    if not call.caller.staff:
        raise errors.Forbidden
    return run_idempotent_as_staff(
        caller=call.caller, key=call.idempotency_key, fingerprint=call.fingerprint, effect=effect
    )
