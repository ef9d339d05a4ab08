"""Every failure becomes one kind of answer: `application/problem+json` (RFC 9457). Never HTML, never a bare 500.

A refusal is a `DomainError` declared beside the function that raises it; the first line of its docstring is the `detail`
people read and the line in docs/errors.md. This module declares the refusals of HTTP itself and turns what Django, DRF
and the database raise into declared ones.
"""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, Final

import msgspec
import structlog
from django.core.exceptions import (
    BadRequest,
    ObjectDoesNotExist,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
)
from django.db import DatabaseError, DataError, IntegrityError, InterfaceError, OperationalError
from django.http import Http404, HttpResponse
from rest_framework import exceptions as drf

from domain.errors import DomainError
from foundation import request_id
from foundation.http_errors import (
    BodyTooLarge,
    Busy,
    Conflict,
    Forbidden,
    InternalError,
    InvalidRequest,
    LengthRequired,
    MalformedRequest,
    MethodNotAllowed,
    NotAcceptable,
    RateLimited,
    Unauthenticated,
    Unavailable,
    UnsupportedMediaType,
    ValueRefused,
)
from foundation.ids import UnknownId

CONTENT_TYPE: Final = "application/problem+json"
log = structlog.get_logger("foundation.errors")


__all__ = [
    "CONTENT_TYPE",
    "BodyTooLarge",
    "Busy",
    "Conflict",
    "Forbidden",
    "InternalError",
    "InvalidRequest",
    "LengthRequired",
    "MalformedRequest",
    "MethodNotAllowed",
    "NotAcceptable",
    "RateLimited",
    "Unauthenticated",
    "Unavailable",
    "UnsupportedMediaType",
    "ValueRefused",
    "answer_for",
    "declared_for",
    "describe",
    "exception_handler",
    "problem",
    "problem_response",
    "register_constraints",
]

Declared = Callable[[], DomainError]
_constraints: dict[str, Declared] = {
    "append_only": ValueRefused,
}


def register_constraints(declared: Mapping[str, Declared]) -> None:
    """Name the error behind each database constraint once, beside its model: `{"transfer_amount_positive": BadAmount}`."""
    _constraints.update(declared)


def describe(kind: type[DomainError]) -> str:
    """The sentence of an error class: the first line of its own docstring, else its code in words."""
    own = kind.__dict__.get("__doc__") or ""
    return str(own).strip().partition("\n")[0] or kind.code.replace("_", " ")


def declared_for(error: BaseException) -> DomainError:
    """The declared error an exception stands for; `InternalError` for a bug."""
    if isinstance(error, DomainError):
        return error
    if isinstance(error, DatabaseError | InterfaceError):
        return _of_database(error)
    if isinstance(error, drf.APIException):
        return _of_drf(error)
    for raised, kind in _DJANGO:
        if isinstance(error, raised):
            return kind()
    return InternalError()


_DJANGO: Final[tuple[tuple[type[BaseException], type[DomainError]], ...]] = (
    (Http404, UnknownId),
    (ObjectDoesNotExist, UnknownId),
    (PermissionDenied, Forbidden),
    (RequestDataTooBig, BodyTooLarge),
)

_DRF: Final[tuple[tuple[type[drf.APIException], type[DomainError]], ...]] = (
    (drf.NotAuthenticated, Unauthenticated),
    (drf.AuthenticationFailed, Unauthenticated),
    (drf.PermissionDenied, Forbidden),
    (drf.NotFound, UnknownId),
    (drf.MethodNotAllowed, MethodNotAllowed),
    (drf.NotAcceptable, NotAcceptable),
    (drf.UnsupportedMediaType, UnsupportedMediaType),
    (drf.Throttled, RateLimited),
)


def _of_drf(error: drf.APIException) -> DomainError:
    for raised, kind in _DRF:
        if isinstance(error, raised):
            return kind()
    return MalformedRequest(at="", reason=str(error.default_code), detail=str(error.detail))


def _of_database(error: DatabaseError | InterfaceError) -> DomainError:
    """Constraints by their registered name; what waiting can cure is 503; the rest of 22xxx and 23xxx is refused."""
    cause: Any = error.__cause__
    state = getattr(cause, "sqlstate", None) or ""
    if isinstance(error, IntegrityError):
        name = getattr(getattr(cause, "diag", None), "constraint_name", None) or ""
        if name in _constraints:
            return _constraints[name]()
        log.warning("constraint_without_an_error", constraint=name, sqlstate=state)
        return Conflict() if state in {"23505", "23P01"} else ValueRefused()
    if isinstance(error, DataError):
        return ValueRefused()
    if state in {"40001", "40P01", "55P03", "57014"}:  # serialization, deadlock, lock timeout, statement timeout
        return Busy()
    if isinstance(error, OperationalError | InterfaceError):
        return Unavailable()
    return InternalError()


def problem(error: DomainError, *, request: str) -> dict[str, object]:
    """The body of the answer. `figures` and members of `error.extra` (a fresh quote) are extensions of the RFC's fields."""
    detail = str(getattr(error, "detail", "") or describe(type(error)))
    pointer = getattr(error, "at", None)
    pointer = error.pointer if pointer is None else pointer
    reason = getattr(error, "reason", error.code)
    errors = [] if pointer is None else [{"pointer": pointer, "code": reason, "detail": detail}]
    body: dict[str, object] = {
        "type": f"/v1/docs#error-{error.code}",
        "title": HTTPStatus(error.status).phrase,
        "status": error.status,
        "code": error.code,
        "detail": detail,
        "request_id": request,
        "errors": errors,
    }
    if error.figures:
        body["figures"] = error.figures
    body.update(getattr(error, "extra", {}))
    return body


def problem_response(error: DomainError) -> HttpResponse:
    """The HTTP answer for a declared error, with Retry-After where waiting helps."""
    body = msgspec.json.encode(problem(error, request=request_id.current()))
    response = HttpResponse(body, status=error.status, content_type=CONTENT_TYPE)
    retry_after = getattr(error, "retry_after", None)
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    if error.status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = 'Bearer realm="fenqi"'
    return response


def answer_for(error: Exception) -> HttpResponse:
    """The HTTP answer for any exception. Bugs and a missing database are logged with their trace, refusals are not."""
    if isinstance(error, BadRequest | SuspiciousOperation) and not isinstance(error, RequestDataTooBig):
        return problem_response(MalformedRequest(at="", reason="bad_request", detail="The request cannot be read."))
    declared = declared_for(error)
    if declared.status >= HTTPStatus.INTERNAL_SERVER_ERROR and not isinstance(error, DomainError):
        log.error(declared.code, exc_info=error)
    return problem_response(declared)


def exception_handler(error: Exception, _context: Mapping[str, object]) -> HttpResponse:
    """DRF's EXCEPTION_HANDLER, for views that are not `Endpoint`s."""
    return answer_for(error)
