"""Prove plans against the books and the budgets: what a plan says was sold and refunded is what was booked and spent.

The books' and the budgets' rows are read by SQL of our own: a proof by the selectors of those who wrote the rows would
prove them by themselves.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final
from uuid import UUID

from domain.remaining import RefundState, remaining
from foundation import db, ids
from installments.models import Plan
from installments.services import plan_rows
from installments.services.frozen import Frozen, frozen_from, spent_by_campaign
from settlements.services.proofs import Problem

PROBLEMS_A_CHECK: Final = 50
_CHUNK: Final = 1_000
_CAPTURED: Final = ("captured", "part_refunded", "refunded", "completed")

_QUERIES: Final = {
    "refunds_add_up": """
        SELECT p.id, 'refunded ' || p.refunded_minor || ', its refunds ' || coalesce(sum(r.amount_minor), 0)
        FROM installments_plan p LEFT JOIN installments_refund r ON r.plan_id = p.id
        GROUP BY p.id HAVING p.refunded_minor <> coalesce(sum(r.amount_minor), 0) ORDER BY p.id
    """,
    "last_event_is_the_state": """
        SELECT p.id, 'stands ' || p.state || ', its last event says ' || coalesce(e.to_state, 'nothing')
        FROM installments_plan p LEFT JOIN LATERAL (
            SELECT to_state FROM installments_planevent e WHERE e.plan_id = p.id ORDER BY at DESC, id DESC LIMIT 1
        ) e ON true
        WHERE e.to_state IS DISTINCT FROM p.state ORDER BY p.id
    """,
    "quotes_are_spent": """
        SELECT p.id, 'its quote is not spent' FROM installments_plan p
        LEFT JOIN installments_spentquote s
               ON s.tenant_id = p.tenant_id AND s.quote_id = p.quote_id AND s.plan_id = p.id
        WHERE s.plan_id IS NULL ORDER BY p.id
    """,
}

_BOOKED: Final = """
SELECT order_id, line_type, sum(amount_minor) FROM settlements_transfer
WHERE order_id = ANY(%s) AND line_type IN ('sale', 'refund', 'subsidy', 'subsidy_reversal') GROUP BY 1, 2
"""
_SPENT: Final = """
SELECT e.plan_id, e.campaign_id,
       coalesce(sum(e.amount_minor) FILTER (WHERE e.move = 'commit'), 0)
       - coalesce(sum(e.amount_minor) FILTER (WHERE e.move = 'restore'), 0)
FROM promotions_budgetentry e JOIN promotions_budgetcounter c ON c.id = e.counter_id AND c.kind = 'total'
WHERE e.plan_id = ANY(%s) GROUP BY 1, 2
"""


def check_plans(*, book_id: UUID | None = None) -> list[Problem]:
    """Everything that is wrong between plans, books and budgets, of one book or of all; an empty list is the proof.

    Outside of any transaction. At most 50 problems a check are listed.
    """
    problems: list[Problem] = []
    for name, sql in _QUERIES.items():
        with db.staff_transaction(), db.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '15min'")
            cursor.execute(f"{sql} LIMIT {PROBLEMS_A_CHECK}")
            problems += [Problem(name, ids.public_id("pl", plan_id), why) for plan_id, why in cursor.fetchall()]
    for plans in _captured(book_id):
        problems += _in_the_books(plans)
        problems += _in_the_budgets(plans)
    return problems[: PROBLEMS_A_CHECK * (len(_QUERIES) + 2)]


def _captured(book_id: UUID | None) -> Iterator[list[Plan]]:
    """Captured plans in the order of their ids, a thousand at a time, each in a transaction of its own."""
    after: UUID | None = None
    while True:
        with db.staff_transaction():
            rows = Plan.objects.filter(state__in=_CAPTURED).order_by("id")
            if book_id is not None:
                rows = rows.filter(book_id=book_id)
            if after is not None:
                rows = rows.filter(id__gt=after)
            plans = list(rows.only("id", "items", "progress", "state")[:_CHUNK])
            if not plans:
                return
            yield plans
        after = plans[-1].id


def _rows(sql: str, wanted: Sequence[Any]) -> list[tuple[Any, ...]]:
    with db.cursor() as cursor:
        cursor.execute(sql, (list(wanted),))
        return list(cursor.fetchall())


def _in_the_books(plans: Sequence[Plan]) -> list[Problem]:
    """What is booked of principal and subsidy, less what was booked back, is what the plan's progress leaves."""
    booked: dict[str, dict[str, int]] = {}
    for order_id, line_type, amount in _rows(_BOOKED, [ids.public_id("pl", plan.id) for plan in plans]):
        booked.setdefault(order_id, {})[line_type] = int(amount)
    problems = []
    for plan in plans:
        order_id = ids.public_id("pl", plan.id)
        principal, subsidy = _left(frozen_from(plan.items), plan_rows.progress_of(plan))
        sums = booked.get(order_id, {})
        stands = sums.get("sale", 0) - sums.get("refund", 0)
        if stands != principal:
            problems.append(Problem("plans_are_in_the_books", order_id, f"sold {stands}, the plan leaves {principal}"))
        granted = sums.get("subsidy", 0) - sums.get("subsidy_reversal", 0)
        if granted < subsidy:
            problems.append(
                Problem("plans_are_in_the_books", order_id, f"subsidy {granted}, the plan leaves {subsidy}")
            )
    return problems


def _left(frozen: Frozen, state: RefundState) -> tuple[int, int]:
    """Principal (where the platform collects it) and subsidy that the refunds leave."""
    sums = {"principal": 0, "subsidy": 0}
    for line in remaining(facts=frozen.facts, state=state):
        for part, amount in zip(line.facts.parts, line.amounts, strict=True):
            if part.role in sums:
                sums[part.role] += amount
    principal = sums["principal"] if frozen.facts.contract.collection == "platform" else 0
    return principal, sums["subsidy"]


def _in_the_budgets(plans: Sequence[Plan]) -> list[Problem]:
    """What each campaign spent on a plan, by its entries, is what the plan's progress leaves of it."""
    spent: dict[UUID, dict[UUID, int]] = {}
    for plan_id, campaign_id, amount in _rows(_SPENT, [plan.id for plan in plans]):
        spent.setdefault(plan_id, {})[campaign_id] = int(amount)
    problems = []
    for plan in plans:
        wanted = spent_by_campaign(frozen_from(plan.items), plan_rows.progress_of(plan))
        entries = spent.get(plan.id, {})
        for campaign_id in sorted(wanted.keys() | entries.keys()):
            says, by_entries = wanted.get(campaign_id, 0), entries.get(campaign_id, 0)
            if says != by_entries:
                why = f"{ids.public_id('cam', campaign_id)} spent {by_entries}, the plan leaves {says}"
                problems.append(Problem("plans_are_in_the_budgets", ids.public_id("pl", plan.id), why))
    return problems
