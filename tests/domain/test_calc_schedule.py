"""The schedule calculator's terms one by one."""

from datetime import date
from decimal import Decimal

import pytest

from domain.calculators.exact import InvalidRate
from domain.calculators.schedule_terms import InvalidSchedule, RateStep, RowFee
from domain.calendars import DateOutOfRange, InvalidPeriod
from domain.money import Remainder, Rounding
from domain.priced import AnnualCost
from domain.rounding_profiles import RoundingProfile
from domain.schedule import InvalidLoan
from tests.domain.schedules_laid_out import column, laid_out


def test_huabei_4_999_00_over_12_is_447_90_then_447_82_and_free_of_interest_416_62_then_416_58():
    terms = {"principal_minor": 499_900, "method": "flat_fee", "rate_kind": "total_fee", "rate_percent": "7.5"}
    whole = laid_out(rounding="huabei", **terms)
    free = laid_out(rounding="huabei", waived_share_ppm=1_000_000, **terms)

    assert (whole.first_installment_minor, whole.installment_minor, whole.last_installment_minor) == (
        44790,
        44782,
        44782,
    )
    assert whole.annual_cost == AnnualCost("13.57", "14.44")
    assert (free.first_installment_minor, free.installment_minor) == (41_662, 41_658)
    assert (free.waived_fee_minor, free.totals.fee_minor) == (37_492, 0)
    assert free.annual_cost == AnnualCost("0.00", "0.00")


@pytest.mark.parametrize(
    ("rate_kind", "rate_percent", "fee"),
    [("total_fee", "7.2", 36_000), ("per_period", "0.6", 36_000), ("annual", "7.2", 36_000)],
)
def test_a_flat_fee_is_the_same_stated_in_all_a_year_or_a_period(rate_kind, rate_percent, fee):
    answer = laid_out(principal_minor=500_000, method="flat_fee", rate_kind=rate_kind, rate_percent=rate_percent)

    assert answer.totals.fee_minor == fee


def test_a_flat_fee_of_6_percent_a_year_over_24_months_is_12_percent():
    answer = laid_out(principal_minor=500_000, term=24, method="flat_fee", rate_kind="annual", rate_percent="6")

    assert answer.totals.fee_minor == 60_000


@pytest.mark.parametrize("method", ["annuity", "equal_principal"])
def test_a_whole_fee_of_7_5_percent_is_met_by_declining_methods_too(method):
    answer = laid_out(principal_minor=1_000_000, method=method, rate_kind="total_fee", rate_percent="7.5")

    fees = column(answer, "fee")
    assert sum(fees) == 75_000
    assert fees == sorted(fees, reverse=True)


def test_60_percent_of_a_fee_waived_leaves_40_percent_to_the_buyer():
    answer = laid_out(
        principal_minor=499_900,
        method="flat_fee",
        rate_kind="total_fee",
        rate_percent="7.5",
        rounding="huabei",
        waived_share_ppm=600_000,
    )

    assert (answer.waived_fee_minor, answer.totals.fee_minor) == (22_495, 14_997)
    assert answer.first_installment_minor == 41_662 + 1_258


@pytest.mark.parametrize(("borne_by", "in_rows", "by_funder"), [("buyer", 6_749, 0), ("funder", 0, 6_749)])
def test_18_percent_tax_on_374_92_of_interest_is_67_49_for_whoever_bears_it(borne_by, in_rows, by_funder):
    answer = laid_out(
        principal_minor=499_900,
        method="flat_fee",
        rate_kind="total_fee",
        rate_percent="7.5",
        rounding="huabei",
        waived_share_ppm=1_000_000,
        tax_percent="18",
        tax_borne_by=borne_by,
    )

    assert (answer.totals.tax_minor, answer.funder_tax_minor) == (in_rows, by_funder)
    assert answer.totals.amount_minor == 499_900 + in_rows


def test_in_the_grace_only_interest_is_paid_and_the_rest_is_level():
    answer = laid_out(grace_principal=3)

    assert column(answer, "principal")[:3] == [0, 0, 0]
    assert column(answer, "amount")[:3] == [12_000] * 3
    assert set(column(answer, "amount")[3:-1]) == {answer.installment_minor} == {140_088}
    assert answer.annual_cost.simple == "12.00"


@pytest.mark.parametrize("method", ["flat_fee", "equal_principal"])
def test_in_the_grace_no_principal_is_paid_by_any_method(method):
    answer = laid_out(method=method, grace_principal=4, rounding="card")

    assert column(answer, "principal") == [0] * 4 + [150_000] * 8
    assert all(fee > 0 for fee in column(answer, "fee"))


def test_a_rate_step_from_12_to_18_percent_sets_a_new_level_payment():
    answer = laid_out(rate_steps=(RateStep(7, Decimal(18)),))

    first = laid_out()
    owed = 1_200_000 - sum(column(first, "principal")[:6])
    then = laid_out(principal_minor=owed, term=6, rate_percent="18")
    assert column(answer, "amount")[:6] == column(first, "amount")[:6]
    assert column(answer, "amount")[6:] == column(then, "amount")


def test_a_flat_fee_steps_with_its_rate():
    answer = laid_out(
        principal_minor=100_000,
        method="flat_fee",
        rate_kind="per_period",
        rate_percent="0.5",
        rate_steps=(RateStep(7, Decimal("0.25")),),
    )

    assert answer.totals.fee_minor == 6 * 500 + 6 * 250


