"""The whole line in a real browser: a campaign by two people, a sale, a refund, the close, the statement, the file.

Every amount is computed again here. A phone of 5,999.00 and earphones of 899.00, 500.00 off by the merchant, 300.00 by
the brand, 500.00 trade-in subsidy on the phone; 12 periods without interest, paid 70 % by the merchant and 30 % by the
platform; the earphones come back.
"""

import csv
import io
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.test import Client

from foundation import clock, db, jobs
from foundation.ids import public_id
from installments.services import catalogue, proofs
from merchants.services import people
from portal import throttle
from promotions.services import campaigns
from settlements import tasks
from settlements.services import proofs as book_proofs
from tests.journeys.browser import Visitor, chromium, live_server
from tests.world import build_world

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("database"), pytest.mark.timeout(280)]

PASSWORD = "correct-horse-9"
PHONE, EARPHONES = 599_900, 89_900


def half_even(value):
    return round(Fraction(value))


def shared(total, weights):
    """Largest remainder, ties to the earlier part."""
    exact = [Fraction(total * weight, sum(weights)) for weight in weights]
    parts = [int(part) for part in exact]
    order = sorted(range(len(parts)), key=lambda place: (parts[place] - exact[place], place))
    for place in order[: total - sum(parts)]:
        parts[place] += 1
    return parts


class Expected:
    subsidy = min(half_even(Fraction(15, 100) * (PHONE - 50_000 - 30_000)), 50_000)
    lines = (PHONE - 50_000 - 30_000 - subsidy, EARPHONES)
    payable = sum(lines)
    fee = half_even(Fraction(75, 1_000) * payable)
    fee_merchant, fee_platform = shared(fee, [70, 30])
    service = half_even(Fraction(6, 1_000) * payable)
    back_merchant = shared(fee_merchant, lines)[1]
    back_platform = shared(fee_platform, lines)[1]
    back_service = shared(service, lines)[1]
    captured = payable + 30_000 - fee_merchant - service + subsidy
    closing = captured - (EARPHONES - back_merchant - back_service)


def yuan(minor):
    return f"¥{minor / 100:,.2f}"


def run_due(kind):
    """What the worker does."""

    def send(name, *, kwargs, task_id):
        if kwargs["kind"] == kind:
            getattr(tasks, name.rpartition(".")[2])(**kwargs)

    jobs.dispatch(now=clock.now() + timedelta(seconds=1), send=send)


def prepared():
    """The small world without its own interest-free campaign, and with an operator."""
    throttle.forget()
    catalogue.shelf.forget()
    world = build_world(now=clock.now())
    with db.staff_transaction():
        person = people.create_person(
            email="operator@platform.example", name="Operator", password=PASSWORD, locale="zh-hans", now=world.now
        )
        people.add_membership(tenant_id=world.platform, person_id=person, role="operator", now=world.now)
    with db.tenant_transaction(world.one.id):
        actor = campaigns.Actor(person_id=world.one.people["owner"])
        key = world.campaign_id("interest_free")
        campaigns.end(tenant_id=world.one.id, campaign_id=key, actor=actor, now=world.now)
    return world


