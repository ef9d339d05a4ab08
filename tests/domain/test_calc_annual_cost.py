"""The annual cost calculator: published examples of five conventions, and what must hold for any flows."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calculators.annual_cost import NOT_FOUND, calculate_annual_cost
from domain.calculators.moments import Entry, InvalidEntry, TooManyFlows
from domain.calendars import DateOutOfRange
from tests.domain.cases import annual_costs, annual_costs_elsewhere, as_published, parameters

CONVENTIONS = ["cn_simple", "cn_compound", "eu_aprc", "us_actuarial", "effective_365"]
# Published amounts have up to two decimals; a scale of thousandths keeps every one of them whole.
SCALE = 1_000


def entries(rows):
    return [
        Entry(amount_minor=int(Decimal(row["amount"]) * SCALE), **{key: row[key] for key in row if key != "amount"})
        for row in rows
    ]


@pytest.mark.parametrize("case", parameters([*annual_costs.ALL, *annual_costs_elsewhere.ALL]))
def test_published_annual_costs_are_met_to_the_last_digit(case):
    answer = calculate_annual_cost(
        advances=entries(case.advances),
        payments=entries(case.payments),
        convention=case.convention,
        year_days=case.year_days,
    )

    assert answer.converged
    assert as_published(answer.percent_exact, case.percent) == case.percent


def flat(*, percent, term, scale=10**9):
    total = int((100 + Decimal(percent)) * scale)
    return [Entry(amount_minor=100 * scale)], [Entry(amount_minor=total // term, month=1, count=term)]


@pytest.mark.parametrize(("term", "percent", "simple", "compound"), annual_costs.FLAT_FEES)
def test_a_flat_fee_is_nearly_twice_its_figure_a_year_simple_and_compound(term, percent, simple, compound):
    advances, payments = flat(percent=percent, term=term)

    for convention, expected in (("cn_simple", simple), ("cn_compound", compound), ("us_actuarial", simple)):
        assert calculate_annual_cost(advances=advances, payments=payments, convention=convention).percent == expected


@pytest.mark.parametrize(("term", "percent", "published"), annual_costs.HUABEI_ABOUT)
def test_huabeis_about_rates_13_7_15_3_and_13_6_are_ours_to_a_tenth(term, percent, published):
    advances, payments = flat(percent=percent, term=term)

    exact = Decimal(calculate_annual_cost(advances=advances, payments=payments, convention="cn_simple").percent_exact)

    assert abs(exact - Decimal(published)) <= Decimal("0.05")


def test_18_months_are_12_92_percent_and_the_same_span_in_days_12_96():
    lent = [Entry(amount_minor=100_000)]
    by_month = calculate_annual_cost(
        advances=lent, payments=[Entry(amount_minor=120_000, month=18)], convention="eu_aprc"
    )
    by_day = calculate_annual_cost(advances=lent, payments=[Entry(amount_minor=120_000, day=546)], convention="eu_aprc")

    assert (by_month.percent, by_day.percent) == ("12.92", "12.96")


def test_years_of_366_and_365_25_days_stretch_what_is_counted_in_days():
    given_days = {
        "advances": [Entry(amount_minor=100_000)],
        "payments": [Entry(amount_minor=110_000, day=366)],
        "convention": "eu_aprc",
    }

    percents = [calculate_annual_cost(**given_days, year_days=days).percent for days in ("365", "365.25", "366")]

    assert percents == ["9.97", "9.98", "10.00"]


def test_a_leap_year_passed_whole_is_one_year_and_ten_percent_is_ten_percent():
    answer = calculate_annual_cost(
        advances=[Entry(amount_minor=100_000, on=date(2024, 1, 1))],
        payments=[Entry(amount_minor=110_000, on=date(2025, 1, 1))],
        convention="eu_aprc",
    )

    assert answer.percent_exact == "10.0000000000"


def test_months_of_28_and_31_days_are_one_month_each_for_china():
    dated = calculate_annual_cost(
        advances=[Entry(amount_minor=100_000, on=date(2027, 1, 31))],
        payments=[Entry(amount_minor=34_000, on=date(2027, 2, 28)), Entry(amount_minor=68_000, on=date(2027, 3, 31))],
        convention="cn_simple",
    )
    by_month = calculate_annual_cost(
        advances=[Entry(amount_minor=100_000)],
        payments=[Entry(amount_minor=34_000, month=1), Entry(amount_minor=68_000, month=2)],
        convention="cn_simple",
    )

    assert dated == by_month


def test_payments_on_the_15th_and_the_last_of_the_month_are_semimonthly():
    days = [date(2027, 1, 31), date(2027, 2, 15), date(2027, 2, 28), date(2027, 3, 15), date(2027, 3, 31)]
    payments = [Entry(amount_minor=20_100, on=on) for on in days]

    answer = calculate_annual_cost(
        advances=[Entry(amount_minor=100_000, on=date(2027, 1, 15))], payments=payments, convention="us_actuarial"
    )

    assert answer.percent == "3.94"  # 24 a year; 31 January, 28 February and 31 March are 16, 46 and 76 days of 15


def test_offsets_beside_dates_count_from_the_earliest_date():
    mixed = calculate_annual_cost(
        advances=[Entry(amount_minor=100_000, on=date(2026, 11, 21))],
        payments=[Entry(amount_minor=103_000, month=3)],
        convention="effective_365",
    )
    dated = calculate_annual_cost(
        advances=[Entry(amount_minor=100_000, on=date(2026, 11, 21))],
        payments=[Entry(amount_minor=103_000, on=date(2027, 2, 21))],
        convention="effective_365",
    )

    assert mixed == dated


@pytest.mark.parametrize("convention", CONVENTIONS)
@pytest.mark.parametrize(
    ("advances", "payments"),
    [
        ([], []),
        ([Entry(amount_minor=100)], []),
        ([], [Entry(amount_minor=100, month=1)]),
        ([Entry(amount_minor=100)], [Entry(amount_minor=120)]),  # at once: no time passes
        ([Entry(amount_minor=100), Entry(amount_minor=50, month=2)], [Entry(amount_minor=20, month=1)]),
    ],
)
def test_what_has_no_rate_is_said_to_have_none(convention, advances, payments):
    answer = calculate_annual_cost(advances=advances, payments=payments, convention=convention)

    assert answer == NOT_FOUND or Decimal(answer.percent) < 0


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_payments_that_add_up_to_the_advance_cost_nothing_and_less_is_below_nothing(convention):
    lent = [Entry(amount_minor=100_000)]
    same = calculate_annual_cost(
        advances=lent, payments=[Entry(amount_minor=25_000, month=1, count=4)], convention=convention
    )
    less = calculate_annual_cost(advances=lent, payments=[Entry(amount_minor=90_000, month=1)], convention=convention)

    assert (same.percent, same.percent_exact) == ("0.00", "0.0000000000")
    assert Decimal(less.percent) < 0


@pytest.mark.parametrize(
    ("entry", "error"),
    [
        ({"amount_minor": 0}, InvalidEntry),
        ({"amount_minor": 1, "count": 0}, InvalidEntry),
        ({"amount_minor": 1, "month": -1}, InvalidEntry),
        ({"amount_minor": 1, "on": date(2027, 1, 1), "month": 1}, InvalidEntry),
        ({"amount_minor": 1, "month": 1, "count": 1_001}, TooManyFlows),
        ({"amount_minor": 1, "on": date(9999, 12, 1), "count": 2}, DateOutOfRange),
    ],
)
def test_entries_that_cannot_be_are_refused(entry, error):
    with pytest.raises(error):
        calculate_annual_cost(
            advances=[Entry(amount_minor=100, on=date(2027, 1, 1))], payments=[Entry(**entry)], convention="cn_simple"
        )


MOMENTS = st.one_of(
    st.builds(lambda month, day: {"month": month, "day": day}, st.integers(0, 60), st.integers(0, 30)),
    st.builds(lambda day: {"day": day}, st.integers(0, 2_000)),
    st.builds(lambda on: {"on": on}, st.dates(date(2019, 1, 1), date(2030, 12, 31))),
)
FLOWS = st.lists(st.tuples(st.integers(1, 10**9), MOMENTS), min_size=1, max_size=6)


@given(
    advances=FLOWS, payments=FLOWS, convention=st.sampled_from(CONVENTIONS), year_days=st.sampled_from([None, "366"])
)
def test_any_flows_have_an_answer_and_it_never_depends_on_their_order(advances, payments, convention, year_days):
    lent = [Entry(amount_minor=amount, **when) for amount, when in advances]
    paid = [Entry(amount_minor=amount, **when) for amount, when in payments]

    answer = calculate_annual_cost(advances=lent, payments=paid, convention=convention, year_days=year_days)
    turned = calculate_annual_cost(advances=lent[::-1], payments=paid[::-1], convention=convention, year_days=year_days)

    assert answer == turned
    assert answer.converged is (answer.percent is not None) is (answer.percent_exact is not None)


@given(
    rate=st.integers(1, 60_000),
    convention=st.sampled_from(["cn_simple", "cn_compound", "effective_365", "us_actuarial", "eu_aprc"]),
    months=st.lists(st.integers(1, 60), min_size=1, max_size=8, unique=True),
)
def test_payments_discounted_at_a_rate_give_that_rate_back(rate, convention, months):
    """The advance is the present value at `rate` hundredths of a percent, in units so small that rounding is not seen."""
    yearly = Fraction(rate, 10_000)
    payment = 10**80
    if convention in ("cn_simple", "us_actuarial"):
        # Whole months alone fix Regulation Z's unit-period to a month.
        months = [*range(1, len(months) + 2)]
        worth = sum(Fraction(payment) / (1 + yearly / 12) ** month for month in months)
    else:
        months = [12 * month for month in months]
        worth = sum(Fraction(payment) / (1 + yearly) ** (month // 12) for month in months)

    answer = calculate_annual_cost(
        advances=[Entry(amount_minor=round(worth))],
        payments=[Entry(amount_minor=payment, month=month) for month in months],
        convention=convention,
    )

    assert Decimal(answer.percent_exact) == Decimal(rate) / 100


@given(term=st.integers(1, 36), cost=st.integers(0, 500_000), more=st.integers(1, 100_000))
def test_dearer_payments_never_cost_less_a_year(term, cost, more):
    def exact(total):
        answer = calculate_annual_cost(
            advances=[Entry(amount_minor=36_000_000)],
            payments=[Entry(amount_minor=total, month=1, count=term)],
            convention="cn_simple",
        )
        return Decimal(answer.percent_exact)

    level = 36_000_000 // term + 1 + cost

    assert exact(level) < exact(level + more)
