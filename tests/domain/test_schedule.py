"""Schedules: each lender's worked cases, and what must hold for all of them."""

from datetime import date
from fractions import Fraction
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.money import Remainder
from domain.rounding_profiles import PROFILES, UnknownRoundingProfile, profile_named
from domain.schedule import InvalidBuyerFee, InvalidLoan, Method, build_schedule, buyer_schedule

START = date(2026, 11, 21)
METHODS = get_args(Method)
LOANS = {
    "principal_minor": st.one_of(st.integers(1, 200), st.integers(1, 10**12)),
    "term": st.one_of(st.integers(1, 36), st.sampled_from([60, 360])),
    "rate_ppm": st.one_of(st.just(0), st.integers(0, 400_000)),
    "method": st.sampled_from(METHODS),
    "preset": st.sampled_from(sorted(PROFILES)),
}


def built(*, principal_minor, term, rate_ppm=75_000, method="flat_fee", preset="huabei", first_due_on=None):
    return build_schedule(
        principal_minor=principal_minor,
        term=term,
        method=method,
        rate_ppm=rate_ppm,
        profile=PROFILES[preset],
        start_on=START,
        first_due_on=first_due_on,
    )


def amounts(rows):
    return [row.amount_minor for row in rows]


def totals(rows):
    columns = [(row.principal_minor, row.fee_minor, row.amount_minor) for row in rows]
    return tuple(map(sum, zip(*columns, strict=True)))


def test_huabei_1_111_11_over_12_has_a_fee_of_83_33_a_first_payment_of_99_61_and_then_99_53():
    schedule = built(principal_minor=111_111, term=12)

    assert schedule.fee_total_minor == 8_333
    assert amounts(schedule.rows) == [9_961] + [9_953] * 11
    assert (schedule.rows[1].principal_minor, schedule.rows[1].fee_minor) == (9_259, 694)


def test_huabei_4_999_00_over_12_free_of_interest_is_416_62_and_then_416_58():
    schedule = built(principal_minor=499_900, term=12)

    rows = buyer_schedule(schedule=schedule, buyer_fee_minor=0)

    assert schedule.fee_total_minor == 37_492  # 374.925 half-even
    assert amounts(rows) == [41_662] + [41_658] * 11
    assert {row.fee_minor for row in rows} == {0}


def test_huabei_with_40_percent_of_the_fee_left_to_the_buyer_keeps_both_leftovers_in_the_first_period():
    schedule = built(principal_minor=499_900, term=12)

    rows = buyer_schedule(schedule=schedule, buyer_fee_minor=14_997)

    assert amounts(rows) == [41_662 + 1_258] + [41_658 + 1_249] * 11
    assert totals(rows) == (499_900, 14_997, 514_897)


YEAR_AT_12_PERCENT = {"principal_minor": 10_000_000, "term": 12, "rate_ppm": 120_000, "method": "annuity"}
THIRDS = {"principal_minor": 100_000, "term": 3}


@pytest.mark.parametrize(
    ("loan", "fee_total", "expected"),
    [
        # A card: 1,000.00 over 3 leaves its fen to the last period.
        (THIRDS | {"preset": "card", "rate_ppm": 0}, 0, [33_333, 33_333, 33_334]),
        (THIRDS | {"preset": "card", "rate_ppm": 18_000}, 1_800, [33_933, 33_933, 33_934]),
        # Mercado Pago: 1,000.00 at 13.92 % over 3 is 1,139.20, or 379.73 a month.
        (THIRDS | {"preset": "total_and_installment_down", "rate_ppm": 139_200}, 13_920, [37_973, 37_973, 37_974]),
        (THIRDS | {"preset": "whole_units", "rate_ppm": 0}, 0, [33_300, 33_300, 33_400]),
        # 100,000 at 12 % a year over 12 months: exactly 8,884.87887 a month, last rows recomputed in fractions.
        (YEAR_AT_12_PERCENT | {"preset": "emi_half_up"}, 661_853, [888_488] * 11 + [888_485]),
        (YEAR_AT_12_PERCENT | {"preset": "emi_down"}, 661_854, [888_487] * 11 + [888_497]),
        (YEAR_AT_12_PERCENT | {"preset": "total_and_installment_down"}, 661_854, [888_487] * 11 + [888_497]),
        (YEAR_AT_12_PERCENT | {"preset": "whole_units"}, 661_846, [888_500] * 11 + [888_346]),
        (YEAR_AT_12_PERCENT | {"preset": "huabei"}, 661_854, [888_497] + [888_487] * 11),
        # A year's 12 % on 1,200.00 in equal principal: 12.00, 11.00, 10.00, ... of interest.
        (
            {
                "principal_minor": 120_000,
                "term": 12,
                "rate_ppm": 120_000,
                "method": "equal_principal",
                "preset": "card",
            },
            7_800,
            [10_000 + 100 * left for left in range(12, 0, -1)],
        ),
    ],
)
def test_worked_cases_of_each_lender(loan, fee_total, expected):
    schedule = built(**loan)

    assert amounts(schedule.rows) == expected
    assert schedule.fee_total_minor == fee_total


