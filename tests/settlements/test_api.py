"""The books through the API: close, read, approve by a second person, export, and nobody else's anything."""

import hashlib
from uuid import UUID

import pytest
from django.test import Client

from foundation import db, ids
from merchants.permissions import READ, SCOPES
from merchants.services import key_cache, keys
from settlements.services import export_run, statements
from tests.settlements import world as w

pytestmark = pytest.mark.usefixtures("database")


class Api:
    """A client with one key."""

    def __init__(self, tenant, *, person=w.MAKER, scopes=SCOPES, livemode=False):
        with db.staff_transaction():
            _, self._secret = keys.create_key(
                tenant_id=tenant,
                person_id=person,
                kind="secret",
                livemode=livemode,
                name="t",
                scopes=sorted(scopes),
                now=w.NOW,
            )
        self._sent = 0

    def get(self, path):
        return Client().get(path, headers={"authorization": f"Bearer {self._secret}"})

    def post(self, path, body=None, *, key=None):
        self._sent += 1
        headers = {"authorization": f"Bearer {self._secret}", "idempotency-key": key or f"{id(self)}-{self._sent}"}
        return Client().post(path, body or {}, content_type="application/json", headers=headers)


@pytest.fixture
def world(database):
    key_cache.forget(None)
    made = w.make_world()
    w.capture(made)
    return made


def settle(world, day):
    statements.settle_day(book_id=world.book, day=day, made_by_id=None, now=w.NOW)


def closed(world) -> Api:
    """The merchant's key, after it closed the day and the worker made the statements."""
    api = Api(world.merchant)
    assert api.post("/v1/books/close").status_code == 200
    settle(world, w.DAY)
    return api


def test_a_sandbox_key_closes_its_day_once_and_a_replay_answers_the_same(world, database):
    api = Api(world.merchant)

    first = api.post("/v1/books/close", {"day": "2026-11-21"}, key="k")
    again = api.post("/v1/books/close", {"day": "2026-11-21"}, key="k")
    other = api.post("/v1/books/close", {"day": "2026-11-21"})

    assert (first.status_code, first.json()["object"], first.json()["day"], first.json()["open_day"]) == (
        200, "closed_day", "2026-11-21", "2026-11-22",
    )  # fmt: skip
    assert (again.content, again.headers["Idempotent-Replayed"]) == (first.content, "true")
    assert (other.status_code, other.json()["code"]) == (409, "not_the_open_day")
    assert database.execute("SELECT closed_by_id FROM settlements_closedday").fetchall() == [(w.MAKER,)]


def test_a_merchant_of_the_live_book_does_not_close_it(database):
    key_cache.forget(None)
    live = w.make_world(livemode=True)

    refused = Api(live.merchant, livemode=True).post("/v1/books/close")
    early = Api(live.platform, livemode=True).post("/v1/books/close", {"day": str(w.DAY)})

    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert early.status_code in {200, 409}


def test_the_statement_has_the_fields_of_the_contract_and_the_figures_of_the_example(world):
    api = closed(world)

    (found,) = api.get("/v1/statements").json()["data"]

    assert {name: found[name] for name in ("object", "party_type", "currency", "opening", "closing", "line_count", "state")} == {
        "object": "statement", "party_type": "merchant", "currency": "CNY", "opening": 0, "closing": 574_908,
        "line_count": 4, "state": "in_review",
    }  # fmt: skip
    assert found["party_id"] == ids.public_id("mer", world.merchant)
    assert (found["period_start"], found["period_end"], found["store"]) == ("2026-11-21", "2026-11-21", None)
    assert found["totals"]["sale"] == {"debit": 0, "credit": 510_000, "count": 1}
    assert (len(found["sha256"]), found["previous_sha256"]) == (64, "")
    assert api.get(f"/v1/statements/{found['id']}").json() == found


