"""The API's habits, through HTTP."""

import json
import time

import pytest
from django.test import Client

from foundation import clock, sweeper

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.urls("tests.foundation.api_for_tests")]

client = Client(raise_request_exception=False)


def call(method: str, path: str, body: object = None, *, who: str = "secret", **headers: str):
    data = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
    return client.generic(
        method, path, data, content_type="application/json", headers={"Authorization": f"Bearer {who}", **headers}
    )


def post(body: object, *, key: str = "k1", who: str = "secret"):
    return call("POST", "/v1/parcels", body, who=who, **{"Idempotency-Key": key})


def test_a_parcel_of_500_grams_is_sent_once_and_its_answer_replayed_byte_for_byte():
    first, second = post({"grams": 500}), post({"grams": 500})

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert (first.headers.get("Idempotent-Replayed"), second.headers.get("Idempotent-Replayed")) == (None, "true")


def test_without_a_key_the_answer_is_400_whatever_the_body():
    for body in ({"grams": 500}, b"{"):
        response = call("POST", "/v1/parcels", body)

        assert (response.status_code, response.json()["code"]) == (400, "idempotency_key_required")


def test_every_answer_has_a_length_and_a_request_id_of_its_own():
    first, second = post({"grams": 500}), post({"grams": 500})

    assert int(first.headers["Content-Length"]) == len(first.content)
    assert first.headers["Request-Id"].startswith("req_")
    assert first.headers["Request-Id"] != second.headers["Request-Id"]


def test_spacing_and_order_of_keys_do_not_make_another_request_but_a_value_does():
    post(b'{"grams":500,"name":"box"}')

    assert post(b'{ "name": "box", "grams": 500 }').headers["Idempotent-Replayed"] == "true"
    assert post({"grams": 501, "name": "box"}).json()["code"] == "idempotency_key_reused"


def test_a_refusal_names_its_code_its_figures_and_the_request():
    response = post({"grams": 30_001})
    problem = response.json()

    assert (response.status_code, response.headers["Content-Type"]) == (409, "application/problem+json")
    assert problem == {
        "type": "/v1/docs#error-too_heavy",
        "title": "Conflict",
        "status": 409,
        "code": "too_heavy",
        "detail": "The parcel is heavier than the carrier takes.",
        "request_id": response.headers["Request-Id"],
        "errors": [],
        "figures": {"limit": 30_000, "actual": 30_001},
    }


@pytest.mark.parametrize(
    ("who", "status", "code"),
    [("nobody", 401, "unauthenticated"), ("viewer", 403, "scope_missing"), ("browser", 403, "key_kind_refused")],
)
def test_who_may_not_send_parcels_is_told_why(who, status, code):
    response = post({"grams": 1}, who=who)

    assert (response.status_code, response.json()["code"]) == (status, code)


@pytest.mark.parametrize(
    ("body", "status", "code", "pointer"),
    [
        (b"{", 400, "malformed_request", ""),
        ({"grams": 0}, 422, "invalid_request", "/grams"),
        ({"grams": 1, "prize": 1}, 422, "invalid_request", "/prize"),
        (b'{"grams":1,"grams":2}', 422, "invalid_request", "/grams"),
    ],
)
def test_a_bad_body_is_a_4xx_with_a_pointer_and_leaves_nothing(body, status, code, pointer, database):
    response = post(body)
    problem = response.json()

    assert (response.status_code, problem["code"], problem["errors"][0]["pointer"]) == (status, code, pointer)
    assert database.execute(
        "SELECT (SELECT count(*) FROM idempotency) + (SELECT count(*) FROM outbox_message)"
    ).fetchone() == (0,)


def test_a_body_that_is_not_json_by_its_own_word_is_415():
    response = client.generic(
        "POST",
        "/v1/parcels",
        b"<a/>",
        content_type="text/xml",
        headers={"Authorization": "Bearer secret", "Idempotency-Key": "k1"},
    )

    assert (response.status_code, response.json()["code"]) == (415, "unsupported_media_type")


def test_a_chunked_body_without_a_length_is_411_and_a_declared_300_kb_is_413():
    chunked = client.generic("POST", "/v1/parcels", b"", headers={"Transfer-Encoding": "chunked"}, CONTENT_LENGTH="")
    large = client.generic("POST", "/v1/parcels", b"x" * 300 * 1024, content_type="application/json")

    assert (chunked.status_code, chunked.json()["code"]) == (411, "length_required")
    assert (large.status_code, large.json()["figures"]) == (413, {"limit": 262_144, "actual": 307_200})


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/v1/nothing", 404, "not_found"),
        ("/v1/broken/bug", 500, "internal_error"),
        ("/v1/plain", 500, "internal_error"),
        ("/v1/broken/database", 503, "unavailable"),
    ],
)
def test_whatever_breaks_the_answer_is_a_problem_with_the_request_id_and_no_word_of_the_cause(path, status, code):
    response = client.get(path)
    problem = response.json()

    assert (response.status_code, problem["code"]) == (status, code)
    assert problem["request_id"] == response.headers["Request-Id"]
    assert b"bug" not in response.content
    assert b"Traceback" not in response.content


