"""One day of the demo's trade, lived through by the product's own services: buy, capture, refund, claim, pay, close.

Everything of a day follows from its date, so a day that was cut off is taken up again: what is already there (by order
reference) is passed over, and every booking has a key of its own.
"""

import functools
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Final
from uuid import UUID

from domain.plan_states import PlanMove
from foundation import db
from installments.selectors import bulk
from installments.services import batches, cancelling, catalogue, plan_rows, release
from installments.services.batches import Pricer
from installments.services.plan_in import RefundIn, UnitsIn
from merchants.selectors import stores
from portal.demo import claiming, orders, shopping
from portal.demo.cast import Cast, Tenant
from portal.demo.offers import ZONE
from portal.demo.shift import Shift
from portal.demo.shopping import BUSY_HOURS, Wish
from promotions.services import campaigns
from settlements.selectors import books, desk
from settlements.selectors.desk import StatementFilter
from settlements.services import closing, statements

_EPOCH: Final = date(2020, 1, 1)
_NUMBERS_A_DAY: Final = 1_000
_LONGEST_REFUND_DAYS: Final = 12
_APPROVED_AFTER: Final = timedelta(days=2)
_AT_ONCE: Final = 200
_SHOP_LIFE: Final = frozenset({"budget_exhausted", "buyer_cap_reached"})
_REASONS: Final = ("七天无理由退货", "屏幕有划痕", "买错型号", "降价补差")


def live_through(*, cast: Cast, day: date, now: datetime, shift: Shift) -> None:
    """The trade of a day up to `now`. Buying goes to the shift's workers; meanwhile yesterday is settled and after-sales
    are done here. The day stays open: `close` ends it."""
    with db.staff_transaction():
        campaigns.sweep(now=_at(day, 0))
    for tenant, of_the_shop in ((cast.chain, False), (cast.shop, True)):
        wishes = _wishes(day, of_the_shop=of_the_shop)
        for hour in BUSY_HOURS:
            if _at(day, hour) <= now:
                mine = [wish for wish in wishes if wish.hour == hour]
                if mine:
                    shift.hand_out(buy, tenant=tenant, now=_at(day, hour), wishes=mine)
    _settle(cast=cast, day=day - timedelta(days=1))
    for tenant, of_the_shop in ((cast.chain, False), (cast.shop, True)):
        _after_sales(tenant=tenant, of_the_shop=of_the_shop, day=day, now=now)
    shift.wait()


def pay(*, cast: Cast, day: date) -> None:
    """In the evening pending money becomes available, and lenders pay for what was captured before today."""
    evening = _at(day, 23)
    release.release_due(book_id=cast.book_id, up_to=day, now=evening)
    release.remit(book_id=cast.book_id, captured_before=_at(day, 0), now=evening)


def close(*, cast: Cast, day: date, shift: Shift) -> None:
    """The evening of a day, and its end: what ran out, what is released and paid, claims, and the close of the book."""
    evening = _at(day, 23)
    cancelling.expire_due(now=evening)
    shift.hand_out(pay, cast=cast, day=day)
    claiming.work_through(cast=cast, day=day, now=evening)
    shift.wait()
    with db.staff_transaction():
        closing.close_day(book_id=cast.book_id, closed_by_id=None, now=_at(day, 24), day=day)


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(), tzinfo=ZONE).astimezone(UTC) + timedelta(hours=hour)


@functools.lru_cache(maxsize=_LONGEST_REFUND_DAYS + 2)
def _drawn(day: date) -> list[Wish]:
    number = (day - _EPOCH).days
    return shopping.wishes_of(day=day, first_number=number * _NUMBERS_A_DAY, rng=Random(number))  # noqa: S311


def _wishes(day: date, *, of_the_shop: bool) -> list[Wish]:
    return [wish for wish in _drawn(day) if wish.of_the_shop == of_the_shop]


