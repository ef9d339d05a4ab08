"""Price a stored plan again from its own input and pins, and say whether the answer is the same to the bit."""

from uuid import UUID

import msgspec
from msgspec import Struct

from domain.purchase import Purchase
from foundation import db
from foundation.ids import UnknownId
from installments.models import Plan
from installments.services import pricing, quote_out
from installments.services.tokens import Pins

_decode_purchase = msgspec.json.Decoder(Purchase).decode


class Replay(Struct, frozen=True, kw_only=True):
    """What a replay found. `differences` name what is not as it was stored; none when `identical`."""

    plan_id: UUID
    stored: str
    again: str
    differences: tuple[str, ...]

    @property
    def identical(self) -> bool:
        """Whether the digest is the stored one and nothing else differs."""
        return self.stored == self.again and not self.differences


@db.transaction_required
def replay(plan: Plan) -> Replay:
    """Re-price a plan with nothing but what it kept. Raises UnknownId when a pinned version is gone."""
    purchase = _decode_purchase(bytes(plan.pricing_input))
    pins = msgspec.convert(plan.pins, Pins)
    priced = pricing.price_from_storage(tenant_id=plan.tenant_id, purchase=purchase, pins=pins).priced
    differences = []
    shown = {
        "amounts": msgspec.to_builtins(quote_out.amounts_out(priced.amounts)),
        "waterfall": [msgspec.to_builtins(quote_out.reduction_out(step, browser=False)) for step in priced.waterfall],
    }
    for name, value in shown.items():
        stored = getattr(plan, name)
        if stored != value:
            differences.append(f"{name}: stored {stored}, again {value}")
    if not any(option.id == plan.plan["id"] for option in priced.plans):
        differences.append(f"plan: {plan.plan['id']} is not among {[option.id for option in priced.plans]}")
    return Replay(plan_id=plan.id, stored=plan.digest, again=pricing.digest_of(priced), differences=tuple(differences))


def replay_plan(plan_id: UUID) -> Replay:
    """Replay a plan by its key, as staff. Raises UnknownId."""
    with db.staff_transaction():
        plan = Plan.objects.filter(pk=plan_id).first()
        if plan is None:
            raise UnknownId
        return replay(plan)
