"""What the portal's tests share: the small world, its operator, and people signed in."""

import pytest
from django.test import Client

from foundation import clock, db
from installments.services import catalogue
from merchants.services import people
from portal import throttle
from tests.world import World, build_world

PASSWORD = "correct-horse-9"


@pytest.fixture
def world(database) -> World:
    throttle.forget()
    catalogue.shelf.forget()
    return build_world(now=clock.now())


@pytest.fixture
def operator(world) -> str:
    """E-mail of the platform's operator."""
    with db.staff_transaction():
        person = people.create_person(
            email="operator@platform.example", name="Operator", password=PASSWORD, locale="en", now=world.now
        )
        people.add_membership(tenant_id=world.platform, person_id=person, role="operator", now=world.now)
    return "operator@platform.example"


@pytest.fixture
def signed_in(world):
    """`signed_in("owner@one.example")` gives a client with that person's session."""

    def sign_in(email: str) -> Client:
        client = Client()
        answer = client.post("/sign-in/", {"email": email, "password": PASSWORD})
        assert answer.status_code == 302, answer.content.decode()
        return client

    return sign_in
