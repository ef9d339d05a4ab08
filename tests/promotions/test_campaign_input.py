"""What POST /v1/campaigns refuses, with the pointer; what it keeps, spelled as it was sent."""

import pytest

from foundation import clock, ids
from foundation.ids import uuid7
from tests.world import draft_of

pytestmark = pytest.mark.usefixtures("database")

TERMS = [{"term": 12}]
HALVES = [{"party": "merchant", "share": "50"}, {"party": "platform", "share": "49.9999"}]

REFUSED = [
    ({"surprise": 1}, "/surprise", "unknown_field"),
    ({"scope": {"include": {"colour": []}}}, "/scope/include/colour", "unknown_field"),
    ({"value": {"amount": 100, "percent": "5"}}, "/value", "exactly_one"),
    ({"value": None}, "/value", "missing_field"),
    ({"value": {"percent": "0"}}, "/value/percent", "out_of_range"),
    ({"value": {"percent": "100.01"}}, "/value/percent", "out_of_range"),
    ({"value": {"percent": 5}}, "/value/percent", "wrong_type"),
    ({"value": {"percent": "5.00001"}}, "/value/percent", "invalid_value"),
    ({"value": {"amount": 0}}, "/value/amount", "invalid_value"),
    ({"value": {"amount": 1.5}}, "/value/amount", None),
    ({"value": {"amount": True}}, "/value/amount", "wrong_type"),
    ({"value": {"amount": 10**12 + 1}}, "/value/amount", "invalid_value"),
    ({"value": {"steps": [{"from": 100, "off": 101}]}}, "/value/steps/0/off", "out_of_range"),
    ({"value": {"steps": [{"from": 100, "off": 1}, {"from": 100, "off": 2}]}}, "/value/steps", "duplicate"),
    ({"funders": HALVES}, "/funders", "shares_do_not_add_up"),
    ({"funders": []}, "/funders", "missing_field"),
    ({"funders": [{"party": "merchant"}]}, "/funders/0", "exactly_one"),
    ({"funders": [{"party": "merchant", "share": "50"}] * 2}, "/funders", "duplicate"),
    ({"funders": [{"party": "brand", "share": "100"}]}, "/funders/0/id", "missing_field"),
    ({"funders": [{"party": "alien", "share": "100"}]}, "/funders/0/party", "invalid_value"),
    ({"name": {"zh-CN": " \u3000 ", "en": "Ten"}}, "/name/zh-CN", "blank"),
    ({"name": {"zh-CN": "十", "en": "   "}}, "/name/en", "blank"),
    ({"alerts": [{"percent": "80"}, {"percent": "0"}]}, "/alerts/1/percent", "out_of_range"),
    ({"alerts": [{"percent": "100.0001"}]}, "/alerts/0/percent", "out_of_range"),
    ({"ends_at": "2020-01-01T00:00:00Z"}, "/ends_at", "ends_before_start"),
    ({"starts_at": "2026-01-01T00:00:00"}, "/starts_at", "invalid_value"),
    ({"timezone": "Mars/Olympus"}, "/timezone", "unknown_timezone"),
    ({"timezone": "../../etc/passwd"}, "/timezone", "unknown_timezone"),
    ({"currency": "USD"}, "/currency", "currency_mismatch"),
    ({"currency": "XAU"}, "/currency", "unknown_currency"),
    ({"currency": "cny"}, "/currency", "invalid_value"),
    ({"terms": TERMS}, "/terms", "not_for_this_kind"),
    ({"kind": "interest_free", "value": None}, "/terms", "missing_field"),
    ({"kind": "interest_free", "terms": TERMS}, "/value", "not_for_this_kind"),
    ({"kind": "interest_free", "value": None, "terms": TERMS * 2}, "/terms/1/term", "duplicate"),
    (
        {"kind": "interest_free", "value": None, "terms": [{"term": 3, "waived_share": "101"}]},
        "/terms/0/waived_share",
        "out_of_range",
    ),
    (
        {"kind": "interest_free", "value": None, "terms": [{"term": 3, "funders": HALVES}]},
        "/terms/0/funders",
        "shares_do_not_add_up",
    ),
    ({"kind": "coupon"}, "/codes", "missing_field"),
    ({"kind": "gift"}, "/kind", "invalid_value"),
    ({"min_amount": 2, "max_amount": 1}, "/max_amount", "below_minimum"),
    ({"budget": {"total": 100, "daily": 101}}, "/budget/daily", "above_total"),
    ({"scope": {"include": {"channels": ["fax"]}}}, "/scope/include/channels/0", "invalid_value"),
    ({"weekly_hours": [{"days": [1], "from": "18:00", "to": "08:00"}]}, "/weekly_hours/0/to", "ends_before_start"),
    ({"weekly_hours": [{"days": [8], "from": "08:00", "to": "09:00"}]}, "/weekly_hours/0/days/0", "invalid_value"),
    ({"starts_at": "0001-01-01T00:00:00+14:00"}, "/starts_at", "out_of_range"),
    ({"ends_at": "9999-12-31T23:59:59-12:00"}, "/ends_at", "out_of_range"),
    ({"lane": "government"}, "/lane", "not_for_this_kind"),
    ({"lane": "interest"}, "/lane", "not_for_this_kind"),
    ({"kind": "interest_free", "value": None, "terms": TERMS, "lane": "merchant"}, "/lane", "not_for_this_kind"),
    ({"group_mode": "at_most:0"}, "/group_mode", "invalid_value"),
    ({"priority": 10**30}, "/priority", None),
]


