"""The calculators over HTTP: the published cases to the last digit, who may call, and what is refused with a pointer."""

from datetime import date
from decimal import Decimal

import pytest

from tests.domain.cases import annual_costs, parameters, rebates, schedules, trade_ins
from tests.installments.shop import Shop

pytestmark = pytest.mark.usefixtures("database")

LOAN = {
    "currency": "CNY",
    "principal": 499_900,
    "term": 12,
    "method": "flat_fee",
    "rate": {"kind": "total_fee", "value": "7.5"},
    "start_on": "2026-11-21",
    "rounding": "huabei",
}
COST = {
    "advances": [{"amount": 100_000}],
    "payments": [{"month": 1, "amount": 9_000, "count": 12}],
    "convention": "cn_simple",
}
PHONE = {"on": "2026-03-01", "category": "phone", "list_price": 599_900, "reductions": []}
SETTLED = {"principal": 1_000_000, "installment": 88_849, "term": 12, "paid": 3, "method": "actuarial", "rate": "12"}
SHARES = {"total": 100, "weights": [1, 1, 1], "policy": "largest_remainder"}


@pytest.fixture
def shop(database):
    return Shop()


def answered(shop, name, body, **options):
    answer = shop.post(f"calculators/{name}", body, **options)
    assert answer.status_code == 200, answer.content
    return answer.json()


def refused(shop, name, body):
    """Status, code and the pointer (None where the refusal has none)."""
    answer = shop.post(f"calculators/{name}", body)
    problem = answer.json()
    return answer.status_code, problem["code"], problem["errors"][0]["pointer"] if problem["errors"] else None


def loan_of(request):
    """A domain case as the body of a request."""
    body = {"currency": "USD", "term": request["term"], "method": request["method"], "rounding": request["rounding"]}
    body |= {"principal": request["principal_minor"], "start_on": request["start_on"].isoformat()}
    body["rate"] = {"kind": request["rate_kind"], "value": request["rate_percent"]}
    names = {"tax_percent": "tax_on_interest", "tax_borne_by": "tax_borne_by", "day_count": "day_count"}
    body |= {name: request[field] for field, name in names.items() if field in request}
    if "period" in request:
        body["period"] = dict(zip(("unit", "every"), request["period"], strict=True))
    return body


# --- schedule ---


@pytest.mark.parametrize("case", parameters([*schedules.FINERACT, *schedules.SHOPS]))
def test_published_schedules_are_met_row_by_row(shop, case):
    answer = answered(shop, "schedule", loan_of(case.request))

    assert [(row["principal"], row["fee"]) for row in answer["schedule"]] == case.rows


@pytest.mark.parametrize("case", parameters(schedules.NO_COST))
def test_published_no_cost_discounts_are_met(shop, case):
    answer = answered(shop, "schedule", loan_of(case.request))

    found = (answer["discount"], answer["installment"], answer["totals"]["tax"], answer["totals"]["amount"])
    assert found == (case.discount, case.installment, case.tax, case.total)


def test_4999_00_over_12_at_7_5_percent_is_447_90_then_447_82_and_costs_13_57_percent_a_year(shop):
    answer = answered(shop, "schedule", LOAN)

    first, second, *_ = answer["schedule"]
    assert first == {"number": 1, "due_on": "2026-12-21", "principal": 41_662, "fee": 3_128, "amount": 44_790}
    assert second == {"number": 2, "due_on": "2027-01-21", "principal": 41_658, "fee": 3_124, "amount": 44_782}
    assert (answer["installment"], answer["first_installment"], answer["last_installment"]) == (44_782, 44_790, 44_782)
    assert answer["totals"] == {"principal": 499_900, "fee": 37_492, "tax": 0, "amount": 537_392}
    assert (answer["discount"], answer["waived_fee"]) == (0, 0)
    assert answer["annual_cost"] == {"simple": "13.57", "compound": "14.44"}


def test_the_whole_fee_waived_is_interest_free_and_half_of_it_leaves_half(shop):
    free = answered(shop, "schedule", LOAN | {"waived_share": "100"})
    half = answered(shop, "schedule", LOAN | {"waived_share": "50"})

    assert (free["first_installment"], free["installment"], free["waived_fee"]) == (41_662, 41_658, 37_492)
    assert free["annual_cost"] == {"simple": "0.00", "compound": "0.00"}
    assert (half["totals"]["fee"], half["waived_fee"]) == (18_746, 18_746)


def test_a_rounding_spelled_out_is_the_preset_it_spells(shop):
    huabei = {"installment": "down", "fee": "half_even", "interest": "half_even", "remainder": "first"}

    assert answered(shop, "schedule", LOAN | {"rounding": huabei}) == answered(shop, "schedule", LOAN)


