"""From typed amounts to canonical documents to offers."""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from moneyed import Money

from domain.money import InvalidAmount
from domain.money import Money as Minor
from foundation.ids import uuid7
from promotions import documents, drafts, shapes
from promotions.amounts import minor_of, typed_of
from promotions.models import Campaign
from promotions.services.compile import compile_campaign, document_of
from tests.world import NOW, draft_of


def row_of(**parts):
    campaign = Campaign(id=uuid7(), tenant_id=uuid7())
    plain = draft_of(now=NOW, timezone="Asia/Shanghai", **parts)
    drafts.write_draft(campaign, msgspec.convert(plain, shapes.Draft))
    return campaign


@pytest.mark.parametrize(
    ("typed", "minor"),
    [
        (Money("500.00", "CNY"), Minor(50_000, "CNY")),
        (Money("0.010", "CNY"), Minor(1, "CNY")),
        (Money("500", "JPY"), Minor(500, "JPY")),
        (Money("1.234", "KWD"), Minor(1_234, "KWD")),
    ],
)
def test_a_typed_amount_becomes_minor_units_of_its_currency(typed, minor):
    assert minor_of(typed) == minor


@pytest.mark.parametrize("typed", [Money("0.001", "CNY"), Money("0.5", "JPY"), Money(Decimal("1.2345"), "KWD")])
def test_an_amount_with_more_decimals_than_its_currency_is_refused(typed):
    with pytest.raises(InvalidAmount):
        minor_of(typed)


@given(minor=st.integers(0, 10**12), currency=st.sampled_from(["CNY", "JPY", "KWD"]))
def test_typed_and_back_is_the_same_amount(minor, currency):
    assert minor_of(typed_of(minor=minor, currency=currency)).minor == minor


def test_a_cap_typed_with_half_a_yen_stops_the_campaign():
    campaign = row_of(kind="instant_discount", value={"amount": 500}, currency="JPY")
    campaign.cap = Money("10.5", "JPY")

    with pytest.raises(InvalidAmount):
        document_of(campaign, number=1)


EXAMPLES = [
    {"kind": "instant_discount", "value": {"amount": 50_000}, "cap": 1, "scope": {"include": {"skus": ["b", "a"]}}},
    {"kind": "spend_and_save", "value": {"steps": [{"from": 300, "off": 30}, {"from": 100, "off": 5}]}},
    {"kind": "coupon", "value": {"percent": "12.5"}, "codes": ["Z", "A"], "base": "list", "group_mode": "at_most:2"},
    {"kind": "instant_discount", "value": {"cheapest_free": {"every": 3, "free": 1}}, "max_units": 3},
    {
        "kind": "interest_free",
        "terms": [
            {"term": 12, "waived_share": "99.5"},
            {"term": 3, "funders": [{"party": "merchant", "share": "100"}]},
        ],
        "weekly_hours": [{"days": [7, 6], "from": "08:30", "to": "24:00"}],
        "min_amount": 1_000,
    },
]


@pytest.mark.parametrize("parts", EXAMPLES)
def test_a_document_read_and_written_again_is_the_same_bytes(parts):
    campaign = row_of(**parts)

    text = document_of(campaign, number=4)

    assert documents.canonical(documents.read(text)) == text
    assert document_of(campaign, number=4) == text
    offer = compile_campaign(version_document=text, state="paused")
    assert (offer.version, offer.state, offer.kind) == (4, "paused", parts["kind"])
    rewritten = documents.canonical(
        msgspec.structs.replace(documents.read(text), offer=msgspec.structs.replace(offer, state="live"))
    )
    assert documents.sha256_of(rewritten) == documents.sha256_of(text)


def test_the_order_people_typed_in_does_not_matter():
    def digest(skus, terms):
        campaign = row_of(kind="interest_free", terms=[{"term": n} for n in terms], scope={"include": {"skus": skus}})
        campaign.id = UUID(int=1)
        return documents.sha256_of(document_of(campaign, number=1))

    assert digest(["a", "b", "c"], [3, 6]) == digest(["c", "b", "a"], [6, 3])


def test_what_is_compiled_is_what_was_meant():
    offer = compile_campaign(version_document=document_of(row_of(**EXAMPLES[4]), number=1), state="live")

    assert (offer.lane, offer.min_minor) == ("interest", 1_000)
    assert [(term.term, term.waived_share_ppm, len(term.funders)) for term in offer.terms] == [
        (3, 1_000_000, 1),
        (12, 995_000, 0),
    ]
    hours = offer.weekly_hours[0]
    assert (hours.days, hours.from_minute, hours.to_minute) == ((6, 7), 510, 1_440)
    assert offer.starts_at == datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
    coupon = compile_campaign(version_document=document_of(row_of(**EXAMPLES[2]), number=1), state="live")
    assert (coupon.value.percent_ppm, coupon.codes, coupon.base) == (125_000, frozenset({"A", "Z"}), "list")
    assert (coupon.group_mode, coupon.group_limit) == ("at_most", 2)


def test_a_draft_survives_its_row():
    for parts in EXAMPLES:
        draft = msgspec.convert(draft_of(now=NOW, timezone="Asia/Shanghai", **parts), shapes.Draft)
        campaign = Campaign(id=uuid7())
        drafts.write_draft(campaign, draft)

        assert drafts.draft_of(campaign) == draft
