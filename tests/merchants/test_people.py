"""People: who signs in, for whom they may act, and what the web role may touch."""

import pytest
from django.contrib.auth import authenticate
from django.contrib.sessions.backends.db import SessionStore
from django.db.utils import ProgrammingError

from foundation import db
from merchants.permissions import READ, ROLE_PERMISSIONS, SCOPES
from merchants.selectors import parties, people
from merchants.services import people as service
from merchants.services.errors import EmailTaken, UnknownRole
from tests.world import NOW, build_world

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def world(database):
    return build_world()


def test_a_person_signs_in_by_e_mail_however_it_is_cased_without_a_tenant(world):
    person = authenticate(username=" Owner@One.example ", password="correct-horse-9")

    assert person is not None
    assert person.pk == world.one.people["owner"]
    assert authenticate(username="owner@one.example", password="wrong") is None


def test_the_web_role_keeps_sessions_and_the_time_of_the_last_sign_in(world, database):
    person = authenticate(username="owner@one.example", password="correct-horse-9")
    session = SessionStore()
    session["tenant"] = str(world.one.id)
    session.save()
    person.last_login = NOW
    person.save(update_fields=["last_login"])

    assert SessionStore(session.session_key)["tenant"] == str(world.one.id)
    assert database.execute("SELECT count(*) FROM merchants_person WHERE last_login IS NOT NULL").fetchone() == (1,)
    session.delete()


def test_memberships_are_found_before_a_tenant_is_known_and_by_no_other_road(world):
    found = people.memberships(world.one.people["checker"])

    assert [(row.tenant_id, row.party_kind, row.role) for row in found] == [(world.one.id, "merchant", "owner")]
    with db.tenant_transaction(world.two.id):
        assert people.people_of(world.one.id) == ()
    with db.tenant_transaction(world.one.id):
        assert {row.role for row in people.people_of(world.one.id)} == {"owner", "marketing", "finance", "clerk"}


def test_an_inactive_membership_opens_nothing(world, database):
    database.execute("UPDATE merchants_membership SET is_active = false WHERE tenant_id = %s", [world.one.id])

    assert people.memberships(world.one.people["owner"]) == ()


def test_a_second_person_with_an_e_mail_and_a_staff_role_at_a_merchant_are_refused(world):
    with pytest.raises(EmailTaken), db.staff_transaction():
        service.create_person(email="OWNER@one.example", name="X", password="correct-horse-9", locale="en", now=NOW)
    with pytest.raises(UnknownRole), db.staff_transaction():
        service.add_membership(tenant_id=world.one.id, person_id=world.one.people["clerk"], role="operator", now=NOW)


def test_preferences_are_the_persons_own_to_change_by_the_web_role(world, database):
    with db.tenant_transaction(world.one.id):
        service.save_preferences(person_id=world.one.people["owner"], locale="en")

    row = database.execute("SELECT locale, theme FROM merchants_person WHERE id = %s", [world.one.people["owner"]])
    assert row.fetchone() == ("en", "auto")


def test_the_web_role_cannot_make_itself_somebody(world):
    with pytest.raises(ProgrammingError, match="permission denied"), db.tenant_transaction(world.one.id):
        service.create_person(email="me@evil.example", name="Me", password="correct-horse-9", locale="en", now=NOW)


def test_parties_are_found_by_their_public_id_and_kind(world):
    with db.tenant_transaction(world.one.id):
        assert parties.party_by_public_id(world.brand_id, kind="brand").id == world.brand
        assert parties.platform(world.book_id).id == world.platform
        assert [view.name_en for view in parties.lenders(world.book_id)] == ["Huazhi", "Jiangcheng Bank"]
        assert parties.merchants_of_book(world.book_id) == (parties.party(world.one.id),)


def test_every_role_stays_within_the_scopes_there_are_and_viewers_only_read():
    portal_only = {"people:write", "keys:write", "settings:write", "staff:read", "staff:write", "rule_sets:write"}
    portal_only.add("integrity:write")
    for permissions in ROLE_PERMISSIONS.values():
        assert permissions <= SCOPES | portal_only
    assert ROLE_PERMISSIONS["viewer"] == READ
    assert "campaigns:approve" not in ROLE_PERMISSIONS["marketing"]
