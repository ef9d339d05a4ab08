"""Early settlement: published figures, dates between two payments, and what must hold for every method."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calculators.exact import InvalidRate
from domain.calculators.rebate import InvalidSettlement, RebateRequest, calculate_rebate
from tests.domain.cases import parameters, rebates

METHODS = ["none", "pro_rata", "actuarial", "sum_of_digits"]


def settled(**terms):
    defaults = {"principal_minor": 1_000_000, "installment_minor": 88_849, "term": 12, "paid": 3, "method": "actuarial"}
    if "rate_percent" in terms and terms["rate_percent"] is not None:
        terms["rate_percent"] = Decimal(terms["rate_percent"])
    return calculate_rebate(RebateRequest(**defaults | terms))


@pytest.mark.parametrize("case", parameters(rebates.ALL))
def test_published_rebates_are_met_to_the_cent(case):
    answer = settled(**case.request)

    assert answer.rebate_minor == case.rebate
    if case.settlement is not None:
        assert answer.settlement_minor == case.settlement


@pytest.mark.parametrize(
    ("method", "rebate"), [("none", 0), ("pro_rata", 49_641), ("actuarial", 38_559), ("sum_of_digits", 38_185)]
)
def test_10_000_00_in_12_of_888_49_settled_after_3_by_each_method(method, rebate):
    answer = settled(method=method, rate_percent="12")

    assert answer.rebate_minor == rebate
    assert answer.settlement_minor == 9 * 88_849 - rebate


def test_without_a_rate_the_actuarial_method_takes_the_one_the_payments_imply():
    # 888.49 is rounded up from 888.4879, so the payments imply a little more than 12 %.
    assert settled(rate_percent=None).rebate_minor == 38_560


def test_half_a_month_later_less_is_given_back_and_on_the_due_date_as_much_as_by_count():
    start = date(2026, 4, 1)
    on_the_day = settled(start_on=start, on=date(2026, 7, 1), rate_percent="12")
    later = settled(start_on=start, on=date(2026, 7, 16), rate_percent="12")

    assert on_the_day == settled(rate_percent="12")
    # 15 days of 31 at 1 % a month are 36.83 on 7,610.82.
    assert (on_the_day.settlement_minor, later.settlement_minor) == (761_082, 764_765)


@pytest.mark.parametrize(
    "terms",
    [
        {"paid": 13},
        {"paid": -1},
        {"term": 0},
        {"installment_minor": 83_333},
        {"on": date(2026, 7, 1)},
        {"on": date(2026, 7, 1), "start_on": date(2026, 7, 2)},
    ],
)
def test_settlements_that_cannot_be_are_refused(terms):
    with pytest.raises(InvalidSettlement):
        settled(**terms)


@pytest.mark.parametrize("rate_percent", ["-1", "Infinity", "1000001"])
def test_rates_that_are_none_are_refused(rate_percent):
    with pytest.raises(InvalidRate):
        settled(rate_percent=rate_percent)


@given(
    principal=st.integers(1, 10**9),
    charge=st.integers(0, 10**8),
    term=st.integers(1, 60),
    method=st.sampled_from(METHODS),
)
def test_every_payment_made_lowers_the_rebate_and_the_whole_charge_comes_back_at_the_start(
    principal, charge, term, method
):
    installment = -(-(principal + charge) // term)
    answers = [
        calculate_rebate(
            RebateRequest(principal_minor=principal, installment_minor=installment, term=term, paid=paid, method=method)
        )
        for paid in (0, term // 2, term)
    ]

    back = [answer.rebate_minor for answer in answers]
    assert back == sorted(back, reverse=True)
    assert back[0] in (0, installment * term - principal)
    assert back[-1] == answers[-1].settlement_minor == 0
    assert all(answer.settlement_minor >= 0 for answer in answers)


@given(charge=st.integers(0, 500_000), paid=st.integers(0, 12), day=st.integers(0, 400))
def test_the_rule_of_78_never_gives_more_back_than_the_actuarial_method(charge, paid, day):
    installment = (1_200_000 + charge) // 12
    terms = {"principal_minor": 1_200_000, "installment_minor": installment, "paid": paid}
    on = date.fromordinal(date(2026, 1, 31).toordinal() + day)
    dated = {"start_on": date(2026, 1, 31), "on": on}

    digits = settled(method="sum_of_digits", **terms, **dated)
    actuarial = settled(method="actuarial", **terms, **dated)

    assert digits.rebate_minor <= actuarial.rebate_minor + 1