def test_interest_rounded_up_is_never_less_than_rounded_half_up():
    up = built(principal_minor=99_999, term=12, rate_ppm=133_333, method="annuity", preset="interest_up")
    half_up = built(principal_minor=99_999, term=12, rate_ppm=133_333, method="annuity", preset="emi_half_up")

    assert up.fee_total_minor > half_up.fee_total_minor


def test_a_no_cost_plan_lends_the_present_value_and_the_buyer_pays_the_price():
    # Razorpay: 15,000 over 3 months at 15 %, the shop pays 367.33 (2.45 %).
    schedule = built(
        principal_minor=1_500_000, term=3, rate_ppm=150_000, method="interest_only_discount", preset="emi_half_up"
    )

    assert totals(schedule.rows) == (1_463_267, 36_733, 1_500_000)
    assert totals(buyer_schedule(schedule=schedule, buyer_fee_minor=0)) == (1_500_000, 0, 1_500_000)


def test_a_partly_waived_annuity_stays_level_and_its_fee_follows_the_declining_interest():
    schedule = built(principal_minor=1_000_000, term=6, rate_ppm=150_000, method="annuity", preset="emi_half_up")

    rows = buyer_schedule(schedule=schedule, buyer_fee_minor=20_000)

    assert amounts(rows) == [170_000] * 6
    fees = [row.fee_minor for row in rows]
    assert fees == sorted(fees, reverse=True)
    assert sum(fees) == 20_000


def test_the_whole_fee_on_the_buyer_is_the_lenders_own_schedule():
    schedule = built(principal_minor=499_900, term=12)

    assert buyer_schedule(schedule=schedule, buyer_fee_minor=schedule.fee_total_minor) == schedule.rows


def test_payments_fall_a_month_apart_from_one_month_after_the_start():
    rows = built(principal_minor=120_000, term=3).rows

    assert [row.due_on for row in rows] == [date(2026, 12, 21), date(2027, 1, 21), date(2027, 2, 21)]


@pytest.mark.parametrize(
    ("start_on", "first_due_on", "due"),
    [
        (date(2027, 1, 31), None, [date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30)]),
        (date(2027, 1, 15), date(2027, 1, 31), [date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31)]),
        (date(2027, 11, 30), None, [date(2027, 12, 30), date(2028, 1, 30), date(2028, 2, 29)]),
    ],
)
def test_a_month_end_keeps_its_day(start_on, first_due_on, due):
    schedule = build_schedule(
        principal_minor=300,
        term=3,
        method="flat_fee",
        rate_ppm=0,
        profile=PROFILES["card"],
        start_on=start_on,
        first_due_on=first_due_on,
    )

    assert [row.due_on for row in schedule.rows] == due


@pytest.mark.parametrize(("currency", "regular"), [("JPY", 34), ("CNY", 0), ("KWD", 0)])
def test_whole_units_are_whole_in_currencies_of_0_2_and_3_decimals(currency, regular):
    profile = profile_named("whole_units", currency=currency)

    schedule = build_schedule(
        principal_minor=101, term=3, method="flat_fee", rate_ppm=0, profile=profile, start_on=START
    )

    assert amounts(schedule.rows) == [regular, regular, 101 - 2 * regular]


def test_one_payment_owes_everything():
    row = built(principal_minor=100_000, term=1, rate_ppm=10_000).rows[0]

    assert (row.number, row.principal_minor, row.fee_minor, row.amount_minor) == (1, 100_000, 1_000, 101_000)


@pytest.mark.parametrize("method", METHODS)
def test_a_rate_of_zero_costs_nothing_by_any_method(method):
    schedule = built(principal_minor=100_000, term=12, rate_ppm=0, method=method, preset="card")

    assert schedule.fee_total_minor == 0
    assert amounts(schedule.rows) == [8_333] * 11 + [8_337]


