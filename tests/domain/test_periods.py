"""Month ends, half-open windows, local days and wall clocks."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.offers import WeeklyHours
from domain.periods import (
    UnknownTimezone,
    add_months,
    day_bounds,
    in_weekly_hours,
    in_window,
    local_date,
    monthly_dates,
)

SHANGHAI = "Asia/Shanghai"
# Zones that change clocks at midnight, at odd minutes, across the date line, or not at all.
ZONES = ["Asia/Shanghai", "America/New_York", "America/Havana", "Africa/Cairo", "Pacific/Apia", "Australia/Lord_Howe"]
EVENINGS = (WeeklyHours(days=(1, 2, 3, 4, 5), from_minute=20 * 60, to_minute=22 * 60),)


def test_months_from_31_january_end_on_28_february_and_31_march():
    dates = monthly_dates(anchor=date(2026, 1, 31), first_step=0, count=4)

    assert dates == (date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30))


@pytest.mark.parametrize(
    ("anchor", "step", "answer"),
    [
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2100, 1, 31), 1, date(2100, 2, 28)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2028, 2, 29), 48, date(2032, 2, 29)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 31), 1, date(2027, 1, 31)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
    ],
)
def test_leap_years_year_ends_and_steps_back(anchor, step, answer):
    assert add_months(anchor=anchor, step=step) == answer


@given(anchor=st.dates(date(1990, 1, 1), date(2090, 1, 1)), step=st.integers(min_value=0, max_value=600))
def test_a_step_lands_in_the_right_month_on_the_anchors_day_or_the_last(anchor, step):
    landed = add_months(anchor=anchor, step=step)

    assert (landed.year * 12 + landed.month) - (anchor.year * 12 + anchor.month) == step
    assert landed.day == anchor.day or (landed.day < anchor.day and (landed + timedelta(days=1)).day == 1)


def test_a_window_holds_its_first_instant_and_not_its_last():
    starts_at, ends_at = datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 6, 19, tzinfo=UTC)

    assert in_window(at=starts_at, starts_at=starts_at, ends_at=ends_at)
    assert in_window(at=ends_at - timedelta(microseconds=1), starts_at=starts_at, ends_at=ends_at)
    assert not in_window(at=ends_at, starts_at=starts_at, ends_at=ends_at)
    assert not in_window(at=starts_at - timedelta(microseconds=1), starts_at=starts_at, ends_at=ends_at)


def test_16_00_utc_is_already_tomorrow_in_shanghai():
    at = datetime(2026, 7, 31, 16, tzinfo=UTC)

    assert local_date(at=at, timezone=SHANGHAI) == date(2026, 8, 1)
    assert local_date(at=at - timedelta(microseconds=1), timezone=SHANGHAI) == date(2026, 7, 31)


@pytest.mark.parametrize(
    ("timezone", "on", "hours"),
    [
        (SHANGHAI, date(2026, 8, 1), 24),
        ("America/New_York", date(2026, 3, 8), 23),
        ("America/New_York", date(2026, 11, 1), 25),
        ("America/Havana", date(2026, 11, 1), 25),  # 1:00 goes back to 0:00: the first midnight starts the day
        ("Africa/Cairo", date(2026, 4, 24), 23),  # midnight itself is skipped
        ("Pacific/Apia", date(2011, 12, 30), 0),  # the whole day was skipped
    ],
)
def test_a_local_day_has_23_24_or_25_hours_or_none(timezone, on, hours):
    start, end = day_bounds(on=on, timezone=timezone)

    assert end - start == timedelta(hours=hours)


@given(on=st.dates(date(2012, 1, 1), date(2037, 1, 1)), timezone=st.sampled_from(ZONES))
def test_days_join_without_gap_and_their_bounds_belong_to_the_right_day(on, timezone):
    start, end = day_bounds(on=on, timezone=timezone)

    assert end == day_bounds(on=on + timedelta(days=1), timezone=timezone)[0]
    assert local_date(at=start, timezone=timezone) == on
    assert local_date(at=end - timedelta(microseconds=1), timezone=timezone) == on


@pytest.mark.parametrize(
    ("at", "inside"),
    [
        (datetime(2026, 11, 20, 12, 0, tzinfo=UTC), True),  # Friday 20:00 in Shanghai
        (datetime(2026, 11, 20, 13, 59, 59, tzinfo=UTC), True),
        (datetime(2026, 11, 20, 14, 0, tzinfo=UTC), False),
        (datetime(2026, 11, 20, 11, 59, 59, tzinfo=UTC), False),
        (datetime(2026, 11, 21, 12, 0, tzinfo=UTC), False),  # Saturday
    ],
)
def test_weekday_evenings_from_20_to_22_are_read_on_the_shops_clock(at, inside):
    assert in_weekly_hours(at=at, hours=EVENINGS, timezone=SHANGHAI) is inside


def test_20_00_in_new_york_stays_20_00_across_the_change_of_clocks():
    before, after = datetime(2026, 10, 31, 0, 0, tzinfo=UTC), datetime(2026, 11, 3, 1, 0, tzinfo=UTC)

    assert in_weekly_hours(at=before, hours=EVENINGS, timezone="America/New_York")
    assert in_weekly_hours(at=after, hours=EVENINGS, timezone="America/New_York")
    assert not in_weekly_hours(at=after - timedelta(minutes=1), hours=EVENINGS, timezone="America/New_York")


def test_the_last_minute_of_the_day_is_inside_hours_that_end_at_1440():
    sunday = (WeeklyHours(days=(7,), from_minute=0, to_minute=1_440),)

    assert in_weekly_hours(at=datetime(2026, 11, 22, 15, 59, 59, tzinfo=UTC), hours=sunday, timezone=SHANGHAI)
    assert not in_weekly_hours(at=datetime(2026, 11, 22, 16, 0, tzinfo=UTC), hours=sunday, timezone=SHANGHAI)


def test_no_hours_means_always():
    assert in_weekly_hours(at=datetime(2026, 1, 1, tzinfo=UTC), hours=(), timezone=SHANGHAI)


@pytest.mark.parametrize("timezone", ["Mars/Olympus", "", "../etc/passwd", "Asia"])
def test_a_place_the_database_does_not_know_is_refused(timezone):
    with pytest.raises(UnknownTimezone):
        day_bounds(on=date(2026, 1, 1), timezone=timezone)


def test_an_instant_without_a_zone_is_a_bug_and_not_the_servers_time():
    with pytest.raises(ValueError, match="aware"):
        local_date(at=datetime(2026, 1, 1), timezone=SHANGHAI)  # noqa: DTZ001
