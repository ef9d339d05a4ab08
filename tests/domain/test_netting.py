"""Netting: opening plus lines is closing, and all parties together are zero."""

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.accounts import PURPOSES, Account, Leg, LineType, Purpose
from domain.netting import opening_of, signed, statement_totals


def leg(debit, credit, amount, line_type=LineType.SALE):
    return Leg(debit=Account(*debit), credit=Account(*credit), amount_minor=amount, line_type=line_type)


CAPTURE = (
    leg(("len_1", Purpose.LENDER_RECEIVABLE), ("mer_1", Purpose.MERCHANT_PENDING), 510_000),
    leg(("mer_1", Purpose.MERCHANT_PENDING), ("len_1", Purpose.LENDER_PAYABLE), 22_032, LineType.LENDER_FEE),
    leg(("brd_1", Purpose.BRAND_RECEIVABLE), ("len_1", Purpose.LENDER_PAYABLE), 11_016, LineType.LENDER_FEE),
)


def test_a_merchants_statement_is_what_is_owed_to_it():
    totals = statement_totals(party_id="mer_1", opening_minor=1_000, legs=CAPTURE)

    assert (totals.debit_minor, totals.credit_minor, totals.closing_minor) == (22_032, 510_000, 488_968)
    assert totals.by_type == {LineType.SALE: (0, 510_000), LineType.LENDER_FEE: (22_032, 0)}
    assert totals.by_purpose == {Purpose.MERCHANT_PENDING: 487_968}
    assert totals.line_count == 2


def test_a_lender_owes_more_than_it_is_owed():
    assert statement_totals(party_id="len_1", opening_minor=0, legs=CAPTURE).closing_minor == 33_048 - 510_000


def test_an_internal_move_is_two_lines_and_changes_nothing():
    release = leg(("mer_1", Purpose.MERCHANT_PENDING), ("mer_1", Purpose.MERCHANT_AVAILABLE), 5, LineType.RELEASE)

    totals = statement_totals(party_id="mer_1", opening_minor=7, legs=[release])

    assert (totals.line_count, totals.closing_minor, totals.by_type) == (2, 7, {LineType.RELEASE: (5, 5)})


def test_the_opening_counts_receivables_down():
    balances = [(Purpose.MERCHANT_AVAILABLE, 500), (Purpose.MERCHANT_RECEIVABLE, 200), (Purpose.MERCHANT_PENDING, -50)]

    assert opening_of(balances) == 250
    assert signed(purpose=Purpose.BRAND_RECEIVABLE, normal_minor=900) == -900


def test_every_purpose_has_its_facts():
    assert set(PURPOSES) == set(Purpose)
    assert len({facts.beancount for facts in PURPOSES.values()}) == len(Purpose)
    for facts in PURPOSES.values():
        assert (facts.normal == "debit") == (facts.kind in {"asset", "expense"})
        assert facts.beancount.split(":")[0] in {"Assets", "Liabilities", "Income", "Expenses"}


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.builds(
            leg,
            st.tuples(st.sampled_from(["a", "b", "c"]), st.sampled_from(list(Purpose))),
            st.tuples(st.sampled_from(["a", "b", "c"]), st.sampled_from(list(Purpose))),
            st.integers(1, 10**12),
        )
    )
)
def test_all_statements_together_are_zero(legs):
    closings = [statement_totals(party_id=party, opening_minor=0, legs=legs).closing_minor for party in "abc"]

    assert sum(closings) == 0
