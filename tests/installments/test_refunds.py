"""Capture, cancel, refund, expire, release: the books mirror, budgets and allowances return, parts add up to the whole."""

from datetime import timedelta

import pytest

from foundation import clock
from foundation.ids import parse_public_id, public_id
from installments.services import cancelling, release
from tests.installments.shop import FRIDGE, PHONE, Shop

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def shop(database):
    made = Shop()
    made.campaign(value={"amount": 50_000})
    made.campaign(
        kind="brand_rebate",
        value={"amount": 7_777},
        funders=[{"party": "brand", "id": public_id("brd", made.brand_id), "share": "100"}],
    )
    made.trade_in()
    made.interest_free(
        funders=[
            {"party": "merchant", "share": "60"},
            {"party": "brand", "id": public_id("brd", made.brand_id), "share": "40"},
        ]
    )
    return made


def basket(shop, **fields):
    return shop.plan(lines=[FRIDGE, PHONE], trade_in={"claim": True}, buyer={"reference": "li"}, **fields)


def refund(shop, plan, **body):
    return shop.post(f"plans/{plan['id']}/refunds", {"reason": "return", **body})


def balances(database, plan):
    """Credits minus debits of every account of the order, zeros left out."""
    rows = database.execute(
        """
        SELECT party, purpose, sum(amount) FROM (
            SELECT credit_party_id AS party, credit_purpose AS purpose, amount_minor AS amount
            FROM settlements_transfer WHERE order_id = %(order)s
            UNION ALL
            SELECT debit_party_id, debit_purpose, -amount_minor FROM settlements_transfer WHERE order_id = %(order)s
        ) sides GROUP BY 1, 2
        """,
        {"order": plan["id"]},
    ).fetchall()
    return {(party, purpose): int(amount) for party, purpose, amount in rows if amount}


def committed(database):
    rows = database.execute("SELECT held_minor, committed_minor FROM promotions_budgetcounter").fetchall()
    assert all(held == 0 for held, _ in rows)
    return sorted(spent for _, spent in rows if spent)


WAYS = {
    "whole at once": [{"lines": [{"id": "1", "quantity": 1}, {"id": "2", "quantity": 3}]}],
    "line by line": [{"lines": [{"id": "1", "quantity": 1}]}, {"lines": [{"id": "2", "quantity": 3}]}],
    "unit by unit": [
        {"lines": [{"id": "2", "quantity": 1}]},
        {"lines": [{"id": "2", "quantity": 1}]},
        {"lines": [{"id": "1", "quantity": 1}]},
        {"lines": [{"id": "2", "quantity": 1}]},
    ],
    "a price cut first": [
        {"amount": 33_333},
        {"lines": [{"id": "2", "quantity": 2}]},
        {"amount": 1},
        {"lines": [{"id": "1", "quantity": 1}, {"id": "2", "quantity": 1}]},
    ],
}


@pytest.mark.parametrize("way", WAYS)
def test_any_way_of_giving_everything_back_leaves_nothing_in_the_books_and_the_budgets(shop, database, way):
    plan = basket(shop)
    assert balances(database, plan)

    refunds = [refund(shop, plan, **body) for body in WAYS[way]]

    assert [answer.status_code for answer in refunds] == [201] * len(refunds)
    assert balances(database, plan) == {}
    assert committed(database) == []
    after = shop.get(f"plans/{plan['id']}").json()
    assert (after["state"], after["refunded"]) == ("refunded", plan["amounts"]["payable"])
    shown = [answer.json() for answer in refunds]
    assert sum(one["amount"] for one in shown) == plan["amounts"]["payable"]
    assert sum(one["to_government"] for one in shown) == plan["amounts"]["government_subsidy"]
    to_brand = sum(f["amount"] for one in shown for f in one["to_funders"] if f["party"] == "brand")
    fee = next(f["amount"] for f in plan["plan"]["funders"] if f["party"] == "brand")
    assert to_brand == 7_777 + fee
    claims = database.execute("SELECT state, amount_minor FROM settlements_claim").fetchall()
    assert claims == [("withdrawn", 0)] * 2
    assert database.execute("SELECT sum(used) FROM promotions_subsidyuse").fetchone() == (0,)
    assert len(after["refunds"]) == len(refunds)


