"""Rates in parts per million, and percentages as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import DomainError
from domain.money import Rounding
from domain.rates import PPM, InvalidPercent, apply, format_percent, parse_percent


@pytest.mark.parametrize(
    ("rate_ppm", "to", "rounding", "answer"),
    [
        (75_000, 111_111, Rounding.HALF_EVEN, 8_333),  # 8,333.325: Huabei's fee on 1,111.11
        (75_000, 499_900, Rounding.HALF_EVEN, 37_492),  # 37,492.5 is a tie: to the even fen
        (75_000, 499_900, Rounding.HALF_UP, 37_493),
        (150_000, 333_334, Rounding.HALF_UP, 50_000),
        (PPM, 12_345, Rounding.DOWN, 12_345),
        (0, 12_345, Rounding.UP, 0),
        (1, 1, Rounding.UP, 1),
        (75_000, -111_111, Rounding.HALF_EVEN, -8_333),
    ],
)
def test_a_rate_is_applied_exactly_and_rounded_as_named(rate_ppm, to, rounding, answer):
    assert apply(rate_ppm=rate_ppm, to=to, rounding=rounding) == answer


@pytest.mark.parametrize(
    ("text", "ppm"),
    [("13.57", 135_700), ("100", PPM), ("0", 0), ("0.0001", 1), ("7.5", 75_000), ("-1.25", -12_500), ("24", 240_000)],
)
def test_a_percentage_is_read_and_written_back_in_its_shortest_form(text, ppm):
    assert parse_percent(text) == ppm
    assert format_percent(ppm) == text


@pytest.mark.parametrize("text", ["7.50000", "1e2", "+1", " 1", "1 ", "1%", "٣", "07", ".5", "5.", "", "nan", "1\n"])
def test_text_that_is_not_a_plain_percentage_is_refused_with_what_was_sent(text):
    with pytest.raises(InvalidPercent) as refusal:
        parse_percent(text)

    assert isinstance(refusal.value, DomainError)
    assert refusal.value.figures == {"text": text}


def test_trailing_zeros_are_read():
    assert parse_percent("7.50") == 75_000


@given(st.integers(min_value=-(10**12), max_value=10**12))
def test_every_rate_reads_back_what_it_writes(ppm):
    assert parse_percent(format_percent(ppm)) == ppm
