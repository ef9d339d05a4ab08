"""Parser, renderer and negotiation for plain DRF views, should one be needed beside `Endpoint`."""

from collections.abc import Mapping
from typing import IO, Any, TypeAlias

import msgspec
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from foundation import json_parser

Value: TypeAlias = Any


class StrictJsonParser(BaseParser):
    """Bodies through `foundation.json_parser`."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Value:
        """Plain values. Raises as `json_parser.loads`."""
        del media_type, parser_context
        return json_parser.loads(stream.read(json_parser.MAX_BYTES + 1))


class StructRenderer(BaseRenderer):
    """Answers by msgspec: Structs, datetimes and UUIDs included."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self,
        data: Value,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        """JSON in UTF-8; nothing for nothing."""
        del accepted_media_type, renderer_context
        return b"" if data is None else msgspec.json.encode(data)


class JsonOnly(BaseContentNegotiation):
    """There is one format; an Accept header does not choose."""

    def select_parser(self, request: Request, parsers: Value) -> Value:
        """The first parser."""
        del request
        return parsers[0]

    def select_renderer(self, request: Request, renderers: Value, format_suffix: str | None = None) -> tuple[Any, str]:
        """The first renderer."""
        del request, format_suffix
        return renderers[0], renderers[0].media_type
