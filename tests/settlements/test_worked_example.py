"""The worked example of the books, figure by figure, through the real tables."""

import pytest

from tests.settlements import world as w

pytestmark = pytest.mark.usefixtures("database")


def rows(database, sql, *params):
    return database.execute(sql, params).fetchall()


def test_capture_books_six_transfers_with_the_figures_of_the_example(database):
    world = w.make_world()

    w.capture(world)

    found = rows(database, "SELECT debit_purpose, credit_purpose, amount_minor FROM settlements_transfer ORDER BY seq")
    assert found == [
        ("lender_receivable", "merchant_pending", 510_000),
        ("merchant_pending", "lender_payable", 22_032),
        ("brand_receivable", "lender_payable", 11_016),
        ("platform_subsidy_cost", "lender_payable", 3_672),
        ("government_accrued", "merchant_contingent", 90_000),
        ("merchant_pending", "platform_fee_income", 3_060),
    ]


def test_the_day_closes_with_5749_08_owed_to_the_merchant(database):
    world = w.make_world()
    w.capture(world)

    w.close_and_settle(world)

    found = dict(rows(database, "SELECT party_type, closing_minor FROM settlements_statement"))
    assert found == {
        "merchant": 484_908 + 90_000,
        "lender": 36_720 - 510_000,
        "brand": -11_016,
        "government": -90_000,
        "platform": 3_060 - 3_672,
    }
    assert sum(found.values()) == 0