def test_a_fee_of_99_00_with_the_first_payment_is_in_its_row_and_in_the_annual_cost():
    plain, charged = laid_out(), laid_out(fees=(RowFee(1, 9_900),))

    assert charged.first_installment_minor == plain.first_installment_minor + 9_900
    assert charged.installment_minor == plain.installment_minor
    assert charged.totals.fee_minor == plain.totals.fee_minor + 9_900
    assert Decimal(charged.annual_cost.simple) > Decimal(plain.annual_cost.simple)


def test_payments_in_advance_begin_on_the_first_day_without_interest():
    answer = laid_out(payment_at="start")

    assert [row.due_on for row in answer.rows[:2]] == [date(2026, 11, 21), date(2026, 12, 21)]
    assert answer.rows[0].fee_minor == 0
    assert answer.annual_cost.simple == "12.00"


@pytest.mark.parametrize(
    ("period", "second", "interest"),
    [
        (("month", 3), date(2027, 5, 21), 36_000),
        (("week", 2), date(2026, 12, 19), 5_538),
        (("day", 30), date(2027, 1, 20), 11_836),
    ],
)
def test_periods_of_three_months_two_weeks_and_thirty_days(period, second, interest):
    answer = laid_out(term=6, period=period)

    assert answer.rows[1].due_on == second
    assert answer.rows[0].fee_minor == interest


@pytest.mark.parametrize(
    ("day_count", "interest"),
    [
        ("equal_periods", 12_000),
        ("30/360", 19_600),
        ("actual/360", 20_000),
        ("actual/365", 19_726),
        ("actual/actual", 19_726),
    ],
)
def test_the_first_interest_of_50_days_by_each_day_count(day_count, interest):
    answer = laid_out(first_due_on=date(2027, 1, 10), day_count=day_count)

    assert answer.rows[0].fee_minor == interest
    assert [row.due_on for row in answer.rows[:3]] == [date(2027, 1, 10), date(2027, 2, 10), date(2027, 3, 10)]


def test_a_month_end_keeps_its_day():
    answer = laid_out(term=3, start_on=date(2027, 1, 31))

    assert [row.due_on.day for row in answer.rows] == [28, 31, 30]


@pytest.mark.parametrize(
    ("rounding", "amounts"),
    [
        ({"remainder": Remainder.FIRST}, [35_002, 35_000, 35_000]),
        # 333.00 of principal and 16.00 of fee a row.
        ({"remainder": Remainder.LAST, "step": 100}, [34_900, 34_900, 35_202]),
        ({"split": "sum", "step": 100}, [35_000, 35_000, 35_002]),
    ],
)
def test_an_explicit_rounding_says_where_the_odd_fen_go(rounding, amounts):
    terms = {"installment": Rounding.DOWN, "fee": Rounding.UP, "interest": Rounding.UP} | rounding
    answer = laid_out(
        principal_minor=100_001,
        term=3,
        method="flat_fee",
        rate_kind="total_fee",
        rate_percent="5",
        rounding=RoundingProfile(**terms),
    )

    assert column(answer, "amount") == amounts


def test_two_totals_of_100_000_00_at_12_percent_rows_added_up_or_twelve_exact_payments():
    terms = {"installment": Rounding.DOWN, "fee": Rounding.DOWN, "interest": Rounding.UP, "split": "sum"}
    added = laid_out(principal_minor=10_000_000, rounding=RoundingProfile(**terms))
    formula = laid_out(principal_minor=10_000_000, rounding=RoundingProfile(**terms, total="formula"))

    assert (added.totals.amount_minor, formula.totals.amount_minor) == (10_661_863, 10_661_854)


@pytest.mark.parametrize(
    ("terms", "error"),
    [
        ({"principal_minor": 0}, InvalidLoan),
        ({"term": 601}, InvalidLoan),
        ({"rate_percent": "-1"}, InvalidRate),
        ({"rate_percent": "NaN"}, InvalidRate),
        ({"rate_percent": "1E-31"}, InvalidRate),
        ({"rate_percent": "1000001"}, InvalidRate),
        ({"waived_share_ppm": 1_000_001}, InvalidSchedule),
        ({"grace_principal": 12}, InvalidSchedule),
        ({"grace_principal": 1, "method": "no_cost_discount"}, InvalidSchedule),
        ({"grace_principal": 1, "rate_kind": "total_fee"}, InvalidSchedule),
        ({"rate_steps": (RateStep(13, Decimal(1)),)}, InvalidSchedule),
        ({"rate_steps": (RateStep(3, Decimal(1)), RateStep(2, Decimal(1)))}, InvalidSchedule),
        ({"rate_steps": (RateStep(3, Decimal(1)),), "rate_kind": "total_fee"}, InvalidSchedule),
        ({"fees": (RowFee(0, 1),)}, InvalidSchedule),
        ({"first_due_on": date(2026, 11, 20)}, InvalidSchedule),
        ({"start_on": date(9999, 6, 1)}, DateOutOfRange),
        ({"period": ("month", 0)}, InvalidPeriod),
    ],
)
def test_terms_that_cannot_be_are_refused(terms, error):
    with pytest.raises(error):
        laid_out(**terms)
