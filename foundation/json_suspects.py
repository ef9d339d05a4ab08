"""The slow road of the JSON reader: values we refuse are kept in place as suspects, so that a pointer can name them."""

import json
import re
import unicodedata
from typing import Any, Final

from msgspec import Struct

from foundation.errors import InvalidRequest

_INT64_MAX: Final = 2**63 - 1
_INT64_MIN: Final = -(2**63)
_INT64_LENGTH: Final = 20

_not_text = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]").search


class Suspect(Struct, frozen=True):
    """A value that is refused, and why."""

    reason: str
    detail: str


class Duplicated(dict[str, Any]):
    """An object in which `key` stands more than once."""

    key: str


def is_nfc(text: str) -> bool:
    """Whether the text is in Unicode normal form C. Any part of NFC text is NFC too, so a whole body can be asked."""
    return unicodedata.is_normalized("NFC", text)


def clean_text(text: str, *, at: str) -> str:
    """The text in NFC. Raises `InvalidRequest` for control characters (NUL and line ends too) and lone surrogates."""
    found = _not_text(text)
    if found is None:
        return unicodedata.normalize("NFC", text)
    kind = "lone_surrogate" if found[0] >= "\ud800" else "control_character"
    raise InvalidRequest(at=at, reason=kind, detail=f"Character U+{ord(found[0]):04X} is not accepted in text.")


def _integer(text: str) -> int | Suspect:
    if len(text) <= _INT64_LENGTH and _INT64_MIN <= (value := int(text)) <= _INT64_MAX:
        return value
    return Suspect(reason="integer_out_of_range", detail="Integers must fit 64 bits.")


def _float(_text: str) -> Suspect:
    return Suspect(reason="float_refused", detail="Money is integers of minor units; rates are decimal strings.")


def _constant(text: str) -> Suspect:
    return Suspect(reason="not_a_number", detail=f"{text} is not JSON.")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) == len(pairs):
        return made
    seen: set[str] = set()
    marked = Duplicated(made)
    for key, _ in pairs:
        if key in seen:
            marked.key = key
            break
        seen.add(key)
    return marked


decoder: Final = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_float, parse_constant=_constant
)