def test_while_the_database_is_away_the_answer_says_when_to_come_again():
    assert client.get("/v1/broken/database").headers["Retry-After"] == "2"


def test_a_wrong_method_is_405_and_options_tells_the_right_ones():
    assert call("DELETE", "/v1/parcels").json()["code"] == "method_not_allowed"
    assert call("OPTIONS", "/v1/parcels").headers["Allow"] == "GET, POST, OPTIONS"


def test_59_parcels_are_read_in_pages_of_25():
    seen, cursor, sizes = [], None, []
    while True:
        page = call("GET", "/v1/parcels?limit=25" + (f"&cursor={cursor}" if cursor else "")).json()
        assert page["object"] == "list"
        seen += [row["id"] for row in page["data"]]
        sizes.append(len(page["data"]))
        cursor = page["next_cursor"]
        if not page["has_more"]:
            break

    assert (sizes, cursor, len(set(seen))) == ([25, 25, 9], None, 59)


@pytest.mark.parametrize(
    ("query", "reason", "pointer"),
    [
        ("limit=0", "invalid_value", "/limit"),
        ("limit=101", "invalid_value", "/limit"),
        ("limit=ten", "wrong_type", "/limit"),
        ("limit=%EF%BC%91", "wrong_type", "/limit"),  # a full-width 1
        ("limit=1.0", "wrong_type", "/limit"),
        ("heavier_than=100.0", "wrong_type", "/heavier_than"),
        ("limit=1&limit=2", "repeated_parameter", "/limit"),
        ("colour=red", "unknown_field", "/colour"),
        ("cursor=%00", "control_character", "/cursor"),
        ("fragile=perhaps", "wrong_type", "/fragile"),
    ],
)
def test_a_bad_parameter_is_422_with_its_name(query, reason, pointer):
    response = call("GET", f"/v1/parcels?{query}")

    assert response.status_code == 422
    assert (response.json()["errors"][0]["code"], response.json()["errors"][0]["pointer"]) == (reason, pointer)


def test_a_shop_page_may_read_across_origins():
    response = call("GET", "/v1/parcels?heavier_than=5800", who="browser")

    assert [row["grams"] for row in response.json()["data"]] == [5_900]
    assert response.headers["Access-Control-Allow-Origin"] == "*"


def test_the_third_request_of_a_second_is_429_where_2_are_allowed(settings):
    settings.FENQI_RATE_PER_SECOND = 2
    statuses = [call("GET", "/v1/parcels").status_code for _ in range(6)]

    assert 429 in statuses
    assert statuses[0] in {200, 429}


def test_ready_means_database_and_sweeper_and_metrics_say_the_same():
    assert client.get("/healthz").json()["status"] == "ok"
    assert client.get("/readyz").json()["figures"] == {"sweeper": "no heartbeat for 60 s"}

    sweeper.beat(name="tick", now=clock.now())

    assert client.get("/readyz").json()["checks"] == {"database": "ok", "outbox": "ok", "sweeper": "ok"}
    assert b"fenqi_ready 1.0" in client.get("/metrics").content


def test_a_bare_view_costs_far_less_than_350_microseconds_of_cpu():
    for _ in range(20):
        client.get("/healthz")
    started = time.process_time()

    for _ in range(200):
        client.get("/healthz")

    # The test client itself takes about half of it; measured alone through WSGI: 140 us with a body of 1 KB.
    assert (time.process_time() - started) / 200 < 0.002


def test_a_body_that_was_refused_unread_closes_the_connection_and_a_read_one_keeps_it():
    """Seen before the header was sent: one in ten requests after such a refusal met a closed connection."""
    unread = [
        call("POST", "/v1/nowhere", {"grams": 1}),
        call("POST", "/v1/parcels", {"grams": 1}, who="nobody"),
        call("PUT", "/v1/parcels", {"grams": 1}),
        client.generic("POST", "/v1/parcels", b"x" * 300 * 1024, content_type="application/json"),
    ]

    assert [(answer.status_code, answer.headers.get("Connection")) for answer in unread] == [
        (status, "close") for status in (404, 401, 405, 413)
    ]
    for kept in (post({"grams": 500}), post(b"{"), call("GET", "/v1/nowhere")):
        assert "Connection" not in kept.headers


@pytest.mark.parametrize("path", ["/v1/parcels", "/metrics", "/healthz"])
def test_a_method_an_address_does_not_take_is_a_problem_that_names_those_it_takes(path):
    response = call("PUT", path)

    assert (response.status_code, response.json()["code"]) == (405, "method_not_allowed")
    assert "GET" in response.headers["Allow"]
    assert "PUT" not in response.headers["Allow"]


def test_options_has_neither_a_body_nor_a_type_of_one():
    response = call("OPTIONS", "/v1/parcels")

    assert (response.status_code, response.content) == (204, b"")
    assert "Content-Type" not in response.headers
