"""API keys: who gets in, who does not, and how soon a change is heard."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from foundation import clock, db
from foundation.ids import uuid7
from merchants.api.authentication import wrong_keys
from merchants.permissions import PUBLISHABLE, SCOPES
from merchants.services import key_cache, key_use, keys, parties, people

pytestmark = pytest.mark.usefixtures("database")
NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)


@pytest.fixture
def merchant():
    key_cache.forget(None)
    wrong_keys.clear()
    with db.staff_transaction():
        merchant_id = parties.create_party(kind="merchant", name_zh="甲", name_en="A", book_id=uuid7(), now=NOW)
        person = people.create_person(
            email="Li@Example.com", name="Li", password="long-enough-1", locale="zh-hans", now=NOW
        )
        people.add_membership(tenant_id=merchant_id, person_id=person, role="owner", now=NOW)
        parties.create_store(
            tenant_id=merchant_id, code="S1", name_zh="一店", name_en="One", region="CN-31", city="上海", now=NOW
        )
    return merchant_id


def make_key(merchant, *, kind="secret", scopes=tuple(SCOPES), expires_at=None):
    with db.tenant_transaction(merchant):
        return keys.create_key(
            tenant_id=merchant,
            person_id=None,
            kind=kind,
            livemode=False,
            name="till",
            scopes=scopes,
            now=NOW,
            expires_at=expires_at,
        )


def get(path, secret):
    return Client().get(path, headers={"authorization": f"Bearer {secret}"})


def test_a_secret_is_sk_test_and_43_characters_and_only_its_hash_is_kept(merchant, database):
    _, secret = make_key(merchant)

    assert secret.startswith("sk_test_")
    assert len(secret) == 8 + 43
    stored = database.execute("SELECT secret_hash, last4 FROM merchants_apikey").fetchone()
    assert stored == (keys.hash_of(secret), secret[-4:])


def test_a_key_reads_its_own_stores(merchant):
    _, secret = make_key(merchant)

    answer = get("/v1/stores", secret)

    assert answer.status_code == 200
    assert [store["code"] for store in answer.json()["data"]] == ["S1"]
    assert answer.json()["has_more"] is False


def test_another_merchants_store_answers_like_a_random_id(merchant):
    with db.staff_transaction():
        other = parties.create_party(kind="merchant", name_zh="乙", name_en="B", book_id=uuid7(), now=NOW)
        foreign = parties.create_store(
            tenant_id=other, code="X", name_zh="他店", name_en="X", region="CN-32", city="", now=NOW
        )
    _, secret = make_key(merchant)
    from foundation.ids import public_id

    hers = get(f"/v1/stores/{public_id('sto', foreign)}", secret)
    nobodys = get(f"/v1/stores/{public_id('sto', uuid7())}", secret)

    assert hers.status_code == nobodys.status_code == 404
    drop = {"request_id"}
    assert {k: v for k, v in hers.json().items() if k not in drop} == {
        k: v for k, v in nobodys.json().items() if k not in drop
    }


def test_an_expired_key_is_refused_from_its_last_instant_on(merchant, monkeypatch):
    ends = clock.now() + timedelta(hours=1)
    _, secret = make_key(merchant, expires_at=ends)
    assert get("/v1/merchant", secret).status_code == 200

    monkeypatch.setattr(clock, "now", lambda: ends)
    answer = get("/v1/merchant", secret)

    assert (answer.status_code, answer.json()["code"]) == (401, "key_expired")


def test_a_revoked_key_is_refused_at_once_in_this_process(merchant):
    key_id, secret = make_key(merchant)
    assert get("/v1/merchant", secret).status_code == 200

    with db.tenant_transaction(merchant):
        keys.revoke_key(tenant_id=merchant, key_id=key_id, now=NOW)
    answer = get("/v1/merchant", secret)

    assert (answer.status_code, answer.json()["code"]) == (401, "key_revoked")


def test_a_key_revoked_by_another_process_is_read_again_after_two_seconds(merchant, database, monkeypatch):
    _, secret = make_key(merchant)
    assert get("/v1/merchant", secret).status_code == 200
    database.execute("UPDATE merchants_apikey SET revoked_at = now()")
    assert get("/v1/merchant", secret).status_code == 200

    later = key_cache.time.monotonic() + 2.1
    monkeypatch.setattr(key_cache.time, "monotonic", lambda: later)

    assert get("/v1/merchant", secret).json()["code"] == "key_revoked"


@pytest.mark.parametrize("secret", ["sk_test_" + "x" * 43, "sk_test_short", "nonsense", "pk_live_" + "é" * 3])
def test_an_unknown_key_is_refused(merchant, secret):
    answer = get("/v1/merchant", secret)

    assert answer.status_code == 401
    assert answer.json()["code"] in {"key_unknown", "unauthenticated"}


def test_the_61st_wrong_key_of_a_minute_waits_and_a_right_one_does_not(merchant):
    for _ in range(60):
        assert get("/v1/merchant", "sk_test_" + "x" * 43).status_code == 401

    refused = get("/v1/merchant", "sk_test_" + "x" * 43)

    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
    assert get("/v1/merchant", make_key(merchant)[1]).status_code == 200


def test_a_warm_key_asks_the_database_nothing(merchant, django_assert_num_queries):
    from merchants.api.authentication import caller_of

    _, secret = make_key(merchant)
    caller_of(secret, address="10.0.0.1")
    key_use.wait_until_written()

    with django_assert_num_queries(0):
        assert caller_of(secret, address="10.0.0.1").tenant_id == merchant


def test_last_use_is_written_off_the_request_and_once_a_minute(merchant, database):
    _, secret = make_key(merchant)

    get("/v1/merchant", secret)
    key_use.wait_until_written()
    first = database.execute("SELECT last_used_at FROM merchants_apikey").fetchone()
    get("/v1/merchant", secret)
    key_use.wait_until_written()

    assert first[0] is not None
    assert database.execute("SELECT last_used_at FROM merchants_apikey").fetchone() == first


def test_a_publishable_key_cannot_have_more_than_quotes(merchant):
    from merchants.services.errors import UnknownScope

    with pytest.raises(UnknownScope):
        make_key(merchant, kind="publishable", scopes=["plans:read"])
    _, secret = make_key(merchant, kind="publishable", scopes=tuple(PUBLISHABLE))
    assert get("/v1/stores", secret).json()["code"] == "key_kind_refused"


def test_a_key_without_the_scope_is_told_which(merchant):
    _, secret = make_key(merchant, scopes=["plans:read"])

    answer = get("/v1/stores", secret)

    assert (answer.status_code, answer.json()["figures"]) == (403, {"scope": "parties:read"})


def test_a_rotated_key_works_until_the_overlap_ends(merchant, monkeypatch):
    key_id, secret = make_key(merchant)
    until = clock.now() + timedelta(days=1)
    with db.tenant_transaction(merchant):
        _, successor = keys.rotate_key(tenant_id=merchant, key_id=key_id, overlap_until=until, now=NOW)

    assert get("/v1/merchant", secret).status_code == get("/v1/merchant", successor).status_code == 200
    monkeypatch.setattr(clock, "now", lambda: until)
    assert get("/v1/merchant", secret).json()["code"] == "key_expired"
    assert get("/v1/merchant", successor).status_code == 200
