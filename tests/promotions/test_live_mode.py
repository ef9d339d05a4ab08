"""Live mode: two people, an owner and a cap, and no short cut."""

import msgspec
import pytest

from foundation import db
from merchants.services import parties
from promotions import shapes
from promotions.selectors import campaigns as reads
from promotions.services import campaigns
from promotions.services.errors import CampaignIncomplete, CheckerIsMaker, LaunchNotAllowed, PersonRequired
from tests.world import NOW, draft_of

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def live(world):
    with db.staff_transaction():
        return parties.create_party(
            kind="merchant", name_zh="真", name_en="Live", book_id=world.book_id, now=NOW, livemode=True
        )


def actor(person, **facts):
    return campaigns.Actor(person_id=person, livemode=True, may_launch=True, **facts)


def make(live, person, **parts):
    plain = draft_of(now=NOW, **{"kind": "instant_discount", "value": {"amount": 100}, **parts})
    with db.tenant_transaction(live):
        return campaigns.create_draft(
            tenant_id=live, draft=msgspec.convert(plain, shapes.Draft), actor=actor(person), now=NOW
        )


def act(live, verb, campaign, person, **facts):
    with db.tenant_transaction(live):
        verb(tenant_id=live, campaign_id=campaign, actor=actor(person), now=NOW, **facts)
        return reads.campaign(tenant_id=live, campaign_id=campaign)


def test_maker_and_submitter_cannot_approve_and_a_key_for_nobody_neither(world, live):
    people = world.one.people
    campaign = make(live, people["owner"])
    act(live, campaigns.submit, campaign, people["marketing"])

    for person in (people["owner"], people["marketing"]):
        with pytest.raises(CheckerIsMaker):
            act(live, campaigns.approve, campaign, person)
    with pytest.raises(PersonRequired):
        act(live, campaigns.approve, campaign, None)
    with pytest.raises(LaunchNotAllowed):
        act(live, campaigns.approve, campaign, people["owner"], launch_now=True)
    assert act(live, campaigns.approve, campaign, people["checker"]).state == "scheduled"
    assert act(live, campaigns.launch, campaign, people["owner"]).state == "live"


def test_a_change_of_a_live_campaign_waits_for_another_person(world, live):
    people = world.one.people
    campaign = make(live, people["owner"])
    act(live, campaigns.submit, campaign, people["owner"])
    act(live, campaigns.approve, campaign, people["checker"])
    act(live, campaigns.launch, campaign, people["owner"])

    change = shapes.DraftChange(value=shapes.ValueIn(amount=200))
    changed = act(live, campaigns.update, campaign, people["owner"], change=change)
    assert (changed.version, changed.pending_version) == (1, 2)
    with pytest.raises(CheckerIsMaker):
        act(live, campaigns.approve, campaign, people["owner"])
    approved = act(live, campaigns.approve, campaign, people["checker"])
    assert (approved.version, approved.pending_version, approved.state) == (2, None, "live")


@pytest.mark.parametrize(
    ("value", "more", "missing"),
    [
        ({"percent": "10"}, {}, "cap_missing"),
        ({"per_unit": 100}, {}, "cap_missing"),
        ({"percent": "10"}, {"cap": 5_000}, None),
        ({"percent": "10"}, {"max_amount": 100_000}, None),
        ({"amount": 100}, {"budget": {}}, "budget_missing"),
    ],
)
def test_a_percentage_needs_a_cap_and_everything_a_budget(world, live, value, more, missing):
    owner = world.one.people["owner"]
    campaign = make(live, owner, value=value, **more)

    if missing is None:
        assert act(live, campaigns.submit, campaign, owner).state == "in_review"
        return
    with pytest.raises(CampaignIncomplete) as refused:
        act(live, campaigns.submit, campaign, owner)
    assert refused.value.reason == missing


def test_a_campaign_that_nobody_owns_stays_a_draft(world, live):
    campaign = make(live, None)

    with pytest.raises(CampaignIncomplete) as refused:
        act(live, campaigns.submit, campaign, world.one.people["owner"])
    assert refused.value.reason == "owner_missing"
