"""Claims and their money stand in the same place, in every state and after every refund."""

import pytest

from domain.claim_states import ClaimMove
from domain.frozen import CaptureFacts
from domain.ledger import MoneyNow, capture_legs, refund_legs
from domain.refunds import RefundState, refund_between, return_units
from domain.states import IllegalMove
from foundation import crypto, db, ids
from foundation.ids import UnknownId
from settlements.selectors import claims as selectors
from settlements.services import booking, claims, proofs
from settlements.services.claims import ClaimFacts, ClaimReduction
from settlements.services.events import claim_key
from tests.settlements import world as w

pytestmark = pytest.mark.usefixtures("database")
ORDER = ids.public_id("pl", w.UUID(int=1))


def claim_facts(world, **changes) -> ClaimFacts:
    known = {
        "tenant_id": world.merchant,
        "book_id": world.book,
        "programme_id": world.programme,
        "rule_set": "cn-2026-appliance",
        "order_id": ORDER,
        "order_reference": "A-1",
        "item_id": "1",
        "sku": "FRIDGE-1",
        "category": "refrigerator",
        "units": 3,
        "currency": "CNY",
        "amount_minor": 90_000,
        "sold_on": w.DAY,
        "facts": {"invoice_number": "04412345"},
        "required_fields": ("invoice_number", "serial"),
    }
    return ClaimFacts(**known | changes)


def opened(world, **changes):
    facts = w.capture(world)
    with db.tenant_transaction(world.merchant):
        (key,) = claims.open_claims([claim_facts(world, **changes)], now=w.NOW)
        if "serial" not in changes:
            claims.complete(claim_id=key, tenant_id=world.merchant, facts={}, serial="SN-1", now=w.NOW)
    return key, facts


def move(world, key, *moves, **rest):
    with db.tenant_transaction(world.merchant):
        for one in moves:
            claims.move_claims(claim_ids=[key], move=one, now=w.NOW, **rest)


def balances(database):
    """Balances of the accounts the subsidy touches, in their normal direction, zeros left out."""
    sums: dict[str, int] = {}
    for debit, credit, amount in database.execute(
        "SELECT debit_purpose, credit_purpose, amount_minor FROM settlements_transfer"
    ).fetchall():
        sums[debit] = sums.get(debit, 0) - amount
        sums[credit] = sums.get(credit, 0) + amount
    wanted = ("government_", "merchant_contingent", "merchant_available", "bank", "platform_claim_loss")
    return {name: abs(value) for name, value in sums.items() if value and name.startswith(wanted)}


def test_a_claim_is_opened_once_under_the_key_its_transfers_name(database):
    world = w.make_world()
    key, _ = opened(world)
    with db.tenant_transaction(world.merchant):
        again = claims.open_claims([claim_facts(world)], now=w.NOW)

    named = database.execute("SELECT claim_id FROM settlements_transfer WHERE line_type = 'subsidy'").fetchone()[0]
    assert again == (key,) == (claim_key(tenant_id=world.merchant, order_id=ORDER, item_id="1"),)
    assert named == ids.public_id("clm", key)
    assert database.execute("SELECT count(*) FROM settlements_claim").fetchone() == (1,)


def test_a_claim_without_its_serial_is_not_submitted(database):
    world = w.make_world()
    key, _ = opened(world, serial="")

    with pytest.raises(claims.ClaimIncomplete) as refused:
        move(world, key, ClaimMove.SUBMIT)

    assert refused.value.figures["missing"] == "serial"
    with db.tenant_transaction(world.merchant):
        missing = claims.complete(
            claim_id=key, tenant_id=world.merchant, facts={"waybill": "SF1"}, serial="SN-1", now=w.NOW
        )
    assert missing == ()
    move(world, key, ClaimMove.SUBMIT)


def test_what_is_known_of_the_person_is_encrypted_at_rest(database):
    world = w.make_world()
    key, _ = opened(world, required_fields=("buyer_name", "serial"))

    with db.tenant_transaction(world.merchant):
        facts = {"buyer_name": "李四", "waybill": "SF1"}
        missing = claims.complete(claim_id=key, tenant_id=world.merchant, facts=facts, now=w.NOW)

    (stored,) = database.execute("SELECT facts FROM settlements_claim").fetchone()
    assert missing == ()
    assert stored["waybill"] == "SF1"
    assert stored["buyer_name"] != "李四"
    assert crypto.decrypt(stored["buyer_name"]) == "李四"


S, A, D, P, R, B = (
    ClaimMove.SUBMIT, ClaimMove.ACCEPT, ClaimMove.DISPUTE, ClaimMove.PAY, ClaimMove.REJECT, ClaimMove.RETURN,
)  # fmt: skip


@pytest.mark.parametrize(
    ("moves", "rest", "expected"),
    [
        ((), {}, {"government_accrued": 90_000, "merchant_contingent": 90_000}),
        ((S,), {}, {"government_submitted": 90_000, "merchant_contingent": 90_000}),
        ((S, A), {}, {"government_submitted": 90_000, "merchant_contingent": 90_000}),
        ((S, D), {}, {"government_disputed": 90_000, "merchant_contingent": 90_000}),
        ((S, D, A), {}, {"government_submitted": 90_000, "merchant_contingent": 90_000}),
        ((S, A, P), {}, {"bank": 90_000, "merchant_available": 90_000}),
        ((S, D, P), {}, {"bank": 90_000, "merchant_available": 90_000}),
        ((S, D, A, P), {}, {"bank": 90_000, "merchant_available": 90_000}),
        ((S, R), {"fault": "merchant"}, {}),
        ((S, D, R), {"fault": "merchant"}, {}),
        ((S, R), {"fault": "platform"}, {"platform_claim_loss": 90_000, "merchant_available": 90_000}),
    ],
)
def test_the_money_stands_where_the_claim_stands(database, moves, rest, expected):
    world = w.make_world()
    key, _ = opened(world)

    for one in moves:
        move(world, key, one, **(rest if one is R else {}))

    assert balances(database) == expected
    assert proofs.check_books() == []