def test_one_of_three_phones_back_mirrors_its_own_third_and_its_own_subsidy(shop, database):
    plan = basket(shop)

    answer = refund(shop, plan, lines=[{"id": "2", "quantity": 1}]).json()

    phone_subsidy = next(
        group["subsidy"] for step in plan["waterfall"] for group in step.get("units", []) if group["line"] == "2"
    )
    assert answer["to_government"] == phone_subsidy
    assert answer["lines"] == [{"id": "2", "quantity": 1, "amount": answer["amount"], "subsidy": phone_subsidy}]
    assert shop.get(f"plans/{plan['id']}").json()["state"] == "part_refunded"
    assert database.execute("SELECT used FROM promotions_subsidyuse WHERE category = 'phone'").fetchone() == (0,)


def test_more_than_is_left_an_unknown_line_both_or_nothing_are_refused(shop):
    plan = basket(shop)

    refused = [
        refund(shop, plan, lines=[{"id": "2", "quantity": 4}]),
        refund(shop, plan, lines=[{"id": "9", "quantity": 1}]),
        refund(shop, plan, amount=plan["amounts"]["payable"] + 1),
        refund(shop, plan),
        refund(shop, plan, amount=1, lines=[{"id": "1", "quantity": 1}]),
        refund(shop, plan, amount=0),
    ]

    assert [(answer.status_code, answer.json()["code"]) for answer in refused] == [
        (409, "refund_exceeds_captured"),
        (422, "unknown_line"),
        (409, "refund_exceeds_captured"),
        (422, "invalid_request"),
        (422, "invalid_request"),
        (422, "invalid_request"),
    ]
    assert shop.get(f"plans/{plan['id']}").json()["refunded"] == 0


def test_a_manual_plan_holds_then_captures_the_same_figures_as_an_automatic_one(shop, database):
    automatic = basket(shop)
    manual = shop.plan(lines=[FRIDGE, PHONE], trade_in={"claim": True}, buyer={"reference": "wang"}, capture="manual")
    assert (manual["state"], manual["captured"]) == ("authorised", 0)
    assert manual["expires_at"] is not None
    assert balances(database, manual) == {}

    captured = shop.post(f"plans/{manual['id']}/capture").json()

    assert (captured["state"], captured["captured"], captured["expires_at"]) == (
        "captured",
        automatic["captured"],
        None,
    )
    assert balances(database, manual) == balances(database, automatic)
    assert shop.post(f"plans/{manual['id']}/capture").json()["code"] == "illegal_move"


def test_capturing_one_line_releases_the_other_and_every_column_still_re_adds(shop, database):
    plan = shop.plan(
        lines=[FRIDGE, PHONE],
        trade_in={"claim": True},
        buyer={"reference": "li"},
        capture="manual",
        serials=[{"line": "1", "serial": "F1"}, {"line": "2", "serial": "P1"}],
    )

    captured = shop.post(f"plans/{plan['id']}/capture", {"lines": [{"id": "1", "quantity": 1}]}).json()

    assert 0 < captured["captured"] < plan["amounts"]["payable"]
    shown = captured["plan"]
    assert sum(row["principal"] for row in shown["schedule"]) == shown["financed"]
    assert sum(row["amount"] for row in shown["schedule"]) == shown["total_payable"]
    assert sum(funder["amount"] for funder in shown["funders"]) == shown["waived_fee"]
    assert database.execute("SELECT serial_key, state FROM installments_serial ORDER BY 1").fetchall() == [
        ("F1", "locked"),
        ("P1", "released"),
    ]
    assert database.execute("SELECT category, used FROM promotions_subsidyuse ORDER BY 1").fetchall() == [
        ("phone", 0),
        ("refrigerator", 1),
    ]
    assert database.execute("SELECT item_id FROM settlements_claim").fetchall() == [("1",)]
    refunded = refund(shop, plan, lines=[{"id": "1", "quantity": 1}])
    assert refunded.status_code == 201, refunded.content
    assert balances(database, plan) == {}
    assert committed(database) == []
    assert refund(shop, plan, lines=[{"id": "2", "quantity": 1}]).status_code in {409, 422}


def test_half_a_line_is_not_captured(shop):
    plan = basket(shop, capture="manual")

    refused = shop.post(f"plans/{plan['id']}/capture", {"lines": [{"id": "2", "quantity": 1}]})

    assert (refused.status_code, refused.json()["code"]) == (422, "partial_line")


def test_a_cancelled_plan_gives_back_budgets_serials_and_the_allowance(shop, database):
    plan = basket(shop, capture="manual", serials=[{"line": "1", "serial": "F1"}])

    cancelled = shop.post(f"plans/{plan['id']}/cancel").json()

    assert cancelled["state"] == "cancelled"
    assert committed(database) == []
    assert database.execute("SELECT state FROM installments_serial").fetchall() == [("released",)]
    assert database.execute("SELECT sum(used) FROM promotions_subsidyuse").fetchone() == (0,)
    assert shop.post(f"plans/{plan['id']}/cancel").json()["code"] == "illegal_move"
    assert refund(shop, plan, amount=1).json()["code"] == "illegal_move"


