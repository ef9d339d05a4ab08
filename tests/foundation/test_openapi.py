"""The API's description says what the code does."""

import json

import pytest
from django.test import Client

from foundation import openapi
from foundation.api import Call, Endpoint, Route
from foundation.route import SERVER_KEYS
from foundation.structs import Out
from tests.foundation import api_for_tests


@pytest.fixture
def described() -> dict:
    return openapi.document(openapi.operations(api_for_tests.urlpatterns))


def test_an_operation_lists_its_body_its_answers_its_key_and_its_errors(described):
    operation = described["paths"]["/v1/parcels"]["post"]

    assert operation["operationId"] == "Parcels.post"
    assert operation["summary"] == "Send a parcel"
    assert operation["requestBody"]["content"]["application/json"]["schema"] == {
        "$ref": "#/components/schemas/ParcelIn"
    }
    assert [part["name"] for part in operation["parameters"]] == ["Idempotency-Key"]
    assert sorted(operation["responses"]) == [
        "201",
        "400",
        "401",
        "403",
        "404",
        "409",
        "411",
        "413",
        "415",
        "422",
        "429",
        "503",
    ]
    assert "`too_heavy`: The parcel is heavier than the carrier takes." in operation["responses"]["409"]["description"]
    assert (operation["x-scope"], operation["x-keys"]) == ("parcels:write", sorted(SERVER_KEYS))


def test_a_list_shows_its_filters_and_a_path_its_parts(described):
    listed = described["paths"]["/v1/parcels"]["get"]
    broken = described["paths"]["/v1/broken/{how}"]["get"]

    assert {part["name"] for part in listed["parameters"]} == {"limit", "cursor", "expand[]", "heavier_than", "fragile"}
    assert [(part["name"], part["in"]) for part in broken["parameters"]] == [("how", "path")]
    assert "security" not in broken


def test_every_reference_leads_somewhere_and_two_runs_give_the_same_bytes(described):
    text = json.dumps(described)
    names = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}

    assert names <= set(described["components"]["schemas"])
    assert text == json.dumps(openapi.document(openapi.operations(api_for_tests.urlpatterns)))


def test_a_handler_without_a_route_and_a_body_that_takes_unknown_fields_are_refused_at_import():
    with pytest.raises(TypeError, match="POST without a Route"):

        class Bare(Endpoint):
            def post(self, call: Call) -> None: ...

    class Loose(Out, frozen=True, kw_only=True):
        n: int

    with pytest.raises(TypeError, match="forbid_unknown_fields"):
        Route(body=Loose)(lambda: None)


@pytest.mark.parametrize("path", ["/v1/docs", "/v1/docs.css"])
def test_the_reference_is_only_read(path):
    read, written = Client().get(path), Client().put(path)

    assert read.status_code == 200
    assert (written.status_code, written.json()["code"]) == (405, "method_not_allowed")
    assert written.headers["Allow"] == "GET, HEAD"
