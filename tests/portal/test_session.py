"""Signing in: the same answer for everybody who may not, a brake, a new session id, one party at a time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.test import Client

from foundation import db
from merchants.services import people
from portal import throttle
from tests.portal.conftest import PASSWORD

pytestmark = pytest.mark.usefixtures("database")


def refusal(client, email, password):
    answer = client.post("/sign-in/", {"email": email, "password": password}, headers={"accept-language": "en"})
    assert answer.status_code == 200
    return answer.content.decode()


def text_of(page):
    return page.split('role="alert"')[1].split("</div>")[0]


def test_a_wrong_password_and_an_unknown_email_get_the_same_answer(world):
    known = refusal(Client(), "owner@one.example", "not-the-password")
    unknown = refusal(Client(), "nobody@one.example", "not-the-password")

    assert text_of(known) == text_of(unknown)
    assert "do not match an active account" in known


def test_the_sixth_try_of_one_email_waits_even_with_the_right_password(world):
    for _ in range(throttle.PER_EMAIL):
        refusal(Client(), "owner@one.example", "guess")

    page = refusal(Client(), "owner@one.example", PASSWORD)

    assert "Too many attempts" in page
    assert Client().post("/sign-in/", {"email": "checker@one.example", "password": PASSWORD}).status_code == 302


def elsewhere(act):
    """Do it on a connection of its own, as another process would; returns the server process that served it."""

    def on_its_own():
        try:
            act()
            with connections["default"].cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                return cursor.fetchone()[0]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(on_its_own).result()


def test_what_one_connection_counted_the_other_sees(world):
    who = {"email": "owner@one.example", "address": "192.0.2.7", "now": world.now}
    pids = set()
    for _ in range(3):
        pids.add(elsewhere(lambda: throttle.failed(**who)))
    throttle.failed(**who)
    assert throttle.wait_seconds(**who) == 0
    throttle.failed(**{**who, "email": " Owner@One.example"})

    waits = []
    pids.add(elsewhere(lambda: waits.append(throttle.wait_seconds(**who))))

    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        assert cursor.fetchone()[0] not in pids
    assert waits == [901]
    assert throttle.wait_seconds(**{**who, "email": "nobody@one.example"}) == 0


def test_30_failures_at_once_from_one_address_are_30_and_end_with_their_window(world):
    def fail(number):
        try:
            throttle.failed(email=f"guess{number % 10}@one.example", address="192.0.2.8", now=world.now)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(fail, range(throttle.PER_ADDRESS)))

    stranger = {"email": "new@one.example", "address": "192.0.2.8"}
    assert throttle.wait_seconds(**stranger, now=world.now) == 901
    assert throttle.wait_seconds(**stranger, now=world.now + throttle.WINDOW - timedelta(seconds=1)) == 2
    later = world.now + throttle.WINDOW
    assert throttle.wait_seconds(**stranger, now=later) == 0
    throttle.failed(**stranger, now=later)
    assert throttle.wait_seconds(**stranger, now=later) == 0


def test_no_email_and_no_address_stands_in_the_table_and_unknown_people_are_counted_alike(world, database):
    for email in ("owner@one.example", "nobody@one.example"):
        refusal(Client(), email, "guess")

    rows = database.execute("SELECT key, count FROM failure_count ORDER BY count").fetchall()
    assert [count for _, count in rows] == [1, 1, 2]
    assert all(len(key) == 64 and "@" not in key for key, _ in rows)


def test_signing_in_forgets_the_failures_of_the_email_and_keeps_those_of_the_address(world, database):
    refusal(Client(), "owner@one.example", "guess")

    Client().post("/sign-in/", {"email": "owner@one.example", "password": PASSWORD})

    assert database.execute("SELECT count FROM failure_count").fetchall() == [(1,)]


def test_signing_in_makes_a_new_session_id_and_signing_out_ends_it(world):
    client = Client()
    client.get("/sign-in/")
    client.session.save()
    before = client.session.session_key

    client.post("/sign-in/", {"email": "owner@one.example", "password": PASSWORD})
    after = client.session.session_key
    client.post("/sign-out/")

    assert after != before
    assert client.get("/").status_code == 302


def test_a_page_without_a_session_leads_to_the_sign_in_and_back(world):
    answer = Client().get("/plans/")

    assert answer.status_code == 302
    assert answer["Location"] == "/sign-in/?next=/plans/"


def test_after_signing_in_nobody_is_sent_to_another_site(world):
    answer = Client().post(
        "/sign-in/", {"email": "owner@one.example", "password": PASSWORD, "next": "https://evil.example/"}
    )

    assert answer["Location"] == "/"


def test_a_person_with_two_parties_chooses_one_and_can_switch(world, signed_in):
    with db.staff_transaction():
        people.add_membership(
            tenant_id=world.two.id, person_id=world.one.people["finance"], role="viewer", now=world.now
        )
    client = Client()

    answer = client.post("/sign-in/", {"email": "finance@one.example", "password": PASSWORD})
    assert answer["Location"] == "/party/"
    assert client.get("/")["Location"] == "/party/"
    client.post("/party/", {"party": str(world.two.id)})

    page = client.get("/").content.decode()
    assert "商户two" in page
    assert client.post("/party/", {"party": str(world.brand)}).status_code == 200  # not a party of this person
    assert "商户two" in client.get("/").content.decode()


def test_the_language_is_kept_on_the_person_and_survives_a_new_browser(world, signed_in):
    client = signed_in("owner@one.example")
    assert "首页" in client.get("/").content.decode()

    client.post("/language/", {"language": "en", "next": "/"})

    elsewhere = signed_in("owner@one.example")
    page = elsewhere.get("/", headers={"accept-language": "zh-CN"}).content.decode()
    assert "Plans today" in page
    assert '<html lang="en"' in page


def test_the_theme_is_kept_on_the_person(world, signed_in):
    client = signed_in("owner@one.example")

    client.post("/theme/", {"theme": "dark", "next": "/"})

    assert 'data-theme="dark"' in client.get("/").content.decode()
    client.post("/theme/", {"theme": "<script>"})
    assert 'data-theme="auto"' in client.get("/").content.decode()