@pytest.mark.parametrize(("parts", "pointer", "reason"), REFUSED)
def test_a_contradiction_is_refused_with_its_pointer(api, database, parts, pointer, reason):
    before = database.execute("SELECT count(*) FROM promotions_campaign").fetchone()

    answer = api.post(
        "campaigns", draft_of(now=clock.now(), **{"kind": "instant_discount", "value": {"amount": 5_000}, **parts})
    )

    assert answer.status_code == 422, answer.json()
    assert answer.json()["errors"][0]["pointer"] == pointer
    if reason is not None:
        assert answer.json()["errors"][0]["code"] == reason
    assert database.execute("SELECT count(*) FROM promotions_campaign").fetchone() == before


def named(world, whose):
    return {
        "random": lambda prefix: ids.public_id(prefix, uuid7()),
        "misspelt": lambda prefix: f"{prefix}_nonsense",
        "foreign": lambda prefix: {
            "mer": world.two.public_id,
            "sto": world.two.stores["T1"],
            "len": ids.public_id("len", world.brand),
            "brd": ids.public_id("brd", world.flat_lender),
        }[prefix],
    }[whose]


@pytest.mark.parametrize("whose", ["random", "misspelt", "foreign"])
def test_ids_that_are_unknown_or_anothers_answer_alike(world, api, whose):
    name = named(world, whose)
    base = {"kind": "instant_discount", "value": {"amount": 5_000}}
    cases = {
        "/funders/0/id": {**base, "funders": [{"party": "brand", "id": name("brd"), "share": "100"}]},
        "/funders/1/id": {
            **base,
            "funders": [{"party": "platform", "share": "50"}, {"party": "merchant", "id": name("mer"), "share": "50"}],
        },
        "/scope/include/stores/1": {
            **base,
            "scope": {"include": {"stores": [world.one.stores["S1"], name("sto")]}},
        },
        "/terms/0/lenders/0": {"kind": "interest_free", "terms": [{"term": 3, "lenders": [name("len")]}]},
    }
    for pointer, parts in cases.items():
        answer = api.post("campaigns", draft_of(now=clock.now(), **parts))
        problem = answer.json()["errors"][0]
        assert (answer.status_code, problem["pointer"], problem["code"]) == (422, pointer, "unknown_id")