def test_a_programme_that_pays_the_merchant_never_touches_our_bank(database):
    world = w.make_world()
    key, _ = opened(world, pays="merchant")

    move(world, key, S, A, P)

    assert balances(database) == {}


def test_an_illegal_move_moves_none_of_the_claims_and_books_nothing(database):
    world = w.make_world()
    key, _ = opened(world)

    with pytest.raises(IllegalMove), db.tenant_transaction(world.merchant):
        claims.move_claims(claim_ids=[key], move=P, now=w.NOW)
    with pytest.raises(UnknownId), db.tenant_transaction(world.merchant):
        claims.move_claims(claim_ids=[key, w.UUID(int=9)], move=S, now=w.NOW)

    assert balances(database) == {"government_accrued": 90_000, "merchant_contingent": 90_000}


def give_back(world, facts: CaptureFacts, before: RefundState, units: int, *, number: int) -> RefundState:
    """What a refund does: the legs against where the money stands now, and the claim for what came back."""
    after = return_units(facts=facts, before=before, quantities={"1": units})
    refund = refund_between(facts=facts, before=before, after=after)
    with db.tenant_transaction(world.merchant):
        standing = selectors.standing(tenant_id=world.merchant, order_ids=[ORDER])[ORDER]
        now = MoneyNow(claims=standing.claims, platform_fault=standing.platform_fault)
        legs = refund_legs(facts=facts, before=before, after=after, money_now=now)
        booking.book([w.event_of(world, legs, key=f"refund:{number}")])
        claims.withdraw(
            [ClaimReduction(order_id=ORDER, item_id="1", amount_minor=refund.lines[0].subsidy_minor, units=units)],
            tenant_id=world.merchant,
            now=w.NOW,
        )
    return after


@pytest.mark.parametrize("moves", [(), (S,), (S, A), (S, D), (S, D, A)])
def test_units_that_come_back_before_payment_lower_the_claim_and_the_last_one_withdraws_it(database, moves):
    world = w.make_world()
    key, facts = opened(world)
    move(world, key, *moves)

    state = give_back(world, facts, RefundState(), 1, number=1)

    with db.tenant_transaction(world.merchant):
        view = selectors.claim(tenant_id=world.merchant, claim_id=key)
    assert (view.amount_minor, view.units) == (60_000, 2)
    assert proofs.check_books() == []

    give_back(world, facts, state, 2, number=2)

    with db.tenant_transaction(world.merchant):
        assert selectors.claim(tenant_id=world.merchant, claim_id=key).state == "withdrawn"
    assert balances(database) == {}
    assert proofs.check_books() == []


def test_units_that_come_back_after_payment_are_owed_to_the_programme_until_they_are_paid_back(database):
    world = w.make_world()
    key, facts = opened(world)
    move(world, key, S, A, P)

    give_back(world, facts, RefundState(), 1, number=1)

    assert balances(database) == {"bank": 90_000, "merchant_available": 60_000, "government_payable": 30_000}
    move(world, key, B)
    assert balances(database) == {"bank": 60_000, "merchant_available": 60_000}
    assert proofs.check_books() == []


def test_claims_are_aged_by_state_and_seen_by_their_merchant_only(database):
    world = w.make_world()
    key, _ = opened(world)
    move(world, key, S)

    with db.tenant_transaction(world.merchant):
        (group,) = selectors.ageing(tenant_id=world.merchant)
        events = selectors.events_of(key)
    with db.tenant_transaction(world.other):
        assert selectors.ageing(tenant_id=None) == ()
        with pytest.raises(UnknownId):
            selectors.claim(tenant_id=world.other, claim_id=key)

    assert (group.state, group.count, group.amount_minor, group.oldest_sold_on) == ("submitted", 1, 90_000, w.DAY)
    assert [event.move for event in events] == ["open", "complete", "submit"]


def test_the_history_of_a_claim_only_grows(database):
    import psycopg

    world = w.make_world()
    opened(world)
    database.execute("SET session_replication_role = origin")
    try:
        for sql in ("UPDATE settlements_claimevent SET move = 'x'", "DELETE FROM settlements_claimevent"):
            with pytest.raises(psycopg.errors.RestrictViolation):
                database.execute(sql)
    finally:
        database.execute("SET session_replication_role = replica")


def test_200_claims_move_and_book_together(database):
    world = w.make_world()
    legs = capture_legs(facts=w.worked_example(world))
    orders = [ids.uuid7() for _ in range(200)]
    with db.tenant_transaction(world.merchant):
        booking.book([w.event_of(world, legs, key=f"c:{order}", order=order) for order in orders])
        keys = claims.open_claims(
            [claim_facts(world, order_id=ids.public_id("pl", order), serial="SN") for order in orders], now=w.NOW
        )
        assert claims.move_claims(claim_ids=keys, move=S, now=w.NOW) == 200

    assert balances(database)["government_submitted"] == 200 * 90_000
    assert proofs.check_books() == []
