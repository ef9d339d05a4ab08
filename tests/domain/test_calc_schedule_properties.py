"""What must hold for every schedule that can be asked for."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from domain.calculators.schedule import calculate_schedule
from domain.calculators.schedule_terms import RateStep, RowFee, ScheduleRequest
from domain.calendars import Period
from domain.money import Remainder, Rounding
from domain.rates import apply
from domain.rounding_profiles import PROFILES, RoundingProfile
from domain.schedule import build_schedule, buyer_schedule

START = date(2026, 11, 21)
METHODS = ["flat_fee", "annuity", "equal_principal", "no_cost_discount"]
PROFILE = st.one_of(
    st.sampled_from(sorted(PROFILES.values(), key=repr)),
    st.builds(
        RoundingProfile,
        installment=st.sampled_from(Rounding),
        fee=st.sampled_from(Rounding),
        interest=st.sampled_from(Rounding),
        split=st.sampled_from(["parts", "sum"]),
        remainder=st.sampled_from([Remainder.FIRST, Remainder.LAST]),
        step=st.sampled_from([1, 100]),
        total=st.sampled_from(["schedule", "formula"]),
    ),
)
PERCENT = st.decimals(0, 60, places=4)


@st.composite
def any_request(draw):
    """Every option, as far as they do not contradict each other."""
    term = draw(st.integers(1, 30))
    method = draw(st.sampled_from(METHODS))
    kind = draw(st.sampled_from(["total_fee", "annual", "per_period"]))
    steps = sorted(draw(st.sets(st.integers(1, term), max_size=2))) if kind != "total_fee" else []
    graceful = kind != "total_fee" and method != "no_cost_discount"
    return ScheduleRequest(
        principal_minor=draw(st.one_of(st.integers(1, 300), st.integers(1, 10**12))),
        term=term,
        method=method,
        rate_kind=kind,
        rate_percent=draw(PERCENT) / (Decimal(16) if kind == "per_period" else 1),
        profile=draw(PROFILE),
        start_on=draw(st.dates(date(2020, 1, 1), date(2030, 1, 1))),
        waived_share_ppm=draw(st.sampled_from([None, 0, 333_333, 1_000_000])),
        tax_percent=draw(st.sampled_from([Decimal(0), Decimal(18)])),
        tax_borne_by=draw(st.sampled_from(["buyer", "funder"])),
        period=Period(draw(st.sampled_from(["month", "week", "day"])), draw(st.integers(1, 6))),
        payment_at=draw(st.sampled_from(["end", "start"])),
        day_count=draw(st.sampled_from(["equal_periods", "30/360", "actual/360", "actual/365", "actual/actual"])),
        grace_principal=draw(st.integers(0, term - 1)) if graceful else 0,
        rate_steps=tuple(RateStep(number, draw(PERCENT)) for number in steps),
        fees=tuple(RowFee(number, 99) for number in draw(st.sets(st.integers(1, term), max_size=1))),
    )


@given(request=any_request())
def test_every_schedule_re_adds_and_no_row_is_negative(request):
    answer = calculate_schedule(request)

    totals, rows = answer.totals, answer.rows
    columns = zip(*[(row.principal_minor, row.fee_minor, row.tax_minor, row.amount_minor) for row in rows], strict=True)
    assert [sum(column) for column in columns] == [
        totals.principal_minor,
        totals.fee_minor,
        totals.tax_minor,
        totals.amount_minor,
    ]
    assert all(min(row.principal_minor, row.fee_minor, row.tax_minor) >= 0 for row in rows)
    assert all(row.amount_minor == row.principal_minor + row.fee_minor + row.tax_minor for row in rows)
    assert totals.principal_minor + answer.discount_minor == request.principal_minor
    assert [row.number for row in rows] == list(range(1, request.term + 1))
    assert answer.annual_cost is None or Decimal(answer.annual_cost.simple) >= 0


@given(
    principal=st.one_of(st.integers(1, 200), st.integers(1, 10**12)),
    term=st.integers(1, 36),
    rate_ppm=st.integers(0, 400_000),
    method=st.sampled_from(["flat_fee", "annuity", "equal_principal"]),
    preset=st.sampled_from(sorted(PROFILES)),
    share=st.sampled_from([0, 400_000, 1_000_000]),
)
def test_a_plain_schedule_is_row_by_row_the_one_the_product_signs(principal, term, rate_ppm, method, preset, share):
    kind = "total_fee" if method == "flat_fee" else "annual"
    answer = calculate_schedule(
        ScheduleRequest(
            principal_minor=principal,
            term=term,
            method=method,
            rate_kind=kind,
            rate_percent=Decimal(rate_ppm) / 10_000,
            profile=PROFILES[preset],
            start_on=START,
            waived_share_ppm=share,
        )
    )

    lender = build_schedule(
        principal_minor=principal,
        term=term,
        method=method,
        rate_ppm=rate_ppm,
        profile=PROFILES[preset],
        start_on=START,
    )
    waived = apply(rate_ppm=share, to=lender.fee_total_minor, rounding=Rounding.HALF_EVEN)
    buyer = buyer_schedule(schedule=lender, buyer_fee_minor=lender.fee_total_minor - waived)
    assert [(row.due_on, row.principal_minor, row.fee_minor) for row in answer.rows] == [
        (row.due_on, row.principal_minor, row.fee_minor) for row in buyer
    ]


@given(
    term=st.integers(1, 36),
    percent=st.decimals("0.5", 36, places=2),
    method=st.sampled_from(["annuity", "equal_principal"]),
    payment_at=st.sampled_from(["end", "start"]),
    grace=st.integers(0, 6),
    unit=st.sampled_from(["month", "week"]),
)
def test_the_annual_cost_of_a_schedule_is_the_rate_it_was_built_from(term, percent, method, payment_at, grace, unit):
    term += grace + (payment_at == "start")
    answer = calculate_schedule(
        ScheduleRequest(
            principal_minor=10**13,
            term=term,
            method=method,
            rate_kind="annual",
            rate_percent=percent,
            profile=PROFILES["emi_half_up"],
            start_on=START,
            period=Period(unit, 1),
            payment_at=payment_at,
            grace_principal=grace,
        )
    )

    assert Decimal(answer.annual_cost.simple) == percent


@given(
    price=st.integers(10_000, 10**10),
    term=st.integers(1, 24),
    percent=PERCENT,
    tax=st.sampled_from([Decimal(0), Decimal(18)]),
    preset=st.sampled_from(["emi_half_up", "emi_down", "card", "huabei"]),
)
def test_a_no_cost_plan_costs_the_price_and_the_discount_is_what_its_rows_show(price, term, percent, tax, preset):
    def plan(borne_by, rate_percent):
        return calculate_schedule(
            ScheduleRequest(
                principal_minor=price,
                term=term,
                method="no_cost_discount",
                rate_kind="annual",
                rate_percent=rate_percent,
                profile=PROFILES[preset],
                start_on=START,
                tax_percent=tax,
                tax_borne_by=borne_by,
            )
        )

    funded, own, dearer = plan("funder", percent), plan("buyer", percent), plan("funder", percent + 1)

    assert funded.totals.amount_minor == price
    assert funded.totals.fee_minor + funded.totals.tax_minor == funded.discount_minor
    assert own.totals.amount_minor == price + own.totals.tax_minor
    assert own.totals.fee_minor == own.discount_minor <= funded.discount_minor <= dearer.discount_minor


@given(
    principal=st.integers(1, 10**10),
    term=st.integers(2, 36),
    percent=PERCENT,
    preset=st.sampled_from(sorted(PROFILES)),
)
def test_payments_of_a_flat_fee_are_all_equal_but_the_one_with_the_odd_fen(principal, term, percent, preset):
    answer = calculate_schedule(
        ScheduleRequest(
            principal_minor=principal,
            term=term,
            method="flat_fee",
            rate_kind="total_fee",
            rate_percent=percent,
            profile=PROFILES[preset],
            start_on=START,
        )
    )

    amounts = [row.amount_minor for row in answer.rows]
    regular = amounts[1:] if PROFILES[preset].remainder is Remainder.FIRST else amounts[:-1]
    assert set(regular) == {answer.installment_minor}
