"""The books of an order: the worked example to the fen, its refund, and a second order that leaves odd fen everywhere."""

import pytest
from msgspec.structs import replace

from domain.accounts import Account, LineType, Purpose
from domain.ledger import (
    Claim,
    ClaimEvent,
    MoneyNow,
    PayoutEvent,
    balances,
    capture_legs,
    carry_legs,
    claim_legs,
    freeze,
    payoff_legs,
    payout_legs,
    refund_legs,
    release_legs,
    remit_legs,
)
from domain.offers import Funder
from domain.quote import price
from domain.refunds import RefundState, reduce_price, return_all, return_units
from tests.domain.shop import (
    CONTRACT,
    amount_off,
    catalogue,
    interest_free,
    line,
    percent_off,
    product,
    purchase,
    subsidy,
)

START = RefundState()
THREE = (
    Funder(party="merchant", id="mer_1", share_ppm=600_000),
    Funder(party="brand", id="brd_1", share_ppm=300_000),
    Funder(party="platform", id="plt_1", share_ppm=100_000),
)


def frozen(*offers, buy, contract=CONTRACT, products=None, plan_id="flat12", captured=None):
    shop = catalogue(*offers, products=products)
    answer = price(purchase=buy, catalogue=shop)
    plan = next(option for option in answer.plans if option.id == plan_id)
    return freeze(purchase=buy, priced=answer, plan=plan, contract=contract, rulesets=shop.rulesets, captured=captured)


@pytest.fixture(name="worked")
def worked_example():
    """Three fridges at 2,000.00, grade 1: 15 % subsidy 900.00; 5,100.00 over 12 at 7.2 %, all waived 60/30/10."""
    basket = purchase(line("1", 200_000, category="refrigerator", energy_grade=1, quantity=3), claim=True)
    return frozen(
        subsidy(),
        interest_free(funders=THREE),
        buy=basket,
        products=[product(rates=((12, 72_000, 72_000),))],
    )


def rows(legs):
    return [(str(leg.debit.purpose), str(leg.credit.purpose), leg.amount_minor) for leg in legs]


def standing(legs):
    return {str(account.purpose): amount for account, amount in balances(legs).items() if amount}


def test_the_worked_example_is_captured_to_the_fen(worked):
    assert rows(capture_legs(facts=worked)) == [
        ("lender_receivable", "merchant_pending", 510_000),
        ("merchant_pending", "lender_payable", 22_032),
        ("brand_receivable", "lender_payable", 11_016),
        ("platform_subsidy_cost", "lender_payable", 3_672),
        ("merchant_pending", "platform_fee_income", 3_060),
        ("government_accrued", "merchant_contingent", 90_000),
    ]
    assert standing(capture_legs(facts=worked))["merchant_pending"] == 484_908


def test_the_release_date_makes_what_is_pending_available(worked):
    assert rows(release_legs(facts=worked, state=START)) == [("merchant_pending", "merchant_available", 484_908)]


def test_the_lender_remits_gross_or_net_of_its_fee(worked):
    assert rows(remit_legs(facts=worked, state=START, bank_id="plt_1", net=False)) == [
        ("bank", "lender_receivable", 510_000)
    ]
    assert rows(remit_legs(facts=worked, state=START, bank_id="plt_1", net=True)) == [
        ("lender_payable", "lender_receivable", 36_720),
        ("bank", "lender_receivable", 473_280),
    ]


def test_one_third_comes_back_with_a_pro_rata_rebate(worked):
    after = return_units(facts=worked, before=START, quantities={"1": 1})

    legs = refund_legs(facts=worked, before=START, after=after, money_now=MoneyNow())

    assert rows(legs) == [
        ("merchant_pending", "lender_receivable", 170_000),
        ("lender_payable", "merchant_pending", 7_344),
        ("lender_payable", "brand_receivable", 3_672),
        ("lender_payable", "platform_subsidy_cost", 1_224),
        ("platform_fee_income", "merchant_pending", 1_020),
        ("merchant_contingent", "government_accrued", 30_000),
    ]
    assert standing(legs)["merchant_pending"] == -161_636


def test_one_third_comes_back_and_the_lender_keeps_its_fee(worked):
    kept = replace(worked, contract=replace(worked.contract, rebate="none"))
    after = return_units(facts=kept, before=START, quantities={"1": 1})

    legs = refund_legs(facts=kept, before=START, after=after, money_now=MoneyNow())

    assert rows(legs) == [
        ("merchant_pending", "lender_receivable", 170_000),
        ("platform_fee_income", "merchant_pending", 1_020),
        ("merchant_contingent", "government_accrued", 30_000),
    ]
    assert standing(legs)["merchant_pending"] == -168_980


