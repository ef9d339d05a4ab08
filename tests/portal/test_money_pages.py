"""Plans and statements on their pages: what is shown is what happens, proofs are added up anew, files are personal."""

import html
import re
from datetime import timedelta

import pytest

from foundation import clock, jobs
from foundation.ids import public_id
from settlements import tasks
from tests.portal.sale import sell

pytestmark = pytest.mark.usefixtures("database")


def run_due(kind):
    """Do what the worker would."""

    def send(name, *, kwargs, task_id):
        if kwargs["kind"] == kind:
            getattr(tasks, name.rpartition(".")[2])(**kwargs)

    jobs.dispatch(now=clock.now() + timedelta(seconds=1), send=send)


def english(client):
    client.post("/language/", {"language": "en"})
    return client


def links(page, path):
    return list(dict.fromkeys(re.findall(rf'href="({path}[a-z0-9_]+/)"', page)))


def close_the_day(world, staff):
    board = staff.get("/").content.decode()
    day = re.search(r'name="day"\s+value="([0-9-]+)"', board).group(1)
    answer = staff.post(f"/board/{world.book_id}/close/", {"day": day}, follow=True)
    assert "is closed" in answer.content.decode()
    assert "closed already" in staff.post(f"/board/{world.book_id}/close/", {"day": day}, follow=True).content.decode()
    run_due("settlements.settle_day")


def test_the_refund_that_was_shown_is_the_refund_that_happens(world, signed_in):
    plan = sell(world.one)
    client = english(signed_in("finance@one.example"))
    path = f"/plans/{plan['id']}/refund/"

    shown = client.post(path, {"mode": "units", "unit-0": "1", "reason": "faulty", "preview": "1"}).content.decode()
    amount = re.search(r"data-to-buyer>([^<]+)<", shown).group(1)
    before = re.search(r'name="refunded_before"\s+value="(\d+)"', shown).group(1)
    again = {"mode": "units", "unit-0": "1", "reason": "faulty", "confirm": "1", "refunded_before": before}
    done = client.post(path, again, follow=True).content.decode()
    twice = client.post(path, again, follow=True).content.decode()

    assert "Refunded." in done
    assert amount in done
    assert "Somebody else changed this" in twice
    assert "1 returned" in twice


def test_a_refund_without_a_choice_keeps_the_reason_and_books_nothing(world, signed_in):
    plan = sell(world.one)
    client = english(signed_in("clerk@one.example"))

    answer = client.post(f"/plans/{plan['id']}/refund/", {"mode": "units", "unit-0": "0", "reason": "kept text"})

    assert answer.status_code == 422
    assert "kept text" in answer.content.decode()
    assert "Captured" in client.get(f"/plans/{plan['id']}/").content.decode()


def test_the_plan_page_re_adds_the_price_and_names_every_payer(world, signed_in):
    plan = sell(world.one, lenders=[public_id("len", world.flat_lender)])
    page = english(signed_in("owner@one.example")).get(f"/plans/{plan['id']}/").content.decode()

    for name in ("One", "Obsidian", "Trade-in programme", "Huazhi"):
        assert name in page
    assert "¥11,998.00" in page  # two phones at 5,999.00
    assert plan["order_reference"] in page
    assert html.unescape(page).count("Waived interest") == 2  # merchant and brand, as booked


def test_lists_filter_by_what_the_address_says_and_go_on_by_cursor(world, signed_in):
    for number in range(3):
        sell(world.one, reference=f"FIND-{number}", trade_in={"claim": False})
    client = english(signed_in("owner@one.example"))

    found = client.get("/plans/?reference=FIND-1").content.decode()
    stored = client.get(f"/plans/?store={world.one.stores['S2']}").content.decode()
    by_campaign = client.get(f"/plans/?campaign={world.campaigns['discount']}").content.decode()
    searched = client.get("/search/?q=FIND-2", follow=True).content.decode()

    assert "FIND-1" in found
    assert "FIND-0" not in found
    assert "No plan fits these filters" in stored
    assert by_campaign.count("FIND-") >= 3
    assert "FIND-2" in searched
    assert client.get(f"/search/?q={world.campaigns['discount']}")["Location"].endswith(
        f"{world.campaigns['discount']}/"
    )


def test_a_day_is_closed_settled_approved_by_another_person_exported_and_only_the_asker_gets_the_file(
    world, signed_in, operator
):
    plan = sell(world.one)
    staff, finance = english(signed_in(operator)), english(signed_in("finance@one.example"))
    close_the_day(world, staff)
    (statement,) = links(finance.get("/money/").content.decode(), "/money/st_")

    page = finance.get(statement).content.decode()
    assert 'data-proof="holds"' in page
    assert plan["order_reference"] in page
    sha = re.search(r'name="sha256"\s+value="([0-9a-f]{64})"', page).group(1)

    assert "cannot approve" in staff.post(f"{statement}approve/", {"sha256": sha}, follow=True).content.decode()
    assert (
        "hash is different" in finance.post(f"{statement}approve/", {"sha256": "0" * 64}, follow=True).content.decode()
    )
    assert "Approved." in finance.post(f"{statement}approve/", {"sha256": sha}, follow=True).content.decode()

    finance.post(f"{statement}export/")
    export = re.search(
        r"/money/exports/(exp_[a-z0-9]+)/progress/", finance.get("/money/exports/").content.decode()
    ).group(1)
    run_due("settlements.run_export")
    assert 'data-export="done"' in finance.get(f"/money/exports/{export}/progress/").content.decode()
    address = finance.get(f"/money/exports/{export}/link/")["Location"]
    file = finance.get(address)
    assert "attachment" in file["Content-Disposition"]
    assert plan["order_reference"].encode() in b"".join(file.streaming_content)
    assert signed_in("owner@one.example").get(address).status_code == 403
    assert signed_in("owner@two.example").get(address).status_code in {403, 404}
    assert signed_in("owner@two.example").get(statement).status_code == 404


def test_a_rejected_statement_goes_back_with_the_reason_and_can_be_submitted_again(world, signed_in, operator):
    sell(world.one)
    staff, finance = english(signed_in(operator)), english(signed_in("finance@one.example"))
    close_the_day(world, staff)
    (statement,) = links(finance.get("/money/").content.decode(), "/money/st_")

    page = finance.post(f"{statement}reject/", {"note": "fee looks odd"}, follow=True).content.decode()

    assert "fee looks odd" in page
    assert "waits for approval again" in finance.post(f"{statement}submit/", follow=True).content.decode()


def test_the_home_page_tells_what_is_on_its_way_and_what_waits(world, signed_in):
    plan = sell(world.one)
    page = english(signed_in("owner@one.example")).get("/").content.decode()

    assert "is on its way from the business day" in page
    assert "trade-in claim still collects documents" in page or "trade-in claims still collect documents" in page
    assert f"{plan['plan']['waived_fee'] / 100:,.2f}" in page


def test_an_empty_merchant_is_led_by_the_hand_and_no_page_is_blank(world, signed_in):
    client = english(signed_in("owner@two.example"))

    assert "Get started" in client.get("/").content.decode()
    for path in ("/campaigns/", "/plans/", "/trade-in/", "/money/", "/money/exports/"):
        assert 'class="empty"' in client.get(path).content.decode(), path