def test_lines_come_in_pages_with_the_columns_of_the_export(world):
    api = closed(world)
    (statement,) = api.get("/v1/statements").json()["data"]

    first = api.get(f"/v1/statements/{statement['id']}/lines?limit=3").json()
    second = api.get(f"/v1/statements/{statement['id']}/lines?limit=3&cursor={first['next_cursor']}").json()

    assert [line["line_no"] for line in first["data"] + second["data"]] == [1, 2, 3, 4]
    assert (first["has_more"], second["has_more"]) == (True, False)
    sale, fee, subsidy, service = first["data"] + second["data"]
    assert (sale["gross_credit"], sale["net_credit"], sale["balance_after"]) == (510_000, 510_000, 510_000)
    assert (fee["subsidy_merchant"], fee["net_debit"]) == (22_032, 22_032)
    assert (subsidy["subsidy_government"], subsidy["claim_id"][:4]) == (90_000, "clm_")
    assert (service["platform_fee"], service["prior_period"]) == (3_060, False)
    assert sale["transfer_id"].startswith("tr_")
    assert api.get(f"/v1/statements/{statement['id']}/lines?store=sto_other").json()["data"] == []


def test_the_brand_reads_its_own_statement_and_another_merchant_finds_nothing(world):
    mine = closed(world).get("/v1/statements").json()["data"][0]["id"]

    (brands,) = Api(world.brand).get("/v1/statements").json()["data"]
    other = Api(world.other)

    assert (brands["party_type"], brands["closing"]) == ("brand", -11_016)
    assert other.get("/v1/statements").json()["data"] == []
    for path in (mine, ids.public_id("st", UUID(int=5)), "st_nonsense"):
        for tail in ("", "/lines"):
            answer = other.get(f"/v1/statements/{path}{tail}")
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_the_platforms_staff_reads_all_five_and_narrows_by_party_and_state(world):
    closed(world)
    staff = Api(world.platform)

    every = staff.get("/v1/statements").json()["data"]
    lenders = staff.get("/v1/statements?party_type=lender&state=in_review").json()["data"]
    brand = staff.get(f"/v1/statements?party={ids.public_id('brd', world.brand)}").json()["data"]

    assert {row["party_type"] for row in every} == {"merchant", "brand", "lender", "government", "platform"}
    assert sum(row["closing"] for row in every) == 0
    assert ([row["closing"] for row in lenders], [row["closing"] for row in brand]) == ([-473_280], [-11_016])
    assert staff.get("/v1/statements?period_from=2026-11-22").json()["data"] == []


def test_staff_of_another_book_sees_none_of_this_one(world):
    closed(world)
    elsewhere = w.make_world()

    assert Api(elsewhere.platform).get("/v1/statements").json()["data"] == []


def test_the_maker_is_refused_a_changed_hash_is_refused_and_a_second_person_approves(world):
    api = closed(world)
    (statement,) = api.get("/v1/statements").json()["data"]
    path, body = f"/v1/statements/{statement['id']}", {"sha256": statement["sha256"]}
    second = Api(world.merchant, person=w.CHECKER)

    maker = api.post(f"{path}/approve", body)
    changed = second.post(f"{path}/approve", {"sha256": "0" * 64})
    yes = second.post(f"{path}/approve", body)
    twice = second.post(f"{path}/approve", body)

    assert (maker.status_code, maker.json()["code"]) == (403, "maker_is_checker")
    assert (changed.status_code, changed.json()["code"]) == (409, "statement_hash_changed")
    assert changed.json()["figures"] == {"expected": "0" * 64, "actual": statement["sha256"]}
    assert (yes.status_code, yes.json()["state"]) == (200, "approved")
    assert (twice.status_code, twice.json()["code"]) == (409, "illegal_move")


def test_a_statement_is_sent_back_with_a_reason(world, database):
    (statement,) = closed(world).get("/v1/statements").json()["data"]

    answer = Api(world.merchant, person=w.CHECKER).post(
        f"/v1/statements/{statement['id']}/reject", {"reason": "why 30.60?"}
    )

    assert (answer.status_code, answer.json()["state"]) == (200, "computed")
    assert ("why 30.60?",) in database.execute("SELECT note FROM settlements_statementevent").fetchall()


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("post", "/v1/books/close", "books:close"),
        ("post", "/v1/test_clock/advance", "clock:write"),
        ("get", "/v1/statements", "statements:read"),
        ("post", "/v1/exports", "exports:write"),
        ("get", "/v1/trade_in_claims", "claims:read"),
    ],
)
def test_each_route_asks_for_its_scope(world, method, path, scope):
    body = {"post": {"kind": "claims"} if "exports" in path else {"days": 1} if "clock" in path else {}}
    api = Api(world.merchant, scopes=SCOPES - {scope})

    answer = api.get(path) if method == "get" else api.post(path, body["post"])

    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")


