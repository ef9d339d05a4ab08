"""An old quote prices again to the bit from what its plan kept, whatever changed since; proofs and walls around plans."""

import pytest
from django.core.management import call_command

from foundation import db
from foundation.ids import parse_public_id
from installments.selectors import plans as plan_rows
from installments.services import lenders, proofs, replaying
from tests.installments.shop import FRIDGE, PHONE, Shop

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def shop(database):
    return Shop()


def replayed(plan):
    return replaying.replay_plan(parse_public_id("pl", plan["id"]))


def test_a_plan_replays_identically_after_newer_versions_of_everything_and_after_the_end(shop, capsys):
    campaign = shop.campaign(value={"amount": 50_000})
    shop.trade_in()
    shop.interest_free()
    plan = shop.plan(lines=[FRIDGE, PHONE], trade_in={"claim": True}, buyer={"reference": "li"})
    changed = shop.patch(f"campaigns/{campaign['id']}", {"value": {"amount": 99_999}})
    assert changed.status_code == 200, changed.content
    with db.staff_transaction():
        lenders.load_preset("huabei", lender_id=shop.lender_id, now=shop.now)
    assert shop.post(f"campaigns/{campaign['id']}/end").status_code == 200

    found = replayed(plan)
    call_command("replay_quote", plan["id"])

    assert found.identical
    assert found.stored == found.again
    assert capsys.readouterr().out.strip() == f"identical {found.stored}"


def test_a_trimmed_quote_replays_with_its_trim(shop):
    shop.campaign(value={"amount": 10_000}, budget={"total": 15_000}, when_short="trim")
    shop.plan()
    second = shop.quote(at=shop.now.isoformat())
    shop.campaign(value={"amount": 1})
    short = shop.confirm(second)
    body = short.json() if short.status_code == 409 else None
    plan = shop.confirm(body["quote"]).json() if body else short.json()

    assert replayed(plan).identical


def test_a_changed_figure_is_found_and_the_command_exits_with_1(shop, database, capsys):
    plan = shop.plan()
    database.execute("UPDATE installments_plan SET amounts = jsonb_set(amounts, '{payable}', '1')")

    found = replayed(plan)

    assert not found.identical
    assert "amounts" in found.differences[0]
    with pytest.raises(SystemExit) as exit_:
        call_command("replay_quote", plan["id"])
    assert exit_.value.code == 1
    with pytest.raises(SystemExit) as exit_:
        call_command("replay_quote", "pl_unknown")
    assert exit_.value.code == 1


def test_plans_agree_with_the_books_and_a_tampered_plan_does_not(shop, database):
    shop.campaign(value={"amount": 10_000})
    plan = shop.plan(lines=[FRIDGE, PHONE])
    shop.post(f"plans/{plan['id']}/refunds", {"lines": [{"id": "2", "quantity": 1}], "reason": "x"})
    shop.plan(capture="manual")
    assert proofs.check_plans() == []

    database.execute("UPDATE installments_plan SET refunded_minor = refunded_minor + 1 WHERE state = 'part_refunded'")
    assert [problem.check for problem in proofs.check_plans()] == ["refunds_add_up"]
    database.execute("UPDATE installments_plan SET refunded_minor = refunded_minor - 1 WHERE state = 'part_refunded'")
    database.execute("DELETE FROM settlements_transfer WHERE line_type = 'sale' AND item_id = '1'")
    assert "plans_are_in_the_books" in {problem.check for problem in proofs.check_plans()}


def test_the_database_shows_a_tenant_its_own_plans_only_and_refuses_to_change_history(shop):
    shop.plan()
    other, _, _ = shop.merchant("二号店")
    from django.db import DatabaseError

    with db.tenant_transaction(other), db.cursor() as cursor:
        for table in ("plan", "planevent", "spentquote", "lenderagreement"):
            cursor.execute(f"SELECT count(*) FROM installments_{table} WHERE tenant_id <> %s", (other,))
            assert cursor.fetchone() == (0,), table
    for table in ("planevent", "spentquote", "ratecard"):
        with pytest.raises(DatabaseError), db.staff_transaction(), db.cursor() as cursor:
            cursor.execute(f"DELETE FROM installments_{table}")
    with pytest.raises(DatabaseError), db.tenant_transaction(other), db.cursor() as cursor:
        cursor.execute(
            "INSERT INTO installments_spentquote SELECT %s, gen_random_uuid(), gen_random_uuid(), now()",
            (shop.merchant_id,),
        )


def test_figures_of_days_count_plans_money_funders_and_terms(shop):
    shop.campaign(value={"amount": 10_000})
    shop.interest_free()
    plan = shop.plan()
    shop.plan(capture="manual")
    today = replayed_day(shop)

    with db.tenant_transaction(shop.merchant_id):
        days = plan_rows.figures_of_days(
            tenant_id=shop.merchant_id, first=today.replace(day=1), last=today, timezone="Asia/Shanghai"
        )
        detail = plan_rows.plan_detail(tenant_id=shop.merchant_id, plan_id=parse_public_id("pl", plan["id"]))

    figures = days[-1]
    assert len(days) == today.day
    assert (figures.plans, figures.financed_minor) == (2, 2 * 589_900)
    assert figures.waived_by_funder == (("merchant", 2 * 44_242),)
    assert figures.by_term == ((12, 2),)
    assert days[0].plans == 0 or today.day == 1
    assert [event.move for event in detail.events] == ["confirm", "capture"]


def replayed_day(shop):
    from datetime import timedelta

    return (shop.now + timedelta(hours=8)).date()
