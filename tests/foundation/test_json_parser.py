"""The strict JSON reader against hostile bodies."""

import json
import time
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta

from domain.errors import DomainError
from foundation import json_parser
from foundation.structs import In


class Line(In, frozen=True, kw_only=True):
    sku: str
    quantity: Annotated[int, Meta(ge=1, le=99)]
    attributes: dict[str, str] = {}


class Order(In, frozen=True, kw_only=True):
    currency: str
    lines: list[Line]


def order(line: str = '{"sku":"a","quantity":1}') -> bytes:
    return ('{"currency":"CNY","lines":[' + line + "]}").encode()


HOSTILE = [
    # (what, body, status, code of the field, pointer)
    ("nothing but a word", b"nul", 400, "malformed_json", ""),
    ("text after the end", order() + b"x", 400, "malformed_json", ""),
    ("a byte order mark", b"\xef\xbb\xbf" + order(), 400, "malformed_json", ""),
    ("UTF-16", order().decode().encode("utf-16"), 400, "invalid_utf8", ""),
    ("a broken UTF-8 byte", b'{"currency":"\xff"}', 400, "invalid_utf8", ""),
    ("an overlong UTF-8 slash", b'{"currency":"\xc0\xaf"}', 400, "invalid_utf8", ""),
    ("a raw NUL", b'{"currency":"a\x00"}', 400, "malformed_json", ""),
    ("a raw line end in text", b'{"currency":"a\n"}', 400, "malformed_json", ""),
    ("a single quote", b"{'currency':'CNY'}", 400, "malformed_json", ""),
    ("a trailing comma", b'{"currency":"CNY",}', 400, "malformed_json", ""),
    ("full-width digits", '{"currency":１}'.encode(), 400, "malformed_json", ""),
    ("a leading nought", order('{"sku":"a","quantity":01}'), 400, "malformed_json", ""),
    ("a hexadecimal number", order('{"sku":"a","quantity":0x1}'), 400, "malformed_json", ""),
    ("20,000 open brackets", b"[" * 20_000, 422, "too_deep", ""),
    ("17 levels", b"[" * 17 + b"]" * 17, 422, "too_deep", ""),
    ("2,001 keys", json.dumps({f"k{n}": 1 for n in range(2_001)}).encode(), 422, "too_many_keys", ""),
    ("a duplicate key", b'{"currency":"CNY","currency":"USD","lines":[]}', 422, "duplicate_key", "/currency"),
    ("a duplicate by escape", b'{"currency":"CNY","c\\u0075rrency":"USD"}', 422, "duplicate_key", "/currency"),
    ("a duplicate deep down", order('{"sku":"a","quantity":1,"sku":"b"}'), 422, "duplicate_key", "/lines/0/sku"),
    ("a duplicate after NFC", '{"\u00e9":1,"e\u0301":2}'.encode(), 422, "duplicate_key", ""),
    ("NaN", order('{"sku":"a","quantity":NaN}'), 422, "not_a_number", "/lines/0/quantity"),
    ("Infinity", order('{"sku":"a","quantity":-Infinity}'), 422, "not_a_number", "/lines/0/quantity"),
    ("1.0", order('{"sku":"a","quantity":1.0}'), 422, "float_refused", "/lines/0/quantity"),
    ("1e3", order('{"sku":"a","quantity":1e3}'), 422, "float_refused", "/lines/0/quantity"),
    (
        "2 to the 63",
        order('{"sku":"a","quantity":9223372036854775808}'),
        422,
        "integer_out_of_range",
        "/lines/0/quantity",
    ),
    (
        "5,000 digits",
        order('{"sku":"a","quantity":' + "9" * 5_000 + "}"),
        422,
        "integer_out_of_range",
        "/lines/0/quantity",
    ),
    ("an escaped NUL", order('{"sku":"a\\u0000","quantity":1}'), 422, "control_character", "/lines/0/sku"),
    ("an escaped line end", order('{"sku":"a\\n","quantity":1}'), 422, "control_character", "/lines/0/sku"),
    ("DEL", order('{"sku":"a\x7f","quantity":1}'), 422, "control_character", "/lines/0/sku"),
    ("a C1 control", order('{"sku":"a\x85","quantity":1}'), 422, "control_character", "/lines/0/sku"),
    ("a control character in a key", b'{"a\\u0007":1}', 422, "control_character", ""),
    ("a lone surrogate", order('{"sku":"\\ud800","quantity":1}'), 422, "lone_surrogate", "/lines/0/sku"),
    (
        "surrogates the wrong way round",
        order('{"sku":"\\udc00\\ud800","quantity":1}'),
        422,
        "lone_surrogate",
        "/lines/0/sku",
    ),
    ("true for an integer", order('{"sku":"a","quantity":true}'), 422, "wrong_type", "/lines/0/quantity"),
    ("text for an integer", order('{"sku":"a","quantity":"1"}'), 422, "wrong_type", "/lines/0/quantity"),
    ("null for an integer", order('{"sku":"a","quantity":null}'), 422, "wrong_type", "/lines/0/quantity"),
    ("a number for text", order('{"sku":1,"quantity":1}'), 422, "wrong_type", "/lines/0/sku"),
    ("0 where 1 is the least", order('{"sku":"a","quantity":0}'), 422, "invalid_value", "/lines/0/quantity"),
    ("an unknown field", order('{"sku":"a","quantity":1,"prize":1}'), 422, "unknown_field", "/lines/0/prize"),
    ("a missing field", order('{"sku":"a"}'), 422, "missing_field", "/lines/0/quantity"),
    ("an array for the whole", b"[]", 422, "wrong_type", ""),
    ("nothing at all", b"", 422, "missing_field", "/currency"),
]