def test_dates_step_from_the_first_due_date_and_steps_fees_and_grace_are_taken(shop):
    more = {
        "method": "annuity",
        "rate": {"kind": "annual", "value": "12"},
        "first_due_on": "2027-01-31",
        "grace_principal": 2,
        "rate_steps": [{"from_number": 7, "value": "6"}],
        "fees": [{"number": 1, "amount": 19_900}],
        "rounding": "card",
    }

    rows = answered(shop, "schedule", LOAN | more)["schedule"]

    assert [row["due_on"] for row in rows[:3]] == ["2027-01-31", "2027-02-28", "2027-03-31"]
    assert [row["principal"] for row in rows[:2]] == [0, 0]
    assert rows[0]["fee"] == rows[1]["fee"] + 19_900
    assert rows[6]["amount"] < rows[5]["amount"]


@pytest.mark.parametrize(
    ("change", "code", "pointer"),
    [
        ({"term": 0}, "invalid_request", "/term"),
        ({"term": 601}, "invalid_request", "/term"),
        ({"term": True}, "invalid_request", "/term"),
        ({"principal": 4999.0}, "invalid_request", "/principal"),
        ({"principal": -1}, "invalid_request", "/principal"),
        ({"principal": 10**12 + 1}, "invalid_request", "/principal"),
        ({"principal": "499900"}, "invalid_request", "/principal"),
        ({"colour": "red"}, "invalid_request", "/colour"),
        ({"rate": {"kind": "total_fee", "value": 7}}, "invalid_request", "/rate/value"),
        ({"rate": {"kind": "total_fee", "value": 7.5}}, "invalid_request", "/rate/value"),
        ({"rate": {"kind": "total_fee", "value": "-7.5"}}, "invalid_request", "/rate/value"),
        ({"rate": {"kind": "total_fee", "value": "1e3"}}, "invalid_request", "/rate/value"),
        ({"rate": {"kind": "total_fee", "value": "７.5"}}, "invalid_request", "/rate/value"),
        ({"rate": {"kind": "monthly", "value": "1"}}, "invalid_request", "/rate/kind"),
        ({"rate": {"kind": "annual", "value": "1000000.5"}}, "invalid_rate", None),
        ({"waived_share": "100.5"}, "invalid_request", "/waived_share"),
        ({"start_on": "2026-02-30"}, "invalid_request", "/start_on"),
        ({"currency": "XXX"}, "unknown_currency", "/currency"),
        ({"rounding": "mine"}, "unknown_rounding_profile", "/rounding"),
        ({"rounding": {"installment": "down"}}, "invalid_request", "/rounding/fee"),
        ({"period": {"unit": "year", "every": 1}}, "invalid_request", "/period/unit"),
        ({"period": {"unit": "month", "every": 121}}, "invalid_period", "/period"),
        ({"first_due_on": "2026-11-20"}, "invalid_schedule", "/first_due_on"),
        ({"grace_principal": 12}, "invalid_schedule", "/grace_principal"),
        ({"fees": [{"number": 13, "amount": 1}]}, "invalid_schedule", "/fees"),
        ({"fees": [{"number": 1, "amount": -1}]}, "invalid_request", "/fees/0/amount"),
        (
            {"rate": {"kind": "annual", "value": "1"}, "rate_steps": [{"from_number": 13, "value": "1"}]},
            "invalid_schedule",
            "/rate_steps",
        ),
        ({"start_on": "9999-12-01"}, "date_out_of_range", None),
    ],
)
def test_a_loan_that_cannot_be_is_refused_where_it_is_wrong(shop, change, code, pointer):
    assert refused(shop, "schedule", LOAN | change) == (422, code, pointer)


@pytest.mark.parametrize("field", ["currency", "principal", "term", "method", "rate", "start_on", "rounding"])
def test_a_loan_without_one_of_its_terms_names_what_is_missing(shop, field):
    body = {name: value for name, value in LOAN.items() if name != field}

    assert refused(shop, "schedule", body) == (422, "invalid_request", f"/{field}")


# --- annual cost ---


def entries(rows):
    return [
        {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in row.items()
            if value is not None and name != "amount"
        }
        | {"amount": int(Decimal(row["amount"]) * 1_000)}
        for row in rows
    ]


@pytest.mark.parametrize("case", parameters(annual_costs.REGULATION_Z))
def test_regulation_zs_examples_are_met(shop, case):
    body = {"advances": entries(case.advances), "payments": entries(case.payments), "convention": case.convention}

    assert answered(shop, "annual_cost", body)["percent"] == case.percent


