"""One API call as its handler sees it."""

import functools
import re
import unicodedata
from datetime import datetime  # noqa: TC003 - read at run time
from typing import Any, Final, TypeVar

import msgspec
import msgspec.inspect
from django.http import HttpRequest

from foundation import clock, json_parser, request_id
from foundation.caller import Caller
from foundation.errors import InvalidRequest, Unauthenticated, UnsupportedMediaType
from foundation.idempotency import fingerprint_of
from foundation.json_suspects import clean_text

T = TypeVar("T")
_JSON_TYPES: Final = frozenset(
    {"application/json", "application/json; charset=utf-8", "application/json;charset=utf-8"}
)
_is_integer = re.compile(r"-?[0-9]{1,18}", re.ASCII).fullmatch
_canonical = msgspec.json.Encoder(order="deterministic").encode


@functools.cache
def _whole_numbers(type_: type) -> frozenset[str]:
    """The parameters of a query Struct that are integers: msgspec alone would read 1.0 as 1."""
    described = msgspec.inspect.type_info(type_)
    fields = described.fields if isinstance(described, msgspec.inspect.StructType) else ()
    return frozenset(field.encode_name for field in fields if _takes_integers(field.type))


def _takes_integers(kind: msgspec.inspect.Type) -> bool:
    if isinstance(kind, msgspec.inspect.UnionType):
        return any(_takes_integers(part) for part in kind.types)
    return isinstance(kind, msgspec.inspect.IntType)


class Call:
    """The request, who sends it, and the instant it came in. `headers` are added to the answer."""

    __slots__ = ("_caller", "_document", "headers", "now", "request")

    def __init__(self, request: HttpRequest, caller: Caller | None) -> None:
        self.request = request
        self.now: datetime = clock.now()
        self.headers: dict[str, str] = {}
        self._caller = caller
        self._document: Any = None

    @property
    def caller(self) -> Caller:
        """Raises `Unauthenticated` (401) on a public address, where nobody need be known."""
        if self._caller is None:
            raise Unauthenticated
        return self._caller

    @property
    def request_id(self) -> str:
        """The id in the Request-Id header of the answer."""
        return request_id.current()

    @property
    def idempotency_key(self) -> str | None:
        """The Idempotency-Key header as sent."""
        return self.request.META.get("HTTP_IDEMPOTENCY_KEY")

    @property
    def fingerprint(self) -> bytes:
        """What makes this "the same request": method, path, and the body without regard to spacing and order of keys."""
        body = b"" if self._document is None else _canonical(self._document)
        return fingerprint_of((self.request.method or "").encode(), self.request.get_full_path().encode(), body)

    def read(self, type_: type[T]) -> T:
        """The body as a Struct; no body counts as `{}`. Raises 415, and the 4xx of `json_parser.decode`."""
        raw = self.request.body
        if raw and (self.request.META.get("CONTENT_TYPE") or "").lower() not in _JSON_TYPES:
            raise UnsupportedMediaType
        self._document = json_parser.loads(raw)
        return json_parser.convert(self._document, type_)

    def read_query(self, type_: type[T]) -> T:
        """The query string as a Struct. Raises `InvalidRequest` (422) for an unknown, repeated or unfit parameter."""
        values: dict[str, Any] = {}
        for name, sent in self.request.GET.lists():
            at = f"/{json_parser.escape(name)}"
            cleaned = [clean_text(unicodedata.normalize("NFC", text), at=at) for text in sent]
            if name.endswith("[]"):
                values[name] = cleaned
            elif len(cleaned) > 1:
                raise InvalidRequest(at=at, reason="repeated_parameter", detail="This parameter may stand once.")
            else:
                values[name] = cleaned[0]
        kind: Any = type_
        for name in _whole_numbers(kind) & values.keys():
            if not _is_integer(values[name]):
                raise InvalidRequest(at=f"/{name}", reason="wrong_type", detail="Expected `int`, got `str`.")
        return json_parser.convert(values, type_, strict=False)
