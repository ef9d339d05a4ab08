"""The OpenAPI 3.1 document, generated from what the endpoints declare: it cannot say anything the code does not do."""

import inspect
import re
from collections.abc import Iterator, Sequence
from http import HTTPStatus
from typing import Any, Final

import msgspec
from django.urls import URLPattern, URLResolver, get_resolver

from domain.errors import DomainError
from foundation import errors
from foundation.api import Endpoint
from foundation.caller import KeyKindRefused, ScopeMissing
from foundation.idempotency import IdempotencyInProgress, IdempotencyKeyRequired, IdempotencyKeyReused
from foundation.ids import UnknownId
from foundation.route import Route

VERSION: Final = "1.0.0"
_PARAMETER = re.compile(r"<(?:[a-z]+:)?([a-z_]+)>")
_REF: Final = "#/components/schemas/{name}"
_JSON: Final = "application/json"
_TITLE: Final = "Fenqi checkout API"


class Operation(msgspec.Struct, frozen=True):
    """One method of one address."""

    path: str
    method: str
    endpoint: type[Endpoint]
    route: Route

    @property
    def name(self) -> str:
        """operationId: the class and the method, as in `Plans.post`."""
        return f"{self.endpoint.__name__}.{self.method.lower()}"


def operations(patterns: Sequence[URLPattern | URLResolver] | None = None) -> list[Operation]:
    """Every method of every `Endpoint` that config.urls reaches, by path then method."""
    found = _walk(get_resolver().url_patterns if patterns is None else patterns, "/")
    return sorted(found, key=lambda operation: (operation.path, operation.method))


def _walk(patterns: Sequence[URLPattern | URLResolver], before: str) -> Iterator[Operation]:
    for pattern in patterns:
        path = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, path)
            continue
        view = getattr(pattern.callback, "cls", None) or getattr(pattern.callback, "view_class", None)
        if isinstance(view, type) and issubclass(view, Endpoint):
            for method, route in view.routes.items():
                yield Operation(_PARAMETER.sub(r"{\1}", path), method, view, route)


def document(found: Sequence[Operation] | None = None) -> dict[str, Any]:
    """The whole document as plain values, sorted, so that the same code always gives the same bytes."""
    listed = operations() if found is None else found
    types = [part for operation in listed for part in _types(operation.route)]
    schemas, components = msgspec.json.schema_components(types, ref_template=_REF)
    of_type = dict(zip((id(part) for part in types), schemas, strict=True))
    paths: dict[str, Any] = {}
    for operation in listed:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation, of_type, components)
    return {
        "openapi": "3.1.0",
        "info": {"title": _TITLE, "version": VERSION, "description": _DESCRIPTION},
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": {**dict(sorted(components.items())), "Problem": _PROBLEM},
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer", "description": "sk_…, rk_… or pk_…"}},
            "headers": _HEADERS,
        },
    }


def _types(route: Route) -> list[Any]:
    return [part for part in (route.body, route.query, route.returns) if part is not None]


def _operation(operation: Operation, of_type: dict[int, Any], components: dict[str, Any]) -> dict[str, Any]:
    route, handler = operation.route, getattr(operation.endpoint, operation.method.lower())
    summary, _, description = inspect.cleandoc(handler.__doc__ or "").partition("\n")
    made: dict[str, Any] = {
        "operationId": operation.name,
        "tags": [operation.endpoint.tag or operation.path.split("/")[2 if operation.path.startswith("/v1") else 1]],
        "summary": summary.rstrip("."),
        "parameters": _parameters(operation, of_type, components),
        "responses": _responses(operation, of_type),
    }
    if description.strip():
        made["description"] = description.strip()
    if not route.public:
        made["security"] = [{"key": []}]
        made["x-keys"] = sorted(route.keys)
        made["x-scope"] = route.scope
    if route.body is not None:
        made["requestBody"] = {"required": True, "content": {_JSON: {"schema": of_type[id(route.body)]}}}
    return made


def _parameters(operation: Operation, of_type: dict[int, Any], components: dict[str, Any]) -> list[dict[str, Any]]:
    text = {"type": "string"}
    made: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": text}
        for name in re.findall(r"{([a-z_]+)}", operation.path)
    ]
    if operation.route.query is not None:
        schema = of_type[id(operation.route.query)]
        schema = components.get(schema.get("$ref", "").rpartition("/")[2], schema)
        required = schema.get("required", [])
        made += [
            {"name": name, "in": "query", "required": name in required, "schema": field}
            for name, field in schema.get("properties", {}).items()
        ]
    if operation.route.idempotent:
        key = {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"}
        made.append({"name": "Idempotency-Key", "in": "header", "required": True, "schema": key})
    return made


def refusals(route: Route) -> list[type[DomainError]]:
    """Every declared error a route may answer with, its own first."""
    found: list[type[DomainError]] = list(route.errors)
    if not route.public:
        found += [errors.Unauthenticated, KeyKindRefused, errors.RateLimited]
    if route.scope is not None:
        found.append(ScopeMissing)
    if route.body is not None:
        found += [errors.MalformedRequest, errors.UnsupportedMediaType, errors.BodyTooLarge, errors.LengthRequired]
    if route.body is not None or route.query is not None:
        found.append(errors.InvalidRequest)
    if route.idempotent:
        found += [IdempotencyKeyRequired, IdempotencyKeyReused, IdempotencyInProgress]
    found += [UnknownId, errors.Unavailable]
    return list(dict.fromkeys(found))


def _responses(operation: Operation, of_type: dict[int, Any]) -> dict[str, Any]:
    route = operation.route
    success: dict[str, Any] = {
        "description": HTTPStatus(route.status).phrase,
        "headers": {"Request-Id": {"$ref": "#/components/headers/RequestId"}},
    }
    if route.idempotent:
        success["headers"]["Idempotent-Replayed"] = {"$ref": "#/components/headers/IdempotentReplayed"}
    if route.returns is not None:
        success["content"] = {route.media_type: {"schema": of_type[id(route.returns)]}}
    by_status: dict[int, list[str]] = {}
    for kind in refusals(route):
        by_status.setdefault(kind.status, []).append(f"`{kind.code}`: {errors.describe(kind)}")
    made = {str(route.status): success}
    for status, lines in sorted(by_status.items()):
        made[str(status)] = {
            "description": "\n".join(f"- {line}" for line in sorted(lines)),
            "content": {errors.CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
    return made


_DESCRIPTION: Final = (
    "Offers, instalment plans, refunds and settlement. Money is integers of minor units beside an ISO 4217 currency; "
    "percentages are decimal strings. Every POST that changes something takes an Idempotency-Key. Every failure is "
    "application/problem+json with a stable `code`."
)

_HEADERS: Final[dict[str, Any]] = {
    "RequestId": {"description": "Name it when you ask us about a request.", "schema": {"type": "string"}},
    "IdempotentReplayed": {"description": "`true` when this is the stored first answer.", "schema": {"type": "string"}},
}

_PROBLEM: Final[dict[str, Any]] = {
    "type": "object",
    "description": "RFC 9457 problem. `figures` holds the facts compared; more members may stand beside it.",
    "required": ["type", "title", "status", "code", "detail", "request_id", "errors"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "request_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "detail"],
                "properties": {name: {"type": "string"} for name in ("pointer", "code", "detail")},
            },
        },
        "figures": {"type": "object"},
    },
}
