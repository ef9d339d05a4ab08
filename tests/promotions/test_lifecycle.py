"""A campaign's life over the API: who may move it, where to, and what is written down."""

from datetime import timedelta

import pytest

from foundation import clock, db, ids
from promotions.selectors import campaigns as reads
from promotions.selectors import offers
from promotions.services import campaigns
from tests.world import draft_of

pytestmark = pytest.mark.usefixtures("database")


def discount(**parts):
    return draft_of(now=clock.now(), **{"kind": "instant_discount", "value": {"amount": 5_000}, **parts})


def moves_of(world, campaign):
    key = ids.parse_public_id("cam", campaign)
    with db.tenant_transaction(world.one.id):
        return [
            (event.move, event.from_state, event.to_state)
            for event in reads.events_of(tenant_id=world.one.id, campaign_id=key)
        ]


def test_a_campaign_goes_draft_in_review_scheduled_live_with_two_people_and_leaves_an_event_a_move(world, api, checker):
    made = api.post("campaigns", discount())
    assert (made.status_code, made.json()["state"], made.json()["version"]) == (201, "draft", 1)
    campaign = made.json()["id"]

    assert api.post(f"campaigns/{campaign}/submit").json()["state"] == "in_review"
    assert checker.post(f"campaigns/{campaign}/approve").json()["state"] == "scheduled"
    assert api.post(f"campaigns/{campaign}/launch").json()["state"] == "live"
    assert api.post(f"campaigns/{campaign}/pause", {"note": "too cheap"}).json()["state"] == "paused"
    assert api.post(f"campaigns/{campaign}/resume").json()["state"] == "live"
    assert api.post(f"campaigns/{campaign}/end").json()["state"] == "ended"

    assert moves_of(world, campaign) == [
        ("create", "", "draft"),
        ("submit", "draft", "in_review"),
        ("approve", "in_review", "scheduled"),
        ("launch", "scheduled", "live"),
        ("pause", "live", "paused"),
        ("resume", "paused", "live"),
        ("end", "live", "ended"),
    ]


@pytest.mark.parametrize(
    ("state", "move"),
    [
        ("draft", "approve"),
        ("draft", "launch"),
        ("draft", "pause"),
        ("draft", "resume"),
        ("draft", "end"),
        ("live", "submit"),
        ("live", "approve"),
        ("live", "launch"),
        ("live", "resume"),
        ("ended", "submit"),
        ("ended", "launch"),
        ("ended", "pause"),
        ("ended", "resume"),
        ("ended", "end"),
    ],
)
def test_a_move_the_table_does_not_know_is_409_and_changes_nothing(api, state, move):
    campaign = api.post("campaigns", discount(launch=state != "draft")).json()["id"]
    if state == "ended":
        api.post(f"campaigns/{campaign}/end")

    refused = api.post(f"campaigns/{campaign}/{move}")

    assert (refused.status_code, refused.json()["code"]) == (409, "illegal_move")
    assert api.get(f"campaigns/{campaign}").json()["state"] == state


def test_the_maker_cannot_approve_alone_but_with_launch_true_in_test_mode(api):
    campaign = api.post("campaigns", discount()).json()["id"]
    api.post(f"campaigns/{campaign}/submit")

    refused = api.post(f"campaigns/{campaign}/approve")
    assert (refused.status_code, refused.json()["code"]) == (403, "checker_is_maker")

    assert api.post(f"campaigns/{campaign}/approve", {"launch": True}).json()["state"] == "live"


def test_launch_true_carries_a_campaign_live_in_one_call_with_every_step_recorded(world, api):
    made = api.post("campaigns", discount(launch=True))

    assert (made.status_code, made.json()["state"]) == (201, "live")
    assert [move for move, _, _ in moves_of(world, made.json()["id"])] == ["create", "submit", "approve", "launch"]
    with db.tenant_transaction(world.one.id):
        assert made.json()["id"] in {offer.campaign_id for offer in offers.offers_for(tenant_id=world.one.id)}


def test_launch_true_needs_the_scope_campaigns_launch(checker):
    refused = checker.post("campaigns", discount(launch=True))

    assert (refused.status_code, refused.json()["code"]) == (403, "launch_not_allowed")
    kept = checker.get("campaigns?kind=instant_discount").json()["data"]
    assert [row["name"]["en"] for row in kept] == ["Campaign"]


def test_a_read_only_key_may_list_and_nothing_else(read_only):
    assert read_only.get("campaigns").status_code == 200
    refused = read_only.post("campaigns", discount())
    assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")


def test_in_live_mode_nobody_launches_alone(world):
    live = campaigns.Actor(person_id=world.one.people["owner"], livemode=True, may_launch=True)
    from promotions.services.errors import LaunchNotAllowed

    with pytest.raises(LaunchNotAllowed):
        live.require_launches_alone()


def test_a_campaign_before_its_window_stays_scheduled_and_the_sweeper_opens_and_closes_it(world, api):
    starts = clock.now() + timedelta(hours=1)
    ends = starts + timedelta(hours=1)
    made = api.post("campaigns", discount(starts_at=starts.isoformat(), ends_at=ends.isoformat(), launch=True))
    campaign = made.json()["id"]
    assert made.json()["state"] == "scheduled"

    def swept_at(instant):
        with db.staff_transaction():
            campaigns.sweep(now=instant)
        return api.get(f"campaigns/{campaign}").json()["state"]

    assert swept_at(starts - timedelta(microseconds=1)) == "scheduled"
    assert swept_at(starts) == "live"
    assert swept_at(ends - timedelta(microseconds=1)) == "live"
    assert swept_at(ends) == "ended"


