"""A sale through the API: the quote, the choice of 12 periods, the confirmation."""

from itertools import count

from django.test import Client

from foundation import clock
from installments.services import catalogue

PHONE = {"id": "1", "sku": "PH-1", "category": "phone", "brand": "obsidian", "quantity": 2, "unit_price": 599_900}
_numbers = count(1)


def call(tenant, path, body):
    """POST as the tenant's server key."""
    answer = Client().post(
        f"/v1/{path}",
        body,
        content_type="application/json",
        headers={"authorization": f"Bearer {tenant.keys['secret']}", "idempotency-key": f"sale-{next(_numbers)}"},
    )
    assert answer.status_code in {200, 201}, answer.content
    return answer.json()


def quote(tenant, **context):
    """What two phones of 5,999.00 would cost."""
    catalogue.refresh()
    body = {"currency": "CNY", "store": tenant.stores["S1"], "channel": "pos", "lines": [PHONE]}
    return call(tenant, "quotes", body | {"buyer": {"reference": "Li-1"}, "trade_in": {"claim": True}} | context)


def sell(tenant, *, term=12, reference=None, **context):
    """A captured plan, as the API answers it."""
    offered = quote(tenant, **context)
    chosen = next(plan for plan in offered["plans"] if plan["term"] == term and plan["waived_fee"])
    return call(
        tenant,
        "plans",
        {
            "quote_token": offered["token"],
            "plan": chosen["id"],
            "order_reference": reference or f"ORDER-{next(_numbers)}",
            "buyer": {"reference": "Li-1"},
            "serials": [{"line": "1", "serial": f"86000{next(_numbers):010d}"} for _ in range(2)],
            "capture": "automatic",
        },
    )


def now():
    """The present, for tests that need it once."""
    return clock.now()
