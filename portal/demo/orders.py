"""From a wish to an order the services can confirm: the basket, its serials, and a plan the lenders offer."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from domain.purchase import Line, Purchase, TradeIn
from installments.services.batches import BulkOrder, Pricer
from installments.services.plan_in import SerialIn
from portal.demo import shopping
from portal.demo.cast import Tenant
from portal.demo.shopping import Wish


def reference_of(wish: Wish) -> str:
    """The shop's order number of a wish."""
    return f"{'LZ' if wish.of_the_shop else 'XL'}-{wish.number}"


def order_of(wish: Wish, *, tenant: Tenant, shops: Sequence[tuple[str, str]], now: datetime) -> BulkOrder:
    """The order of a wish at one of the merchant's `shops` (public id, region), priced and confirmed at `now`."""
    store, region = shops[wish.store % len(shops)]
    lines = tuple(
        Line(
            id=str(place),
            sku=good.sku,
            name=good.name,
            category=good.category,
            brand=good.brand,
            quantity=quantity,
            unit_price_minor=good.unit_price_minor,
            energy_grade=good.energy_grade,
        )
        for place, (good, quantity) in enumerate(wish.goods, start=1)
    )
    down_payment = sum(line.list_minor for line in lines) * wish.down_payment_percent // 100 // 10_000 * 10_000
    return BulkOrder(
        purchase=Purchase(
            at=now,
            currency="CNY",
            merchant_id=tenant.public_id,
            lines=lines,
            channel=wish.channel,
            store_id=store,
            region=region,
            coupons=("VIP88",) if wish.coupon else (),
            trade_in=TradeIn(claim=wish.claim),
            down_payment_minor=down_payment,
        ),
        order_reference=reference_of(wish),
        buyer_reference=f"member-{wish.number}",
        at=now,
        plan=f"{'bank' if wish.paid_by_bank else 'huabei'}{wish.term}",
        manual=wish.fate != "captured",
        serials=_serials(wish),
    )


def _serials(wish: Wish) -> tuple[SerialIn, ...]:
    units = [
        str(place)
        for place, (good, quantity) in enumerate(wish.goods, start=1)
        if shopping.needs_serial(good)
        for _ in range(quantity)
    ]
    return tuple(SerialIn(line=line, serial=shopping.imei(wish.number * 10 + unit)) for unit, line in enumerate(units))


def payable(*, pricer: Pricer, orders: Sequence[BulkOrder]) -> list[BulkOrder]:
    """The orders that can be paid in instalments: by the plan wished for, else by the one the quote recommends.

    A basket below every lender's minimum is paid in cash and leaves no plan.
    """
    found = []
    for order in orders:
        plans = pricer.plans_of(order.purchase)
        if plans:
            found.append(order if order.plan in plans else msgspec.structs.replace(order, plan=None))
    return found
