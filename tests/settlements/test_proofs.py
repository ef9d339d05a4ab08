"""`check_books` finds what the triggers were kept from refusing: the superuser breaks the books, each time in another way."""

import pytest

from foundation import db
from settlements.services import booking, proofs
from tests.settlements import world as w

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def books(database):
    world = w.make_world()
    w.capture(world, key="one")
    w.close_and_settle(world)
    w.capture(world, key="two", order=w.UUID(int=2))
    w.close_and_settle(world)
    return world


def found(book=None):
    return {problem.check for problem in proofs.check_books(book_id=book)}


def test_books_that_nobody_touched_have_no_problem(books):
    assert proofs.check_books() == []
    assert proofs.check_books(book_id=books.book) == []


@pytest.mark.parametrize(
    ("sql", "checks"),
    [
        ("UPDATE settlements_transfer SET amount_minor = amount_minor + 1 WHERE line_type = 'sale'",
         {"opening_plus_lines_is_closing", "hashes_hold"}),
        ("UPDATE settlements_transfer SET note = 'x' WHERE line_type = 'platform_fee'", {"hashes_hold"}),
        ("DELETE FROM settlements_statementline WHERE line_no = 1 AND side = 'credit'",
         {"each_side_on_one_statement", "opening_plus_lines_is_closing", "hashes_hold"}),
        (("UPDATE settlements_statement SET opening_minor = opening_minor + 1, closing_minor = closing_minor + 1 "
         "WHERE period_start = '2026-11-22'"), {"statements_are_chained", "hashes_hold"}),
        ("UPDATE settlements_statement SET sha256 = repeat('0', 64) WHERE period_start = '2026-11-21'",
         {"statements_are_chained", "hashes_hold"}),
        ("DELETE FROM settlements_bookedevent WHERE event_key = 'one'", {"events_booked_once"}),
        ("UPDATE settlements_statement SET sums = '{}' WHERE party_type = 'brand'", {"sums_are_those_of_the_lines"}),
        ("UPDATE settlements_closedday SET last_seq = 0", {"closed_days_stay_closed"}),
        ("UPDATE settlements_statementline SET balance_after_minor = 7 WHERE line_no = 4", {"balances_are_carried"}),
        ("UPDATE settlements_statement SET state = 'computing' WHERE party_type = 'brand'", {"settled_days_are_complete"}),
        (("UPDATE settlements_transfer SET credit_purpose = 'merchant_available' WHERE line_type = 'subsidy' "
         "AND event_key = 'one'"), {"contingent_is_claimed"}),
    ],
)  # fmt: skip
def test_each_way_of_breaking_the_books_is_found(books, database, sql, checks):
    assert database.execute(sql).rowcount > 0

    assert checks <= found()


def test_a_claim_that_asks_for_more_than_the_books_hold_is_found(books, database):
    database.execute(
        "INSERT INTO settlements_claim (id, tenant_id, book_id, programme_id, rule_set, region, order_id, order_reference, "
        "item_id, sku, category, serial, units, currency, amount_minor, returned_minor, pays, fault, state, facts, "
        "required_fields, reason_code, sold_on, created_at) VALUES (gen_random_uuid(), %s, %s, %s, 'r', '', 'pl_x', 'A', "
        "'1', 's', 'c', '', 1, 'CNY', 90001, 0, 'platform', '', 'collecting', '{}', '[]', '', '2026-11-21', now())",
        (books.merchant, books.book, books.programme),
    )

    assert found() == {"claims_are_in_the_books"}


def test_another_book_s_problems_are_not_this_book_s(books, database):
    other = w.make_world()
    database.execute("UPDATE settlements_closedday SET last_seq = 0")

    assert found(books.book) == {"closed_days_stay_closed"}
    assert found(other.book) == set()


def test_legs_of_nothing_are_no_transfers(books):
    with db.tenant_transaction(books.merchant):
        done = booking.book([w.event_of(books, (), key="nothing"), w.event_of(books, (), key="nothing")])

    assert (done.new_events, done.transfers) == (1, 0)
    assert proofs.check_books() == []