@pytest.mark.parametrize(
    ("body", "status", "code", "pointer"), [row[1:] for row in HOSTILE], ids=[r[0] for r in HOSTILE]
)
def test_a_hostile_body_gets_a_4xx_with_its_pointer(body, status, code, pointer):
    with pytest.raises(DomainError) as raised:
        json_parser.decode(body, Order)

    assert (raised.value.status, raised.value.reason, raised.value.at) == (status, code, pointer)


def test_a_body_over_256_kb_is_413_before_it_is_read():
    with pytest.raises(DomainError) as raised:
        json_parser.loads(b" " * (256 * 1024 + 1))

    assert (raised.value.status, raised.value.figures) == (413, {"limit": 262_144, "actual": 262_145})


def test_the_limits_themselves_are_inside():
    assert json_parser.loads(b"[" * 16 + b"]" * 16)
    assert len(json_parser.loads(json.dumps({f"k{n}": 1 for n in range(2_000)}).encode())) == 2_000
    assert json_parser.loads(b"[9223372036854775807,-9223372036854775808]") == [2**63 - 1, -(2**63)]


def test_text_arrives_in_normal_form_c_however_it_was_written():
    for body in ('{"a":"e\u0301"}'.encode(), b'{"a":"e\\u0301"}', '{"a":"\u00e9"}'.encode()):
        assert json_parser.loads(body) == {"a": "\u00e9"}


def test_an_escaped_emoji_pair_is_one_character():
    assert json_parser.loads(b'{"a":"\\ud83d\\ude00"}') == {"a": "\U0001f600"}


def test_a_backslash_before_the_letter_n_is_not_a_line_end():
    assert json_parser.loads(rb'{"path":"C:\\new"}') == {"path": r"C:\new"}


_texts = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=12)
_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | _texts,
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(_texts, inside, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(_texts, _values, max_size=5), st.booleans())
def test_what_python_writes_reads_back_alike_by_either_road(document, ascii_only):
    body = json.dumps(document, ensure_ascii=ascii_only).encode()
    try:
        read = json_parser.loads(body)
    except DomainError as refused:
        assert refused.reason in {"too_deep", "duplicate_key"}  # noqa: PT017
        return

    assert read == json_parser.loads(json.dumps(read).encode())


@given(st.binary(max_size=200))
def test_no_bytes_whatever_raise_anything_but_a_declared_error(body):
    try:
        json_parser.decode(body, Order)
    except DomainError as refused:
        assert 400 <= refused.status < 500  # noqa: PT017


def test_one_kilobyte_reads_in_well_under_a_millisecond():
    body = order(",".join(f'{{"sku":"SKU-{n:04}","quantity":{n + 1}}}' for n in range(30)))
    assert len(body) > 1_000
    started = time.perf_counter()

    for _ in range(200):
        json_parser.decode(body, Order)

    assert (time.perf_counter() - started) / 200 < 0.000_5  # 30 us on a quiet core; a loaded one is allowed 500