def test_a_brand_must_accept_its_share_before_the_launch(world, api, checker):
    funders = [{"party": "merchant", "share": "60"}, {"party": "brand", "id": world.brand_id, "share": "40"}]
    campaign = api.post("campaigns", discount(funders=funders)).json()["id"]
    key = ids.parse_public_id("cam", campaign)
    api.post(f"campaigns/{campaign}/submit")
    assert checker.post(f"campaigns/{campaign}/approve").json()["state"] == "scheduled"

    refused = api.post(f"campaigns/{campaign}/launch")
    assert (refused.status_code, refused.json()["code"]) == (409, "funder_not_accepted")
    with db.tenant_transaction(world.one.id):
        assert campaign not in {offer.campaign_id for offer in offers.offers_for(tenant_id=world.one.id)}
    with db.staff_transaction():
        campaigns.sweep(now=clock.now())
    assert api.get(f"campaigns/{campaign}").json()["state"] == "scheduled"

    with db.tenant_transaction(world.brand):
        asked = {word.campaign_id: word.state for word, _ in reads.co_funded(party_id=world.brand)}
        assert asked[key] == "waiting"
        campaigns.accept_share(
            party_id=world.brand, campaign_id=key, version=1, person_id=world.brand_person, now=clock.now()
        )
    assert api.post(f"campaigns/{campaign}/launch").json()["state"] == "live"


def test_a_brands_no_stops_even_test_mode(world, api):
    funders = [{"party": "brand", "id": world.brand_id, "share": "100"}]
    campaign = api.post("campaigns", discount(funders=funders)).json()["id"]
    api.post(f"campaigns/{campaign}/submit")
    with db.tenant_transaction(world.brand):
        campaigns.decline_share(
            party_id=world.brand,
            campaign_id=ids.parse_public_id("cam", campaign),
            version=1,
            person_id=world.brand_person,
            now=clock.now(),
        )

    refused = api.post(f"campaigns/{campaign}/approve", {"launch": True})

    assert (refused.status_code, refused.json()["code"]) == (409, "funder_declined")
    assert api.get(f"campaigns/{campaign}").json()["state"] == "in_review"


def test_launching_in_test_mode_says_in_the_trail_that_the_acceptance_was_given_by_it(world, database):
    note = database.execute(
        "SELECT note FROM promotions_campaignevent WHERE campaign_id = %s AND move = 'approve'",
        [world.campaign_id("interest_free")],
    ).fetchone()[0]

    assert note == "co-funders' acceptance given by test mode"


def test_a_patch_of_a_live_campaign_makes_version_2_and_the_first_stays_as_it_was(world, api, database):
    campaign = world.campaigns["discount"]
    before = database.execute(
        "SELECT document FROM promotions_campaignversion WHERE campaign_id = %s", [world.campaign_id("discount")]
    ).fetchone()

    changed = api.patch(f"campaigns/{campaign}", {"value": {"amount": 60_000}})

    assert (changed.status_code, changed.json()["version"], changed.json()["state"]) == (200, 2, "live")
    assert changed.json()["value"] == {"amount": 60_000}
    with db.tenant_transaction(world.one.id):
        first, second = offers.pinned(tenant_id=world.one.id, pins=[(campaign, 1), (campaign, 2)])
    assert (first.value.amount_minor, second.value.amount_minor) == (50_000, 60_000)
    assert (
        database.execute(
            "SELECT document FROM promotions_campaignversion WHERE campaign_id = %s AND number = 1",
            [world.campaign_id("discount")],
        ).fetchone()
        == before
    )


def test_a_change_by_somebody_without_launch_waits_for_another_person(world, api, checker):
    campaign = world.campaigns["discount"]

    waiting = checker.patch(f"campaigns/{campaign}", {"value": {"amount": 60_000}}).json()
    assert (waiting["version"], waiting["pending_version"]) == (1, 2)
    refused = checker.post(f"campaigns/{campaign}/approve")
    assert (refused.status_code, refused.json()["code"]) == (403, "checker_is_maker")

    approved = api.post(f"campaigns/{campaign}/approve").json()
    assert (approved["version"], approved["pending_version"], approved["state"]) == (2, None, "live")


def test_an_edit_in_review_goes_back_to_draft(api):
    campaign = api.post("campaigns", discount()).json()["id"]
    api.post(f"campaigns/{campaign}/submit")

    edited = api.patch(f"campaigns/{campaign}", {"priority": 7}).json()

    assert (edited["state"], edited["version"], edited["priority"]) == ("draft", 2, 7)


def test_a_clone_is_a_new_draft_with_the_same_terms(world, api):
    made = api.post(f"campaigns/{world.campaigns['interest_free']}/clone")

    clone = made.json()
    assert (made.status_code, clone["state"], clone["version"]) == (201, "draft", 1)
    assert clone["id"] != world.campaigns["interest_free"]
    assert [row["term"] for row in clone["terms"]] == [3, 6, 12]
    assert clone["name"] == {"zh-CN": "活动（副本）", "en": "Campaign (copy)"}
    assert (clone["budget"]["committed"], clone["budget"]["left"]) == (0, 100_000_000)


def test_the_same_post_twice_makes_one_campaign(api):
    body = discount()

    first, again = api.post("campaigns", body, key="once"), api.post("campaigns", body, key="once")

    assert first.content == again.content
    assert again.headers["Idempotent-Replayed"] == "true"
    assert api.post("campaigns", discount(priority=1), key="once").json()["code"] == "idempotency_key_reused"


def test_every_move_is_announced(world, api, database):
    campaign = world.campaigns["discount"]
    seen = database.execute("SELECT count(*) FROM merchants_cataloguechange").fetchone()[0]

    api.post(f"campaigns/{campaign}/pause")

    assert database.execute("SELECT count(*) FROM merchants_cataloguechange").fetchone()[0] == seen + 1