@pytest.mark.parametrize(("principal_minor", "term", "rate_ppm"), [(0, 12, 1), (1, 0, 1), (1, 601, 1), (1, 12, -1)])
def test_a_loan_of_nothing_over_no_time_or_at_a_negative_rate_is_refused(principal_minor, term, rate_ppm):
    with pytest.raises(InvalidLoan):
        built(principal_minor=principal_minor, term=term, rate_ppm=rate_ppm)


@pytest.mark.parametrize("buyer_fee_minor", [-1, 37_493])
def test_a_buyer_never_pays_more_than_the_lenders_fee_of_374_92_nor_less_than_nothing(buyer_fee_minor):
    with pytest.raises(InvalidBuyerFee):
        buyer_schedule(schedule=built(principal_minor=499_900, term=12), buyer_fee_minor=buyer_fee_minor)


def test_a_rounding_profile_that_does_not_exist_is_refused():
    with pytest.raises(UnknownRoundingProfile):
        profile_named("bankers")


@given(**LOANS)
def test_every_lenders_columns_re_add_and_no_row_is_negative(principal_minor, term, rate_ppm, method, preset):
    schedule = built(principal_minor=principal_minor, term=term, rate_ppm=rate_ppm, method=method, preset=preset)

    principal, fee, amount = totals(schedule.rows)
    assert fee == schedule.fee_total_minor
    assert (amount if method == "interest_only_discount" else principal) == principal_minor
    for number, row in enumerate(schedule.rows, start=1):
        assert row.number == number
        assert row.amount_minor == row.principal_minor + row.fee_minor
        assert min(row.principal_minor, row.fee_minor) >= 0
    assert len(schedule.rows) == term


@given(**LOANS, left=st.fractions(0, 1))
def test_the_buyers_columns_re_add_to_financed_and_to_what_the_campaign_left(
    principal_minor, term, rate_ppm, method, preset, left
):
    schedule = built(principal_minor=principal_minor, term=term, rate_ppm=rate_ppm, method=method, preset=preset)
    buyer_fee = int(schedule.fee_total_minor * left)

    rows = buyer_schedule(schedule=schedule, buyer_fee_minor=buyer_fee)

    assert totals(rows) == (principal_minor, buyer_fee, principal_minor + buyer_fee)
    assert min(min(row.principal_minor, row.fee_minor) for row in rows) >= 0
    assert [row.due_on for row in rows] == [row.due_on for row in schedule.rows]


@given(principal_minor=LOANS["principal_minor"], term=LOANS["term"], rate_ppm=LOANS["rate_ppm"], preset=LOANS["preset"])
def test_a_flat_fee_plan_pays_the_same_every_month_but_in_the_one_row_that_owns_the_remainder(
    principal_minor, term, rate_ppm, preset
):
    rows = built(principal_minor=principal_minor, term=term, rate_ppm=rate_ppm, preset=preset).rows

    regular = rows[1:] if PROFILES[preset].remainder is Remainder.FIRST else rows[:-1]
    assert len(set(amounts(regular))) <= 1


@given(principal_minor=st.integers(10**4, 10**10), term=st.integers(2, 36), rate_ppm=st.integers(1_000, 400_000))
def test_an_annuity_payment_is_the_formula_to_half_a_fen(principal_minor, term, rate_ppm):
    rows = built(
        principal_minor=principal_minor, term=term, rate_ppm=rate_ppm, method="annuity", preset="emi_half_up"
    ).rows

    month = Fraction(rate_ppm, 12_000_000)
    exact = principal_minor * month / (1 - (1 + month) ** -term)
    assert abs(rows[0].amount_minor - exact) <= Fraction(1, 2)
    assert abs(rows[-1].amount_minor - exact) <= term


@given(principal_minor=st.integers(10**4, 10**10), term=st.integers(2, 36), rate_ppm=st.integers(1_000, 400_000))
def test_a_total_by_formula_is_the_term_times_the_exact_payment_truncated(principal_minor, term, rate_ppm):
    schedule = built(
        principal_minor=principal_minor,
        term=term,
        rate_ppm=rate_ppm,
        method="annuity",
        preset="total_and_installment_down",
    )

    month = Fraction(rate_ppm, 12_000_000)
    exact = term * principal_minor * month / (1 - (1 + month) ** -term)
    assert sum(amounts(schedule.rows)) == int(exact)