def test_a_captured_plan_cannot_be_cancelled(shop):
    plan = basket(shop)

    assert shop.post(f"plans/{plan['id']}/cancel").json()["code"] == "illegal_move"


def test_an_authorisation_that_runs_out_after_7_days_expires_by_itself_and_once(shop, database):
    plan = basket(shop, capture="manual")
    later = clock.now() + timedelta(days=7, seconds=1)

    assert cancelling.expire_due(now=later - timedelta(minutes=5)) == 0
    assert cancelling.expire_due(now=later) == 1
    assert cancelling.expire_due(now=later) == 0

    assert shop.get(f"plans/{plan['id']}").json()["state"] == "expired"
    assert committed(database) == []


def test_pending_money_becomes_available_on_the_release_day_less_what_was_refunded(shop, database):
    plan = basket(shop)
    refund(shop, plan, lines=[{"id": "2", "quantity": 1}])
    pending = (shop.merchant_id, "merchant_pending")
    available = (shop.merchant_id, "merchant_available")
    before = balances(database, plan)
    today = (shop.now + timedelta(hours=8)).date()

    assert release.release_due(book_id=shop.book_id, up_to=today, now=shop.now) == 0
    assert release.release_due(book_id=shop.book_id, up_to=today + timedelta(days=1), now=shop.now) == 1
    assert release.release_due(book_id=shop.book_id, up_to=today + timedelta(days=1), now=shop.now) == 0

    after = balances(database, plan)
    assert pending not in after
    assert after[available] == before[pending] > 0


def test_after_release_and_remittance_a_full_refund_is_owed_by_the_merchant_to_the_lender(shop, database):
    plan = basket(shop)
    tomorrow = shop.now + timedelta(days=1)
    release.release_due(book_id=shop.book_id, up_to=tomorrow.date() + timedelta(days=1), now=tomorrow)
    assert release.remit(book_id=shop.book_id, captured_before=tomorrow, now=tomorrow) == 1
    assert release.remit(book_id=shop.book_id, captured_before=tomorrow, now=tomorrow) == 0
    financed = plan["amounts"]["financed"]
    assert balances(database, plan)[(shop.platform_id, "bank")] == -financed

    refund(shop, plan, lines=[{"id": "1", "quantity": 1}, {"id": "2", "quantity": 3}])

    left = balances(database, plan)
    assert left == {(shop.platform_id, "bank"): -financed, (shop.lender_id, "lender_payable"): financed}


def test_a_plan_past_its_last_due_date_is_completed(shop):
    plan = basket(shop)
    last = plan["schedule"][-1]["due_on"]

    assert release.complete_due(now=shop.now + timedelta(days=364)) == 0
    assert release.complete_due(now=shop.now + timedelta(days=367)) == 1

    assert shop.get(f"plans/{plan['id']}").json()["state"] == "completed"
    assert last == plan["schedule"][11]["due_on"]


def test_a_refund_on_an_unknown_plan_is_404(shop):
    plan = {"id": public_id("pl", parse_public_id("mer", shop.merchant_public))}

    assert refund(shop, plan, amount=1).status_code == 404


def test_all_the_money_back_is_all_the_goods_back_the_serial_and_the_allowance_are_free(shop, database):
    """Seen before: a full refund by amount left its buyer without a subsidy for the year."""
    phone = {**PHONE, "quantity": 1}
    bought = {"lines": [phone], "trade_in": {"claim": True}, "buyer": {"reference": "li"}}
    serial = [{"line": phone["id"], "serial": "SN-1"}]
    plan = shop.plan(**bought, serials=serial)
    refund(shop, plan, amount=1_000)

    back = refund(shop, plan, amount=plan["captured"] - 1_000).json()

    assert shop.get(f"plans/{plan['id']}").json()["state"] == "refunded"
    assert back["to_government"] > 0
    assert balances(database, plan) == {}
    again = shop.plan(**bought, serials=serial)
    assert again["amounts"]["government_subsidy"] == plan["amounts"]["government_subsidy"] > 0


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
@pytest.mark.parametrize("field", ["created_from", "created_to"])
def test_a_day_outside_of_the_calendar_is_refused_at_its_field(shop, field, day):
    refused = shop.get(f"plans?{field}={day}")

    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, f"/{field}")