def test_what_is_sent_comes_back_and_defaults_are_named(world, api):
    body = draft_of(
        now=clock.now(),
        kind="spend_and_save",
        value={"steps": [{"from": 300_000, "off": 30_000}, {"from": 100_000, "off": 5_000}]},
        scope={"include": {"categories": ["phone"], "channels": ["pos"]}, "exclude": {"skus": ["X1"]}},
        weekly_hours=[{"days": [6, 7], "from": "09:00", "to": "24:00"}],
        min_amount=100_000,
        cap=30_000,
        limits={"uses_per_buyer": 1},
        alerts=[{"percent": "80"}],
        group="shop",
        group_mode="at_most:2",
        metadata={"poster": "双十一"},
    )

    made = api.post("campaigns", body).json()

    for name in ("value", "scope", "weekly_hours", "min_amount", "cap", "limits", "alerts", "group", "group_mode"):
        assert made[name] == body[name], name
    assert made["metadata"] == {"poster": "双十一"}
    assert made["funders"] == [{"party": "merchant", "id": world.one.public_id, "share": "100"}]
    assert made["timezone"] == "Asia/Shanghai"
    assert made["budget"] == {
        "total": 100_000_000,
        "daily": None,
        "per_store": None,
        "per_buyer": None,
        "shared_cap": None,
        "held": 0,
        "committed": 0,
        "left": 100_000_000,
    }
    assert api.get(f"campaigns/{made['id']}").json() == made


def test_a_campaign_without_a_budget_is_a_draft_that_cannot_go_on(api):
    body = draft_of(now=clock.now(), kind="instant_discount", value={"amount": 5_000}, budget={})
    campaign = api.post("campaigns", body).json()["id"]

    refused = api.post(f"campaigns/{campaign}/submit")

    assert (refused.status_code, refused.json()["code"]) == (422, "campaign_incomplete")
    assert refused.json()["errors"][0]["pointer"] == "/budget/total"
    at_once = api.post("campaigns", {**body, "launch": True})
    assert (at_once.status_code, at_once.json()["code"]) == (422, "campaign_incomplete")


def test_a_trade_in_campaign_finds_its_programme(world, api):
    made = api.get(f"campaigns/{world.campaigns['trade_in']}").json()

    government = ids.public_id("gov", world.programme)
    assert made["programme"] == government
    assert made["funders"] == [{"party": "government", "id": government, "share": "100"}]


def test_the_list_is_newest_first_by_cursor_and_filters_are_typed(world, api):
    first = api.get("campaigns?limit=3").json()
    second = api.get(f"campaigns?limit=3&cursor={first['next_cursor']}").json()

    names = [row["kind"] for row in first["data"] + second["data"]]
    assert names == ["interest_free", "trade_in", "brand_rebate", "instant_discount"]
    assert (first["has_more"], second["has_more"], second["next_cursor"]) == (True, False, None)
    assert len(api.get("campaigns?kind=trade_in&state=live").json()["data"]) == 1
    assert api.get("campaigns?state=alive").status_code == 422
    assert api.get("campaigns?colour=red").status_code == 422


def test_another_merchants_campaign_answers_like_a_random_id(world, other):
    hers, nobodys = world.campaigns["discount"], ids.public_id("cam", uuid7())

    for path, body in [("", None), ("/budget", None), ("/pause", {}), ("/approve", {}), ("/clone", {})]:
        ask = other.get if body is None else other.post
        answers = [ask(f"campaigns/{name}{path}") for name in (hers, nobodys)]
        assert [answer.status_code for answer in answers] == [404, 404], path
        assert answers[0].json()["code"] == answers[1].json()["code"] == "not_found"
    assert other.patch(f"campaigns/{hers}", {"priority": 1}).status_code == 404
    refused = other.post(
        "campaigns",
        draft_of(now=clock.now(), kind="instant_discount", value={"amount": 1}, exclusions=[hers]),
    )
    assert refused.json()["errors"][0]["pointer"] == "/exclusions/0"
    assert other.get("campaigns").json()["data"] == []