def test_a_read_only_key_reads_statements_and_closes_nothing(world):
    closed(world)
    viewer = Api(world.merchant, scopes=READ)

    assert len(viewer.get("/v1/statements").json()["data"]) == 1
    assert viewer.post("/v1/books/close").status_code == 403


def test_an_export_is_queued_made_and_fetched_by_its_link(world):
    api = closed(world)
    (statement,) = api.get("/v1/statements").json()["data"]

    asked = api.post("/v1/exports", {"kind": "statement_lines", "statement": statement["id"], "format": "csv"})
    assert (asked.status_code, asked.json()["state"], asked.json()["url"]) == (201, "queued", None)
    export_run.run_export(export_id=ids.parse_public_id("exp", asked.json()["id"]), lease=None, now=w.NOW)
    done = api.get(f"/v1/exports/{asked.json()['id']}").json()
    path = done["url"].partition("/v1")[1] + done["url"].partition("/v1")[2]
    fetched = api.get(path)
    data = b"".join(fetched.streaming_content)

    assert (done["state"], done["progress"], done["rows"]) == ("done", 1.0, 4)
    assert (fetched.status_code, hashlib.sha256(data).hexdigest()) == (200, done["sha256"])
    assert fetched.headers["Content-Disposition"].startswith("attachment;")
    assert fetched.headers["X-Content-Type-Options"] == "nosniff"
    assert data.splitlines()[-1].startswith(b"TRAILER,")
    # The link is for this person: another key of the merchant, or another merchant's, opens nothing with it.
    assert Api(world.merchant, person=w.CHECKER).get(path).json()["code"] == "link_refused"
    assert Api(world.other).get(path).status_code in {403, 404}
    assert Client().get(path).status_code == 401
    assert [row["id"] for row in api.get("/v1/exports").json()["data"]] == [done["id"]]


def test_exports_of_what_is_not_there_or_not_ours_are_refused(world):
    closed(world)
    (statement,) = Api(world.merchant).get("/v1/statements").json()["data"]
    other = Api(world.other)

    stranger = other.post("/v1/exports", {"kind": "statement_lines", "statement": statement["id"]})
    nameless = other.post("/v1/exports", {"kind": "statement_lines"})
    unknown = other.post("/v1/exports", {"kind": "transfers", "format": "pdf"})

    assert (stranger.status_code, stranger.json()["code"]) == (404, "not_found")
    assert (nameless.status_code, nameless.json()["code"]) == (422, "statement_required")
    assert (unknown.status_code, unknown.json()["code"]) == (422, "export_kind_unsupported")
    assert other.get("/v1/exports").json()["data"] == []


def test_the_test_clock_moves_by_days_to_an_instant_and_never_back(world):
    api = Api(world.merchant)

    one = api.post("/v1/test_clock/advance", {"days": 1}).json()
    two = api.post("/v1/test_clock/advance", {"seconds": 3_600}).json()
    back = api.post("/v1/test_clock/advance", {"to": "2020-01-01T00:00:00+00:00"})
    both = api.post("/v1/test_clock/advance", {"days": 1, "seconds": 1})

    assert (one["offset_seconds"], two["offset_seconds"]) == (86_400, 90_000)
    assert (back.status_code, back.json()["code"]) == (422, "advance_too_long")
    assert (both.status_code, both.json()["code"]) == (422, "invalid_request")


def test_claims_are_listed_with_what_they_lack(world):
    from tests.settlements.test_claims import claim_facts

    with db.tenant_transaction(world.merchant):
        from settlements.services import claims

        claims.open_claims([claim_facts(world)], now=w.NOW)
    api = Api(world.merchant)

    (claim,) = api.get("/v1/trade_in_claims?state=collecting").json()["data"]
    one = api.get(f"/v1/trade_in_claims/{claim['id']}").json()

    assert (claim["amount"], claim["missing"], claim["state"]) == (90_000, ["serial"], "collecting")
    assert [event["move"] for event in one["events"]] == ["open"]
    assert Api(world.other).get(f"/v1/trade_in_claims/{claim['id']}").status_code == 404
    assert len(Api(world.platform).get("/v1/trade_in_claims").json()["data"]) == 1
