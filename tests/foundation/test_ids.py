"""Keys and public ids."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.ids import PREFIXES, UnknownId, parse_public_id, public_id, uuid7


def test_ten_thousand_ids_made_in_a_row_are_unique_and_already_sorted():
    made = [uuid7() for _ in range(10_000)]

    assert made == sorted(set(made))
    assert {value.version for value in made} == {7}


def test_an_id_made_for_an_instant_carries_that_instant_to_the_millisecond():
    instant = datetime(2026, 3, 1, 12, 30, 15, 678_000, tzinfo=UTC)

    made = uuid7(now=instant)

    assert made.int >> 80 == int(instant.timestamp() * 1_000)


def test_five_thousand_ids_of_one_past_instant_stay_in_order_although_a_millisecond_counts_to_4096():
    instant = datetime(2025, 1, 1, tzinfo=UTC)

    made = [uuid7(now=instant) for _ in range(5_000)]

    assert made == sorted(set(made))


def test_history_may_be_written_backwards_by_days():
    later, earlier = datetime(2026, 2, 2, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)

    assert uuid7(now=later) > uuid7(now=earlier)
    assert uuid7(now=earlier + timedelta(hours=1)).int >> 80 == int((earlier + timedelta(hours=1)).timestamp() * 1_000)


def test_a_public_id_is_the_prefix_and_26_lower_case_characters():
    assert public_id("pl", UUID(int=0)) == "pl_" + "0" * 26
    assert public_id("pl", UUID(int=2**128 - 1)) == "pl_7" + "z" * 25


@given(st.uuids())
def test_every_uuid_reads_back_from_its_public_id(value):
    assert parse_public_id("cam", public_id("cam", value)) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "pl",
        "pl_",
        "cam_" + "0" * 26,
        "pl_" + "0" * 25,
        "pl_" + "0" * 27,
        "pl_8" + "0" * 25,  # 129 bits
        "pl_" + "0" * 25 + "u",  # not in Crockford's alphabet
        "pl_" + "0" * 25 + "A",  # one spelling only
        "pl_" + "0" * 25 + "０",
        "pl_" + "0" * 25 + "\x00",
        "PL_" + "0" * 26,
    ],
)
def test_any_other_spelling_is_answered_like_an_unknown_object(text):
    with pytest.raises(UnknownId) as raised:
        parse_public_id("pl", text)

    assert (raised.value.status, raised.value.code) == (404, "not_found")


def test_the_23_prefixes_name_23_different_nouns():
    assert len(set(PREFIXES.values())) == len(PREFIXES) == 23
