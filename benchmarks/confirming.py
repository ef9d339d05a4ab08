"""Plans confirmed (and captured and booked) a second through the product's services, beside one hand-written statement."""

import time
from collections.abc import Callable, Iterator
from itertools import count

import msgspec
from django.db import connections
from msgspec import Struct

from benchmarks import confirm_cte, threads, world
from benchmarks.report import Cell, alternating
from benchmarks.world import World
from foundation import clock
from foundation.api import answer
from foundation.caller import Caller
from foundation.idempotency import Handle, run_idempotent
from installments.services import batches, catalogue, confirming, quotes
from installments.services.plan_in import ConfirmIn
from installments.services.quote_in import BuyerIn, QuoteIn

SPREAD = 16
THREADS = (1, 8, 16)
_numbers = count(1)


class Order(Struct, frozen=True):
    """A confirmation ready to be sent."""

    key: str
    request: ConfirmIn


def cells(made: World, admin_url: str, *, rounds: int, plans: int) -> Iterator[Cell]:
    """Every measurement of this file."""
    confirm_cte.prepare(admin_url)
    caller = msgspec.structs.replace(made.caller, tenant_id=made.cast.shop.id, person_id=made.cast.shop.maker)
    _campaigns(made)
    catalogue.shelf.forget()
    for spread, name in ((1, "one campaign"), (SPREAD, f"{SPREAD} campaigns")):
        for number in THREADS:
            acts = (_product(caller, number, spread, plans), _by_hand(admin_url, number, spread, plans))
            product, by_hand = alternating(rounds, *acts)
            yield Cell(
                area="confirm", name=f"{name}, {number} threads", product=product, unit="plans/s",
                reference=by_hand, against="one statement by hand", ratio=product / by_hand,
                target=None if number < max(THREADS) else 0.70 if spread == 1 else 0.60,
            )  # fmt: skip
    yield _alone(caller, plans)
    yield _in_batches(caller, plans)


def _campaigns(made: World) -> None:
    """Interest-free over 12 months for each of 16 articles of the small shop, which has no other campaign."""
    for number in range(SPREAD):
        world.launch(
            made,
            made.cast.shop,
            kind="interest_free",
            terms=[{"term": 12}],
            funders=[{"party": "merchant", "share": "90"}, {"party": "platform", "share": "10"}],
            scope={"include": {"skus": [f"BENCH-{number}"]}},
        )


def _orders(caller: Caller, many: int, spread: int) -> list[Order]:
    """Quotes for distinct buyers, made before the clock runs."""
    return [_order(caller, next(_numbers), spread) for _ in range(many)]


def _order(caller: Caller, number: int, spread: int) -> Order:
    buyer = BuyerIn(reference=f"buyer-{number}")
    basket = {
        "currency": "CNY",
        "channel": "pos",
        "terms": [12],
        "lines": [
            {"id": "1", "sku": f"BENCH-{number % spread}", "category": "other", "quantity": 1, "unit_price": 499_900}
        ],
    }
    request = msgspec.structs.replace(msgspec.convert(basket, type=QuoteIn), buyer=buyer)
    quote = quotes.quote(caller=caller, request=request, now=clock.now())
    plan = next(plan for plan in quote.plans if plan.campaign is not None)
    confirm = ConfirmIn(quote_token=quote.token, plan=plan.id, order_reference=f"order-{number}", buyer=buyer)
    return Order(f"key-{number}", confirm)


def _confirm(caller: Caller, order: Order) -> None:
    def effect(_handle: Handle) -> object:
        return answer(confirming.confirm(caller=caller, request=order.request, now=clock.now()), status=201)

    run_idempotent(caller=caller, key=order.key, fingerprint=order.key.encode(), effect=effect)  # type: ignore[arg-type]


def _product(caller: Caller, number: int, spread: int, plans: int) -> Callable[[], float]:
    def worker(share: list[Order], ready: Callable[[], object]) -> None:
        try:
            _confirm(caller, share[0])  # opens the connection; not counted against the reference either
            ready()
            for order in share[1:]:
                _confirm(caller, order)
        finally:
            connections.close_all()

    def act() -> float:
        each = plans // number + 1
        return threads.per_second([_orders(caller, each, spread) for _ in range(number)], worker)

    return act


def _by_hand(admin_url: str, number: int, spread: int, plans: int) -> Callable[[], float]:
    def worker(share: list[int], ready: Callable[[], object]) -> None:
        cell = confirm_cte.Cell(admin_url)
        cell.confirm(number=share[0], campaign=share[0] % spread)
        ready()
        for one in share[1:]:
            cell.confirm(number=one, campaign=one % spread)
        cell.close()

    def act() -> float:
        each = plans // number + 1
        return threads.per_second([[next(_numbers) for _ in range(each)] for _ in range(number)], worker)

    return act


def _alone(caller: Caller, plans: int) -> Cell:
    """Processor time of the web process for one confirmation."""
    orders = _orders(caller, min(plans, 200), 1)
    _confirm(caller, orders[0])
    began = time.process_time()
    for order in orders[1:]:
        _confirm(caller, order)
    used = (time.process_time() - began) / (len(orders) - 1)
    connections.close_all()
    return Cell(area="confirm", name="web process's CPU for one plan", product=used * 1e6, unit="us")


def _in_batches(caller: Caller, plans: int) -> Cell:
    """The set-wise twin that loads histories."""
    pricer = batches.Pricer(catalogue.snapshot(caller.tenant_id))
    asked = [_bulk(caller, next(_numbers)) for _ in range(plans)]
    began = time.perf_counter()
    for start in range(0, plans, 100):
        done = batches.confirm_many(pricer=pricer, orders=asked[start : start + 100], now=clock.now())
        assert all(one.refusal is None for one in done)
    spent = time.perf_counter() - began
    return Cell(
        area="confirm", name="confirm_many, 100 a transaction, one connection", product=plans / spent, unit="plans/s"
    )


def _bulk(caller: Caller, number: int) -> batches.BulkOrder:
    request = msgspec.convert(
        {
            "currency": "CNY",
            "terms": [12],
            "lines": [{"id": "1", "sku": "BENCH-0", "category": "other", "quantity": 1, "unit_price": 499_900}],
        },
        type=QuoteIn,
    )
    now = clock.now()
    asked = quotes.ask(caller=caller, context=request, lines=quotes.lines_of(request.lines), now=now)
    return batches.BulkOrder(
        purchase=asked.purchase, order_reference=f"bulk-{number}", buyer_reference=f"bulk-{number}", at=now
    )