def make_campaign(visitor):
    """Four steps with the preview beside them; returns the campaign's id."""
    page = visitor.page
    visitor.go("/campaigns/new/interest_free/")
    page.fill("#id_name_zh", "浏览器免息")
    page.fill("#id_name_en", "Browser interest-free")
    page.fill("#id_share_merchant", "70")
    page.fill("#id_share_platform", "30")
    page.wait_for_selector('[data-preview-plan="12"]')
    assert visitor.reads("[data-preview-payable]") == yuan(PHONE - 50_000 - 30_000 - 50_000)
    page.fill("#id_sample-price", "2000.00")  # below the discount's 3,000.00: 300.00 of the brand, 15 % subsidy
    page.wait_for_selector('[data-preview-payable]:has-text("¥1,445.00")')
    page.click("button[name=next]")
    page.wait_for_url("**/edit/2/")
    visitor.look()
    yesterday = (clock.now() + timedelta(hours=8) - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    page.fill("#id_starts_at", yesterday)
    page.click("button[name=next]")
    page.wait_for_url("**/edit/3/")
    visitor.look()
    page.fill("#id_budget_total", "50,000.00")
    page.click("button[name=next]")
    page.wait_for_url("**/edit/4/")
    assert page.locator("#id_with_trade_in").is_checked()
    page.click("button[name=next]")
    visitor.look()
    campaign = page.url.split("/")[4]
    visitor.go(f"/campaigns/{campaign}/").press("提交审核")
    assert visitor.reads('[data-state="in_review"]') == "审核中"
    return campaign


def approve_and_launch(visitor, campaign):
    visitor.go(f"/campaigns/{campaign}/").press("批准")
    visitor.press("上线")
    assert visitor.reads(".page-title [data-state]") == "进行中"


def sell(world):
    """Quote and confirm with the server's key; returns the plan."""
    catalogue.refresh()
    lines = [
        {"id": "1", "sku": "PH-9", "category": "phone", "brand": "obsidian", "quantity": 1, "unit_price": PHONE},
        {"id": "2", "sku": "BUDS-5", "category": "earphones", "quantity": 1, "unit_price": EARPHONES},
    ]
    asked = {"currency": "CNY", "store": world.one.stores["S1"], "channel": "pos", "lines": lines}
    asked |= {"buyer": {"reference": "Li-1"}, "trade_in": {"claim": True}}
    asked |= {"lenders": [public_id("len", world.flat_lender)]}
    quote = call(world, "quotes", asked, "q")
    chosen = next(plan for plan in quote["plans"] if plan["term"] == 12)
    assert (quote["amounts"]["payable"], chosen["buyer_fee"]) == (Expected.payable, 0)
    assert [row["amount"] for row in chosen["funders"]] == [Expected.fee_merchant, Expected.fee_platform]
    confirmed = {"quote_token": quote["token"], "plan": chosen["id"], "order_reference": "BROWSER-1"}
    confirmed |= {"buyer": {"reference": "Li-1"}, "serials": [{"line": "1", "serial": "860000000000001"}]}
    return call(world, "plans", confirmed | {"capture": "automatic"}, "p")


def call(world, path, body, key):
    headers = {"authorization": f"Bearer {world.one.keys['secret']}", "idempotency-key": f"browser-{key}"}
    answer = Client().post(f"/v1/{path}", body, content_type="application/json", headers=headers)
    assert answer.status_code in {200, 201}, answer.content
    return answer.json()


def refund_the_earphones(visitor, plan):
    page = visitor.page
    visitor.go("/plans/")
    page.fill("#search", "BROWSER-1")
    page.press("#search", "Enter")
    page.click("text=BROWSER-1")
    page.wait_for_url(f"**/plans/{plan['id']}/")
    visitor.look()
    page.click(f'a[href="/plans/{plan["id"]}/refund/"]')
    page.select_option("#id_unit-1", "1")
    page.fill("#id_reason", "不想要了")
    page.click("button[name=preview]")
    page.wait_for_selector("[data-refund-preview]")
    visitor.look()
    assert visitor.reads("[data-to-buyer]") == yuan(EARPHONES)
    preview = visitor.reads("[data-refund-preview]")
    assert yuan(Expected.back_merchant) in preview
    assert yuan(Expected.back_platform) in preview
    page.click("button[name=confirm]")
    page.wait_for_selector('[data-state="part_refunded"]')
    visitor.look()


def close_the_day(visitor):
    visitor.go("/").press("日结")
    run_due("settlements.settle_day")
    visitor.page.wait_for_selector("[data-settled]")  # htmx asks again by itself
    visitor.look()


def approve_statement(visitor):
    """Look at the proof, approve; returns the statement's address."""
    visitor.go("/money/")
    visitor.page.click("tbody th a")
    visitor.page.wait_for_selector('[data-proof="holds"]')
    visitor.look()
    assert visitor.reads("[data-closing]") == yuan(Expected.closing)
    visitor.press("批准")
    assert visitor.reads(".page-title [data-state]") == "已批准"


def export_and_download(visitor):
    """Ask for the file, see it become ready, and fetch it."""
    page = visitor.page
    page.click("text=导出 CSV")
    page.wait_for_selector('[data-export="queued"], [data-export="running"]')
    visitor.look()
    run_due("settlements.run_export")
    link = page.wait_for_selector('[data-export="done"] a')
    visitor.look()
    with page.expect_download() as waiting:
        link.click()
    return waiting.value.path().read_bytes()


def check_file(body):
    rows = list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))
    lines, trailer = rows[:-1], rows[-1]
    assert trailer["schema_version"] == "TRAILER"
    assert int(trailer["line_no"]) == len(lines)
    sums = {}
    for line in lines:
        amount = Decimal(line["net_credit"] or 0) - Decimal(line["net_debit"] or 0)
        sums[line["line_type"]] = sums.get(line["line_type"], 0) + int(amount * 100)
        assert line["order_reference"] == "BROWSER-1"
    assert sums == {
        "sale": Expected.payable,
        "discount": 30_000,
        "lender_fee": -Expected.fee_merchant,
        "platform_fee": -Expected.service,
        "subsidy": Expected.subsidy,
        "refund": -EARPHONES,
        "lender_fee_rebate": Expected.back_merchant,
        "platform_fee_refund": Expected.back_service,
    }
    assert sum(sums.values()) == Expected.closing


@pytest.mark.parametrize("width", [1440, 390], ids=["desktop", "phone"])
def test_from_the_first_campaign_to_the_exported_statement(width):
    world = prepared()
    with live_server() as base, chromium() as browser:

        def person(email):
            return Visitor(browser, base, width=width).sign_in(email, PASSWORD)

        marketing = person("marketing@one.example")
        campaign = make_campaign(marketing)
        marketing.leave()
        checker = person("checker@one.example")
        approve_and_launch(checker, campaign)
        checker.leave()
        plan = sell(world)
        finance = person("finance@one.example")
        refund_the_earphones(finance, plan)
        operator = person("operator@platform.example")
        close_the_day(operator)
        operator.leave()
        approve_statement(finance)
        body = export_and_download(finance)
        finance.leave()

    check_file(body)
    assert proofs.check_plans() == []
    assert book_proofs.check_books() == []
