"""Annual cost: the table of flat fees, exact decimals, and the cases that have no rate."""

from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.annual_cost import NO_COST, annual_cost
from domain.priced import AnnualCost

# A principal so large that the fen rounding of its rows cannot be seen in two decimals.
LARGE = 1_200_000_000_00


def level(*, fee_ppm, term, advance_minor=LARGE):
    total = advance_minor + advance_minor * fee_ppm // 1_000_000
    regular = total // term
    return [total - regular * (term - 1)] + [regular] * (term - 1)


@pytest.mark.parametrize(
    ("term", "fee_ppm", "simple", "compound"),
    [
        (3, 18_000, "10.77", "11.32"),
        (3, 23_000, "13.75", "14.65"),
        (6, 45_000, "15.27", "16.38"),
        (12, 60_000, "10.90", "11.46"),
        (12, 72_000, "13.03", "13.84"),
        (12, 75_000, "13.57", "14.44"),
        (24, 150_000, "13.80", "14.70"),
        (12, 120_000, "21.46", "23.70"),
        (12, 134_500, "23.96", "26.78"),
        (12, 135_000, "24.05", "26.89"),
    ],
)
def test_a_flat_fee_is_nearly_twice_its_figure_a_year(term, fee_ppm, simple, compound):
    cost = annual_cost(advance_minor=LARGE, payments=level(fee_ppm=fee_ppm, term=term))

    assert cost == AnnualCost(simple, compound)


@pytest.mark.parametrize(
    ("term", "at_24_percent", "at_20_percent"),
    [(3, 40_260, 33_520), (6, 71_150, 59_140), (12, 134_720, 111_610), (24, 268_910, 221_500)],
)
def test_the_flat_fees_that_equal_a_simple_24_and_20_percent(term, at_24_percent, at_20_percent):
    for fee_ppm, percent in ((at_24_percent, Decimal(24)), (at_20_percent, Decimal(20))):
        below = annual_cost(advance_minor=LARGE, payments=level(fee_ppm=fee_ppm - 10, term=term))
        above = annual_cost(advance_minor=LARGE, payments=level(fee_ppm=fee_ppm + 10, term=term))

        assert Decimal(below.simple) <= percent <= Decimal(above.simple)


@pytest.mark.parametrize(
    ("term", "fee_ppm", "published"), [(3, 23_000, "13.7"), (6, 45_000, "15.3"), (12, 75_000, "13.6")]
)
def test_huabeis_published_figures_are_ours_to_a_tenth(term, fee_ppm, published):
    cost = annual_cost(advance_minor=LARGE, payments=level(fee_ppm=fee_ppm, term=term))

    assert abs(Decimal(cost.simple) - Decimal(published)) <= Decimal("0.05")


def test_huabei_4_999_00_over_12_with_its_odd_fen_first_costs_13_57():
    assert annual_cost(advance_minor=499_900, payments=[44_790] + [44_782] * 11) == AnnualCost("13.57", "14.44")


def test_payments_that_add_up_to_the_advance_cost_nothing():
    assert annual_cost(advance_minor=499_900, payments=[41_662] + [41_658] * 11) == NO_COST


@pytest.mark.parametrize(
    ("payments", "simple", "compound"),
    [
        ([101_000], "12.00", "12.68"),  # 1 % a month
        ([0, 0, 103_030], "12.00", "12.68"),  # 3.0301 % after three months
        ([99_000], "-12.00", "-11.36"),
        ([100_001], "0.01", "0.01"),  # 0.012 %
        ([200_000], "1200.00", "409500.00"),
    ],
)
def test_one_payment_on_1_000_00_is_solved_by_hand(payments, simple, compound):
    assert annual_cost(advance_minor=100_000, payments=payments) == AnnualCost(simple, compound)


@pytest.mark.parametrize(
    ("advance_minor", "paid", "simple"),
    [
        (240_000, 240_001, "0.01"),  # exactly 0.005 %: halves up
        (240_000, 239_999, "-0.01"),
        (80_000, 80_001, "0.02"),  # exactly 0.015 %
        (10**12, 10**12 + 1, "0.00"),
        (10**12, 10**12 - 1, "0.00"),  # never -0.00
    ],
)
def test_ties_are_decided_exactly_and_nothing_is_never_negative(advance_minor, paid, simple):
    assert annual_cost(advance_minor=advance_minor, payments=[paid]).simple == simple


@pytest.mark.parametrize(
    ("advance_minor", "payments"),
    [
        (0, [100]),
        (-1, [100]),
        (100, []),
        (100, [0, 0]),
        (100, [200, -50]),
        (100, [150, -50]),
        (10**12, [1] + [0] * 599),
    ],
)
def test_what_has_no_rate_or_more_than_one_is_none_and_never_a_crash(advance_minor, payments):
    assert annual_cost(advance_minor=advance_minor, payments=payments) is None


def test_a_rate_beyond_all_reason_is_still_exact():
    cost = annual_cost(advance_minor=1, payments=[10**12] * 600)

    assert cost.simple == "1200000000000000.00"  # the advance of one fen grows 10^12 times a month


def test_a_small_plan_is_solved_on_its_own_rows_and_not_on_its_nominal_fee():
    nominal = annual_cost(advance_minor=LARGE, payments=level(fee_ppm=45_000, term=6))
    on_rows = annual_cost(advance_minor=99, payments=[18] + [17] * 5)

    assert nominal.simple == "15.27"
    assert on_rows.simple == "13.82"  # a fee of 4 fen on 99 is 4.04 %


def residue(*, simple, advance_minor, payments):
    """Present value at a simple annual percentage less the advance, in long decimals: zero at the true rate."""
    with localcontext() as context:
        context.prec = 60
        growth = 1 + Decimal(simple) / 1_200
        value = sum(Decimal(payment) / growth**month for month, payment in enumerate(payments, start=1))
        return value - advance_minor


@given(
    advance_minor=st.integers(10_000, 10**10),
    term=st.integers(1, 36),
    fee_ppm=st.integers(-50_000, 1_000_000),
    uneven=st.lists(st.integers(0, 5_000), max_size=36),
)
def test_the_rate_shown_is_the_true_one_to_half_a_hundredth_on_any_rows(advance_minor, term, fee_ppm, uneven):
    payments = level(fee_ppm=fee_ppm, term=term, advance_minor=advance_minor)
    payments = [max(0, payment + change) for payment, change in zip(payments, uneven + [0] * term, strict=False)]

    cost = annual_cost(advance_minor=advance_minor, payments=payments)

    # The present value falls as the rate grows: the root lies between the two edges of what was rounded.
    shown, half = Decimal(cost.simple), Decimal("0.005")
    assert residue(simple=shown - half, advance_minor=advance_minor, payments=payments) >= 0
    assert residue(simple=shown + half, advance_minor=advance_minor, payments=payments) <= 0
