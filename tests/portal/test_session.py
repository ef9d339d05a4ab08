"""Signing in: the same answer for everybody who may not, a brake, a new session id, one party at a time."""

import pytest
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
