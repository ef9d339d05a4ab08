"""Day counts and periods: the tables of those who made them."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendars import (
    DateOutOfRange,
    InvalidPeriod,
    Period,
    bond_days,
    period_dates,
    whole_months,
    whole_years_back,
    year_fraction,
)
from tests.domain.cases import as_published, day_counts, parameters

DATES = st.dates(date(1990, 1, 1), date(2060, 12, 31))


@pytest.mark.parametrize("case", parameters(day_counts.BOND_BASIS))
def test_isdas_days_of_30_360_bond_basis(case):
    assert bond_days(start=case.start, end=case.end) == case.days


@pytest.mark.parametrize("case", parameters(day_counts.ACTUAL_ACTUAL))
def test_isdas_fractions_of_actual_actual(case):
    found = year_fraction(start=case.start, end=case.end, day_count="actual/actual")

    assert as_published(str(float(found)), case.years) == case.years


@pytest.mark.parametrize("case", parameters(day_counts.YEARS_BACK))
def test_the_commissions_years_and_days_counted_backwards(case):
    found = whole_years_back(start=case.start, end=case.end)

    if (case.start, case.end) == (date(2024, 2, 29), date(2025, 2, 28)):
        assert found == Fraction(1)
    assert found == case.years


@pytest.mark.parametrize(
    ("day_count", "fraction"),
    [("actual/360", Fraction(28, 360)), ("actual/365", Fraction(28, 365)), ("30/360", Fraction(28, 360))],
)
def test_from_the_31st_of_january_to_the_28th_of_february_are_28_days(day_count, fraction):
    assert year_fraction(start=date(2027, 1, 31), end=date(2027, 2, 28), day_count=day_count) == fraction


def test_31_january_to_28_february_is_a_month_and_to_5_march_a_month_and_5_days():
    assert whole_months(start=date(2027, 1, 31), end=date(2027, 2, 28)) == (1, 0)
    assert whole_months(start=date(2027, 1, 31), end=date(2027, 3, 5)) == (1, 5)


@pytest.mark.parametrize(
    ("period", "per_year", "dates"),
    [
        (Period("month", 1), Fraction(12), [date(2027, 2, 28), date(2027, 3, 31)]),
        (Period("month", 3), Fraction(4), [date(2027, 4, 30), date(2027, 7, 31)]),
        (Period("week", 2), Fraction(26), [date(2027, 2, 14), date(2027, 2, 28)]),
        (Period("day", 15), Fraction(73, 3), [date(2027, 2, 15), date(2027, 3, 2)]),
    ],
)
def test_periods_from_31_january_2027(period, per_year, dates):
    assert list(period_dates(anchor=date(2027, 1, 31), period=period, first_step=1, count=2)) == dates
    assert period.per_year == per_year


def test_no_period_is_empty_or_longer_than_ten_years_and_no_date_leaves_the_calendar():
    for unit, every in (("month", 0), ("month", 121), ("week", 521), ("day", 3_651)):
        with pytest.raises(InvalidPeriod):
            Period(unit, every)
    with pytest.raises(DateOutOfRange):
        period_dates(anchor=date(9999, 12, 1), period=Period("week", 10), first_step=1, count=1)


@given(start=DATES, end=DATES, later=DATES)
def test_years_by_any_calendar_grow_with_the_end_and_a_year_is_nearly_one(start, end, later):
    start, end, later = sorted([start, end, later])

    for day_count in ("actual/360", "actual/365", "actual/actual", "30/360"):
        shorter = year_fraction(start=start, end=end, day_count=day_count)
        longer = year_fraction(start=start, end=later, day_count=day_count)
        # The bond basis sees the 30th and the 31st alike, and February's end short of them.
        assert shorter <= longer + Fraction(2, 360)
    assert abs(whole_years_back(start=start, end=end) - Fraction((end - start).days, 365)) < Fraction(1, 4)