def test_12_payments_of_90_00_on_1000_00_have_an_exact_percentage_of_ten_decimals(shop):
    answer = answered(shop, "annual_cost", COST)

    assert (answer["percent"], answer["converged"]) == ("14.45", True)
    assert len(answer["percent_exact"].partition(".")[2]) == 10


def test_a_month_and_a_day_together_are_later_than_the_month(shop):
    payment = {"month": 1, "amount": 101_000}

    later = answered(shop, "annual_cost", COST | {"payments": [payment | {"day": 15}]})

    assert Decimal(later["percent"]) < Decimal(answered(shop, "annual_cost", COST | {"payments": [payment]})["percent"])


@pytest.mark.parametrize("payments", [[], [{"amount": 120_000}]], ids=["none", "at once"])
def test_no_solution_is_an_answer_too(shop, payments):
    answer = answered(shop, "annual_cost", COST | {"payments": payments, "convention": "us_actuarial"})

    assert answer == {"percent": None, "percent_exact": None, "converged": False}


@pytest.mark.parametrize(
    ("change", "code", "pointer"),
    [
        ({"payments": [{"month": 1, "amount": 10, "count": 1_001}]}, "too_many_flows", None),
        ({"payments": [{"month": 1, "amount": 10.5}]}, "invalid_request", "/payments/0/amount"),
        ({"payments": [{"month": 1, "amount": -10}]}, "invalid_request", "/payments/0/amount"),
        ({"payments": [{"month": -1, "amount": 10}]}, "invalid_request", "/payments/0/month"),
        ({"payments": [{"on": "2026-01-01", "day": 1, "amount": 10}]}, "invalid_request", "/payments/0"),
        ({"payments": [{"weeks": 1, "amount": 10}]}, "invalid_request", "/payments/0/weeks"),
        ({"payments": [{"month": 1, "amount": 10, "count": 0}]}, "invalid_request", "/payments/0/count"),
        ({"payments": None}, "invalid_request", "/payments"),
        ({"convention": "xirr"}, "invalid_request", "/convention"),
        ({"year_days": 365}, "invalid_request", "/year_days"),
        ({"year_days": "360"}, "invalid_request", "/year_days"),
        ({"extra": 1}, "invalid_request", "/extra"),
    ],
)
def test_flows_that_cannot_be_are_refused_where_they_are_wrong(shop, change, code, pointer):
    assert refused(shop, "annual_cost", COST | change) == (422, code, pointer)


def test_dates_up_to_the_last_day_of_9999_are_no_server_error(shop):
    body = {
        "advances": [{"on": "9999-11-30", "amount": 100}],
        "payments": [{"on": "9999-12-30", "amount": 60}, {"on": "9999-12-31", "amount": 60}],
    }

    for convention in ("cn_simple", "cn_compound", "eu_aprc", "us_actuarial", "effective_365"):
        answer = shop.post("calculators/annual_cost", body | {"convention": convention})
        assert answer.status_code == 200 or answer.json()["code"] == "date_out_of_range"


# --- trade-in ---


@pytest.mark.parametrize("case", parameters(trade_ins.ALL))
def test_published_subsidies_are_met_to_the_fen(shop, case):
    names = {"list_price_minor": "list_price", "on": "on", "reductions": "reductions"}
    body = {names.get(name, name): value for name, value in case.request.items()}
    body |= {"on": body["on"].isoformat()}
    body["reductions"] = [{"lane": lane, "amount": amount} for lane, amount in body["reductions"]]

    answer = answered(shop, "trade_in", body)

    assert (answer["subsidy"], answer["payable"]) == (case.subsidy, case.payable)
    assert (answer["rule_set"], answer.get("code")) == (case.rule_set, case.code)
    assert answer["eligible"] is (case.code is None)


def test_a_phone_of_5999_less_500_gets_15_percent_up_to_500(shop):
    answer = answered(shop, "trade_in", PHONE | {"reductions": [{"lane": "merchant", "amount": 50_000}]})

    assert answer == {
        "eligible": True,
        "base": 549_900,
        "rate": "15",
        "cap": 50_000,
        "subsidy": 50_000,
        "payable": 499_900,
        "rule_set": "cn-2026-digital",
    }


def test_a_brands_key_is_answered_from_the_same_rule_sets(shop):
    secret = shop.key(shop.brand_id)

    assert answered(shop, "trade_in", PHONE, secret=secret) == answered(shop, "trade_in", PHONE)


