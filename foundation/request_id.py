"""The id of the request (or task) being served: on every answer, in every log line, in every problem."""

from contextvars import ContextVar

from foundation.ids import public_id, uuid7

_current: ContextVar[str] = ContextVar("request_id", default="")


def begin() -> str:
    """Name a new request: `req_` + base32 of a UUIDv7. An id sent by the client is never taken over."""
    value = public_id("req", uuid7())
    _current.set(value)
    return value


def current() -> str:
    """The id of the present request; empty outside of one."""
    return _current.get()