def test_a_late_refund_hits_the_accounts_where_the_money_now_stands(worked):
    after = return_units(facts=worked, before=START, quantities={"1": 1})
    now = MoneyNow(released=True, remitted=True, claims={"1": "paid"}, paid_funders=frozenset({"brd_1"}))

    assert rows(refund_legs(facts=worked, before=START, after=after, money_now=now)) == [
        ("merchant_available", "lender_payable", 170_000),
        ("lender_payable", "merchant_available", 7_344),
        ("lender_payable", "brand_payable", 3_672),
        ("lender_payable", "platform_subsidy_cost", 1_224),
        ("platform_fee_income", "merchant_available", 1_020),
        ("merchant_available", "government_payable", 30_000),
    ]


@pytest.mark.parametrize(
    ("state", "debit", "credit"),
    [
        ("submitted", "merchant_contingent", "government_submitted"),
        ("accepted", "merchant_contingent", "government_submitted"),
        ("disputed", "merchant_contingent", "government_disputed"),
        ("returned", "merchant_available", "government_payable"),
    ],
)
def test_the_subsidy_goes_back_from_where_its_claim_stands(worked, state, debit, credit):
    after = return_all(facts=worked, before=START)
    legs = refund_legs(facts=worked, before=START, after=after, money_now=MoneyNow(claims={"1": state}))

    assert (debit, credit, 90_000) in rows(legs)


def test_a_rejected_claim_leaves_nothing_to_mirror_or_the_platforms_loss(worked):
    after = return_all(facts=worked, before=START)

    own_fault = refund_legs(facts=worked, before=START, after=after, money_now=MoneyNow(claims={"1": "rejected"}))
    ours = MoneyNow(claims={"1": "rejected"}, platform_fault=frozenset({"1"}))

    assert not [leg for leg in own_fault if leg.line_type is LineType.SUBSIDY_REVERSAL]
    assert ("merchant_available", "platform_claim_loss", 90_000) in rows(
        refund_legs(facts=worked, before=START, after=after, money_now=ours)
    )


def test_after_a_full_refund_every_balance_of_the_order_is_zero(worked):
    after = return_all(facts=worked, before=START)
    booked = [*capture_legs(facts=worked), *refund_legs(facts=worked, before=START, after=after, money_now=MoneyNow())]

    assert standing(booked) == {}


def test_remitting_after_a_refund_pays_only_what_is_left(worked):
    after = return_units(facts=worked, before=START, quantities={"1": 1})
    booked = [
        *capture_legs(facts=worked),
        *refund_legs(facts=worked, before=START, after=after, money_now=MoneyNow()),
        *remit_legs(facts=worked, state=after, bank_id="plt_1", net=True),
        *release_legs(facts=worked, state=after),
    ]

    assert standing(booked) == {
        "merchant_available": 323_272,
        "brand_receivable": -7_344,
        "platform_subsidy_cost": -2_448,
        "platform_fee_income": 2_040,
        "government_accrued": -60_000,
        "merchant_contingent": 60_000,
        "bank": -315_520,
    }


def test_direct_collection_books_only_what_others_owe_the_merchant(worked):
    direct = replace(worked, contract=replace(worked.contract, collection="direct"))

    assert rows(capture_legs(facts=direct)) == [
        ("brand_receivable", "merchant_available", 11_016),
        ("platform_subsidy_cost", "merchant_available", 3_672),
        ("merchant_available", "platform_fee_income", 3_060),
        ("government_accrued", "merchant_contingent", 90_000),
    ]
    assert release_legs(facts=direct, state=START) == ()
    assert remit_legs(facts=direct, state=START, bank_id="plt_1", net=False) == ()


def test_an_early_payoff_rebates_by_the_frozen_shares(worked):
    legs = payoff_legs(facts=worked, state=START, rebate_minor=12_000, money_now=MoneyNow(released=True))

    assert rows(legs) == [
        ("lender_payable", "merchant_available", 7_200),
        ("lender_payable", "brand_receivable", 3_600),
        ("lender_payable", "platform_subsidy_cost", 1_200),
    ]


CLAIM = Claim(programme_id="gov_1", merchant_id="mer_1", platform_id="plt_1", amount_minor=90_000, item_id="1")


