"""The refusals of HTTP itself, and of a database that is busy or away."""

from typing import ClassVar

from domain.errors import DomainError


class InvalidRequest(DomainError):
    """The request is understood but a value in it is not acceptable."""

    code = "invalid_request"
    status = 422

    def __init__(self, *, at: str, reason: str, detail: str) -> None:
        """`at` is a JSON pointer ("/lines/0/sku"), `reason` a stable code, `detail` a sentence."""
        super().__init__()
        self.at = at
        self.reason = reason
        self.detail = detail


class MalformedRequest(InvalidRequest):
    """The request cannot be read."""

    code = "malformed_request"
    status = 400


class Unauthenticated(DomainError):
    """No valid API key was sent in `Authorization: Bearer …`."""

    code = "unauthenticated"
    status = 401


class Forbidden(DomainError):
    """This key or person may not do that."""

    code = "forbidden"
    status = 403


class MethodNotAllowed(DomainError):
    """This address does not take this method."""

    code = "method_not_allowed"
    status = 405


class NotAcceptable(DomainError):
    """Answers are JSON only."""

    code = "not_acceptable"
    status = 406


class Conflict(DomainError):
    """Another object already stands where this one would go."""

    code = "conflict"
    status = 409


class LengthRequired(DomainError):
    """The body needs a Content-Length; chunked bodies are not read."""

    code = "length_required"
    status = 411


class BodyTooLarge(DomainError):
    """The body is larger than this address accepts."""

    code = "body_too_large"
    status = 413


class UnsupportedMediaType(DomainError):
    """The body must be application/json in UTF-8."""

    code = "unsupported_media_type"
    status = 415


class ValueRefused(DomainError):
    """A value does not fit what is stored."""

    code = "value_refused"
    status = 422


class RateLimited(DomainError):
    """Too many requests; wait as long as Retry-After says."""

    code = "rate_limited"
    status = 429
    retry_after: ClassVar[int] = 1


class InternalError(DomainError):
    """Something broke on our side; it is logged under the request id."""

    code = "internal_error"
    status = 500


class Busy(DomainError):
    """The database is busy with the same rows; nothing was changed, try again."""

    code = "busy"
    status = 503
    retry_after: ClassVar[int] = 1


class Unavailable(DomainError):
    """The database is away for the moment; nothing was changed, try again."""

    code = "unavailable"
    status = 503
    retry_after: ClassVar[int] = 2