@pytest.mark.parametrize(
    ("change", "code", "pointer"),
    [
        ({"list_price": 1.5}, "invalid_request", "/list_price"),
        ({"list_price": -1}, "invalid_request", "/list_price"),
        ({"energy_grade": 6}, "invalid_request", "/energy_grade"),
        ({"region": "shanghai"}, "invalid_request", "/region"),
        ({"already_claimed": -1}, "invalid_request", "/already_claimed"),
        ({"reductions": [{"lane": "friend", "amount": 1}]}, "invalid_request", "/reductions/0/lane"),
        ({"reductions": [{"lane": "brand", "amount": 599_901}]}, "reductions_exceed_price", "/reductions"),
        ({"price": 1}, "invalid_request", "/price"),
    ],
)
def test_a_unit_that_cannot_be_is_refused_where_it_is_wrong(shop, change, code, pointer):
    assert refused(shop, "trade_in", PHONE | change) == (422, code, pointer)


# --- rebate ---


@pytest.mark.parametrize("case", parameters(rebates.ALL))
def test_published_rebates_are_met_to_the_cent(shop, case):
    names = {"principal_minor": "principal", "installment_minor": "installment", "rate_percent": "rate"}

    answer = answered(shop, "rebate", {names.get(name, name): value for name, value in case.request.items()})

    assert answer["rebate"] == case.rebate
    if case.settlement is not None:
        assert answer["settlement"] == case.settlement


@pytest.mark.parametrize(
    ("method", "rebate"), [("none", 0), ("pro_rata", 49_641), ("actuarial", 38_559), ("sum_of_digits", 38_185)]
)
def test_10_000_00_in_12_of_888_49_settled_after_3_by_each_method(shop, method, rebate):
    answer = answered(shop, "rebate", SETTLED | {"method": method})

    assert answer == {"rebate": rebate, "settlement": 9 * 88_849 - rebate}


@pytest.mark.parametrize(
    ("change", "code", "pointer"),
    [
        ({"principal": 1.5}, "invalid_request", "/principal"),
        ({"installment": -1}, "invalid_request", "/installment"),
        ({"term": 601}, "invalid_request", "/term"),
        ({"rate": 12}, "invalid_request", "/rate"),
        ({"method": "rule_of_78"}, "invalid_request", "/method"),
        ({"paid": 13}, "invalid_settlement", None),
        ({"on": "2026-01-01"}, "invalid_settlement", None),
        ({"left": 9}, "invalid_request", "/left"),
    ],
)
def test_a_settlement_that_cannot_be_is_refused_where_it_is_wrong(shop, change, code, pointer):
    assert refused(shop, "rebate", SETTLED | change) == (422, code, pointer)


# --- allocate ---


@pytest.mark.parametrize(
    ("total", "policy", "parts"),
    [
        (100, "largest_remainder", [34, 33, 33]),
        (101, "largest_remainder", [34, 34, 33]),
        (101, "first", [35, 33, 33]),
        (101, "last", [33, 33, 35]),
        (0, "first", [0, 0, 0]),
    ],
)
def test_equal_thirds_with_each_owner_of_the_remainder(shop, total, policy, parts):
    assert answered(shop, "allocate", SHARES | {"total": total, "policy": policy}) == {"parts": parts}


@pytest.mark.parametrize(
    ("change", "code", "pointer"),
    [
        ({"weights": [0, 0]}, "invalid_weights", "/weights"),
        ({"weights": [0, 0], "total": 0}, "invalid_weights", "/weights"),
        ({"weights": []}, "invalid_request", "/weights"),
        ({"weights": [1, -1]}, "invalid_request", "/weights/1"),
        ({"weights": [1, 0.5]}, "invalid_request", "/weights/1"),
        ({"weights": [1] * 1_001}, "invalid_request", "/weights"),
        ({"total": -100}, "invalid_request", "/total"),
        ({"total": 1.5}, "invalid_request", "/total"),
        ({"policy": "middle"}, "invalid_request", "/policy"),
        ({"parts": 3}, "invalid_request", "/parts"),
    ],
)
def test_shares_that_cannot_be_are_refused_where_they_are_wrong(shop, change, code, pointer):
    assert refused(shop, "allocate", SHARES | change) == (422, code, pointer)


# --- who may call ---

BODIES = {"schedule": LOAN, "annual_cost": COST, "trade_in": PHONE, "rebate": SETTLED, "allocate": SHARES}


@pytest.mark.parametrize("name", list(BODIES))
def test_a_publishable_key_is_answered_like_a_secret_one_and_nobody_without_a_key(shop, name):
    browser = shop.key(shop.merchant_id, kind="publishable")

    assert answered(shop, name, BODIES[name], secret=browser) == answered(shop, name, BODIES[name])
    assert shop.post(f"calculators/{name}", BODIES[name], secret="sk_test_unknown").status_code == 401
    assert shop.get(f"calculators/{name}").status_code == 405