@pytest.mark.parametrize(
    ("event", "facts", "expected"),
    [
        ("submitted", {}, [("government_submitted", "government_accrued")]),
        ("disputed", {}, [("government_disputed", "government_submitted")]),
        ("paid", {}, [("bank", "government_submitted"), ("merchant_contingent", "merchant_available")]),
        (
            "paid",
            {"disputed": True},
            [("bank", "government_disputed"), ("merchant_contingent", "merchant_available")],
        ),
        ("paid", {"pays": "merchant"}, [("merchant_contingent", "government_submitted")]),
        ("rejected_merchant_fault", {}, [("merchant_contingent", "government_submitted")]),
        (
            "rejected_platform_fault",
            {},
            [("platform_claim_loss", "government_submitted"), ("merchant_contingent", "merchant_available")],
        ),
        ("returned", {}, [("government_payable", "bank")]),
    ],
)
def test_the_rows_of_a_claim(event, facts, expected):
    legs = claim_legs(event=ClaimEvent(event), claim=replace(CLAIM, **facts))

    assert rows(legs) == [(debit, credit, 90_000) for debit, credit in expected]


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ("instructed", ("merchant_available", "in_transit")),
        ("booked", ("in_transit", "bank")),
        ("rejected", ("in_transit", "merchant_available")),
        ("returned", ("bank", "merchant_available")),
    ],
)
def test_the_rows_of_a_payout(event, expected):
    source = Account("mer_1", Purpose.MERCHANT_AVAILABLE)
    legs = payout_legs(event=PayoutEvent(event), source=source, platform_id="plt_1", amount_minor=484_908)

    assert rows(legs) == [(*expected, 484_908)]


def test_a_negative_balance_is_carried_as_a_receivable():
    assert rows(carry_legs(merchant_id="mer_1", available_minor=-11_636)) == [
        ("merchant_receivable", "merchant_available", 11_636)
    ]
    assert carry_legs(merchant_id="mer_1", available_minor=5) == ()


@pytest.fixture(name="odd")
def odd_example():
    """Three lines, brand and platform discounts, a mixed-funder fee of 7.77 %, a subsidised phone: odd fen throughout."""
    basket = purchase(
        line("1", 333_331, quantity=2),
        line("2", 99_997, category="case", quantity=3),
        line("3", 101, category="cable"),
        claim=True,
        down_payment_minor=10_007,
    )
    return frozen(
        percent_off("cam_brand", 33_333, lane="brand", kind="brand_rebate", funders=THREE),
        amount_off(
            "cam_plat",
            1_001,
            lane="platform",
            kind="platform_coupon",
            funders=(Funder(party="platform", id="plt_1", share_ppm=1_000_000),),
        ),
        subsidy(),
        interest_free(funders=THREE, share_ppm=777_777),
        buy=basket,
        products=[product(rates=((12, 77_700, 77_700),))],
    )


def test_odd_fen_re_add_in_every_split(odd):
    by_role = {}
    for one in odd.lines:
        for part in one.parts:
            by_role[part.role, part.party] = by_role.get((part.role, part.party), 0) + part.amount_minor

    payable = odd.payable_minor
    assert by_role["principal", "lender"] == payable - 10_007
    fee = (by_role["principal", "lender"] * 77_700 + 500_000) // 1_000_000
    waived = sum(amount for (role, _), amount in by_role.items() if role == "fee")
    assert waived + by_role["buyer_fee", "lender"] == fee
    assert by_role["subsidy", "government"] == 48_281
    assert sum(group.payable_minor for one in odd.lines for group in one.units) == payable
    assert all(part.amount_minor > 0 for one in odd.lines for part in one.parts)


def test_odd_fen_are_all_back_after_a_refund_in_five_steps(odd):
    state, booked = START, list(capture_legs(facts=odd))
    for step in (
        lambda before: return_units(facts=odd, before=before, quantities={"2": 1}),
        lambda before: reduce_price(facts=odd, before=before, amount_minor=7_777),
        lambda before: return_units(facts=odd, before=before, quantities={"1": 1, "3": 1}),
        lambda before: reduce_price(facts=odd, before=before, amount_minor=1),
        lambda before: return_all(facts=odd, before=before),
    ):
        after = step(state)
        booked += refund_legs(facts=odd, before=state, after=after, money_now=MoneyNow())
        state = after

    assert standing(booked) == {}
    assert all(leg.amount_minor > 0 for leg in booked)


def test_a_partial_capture_keeps_the_shares_of_the_whole_order():
    basket = purchase(line("1", 333_331), line("2", 99_997, category="case"))
    whole = frozen(interest_free(funders=THREE), buy=basket)
    part = frozen(interest_free(funders=THREE), buy=basket, captured=["2"])

    assert part.lines == whole.lines[1:]


def test_contingent_is_what_the_claim_is_worth_in_every_state(odd):
    after = return_units(facts=odd, before=START, quantities={"1": 1})
    booked = [*capture_legs(facts=odd), *refund_legs(facts=odd, before=START, after=after, money_now=MoneyNow())]

    left = standing(booked)
    assert left.get("merchant_contingent", 0) == -left.get("government_accrued", 0)
