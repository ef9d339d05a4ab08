"""Money: roundings, the allocator, splits, and decimals at the edge."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.money import (
    CURRENCY_EXPONENTS,
    InvalidAmount,
    InvalidParts,
    InvalidWeights,
    Money,
    Remainder,
    Rounding,
    UnknownCurrency,
    allocate,
    allocate_with_remainder,
    divide,
    exponent,
    format_decimal,
    parse_decimal,
    split,
)

AMOUNTS = st.integers(min_value=-(10**12), max_value=10**12)
WEIGHTS = st.lists(st.integers(min_value=0, max_value=10**9), min_size=1, max_size=40).filter(any)


@pytest.mark.parametrize(
    ("numerator", "denominator", "half_even", "half_up", "down", "up"),
    [
        (5, 2, 2, 3, 2, 3),
        (7, 2, 4, 4, 3, 4),
        (-5, 2, -2, -3, -2, -3),
        (10, 3, 3, 3, 3, 4),
        (11, 3, 4, 4, 3, 4),
        (-1, 3, 0, 0, 0, -1),
        (9, 3, 3, 3, 3, 3),
        (0, 7, 0, 0, 0, 0),
        (10**30 + 1, 2, 5 * 10**29, 5 * 10**29 + 1, 5 * 10**29, 5 * 10**29 + 1),
    ],
)
def test_each_rounding_puts_the_fraction_where_its_name_says(numerator, denominator, half_even, half_up, down, up):
    answers = [divide(numerator=numerator, denominator=denominator, rounding=rounding) for rounding in Rounding]

    assert answers == [half_even, half_up, down, up]


@given(numerator=AMOUNTS, denominator=st.integers(min_value=1, max_value=10**9), rounding=st.sampled_from(Rounding))
def test_a_rounded_quotient_is_less_than_one_unit_from_the_exact_one(numerator, denominator, rounding):
    answer = divide(numerator=numerator, denominator=denominator, rounding=rounding)

    off = abs(Fraction(numerator, denominator) - answer)
    assert off < 1
    if rounding in (Rounding.HALF_EVEN, Rounding.HALF_UP):
        assert off <= Fraction(1, 2)


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (101, [1, 1, 1], [34, 34, 33]),
        (-100, [1, 1, 1], [-34, -33, -33]),
        (37_492, [600_000, 400_000], [22_495, 14_997]),
        (10, [0, 1, 1], [0, 5, 5]),
        (1, [1, 1, 2], [0, 0, 1]),
        (7, [5], [7]),
        (0, [0, 0], [0, 0]),
        (5, [1, 0, 10**18], [0, 0, 5]),
    ],
)
def test_allocation_gives_the_odd_units_to_the_largest_remainders_and_ties_to_the_earlier_part(total, weights, parts):
    assert allocate(total=total, weights=weights) == parts


@given(total=AMOUNTS, weights=WEIGHTS)
def test_allocated_parts_re_add_and_lie_within_one_unit_of_their_exact_share(total, weights):
    parts = allocate(total=total, weights=weights)

    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(Fraction(total * weight, sum(weights)) - part) < 1


@given(total=AMOUNTS, weights=WEIGHTS)
def test_a_refund_mirrors_its_charge_part_by_part(total, weights):
    charged = allocate(total=total, weights=weights)

    assert allocate(total=-total, weights=weights) == [-part for part in charged]


@pytest.mark.parametrize("weights", [[], [0, 0], [3, -1]])
def test_weights_that_cannot_share_one_fen_are_refused(weights):
    with pytest.raises(InvalidWeights) as refusal:
        allocate(total=1, weights=weights)

    assert refusal.value.code == "invalid_weights"
    assert refusal.value.figures["total"] == 1


@pytest.mark.parametrize(
    ("policy", "parts"),
    [("largest_remainder", [34, 34, 33]), ("first", [35, 33, 33]), ("last", [33, 33, 35])],
)
def test_the_policy_names_who_takes_the_remainder_of_101_in_three(policy, parts):
    assert allocate_with_remainder(total=101, weights=[1, 1, 1], policy=policy) == parts
    assert allocate_with_remainder(total=-101, weights=[1, 1, 1], policy=policy) == [-part for part in parts]


@given(total=AMOUNTS, weights=WEIGHTS, policy=st.sampled_from(["largest_remainder", "first", "last"]))
def test_every_policy_re_adds(total, weights, policy):
    assert sum(allocate_with_remainder(total=total, weights=weights, policy=policy)) == total


def test_all_zero_weights_are_refused_by_every_policy_unless_the_total_is_zero():
    for policy in ("first", "last"):
        with pytest.raises(InvalidWeights):
            allocate_with_remainder(total=1, weights=[0], policy=policy)
        assert allocate_with_remainder(total=0, weights=[0, 0], policy=policy) == [0, 0]


@pytest.mark.parametrize(
    ("remainder", "parts"),
    [(Remainder.FIRST, [35, 33, 33]), (Remainder.LAST, [33, 33, 35]), (Remainder.LARGEST, [34, 34, 33])],
)
def test_the_odd_fen_of_101_split_in_three_goes_to_its_owner(remainder, parts):
    assert split(total=101, parts=3, remainder=remainder) == parts
    assert split(total=-101, parts=3, remainder=remainder) == [-part for part in parts]


@given(total=AMOUNTS, parts=st.integers(min_value=1, max_value=600), remainder=st.sampled_from(Remainder))
def test_a_split_re_adds_and_all_rows_but_the_odd_one_are_equal(total, parts, remainder):
    shares = split(total=total, parts=parts, remainder=remainder)

    assert sum(shares) == total
    assert len(shares) == parts
    if remainder is Remainder.LARGEST:
        assert max(shares) - min(shares) <= 1
    else:
        regular = shares[1:] if remainder is Remainder.FIRST else shares[:-1]
        assert len(set(regular)) <= 1


def test_a_split_in_no_parts_is_refused():
    with pytest.raises(InvalidParts):
        split(total=100, parts=0, remainder=Remainder.FIRST)


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (41_662, "CNY", "416.62"),
        (5, "CNY", "0.05"),
        (-5, "CNY", "-0.05"),
        (500, "JPY", "500"),
        (-500, "JPY", "-500"),
        (1, "KWD", "0.001"),
        (12_345, "KWD", "12.345"),
        (0, "CNY", "0.00"),
    ],
)
def test_minor_units_of_0_2_and_3_decimals_are_written_and_read_back(minor, currency, text):
    assert format_decimal(minor=minor, currency=currency) == text
    assert parse_decimal(text=text, currency=currency) == minor


def test_fewer_decimals_than_the_currency_has_are_read():
    assert parse_decimal(text="416.6", currency="CNY") == 41_660
    assert parse_decimal(text="416", currency="KWD") == 416_000


@pytest.mark.parametrize(
    "text",
    ["416.625", "1e3", "+5", " 5", "5 ", "05", "５", "", ".5", "5.", "1,000", "NaN", "--5", "5\n", "1" * 19, "٣", "-"],
)
def test_text_that_is_not_a_plain_amount_of_yuan_is_refused(text):
    with pytest.raises(InvalidAmount):
        parse_decimal(text=text, currency="CNY")


def test_yen_have_no_decimals():
    with pytest.raises(InvalidAmount):
        parse_decimal(text="5.0", currency="JPY")


@pytest.mark.parametrize("currency", ["cny", "ZZZ", "CN", "", "XAU", "CNY "])
def test_what_nobody_pays_in_is_no_currency(currency):
    with pytest.raises(UnknownCurrency):
        exponent(currency)


@given(minor=AMOUNTS, currency=st.sampled_from(sorted(CURRENCY_EXPONENTS)))
def test_every_currency_reads_back_what_it_writes(minor, currency):
    assert parse_decimal(text=format_decimal(minor=minor, currency=currency), currency=currency) == minor


def test_money_shows_its_currency_first():
    assert str(Money(41_662, "CNY")) == "CNY 416.62"
