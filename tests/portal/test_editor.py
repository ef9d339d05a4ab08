"""The campaign editor: four steps, errors that keep what was typed, a preview by the real core, two people."""

import pytest

from foundation import db
from foundation.ids import parse_public_id
from installments.services import catalogue
from promotions.selectors import campaigns

pytestmark = pytest.mark.usefixtures("database")

WHAT = {
    "name_zh": "双十二免息",
    "name_en": "December",
    "term_3": "on",
    "waived_3": "100",
    "term_12": "on",
    "waived_12": "50",
    "share_merchant": "60",
    "share_brand": "40",
    "next": "1",
}


def made(client, world, **changes):
    """The id of a campaign made by step 1."""
    answer = client.post("/campaigns/new/interest_free/", WHAT | {"brand": world.brand_id} | changes)
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"].split("/")[2]


def view(world, campaign):
    with db.tenant_transaction(world.one.id):
        return campaigns.campaign(tenant_id=world.one.id, campaign_id=parse_public_id("cam", campaign))


def test_errors_keep_the_input_and_say_which_field(world, signed_in):
    client = signed_in("marketing@one.example")

    answer = client.post(
        "/campaigns/new/interest_free/", WHAT | {"share_merchant": "70", "brand": world.brand_id, "name_en": "Kept"}
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "各方份额之和须为 100%。" in page
    assert 'value="Kept"' in page
    assert 'value="70"' in page


def test_each_step_saves_its_part_and_leaves_the_others(world, signed_in):
    client = signed_in("marketing@one.example")
    campaign = made(client, world)

    client.post(
        f"/campaigns/{campaign}/edit/2/",
        {"starts_at": "2027-01-01T00:00", "ends_at": "2027-02-01T00:00", "channels": ["pos"], "categories": ["phone"]},
    )
    client.post(
        f"/campaigns/{campaign}/edit/3/", {"budget_total": "20,000.50", "budget_daily": "1000", "when_short": "refuse"}
    )
    client.post(f"/campaigns/{campaign}/edit/4/", {"with_trade_in": "on", "group_mode": "best", "priority": "7"})

    draft = view(world, campaign).draft
    assert draft.name.zh == "双十二免息"
    assert [(row.term, row.waived_share) for row in draft.terms] == [(3, "100"), (12, "50")]
    assert [(row.party, row.share) for row in draft.funders] == [("merchant", "60"), ("brand", "40")]
    assert draft.starts_at.isoformat() == "2026-12-31T16:00:00+00:00"  # midnight in Shanghai
    assert draft.scope.include.categories == ["phone"]
    assert (draft.budget.total, draft.budget.daily) == (2_000_050, 100_000)
    assert draft.priority == 7


@pytest.mark.parametrize(
    ("kind", "fields", "value"),
    [
        ("instant_discount", {"mode": "percent", "percent": "12.5", "cap": "300"}, ("12.5", 30_000)),
        ("brand_rebate", {"mode": "amount", "amount": "99.99"}, (9_999, None)),
        ("coupon", {"mode": "per_unit", "amount": "10", "codes": "VIP88, vip99"}, (1_000, None)),
    ],
)
def test_a_reduction_of_each_kind_becomes_its_value(world, signed_in, kind, fields, value):
    client = signed_in("marketing@one.example")
    named = {"name_zh": "减", "name_en": "Off", "share_merchant": "100"}

    campaign = client.post(f"/campaigns/new/{kind}/", named | fields)["Location"].split("/")[2]

    draft = view(world, campaign).draft
    assert (draft.value.percent or draft.value.amount or draft.value.per_unit, draft.cap) == value
    assert draft.codes == (["VIP88", "vip99"] if kind == "coupon" else None)


def test_steps_of_spend_and_save_and_a_trade_in_programme(world, signed_in):
    client = signed_in("marketing@one.example")
    named = {"name_zh": "满减", "name_en": "Steps", "share_merchant": "100"}
    steps = {"from_1": "2000", "off_1": "100", "from_2": "5000", "off_2": "400"}

    saved = client.post("/campaigns/new/spend_and_save/", named | steps)["Location"].split("/")[2]
    programme = view(world, world.campaigns["trade_in"]).draft.programme
    trade_in = client.post("/campaigns/new/trade_in/", named | {"programme": programme})["Location"].split("/")[2]

    assert [(step.from_, step.off) for step in view(world, saved).draft.value.steps] == [
        (200_000, 10_000),
        (500_000, 40_000),
    ]
    assert view(world, trade_in).draft.funders[0].party == "government"


def test_the_preview_is_the_quote_of_the_core_with_the_draft_in_it(world, signed_in):
    client = signed_in("marketing@one.example")
    client.post("/language/", {"language": "en"})
    signed_in("owner@one.example").post(f"/campaigns/{world.campaigns['interest_free']}/do/pause/")
    catalogue.refresh()
    sample = {
        "sample-product": "phone",
        "sample-last_product": "phone",
        "sample-price": "5999.00",
        "sample-store": world.one.stores["S1"],
        "sample-channel": "pos",
        "sample-trade_in": "on",
        "kind": "interest_free",
        "step": "1",
    }

    page = client.post("/campaigns/try-out/", WHAT | sample | {"brand": world.brand_id, "name_zh": ""}).content.decode()

    # 5,999.00 - 500.00 discount - 300.00 of the brand - 500.00 subsidy (15 % of 5,199.00 is above the cap) = 4,699.00
    assert "¥4,699.00" in page
    assert "by this campaign" in page
    # 12 periods: 7.5 % of 4,699.00 is 352.42 (half even), half of it waived: 176.21, of which 60 % and 40 %
    assert "¥176.21" in page
    assert "¥605.73" in page  # the merchant: 500.00 + 105.73
    assert "¥370.48" in page  # the brand: 300.00 + 70.48
    assert "¥1,566.33" in page  # 4,699.00 over 3, without interest


def test_the_preview_says_why_nothing_applies_and_what_is_missing(world, signed_in):
    client = signed_in("marketing@one.example")
    client.post("/language/", {"language": "en"})
    asked = WHAT | {"brand": world.brand_id, "kind": "interest_free", "step": "1", "sample-price": ""}

    assert "Write a price for the sample." in client.post("/campaigns/try-out/", asked).content.decode()
    incomplete = asked | {"share_merchant": "1", "sample-price": "100", "sample-product": "phone"}
    assert "as soon as this step is complete" in client.post("/campaigns/try-out/", incomplete).content.decode()


def test_the_maker_cannot_approve_and_a_second_person_can(world, signed_in):
    maker, checker = signed_in("owner@one.example"), signed_in("finance@one.example")
    client = signed_in("owner@one.example")
    campaign = made(client, world, share_merchant="100", share_brand="", brand="")
    maker.post(f"/campaigns/{campaign}/edit/3/", {"budget_total": "1000", "when_short": "refuse"})
    maker.post(f"/campaigns/{campaign}/do/submit/")

    refused = maker.post(f"/campaigns/{campaign}/do/approve/", follow=True).content.decode()
    assert "不能自行批准" in refused
    assert view(world, campaign).state == "in_review"

    checker.post(f"/campaigns/{campaign}/do/approve/")
    assert view(world, campaign).state == "scheduled"


def test_a_brand_accepts_its_share_before_the_launch(world, signed_in):
    maker, checker = signed_in("owner@one.example"), signed_in("checker@one.example")
    campaign = made(maker, world)
    maker.post(f"/campaigns/{campaign}/edit/3/", {"budget_total": "1000", "when_short": "refuse"})
    number = view(world, campaign).version
    maker.post(f"/campaigns/{campaign}/do/submit/")
    checker.post(f"/campaigns/{campaign}/do/approve/")

    refused = maker.post(f"/campaigns/{campaign}/do/launch/", follow=True).content.decode()
    assert "尚未接受其份额" in refused
    signed_in("brand@brand.example").post(f"/co-funding/{campaign}/{number}/accept/")

    assert "已上线" in maker.post(f"/campaigns/{campaign}/do/launch/", follow=True).content.decode()


def test_an_unknown_step_kind_or_campaign_is_not_there(world, signed_in):
    client = signed_in("marketing@one.example")

    assert client.get("/campaigns/new/free_lunch/").status_code == 404
    assert client.get(f"/campaigns/{world.campaigns['discount']}/edit/5/").status_code == 404
    assert client.get("/campaigns/cam_nothing/edit/1/").status_code == 404


@pytest.mark.parametrize("name", ["discount", "rebate", "trade_in", "interest_free"])
def test_all_four_steps_of_every_kind_open(world, signed_in, name):
    client = signed_in("marketing@one.example")

    for step in (1, 2, 3, 4):
        assert client.get(f"/campaigns/{world.campaigns[name]}/edit/{step}/").status_code == 200
    for tab in ("overview", "versions", "history"):
        assert client.get(f"/campaigns/{world.campaigns[name]}/?tab={tab}").status_code == 200
