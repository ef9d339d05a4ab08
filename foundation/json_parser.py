"""A strict JSON reader: what it lets through is unambiguous, bounded text and integers.

The fast road is the C scanner with a hook per object. Only when something is wrong, or might be, is the body read a second
time by the slow road, which knows where in the document it is and so can name the JSON pointer.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, Final, NoReturn, TypeAlias, TypeVar

import msgspec

from foundation import json_suspects
from foundation.errors import BodyTooLarge, InvalidRequest, MalformedRequest
from foundation.json_suspects import Duplicated, Suspect, clean_text

MAX_BYTES: Final = 256 * 1024
MAX_DEPTH: Final = 16
MAX_KEYS: Final = 2_000
_INT64_DIGITS: Final = 18  # every integer of up to 18 digits fits 64 bits

# Raw text that may hide a control character, a lone surrogate or unnormalised text behind an escape.
_may_hide = re.compile(r"\\[bfnrtu]|[\x7f-\x9f]").search

T = TypeVar("T")
Json: TypeAlias = Any


class _Refused(Exception):
    """The fast road met something; the slow road will say what and where."""


def _integer(text: str) -> int:
    if len(text) <= _INT64_DIGITS:
        return int(text)
    raise _Refused


def _refuse(_text: str) -> NoReturn:
    raise _Refused


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise _Refused
    return made


_fast = json.JSONDecoder(object_pairs_hook=_object, parse_int=_integer, parse_float=_refuse, parse_constant=_refuse)


def loads(body: bytes) -> Json:
    """Read a document. Integers fit 64 bits, text is NFC without control characters, keys are unique.

    Raises `BodyTooLarge` (413) over 256 KB, `MalformedRequest` (400) for what is not JSON, `InvalidRequest` (422) with the
    pointer for a float, a duplicate key, text we do not store, depth over 16 or more than 2,000 keys.
    """
    if len(body) > MAX_BYTES:
        raise BodyTooLarge(limit=MAX_BYTES, actual=len(body))
    if not body:
        return {}
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise _malformed("invalid_utf8", f"Byte {error.start} is not UTF-8.") from None
    if _may_hide(text) or not (text.isascii() or json_suspects.is_nfc(text)):
        return _slow(text)
    try:
        document = _fast.decode(text)
    except (_Refused, ValueError, RecursionError):
        return _slow(text)
    _bound(document)
    return document


def _malformed(reason: str, detail: str) -> MalformedRequest:
    return MalformedRequest(at="", reason=reason, detail=detail)


def _bound(document: Json) -> None:
    """Refuse depth over 16 and more than 2,000 keys, walking level by level."""
    level = [document] if document.__class__ in (dict, list) else []
    keys = depth = 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise InvalidRequest(at="", reason="too_deep", detail=f"At most {MAX_DEPTH} levels of nesting are read.")
        below: list[Any] = []
        for node in level:
            if node.__class__ is dict:
                keys += len(node)
                below += [value for value in node.values() if value.__class__ in (dict, list)]
            else:
                below += [value for value in node if value.__class__ in (dict, list)]
        if keys > MAX_KEYS:
            raise InvalidRequest(at="", reason="too_many_keys", detail=f"At most {MAX_KEYS} keys are read.")
        level = below


def _slow(text: str) -> Json:
    """Read again with suspects kept in place, then name the first one, or return the cleaned document."""
    try:
        document = json_suspects.decoder.decode(text)
    except RecursionError:
        raise InvalidRequest(at="", reason="too_deep", detail=f"At most {MAX_DEPTH} levels are read.") from None
    except json.JSONDecodeError as error:
        detail = f"{error.msg}: line {error.lineno} column {error.colno}."
        raise _malformed("malformed_json", detail) from None
    _bound(document)
    return _cleaned(document, "")


def _cleaned(value: Json, at: str) -> Json:
    """Copy of the value with its text cleaned; raises at the first suspect. Depth is already bounded."""
    if isinstance(value, str):
        return clean_text(value, at=at)
    if isinstance(value, Suspect):
        raise InvalidRequest(at=at, reason=value.reason, detail=value.detail)
    if isinstance(value, dict):
        if isinstance(value, Duplicated):
            raise InvalidRequest(at=f"{at}/{escape(value.key)}", reason="duplicate_key", detail="The key stands twice.")
        made = {clean_text(key, at=at): _cleaned(item, f"{at}/{escape(key)}") for key, item in value.items()}
        if len(made) != len(value):
            raise InvalidRequest(at=at, reason="duplicate_key", detail="Two keys are the same text after NFC.")
        return made
    if isinstance(value, list):
        return [_cleaned(item, f"{at}/{number}") for number, item in enumerate(value)]
    return value


def escape(key: str) -> str:
    """A key as a JSON pointer token (RFC 6901), shortened and without what cannot be printed."""
    shown = "".join(character if character.isprintable() else "?" for character in key[:100])
    return shown.replace("~", "~0").replace("/", "~1")


def decode(body: bytes, type_: type[T]) -> T:
    """Read a document into a Struct. Raises as `loads`, and `InvalidRequest` with the pointer of the wrong field."""
    return convert(loads(body), type_)


def convert(document: Json, type_: type[T], *, strict: bool = True) -> T:
    """Turn plain values into `type_`; `strict=False` reads numbers and booleans out of text, for query strings."""
    try:
        return msgspec.convert(document, type_, strict=strict)
    except msgspec.ValidationError as error:
        raise _explained(str(error)) from None


_PATH = re.compile(r" - at (?:`key` in )?`\$(?P<path>.*)`$")
_STEP = re.compile(r"\.(?P<name>[^.\[]+)|\[(?P<index>\d+)\]|\[\.\.\.\]")
_FIELD = re.compile(r"^Object (?P<what>contains unknown|missing required) field `(?P<name>.*)`")


def _steps(path: str) -> Iterator[str]:
    for step in _STEP.finditer(path):
        token = step["name"] or step["index"]
        if token is None:
            return  # msgspec does not name the key of a mapping: the pointer stops at the mapping
        yield escape(token)


def _explained(message: str) -> InvalidRequest:
    """Read msgspec's sentence: "Expected `int`, got `str` - at `$.lines[0].quantity`" is /lines/0/quantity, wrong_type."""
    found = _PATH.search(message)
    detail = message[: found.start()] if found else message
    at = "".join(f"/{token}" for token in _steps(found["path"])) if found else ""
    field = _FIELD.match(detail)
    if field:
        reason = "unknown_field" if field["what"].startswith("contains") else "missing_field"
        return InvalidRequest(at=f"{at}/{escape(field['name'])}", reason=reason, detail=f"{detail}.")
    reason = "wrong_type" if ", got " in detail else "invalid_value"
    return InvalidRequest(at=at, reason=reason, detail=f"{detail}.")