def buy(*, tenant: Tenant, now: datetime, wishes: Sequence[Wish]) -> None:
    """Confirm what is bought in an hour as one batch, with the catalogue as it stands. What is there already stays."""
    there = _plan_ids(tenant, wishes)
    missing = [wish for wish in wishes if orders.reference_of(wish) not in there]
    if not missing:
        return
    with db.tenant_transaction(tenant.id):
        shops = [(shop.public_id, shop.region) for shop in stores.stores(tenant.id)]
    catalogue.refresh()
    pricer = Pricer(catalogue.snapshot(tenant.id))
    wanted = [orders.order_of(wish, tenant=tenant, shops=shops, now=now) for wish in missing]
    for outcome in batches.confirm_many(pricer=pricer, orders=orders.payable(pricer=pricer, orders=wanted), now=now):
        # A day's budget may run dry, as it does in a shop; any other refusal means the demo itself is wrong.
        if outcome.refusal is not None and outcome.refusal.code not in _SHOP_LIFE:
            raise outcome.refusal


def _plan_ids(tenant: Tenant, wishes: Sequence[Wish]) -> dict[str, UUID]:
    with db.tenant_transaction(tenant.id):
        return bulk.plan_ids(tenant_id=tenant.id, references=[orders.reference_of(wish) for wish in wishes])


def _after_sales(*, tenant: Tenant, of_the_shop: bool, day: date, now: datetime) -> None:
    """Yesterday's goods are handed over or the order is called off; earlier goods come back."""
    yesterday = _wishes(day - timedelta(days=1), of_the_shop=of_the_shop)
    morning, afternoon = _at(day, 9), _at(day, 10)
    if morning > now:
        return
    handed_over = _plan_ids(tenant, [wish for wish in yesterday if wish.fate == "next_day"])
    with db.tenant_transaction(tenant.id):
        waiting = bulk.in_state(tenant_id=tenant.id, plan_ids=list(handed_over.values()), state="authorised")
    batches.capture_many(tenant_id=tenant.id, plan_ids=waiting, now=morning)
    called_off = _plan_ids(tenant, [wish for wish in yesterday if wish.fate == "cancelled"])
    with db.tenant_transaction(tenant.id):
        plans = plan_rows.lock_plans(list(called_off.values()))
        waiting_plans = [plan for plan in plans if plan.state == "authorised"]
        cancelling.end_uncaptured(waiting_plans, PlanMove.CANCEL, now=morning)
    back = [
        wish
        for days in range(1, _LONGEST_REFUND_DAYS + 1)
        for wish in _wishes(day - timedelta(days=days), of_the_shop=of_the_shop)
        if wish.refund_after_days == days
    ]
    _refund(tenant=tenant, back=back, now=afternoon)


def _refund(*, tenant: Tenant, back: Sequence[Wish], now: datetime) -> None:
    known = _plan_ids(tenant, back)
    with db.tenant_transaction(tenant.id):
        kept = set(bulk.in_state(tenant_id=tenant.id, plan_ids=list(known.values()), state="captured"))
    batches.refund_many(
        tenant_id=tenant.id,
        refunds=[
            (known[orders.reference_of(wish)], _what_comes_back(wish))
            for wish in back
            if known.get(orders.reference_of(wish)) in kept
        ],
        now=now,
    )


def _what_comes_back(wish: Wish) -> RefundIn:
    reason = _REASONS[wish.number % len(_REASONS)]
    if not wish.refund_whole and len(wish.goods) == 1 and wish.goods[0][1] == 1:
        return RefundIn(reason="降价补差", amount=5_000)
    places = range(1, len(wish.goods) + 1) if wish.refund_whole else [1]
    lines = [UnitsIn(id=str(place), quantity=wish.goods[place - 1][1] if wish.refund_whole else 1) for place in places]
    return RefundIn(reason=reason, lines=lines)


def _settle(*, cast: Cast, day: date) -> None:
    """Make the statements of a day that is closed, and approve those that were in review for two days."""
    midnight = _at(day, 24)
    with db.staff_transaction():
        waiting = books.unsettled_days(cast.book_id, up_to=day)
    if day not in waiting:
        return
    statements.settle_day(book_id=cast.book_id, day=day, made_by_id=None, now=midnight)
    seen = StatementFilter(book_id=cast.book_id, state="in_review")
    with db.staff_transaction():
        for row in desk.statement_page(wanted=seen, limit=_AT_ONCE):
            if row.period_end <= day - _APPROVED_AFTER:
                statements.approve(
                    statement_id=row.id, person_id=cast.platform.checker, expected_sha256=row.sha256, now=midnight
                )
