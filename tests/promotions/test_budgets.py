"""Budgets: taken all or not at all, never past the last cent, and always proved by their rows.

Seen red once: with the `left_minor >= amount` test taken out of budget_sql.HOLD, the 64 threads broke the CHECK constraint
budget_never_overspent instead of getting `budget_exhausted`; with that dropped as well, 64 of them "succeeded".
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import pairwise

import pytest
from django.db import connections
from hypothesis import given
from hypothesis import strategies as st

from foundation import db
from foundation.ids import uuid7
from promotions.budget_needs import needs_of
from promotions.documents import BudgetRules, SharedLimit
from promotions.selectors import budgets as reads
from promotions.selectors import campaigns as campaign_reads
from promotions.selectors import offers
from promotions.services import budgets, campaigns
from promotions.services.budget_moves import Standing, restoring
from promotions.services.errors import BudgetExhausted, BudgetMoveRefused, BuyerCapReached
from tests.world import NOW, launch

pytestmark = pytest.mark.usefixtures("database")
DAY = date(2026, 11, 21)


@pytest.fixture
def dear(world):
    """A campaign with every kind of limit: 1,000 in all, 600 a day, 500 a store, 400 a buyer, twice a buyer."""
    return launch(
        tenant=world.one,
        now=NOW,
        kind="instant_discount",
        value={"amount": 100},
        budget={"total": 1_000, "daily": 600, "per_store": 500, "per_buyer": 400},
        limits={"uses_per_buyer": 2},
    )


class Till:
    """Holds for plans as confirm does."""

    def __init__(self, world, campaign):
        from foundation import ids

        self.world, self.campaign = world, ids.parse_public_id("cam", campaign)
        with db.tenant_transaction(world.one.id):
            self.rules = offers.budgets_for(tenant_id=world.one.id)[campaign]

    def needs(self, amount, *, buyer="b1", store="S1", day=DAY):
        return needs_of(
            tenant_id=self.world.one.id,
            campaign_id=self.campaign,
            rules=self.rules,
            amount_minor=amount,
            day=day,
            buyer_key=buyer,
            store_id=self.world.one.store_id(store),
        )

    def hold(self, amount, **where):
        plan = uuid7()
        with db.tenant_transaction(self.world.one.id):
            budgets.hold(
                tenant_id=self.world.one.id, currency="CNY", plan_id=plan, needs=self.needs(amount, **where), now=NOW
            )
        return plan

    def act(self, verb, **facts):
        with db.tenant_transaction(self.world.one.id):
            verb(now=NOW, **facts)

    def total(self):
        with db.tenant_transaction(self.world.one.id):
            found = reads.counters_of(tenant_id=self.world.one.id, campaign_id=self.campaign)
        return next(counter for counter in found if counter.kind == "total")

    def state(self):
        with db.tenant_transaction(self.world.one.id):
            return campaign_reads.campaign(tenant_id=self.world.one.id, campaign_id=self.campaign).state


@pytest.fixture
def till(world, dear):
    return Till(world, dear)


@pytest.fixture(autouse=True)
def proved(database):
    """Whatever a test did, the entries re-add to the counters."""
    yield
    with db.staff_transaction():
        assert reads.unproven() == ()


def test_64_threads_on_the_last_unit_and_exactly_one_gets_it(world, database):
    # Each thread is a buyer seen for the first time, so that counters are made in the race as well.
    limits = {"total": 1_000, "per_buyer": 900}
    till = Till(
        world, launch(tenant=world.one, now=NOW, kind="coupon", codes=["X"], value={"amount": 1}, budget=limits)
    )
    till.hold(900, buyer="b0")

    def confirm(number):
        try:
            till.hold(100, buyer=f"b{number + 1}")
        except BudgetExhausted as short:
            return dict(short.figures)
        finally:
            connections.close_all()
        return "held"

    with ThreadPoolExecutor(max_workers=64) as pool:
        results = list(pool.map(confirm, range(64)))

    assert results.count("held") == 1
    refused = [result for result in results if result != "held"]
    assert {(figures["limit"], figures["left"], figures["wanted"]) for figures in refused} == {("total", 0, 100)}
    assert (till.total().held, till.total().left, till.total().uses) == (1_000, 0, 2)
    assert till.state() == "exhausted"
    kept = database.execute("SELECT count(*) FROM promotions_budgetcounter WHERE kind = 'buyer'").fetchone()
    assert kept == (2,), "a refused confirm leaves nothing behind"


def test_many_threads_take_every_cent_and_never_deadlock(world, till):
    def confirm(number):
        try:
            # Buyers, stores and days cross: only a fixed order of locks keeps this from deadlocking.
            till.hold(
                25, buyer=f"b{number % 20}", store="S1" if number % 2 else "S2", day=date(2026, 12, 1 + number % 3)
            )
        except (BudgetExhausted, BuyerCapReached) as short:
            return short.code
        finally:
            connections.close_all()
        return "held"

    with ThreadPoolExecutor(max_workers=16) as pool:
        results = list(pool.map(confirm, range(200)))

    assert results.count("held") == 40
    assert (till.total().held, till.total().left) == (1_000, 0)


@pytest.mark.parametrize(
    ("stores", "amount", "limit", "left"),
    [(["S1", "S1", "S1"], 101, "store", 100), (["S1", "S2", "S2"], 201, "daily", 200)],
)
def test_the_limit_that_is_short_is_named_with_what_is_left(till, stores, amount, limit, left):
    till.hold(200, buyer="b1", store=stores[0])
    till.hold(200, buyer="b2", store=stores[1])

    with pytest.raises(BudgetExhausted) as short:
        till.hold(amount, buyer="b3", store=stores[2])

    assert (short.value.figures["limit"], short.value.figures["left"]) == (limit, left)
    assert till.total().uses == 2


def test_a_buyers_cap_is_its_own_refusal_in_money_and_in_uses(till):
    till.hold(300)
    with pytest.raises(BuyerCapReached) as short:
        till.hold(101, store="S2")
    assert short.value.figures["left"] == 100

    till.hold(1, store="S2")
    with pytest.raises(BuyerCapReached) as often:
        till.hold(1, store="S2")
    assert often.value.figures["uses_left"] == 0
    till.hold(1, buyer="b2")


def test_captured_money_is_committed_and_what_was_not_captured_is_free(till):
    plan = till.hold(300)

    till.act(budgets.commit, plan_id=plan, amounts={till.campaign: 200})

    total = till.total()
    assert (total.held, total.committed, total.left, total.uses) == (0, 200, 800, 1)


def test_a_cancelled_plan_gives_back_money_and_use_and_once_only(till):
    plan = till.hold(300)

    till.act(budgets.release, plan_id=plan)
    till.act(budgets.release, plan_id=plan)

    total = till.total()
    assert (total.held, total.committed, total.uses) == (0, 0, 0)


def test_a_captured_plan_cannot_be_released_and_a_released_one_not_committed(till):
    captured, cancelled = till.hold(100), till.hold(100, buyer="b2")
    till.act(budgets.commit, plan_id=captured)
    till.act(budgets.release, plan_id=cancelled)

    till.act(budgets.release, plan_id=captured)
    till.act(budgets.commit, plan_id=cancelled)

    assert (till.total().held, till.total().committed) == (0, 100)


def test_refunds_restore_part_by_part_and_never_more_than_was_committed(till):
    plan = till.hold(100)
    till.act(budgets.commit, plan_id=plan)

    till.act(budgets.restore, plan_id=plan, amounts={till.campaign: 33})
    till.act(budgets.restore, plan_id=plan, amounts={till.campaign: 67})

    assert (till.total().committed, till.total().left) == (0, 1_000)
    with pytest.raises(BudgetMoveRefused):
        till.act(budgets.restore, plan_id=plan, amounts={till.campaign: 1})


def test_the_last_cent_exhausts_and_money_that_returns_reopens(world, till, database):
    for number, store in enumerate(["S1", "S2", "S1", "S2"]):
        last = till.hold(250, buyer=f"b{number}", store=store, day=date(2026, 12, 1 + number))
    assert till.state() == "exhausted"
    with db.tenant_transaction(world.one.id):
        standing = {offer.campaign_id: offer.state for offer in offers.offers_for(tenant_id=world.one.id)}
    assert "exhausted" in standing.values()

    till.act(budgets.release, plan_id=last)

    assert till.state() == "live"
    moves = database.execute(
        "SELECT move FROM promotions_campaignevent WHERE move IN ('exhaust', 'replenish') ORDER BY at"
    )
    assert [move for (move,) in moves] == ["exhaust", "replenish"]


def test_a_raised_budget_reopens_and_one_below_what_is_spent_is_refused(world, till):
    from django.db import IntegrityError

    from foundation.errors import declared_for
    from promotions import shapes
    from promotions.services.errors import BudgetBelowSpent

    for number in range(4):
        till.hold(250, buyer=f"b{number}", store=["S1", "S2"][number % 2], day=date(2026, 12, 1 + number))
    owner = campaigns.Actor(person_id=world.one.people["owner"], may_launch=True)

    def set_total(total):
        with db.tenant_transaction(world.one.id):
            campaigns.update(
                tenant_id=world.one.id,
                campaign_id=till.campaign,
                change=shapes.DraftChange(budget=shapes.BudgetIn(total=total)),
                actor=owner,
                now=NOW,
            )

    with pytest.raises(IntegrityError) as refused:
        set_total(999)
    assert isinstance(declared_for(refused.value), BudgetBelowSpent)
    set_total(1_001)

    assert (till.state(), till.total().left) == ("live", 1)


def test_a_shared_limit_holds_over_two_campaigns(world):
    parts = {
        "kind": "instant_discount",
        "value": {"amount": 100},
        "budget": {"total": 1_000, "shared_cap": {"name": "autumn", "amount": 150}},
    }
    one, two = (Till(world, launch(tenant=world.one, now=NOW, **parts)) for _ in range(2))

    one.hold(100)
    with pytest.raises(BudgetExhausted) as short:
        two.hold(100)

    assert (short.value.figures["limit"], short.value.figures["name"], short.value.figures["left"]) == (
        "shared",
        "autumn",
        50,
    )
    two.hold(50)


def test_many_plans_at_once_are_the_same_as_one_by_one(world, till):
    from promotions.services.budgets import Hold

    plans = [uuid7() for _ in range(5)]
    holds = [
        Hold(plan_id=plan, needs=till.needs(50, buyer=f"b{number}", day=date(2026, 12, 1)))
        for number, plan in enumerate(plans)
    ]
    with db.tenant_transaction(world.one.id):
        budgets.hold_many(tenant_id=world.one.id, currency="CNY", holds=holds, now=NOW)
    till.act(budgets.commit_many, plans={plans[0]: None, plans[1]: {till.campaign: 20}})
    till.act(budgets.release_many, plan_ids=plans[2:4])
    till.act(budgets.restore_many, plans=[(plans[0], {till.campaign: 10}), (plans[1], {till.campaign: 20})])

    total = till.total()
    assert (total.held, total.committed, total.uses) == (50, 40, 3)


def test_all_or_none_of_a_batch(world, till):
    from promotions.services.budgets import Hold

    holds = [Hold(plan_id=uuid7(), needs=till.needs(300, buyer=f"b{number}")) for number in range(2)]

    with pytest.raises(BudgetExhausted), db.tenant_transaction(world.one.id):
        budgets.hold_many(tenant_id=world.one.id, currency="CNY", holds=holds, now=NOW)

    assert till.total().held == 0


def test_the_api_shows_every_counter_and_the_rows_that_prove_it(world, till, api, dear):
    plan = till.hold(100)
    till.act(budgets.commit, plan_id=plan)

    shown = api.get(f"campaigns/{dear}/budget?limit=3").json()

    assert [(row["kind"], row["limit"], row["committed"], row["left"]) for row in shown["counters"]] == [
        ("total", 1_000, 100, 900),
        ("daily", 600, 100, 500),
        ("store", 500, 100, 400),
        ("buyer", 400, 100, 300),
    ]
    assert shown["counters"][2]["key"] == world.one.stores["S1"]
    rows, cursor = shown["entries"]["data"], shown["entries"]["next_cursor"]
    while cursor:
        page = api.get(f"campaigns/{dear}/budget?limit=3&cursor={cursor}").json()["entries"]
        rows, cursor = rows + page["data"], page["next_cursor"]
    assert len(rows) == 8
    for counter in shown["counters"]:
        own = [row for row in rows if row["counter"] == counter["id"]]
        assert sum(row["amount"] for row in own if row["move"] == "commit") == counter["committed"]
    assert api.get(f"campaigns/{dear}").json()["budget"]["left"] == 900


@given(
    committed=st.integers(1, 10**6),
    funder_part=st.integers(0, 10**6),
    cuts=st.lists(st.integers(0, 10**6), max_size=6),
)
def test_any_sequence_of_refunds_returns_in_every_counter_exactly_what_was_committed(committed, funder_part, cuts):
    funder_part = min(funder_part, committed)
    steps = sorted({min(cut, committed) for cut in cuts} | {0, committed})
    campaign, plan, tenant = uuid7(), uuid7(), uuid7()
    total_id, funder_id = uuid7(), uuid7()
    given_back = {total_id: 0, funder_id: 0}
    for before, after in pairwise(steps):
        rows = [
            Standing(tenant, plan, campaign, funder_id, "funder", 0, funder_part, given_back[funder_id], 1),
            Standing(tenant, plan, campaign, total_id, "total", 0, committed, given_back[total_id], 1),
        ]
        for move in restoring(rows, {plan: {campaign: after - before}}):
            given_back[move.row.counter_id] += move.amount

    assert given_back == {total_id: committed, funder_id: funder_part}


def test_needs_come_in_lock_order_and_only_for_what_is_limited():
    tenant, campaign = uuid7(), uuid7()
    rules = BudgetRules(
        total_minor=10,
        daily_minor=9,
        store_minor=8,
        buyer_minor=7,
        shared=SharedLimit(name="x", minor=6),
        uses_per_serial=1,
    )
    facts = {"tenant_id": tenant, "campaign_id": campaign, "amount_minor": 1, "day": DAY, "buyer_key": "b"}

    needs = needs_of(rules=rules, store_id=uuid7(), serials=["s1", "s2"], **facts)

    assert [need.kind for need in needs] == ["serial", "serial", "buyer", "store", "daily", "shared", "total"]
    assert [need.rank for need in needs] == sorted(need.rank for need in needs)
    assert [need.kind for need in needs_of(rules=BudgetRules(), **facts)] == ["total"]
