"""Structured logs: one JSON object a line on standard error, with the request id, and without secrets.

Masked by field name (password, token, secret, authorization, key material) and by pattern (API keys, bearer headers,
quote tokens, webhook secrets), in messages, values and traces alike.
"""

import logging
import logging.config
import re
from collections.abc import Mapping, MutableMapping
from typing import Any, Final, TypeAlias

import structlog

from foundation import request_id

MASK: Final = "[masked]"
Value: TypeAlias = Any
_SECRET_FIELD = re.compile(
    r"pass(word|wd)|secret|token|authorization|cookie|pepper|private|credential|api_?key|id_?card|bank_?account",
    re.IGNORECASE,
)
_SECRET_TEXT = re.compile(
    r"\b(?:sk|rk|pk)_(?:test|live)_[A-Za-z0-9_-]+|\bwhsec_[A-Za-z0-9+/=_-]+|(?<=Bearer )\S+|\bfq1\.[A-Za-z0-9._-]+"
    r"|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"
)
_DEEPEST: Final = 6


def masked(value: Value, *, depth: int = 0) -> Value:
    """A copy of the value with secrets replaced by `[masked]`; what lies deeper than 6 levels is cut."""
    if isinstance(value, str):
        return _SECRET_TEXT.sub(MASK, value)
    if depth >= _DEEPEST:
        return "…"
    if isinstance(value, Mapping):
        return {
            name: MASK if _SECRET_FIELD.search(str(name)) else masked(item, depth=depth + 1)
            for name, item in value.items()
        }
    if isinstance(value, list | tuple | set | frozenset):
        return [masked(item, depth=depth + 1) for item in value]
    if isinstance(value, bytes):
        return f"<{len(value)} bytes>"
    return value


def _mask(_logger: object, _method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    clean: Mapping[str, Any] = masked(event)
    return clean


def _add_request_id(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    current = request_id.current()
    if current:
        event.setdefault("request_id", current)
    return event


def _name_request(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Django hands its log the whole request: what stays is the method and the path, without the query."""
    request = event.pop("request", None)
    path = getattr(request, "path", None)
    if isinstance(path, str):
        event.setdefault("path", path)
        event.setdefault("method", getattr(request, "method", None))
    return event


_SHARED: Final[list[Any]] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.ExtraAdder(),
    _name_request,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    _add_request_id,
]


class _JsonFormatter(structlog.stdlib.ProcessorFormatter):
    """Formats records of the standard library and of structlog alike."""

    def __init__(self) -> None:
        super().__init__(
            foreign_pre_chain=_SHARED,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                _mask,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )


def configure(settings: Mapping[str, object] | None = None) -> None:
    """Django's LOGGING_CONFIG: route everything through structlog. `settings["level"]`, and WARNING for chatty libraries.

    Django has put handlers of its own on the logger "django" by then; they are taken off, its records go to ours.
    """
    level = (settings or {}).get("level", "INFO")
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    quiet = {"level": "WARNING"}
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"json": {"()": _JsonFormatter}},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
            "root": {"handlers": ["stderr"], "level": level},
            "loggers": {
                "django": {"handlers": [], "level": level},
                "django.request": {"level": "ERROR"},
                "kombu": quiet,
                "amqp": quiet,
                "httpx": quiet,
            },
        }
    )
