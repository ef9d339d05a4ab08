"""The set-wise twins of confirm, capture and refund: same pricing core, same judges, same statements, many at once.

A batch is one transaction and all or nothing; when one of its members is refused, the batch rolls back and its members
are tried one by one, so that a refusal never costs anybody else a plan.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

import msgspec
from msgspec import Struct

from domain.errors import DomainError
from domain.priced import PlanOption, Priced
from domain.purchase import Purchase
from foundation import db, ids
from installments.gateways import lenders
from installments.services import buyers, capturing, dossiers, judging, plan_rows, pricing, recording, refunding
from installments.services.baskets import Basket, basket_of
from installments.services.drafts import Chosen, draft_of
from installments.services.frozen import frozen_from
from installments.services.plan_in import RefundIn, SerialIn
from installments.services.snapshots import CatalogueSnapshot
from installments.services.tokens import Pins

Item = TypeVar("Item")
Result = TypeVar("Result")


class BulkOrder(Struct, frozen=True, kw_only=True):
    """An order to be priced and confirmed. `plan` names a plan of the quote (None: the recommended one); `at` is when it
    is confirmed and captured, `purchase.at` the instant it is priced at."""

    purchase: Purchase
    order_reference: str
    buyer_reference: str
    at: datetime
    plan: str | None = None
    manual: bool = False
    serials: tuple[SerialIn, ...] = ()
    metadata: dict[str, str] = {}


class Confirmed(Struct, frozen=True, kw_only=True):
    """One outcome: the plan, or the refusal."""

    plan_id: UUID | None
    payable_minor: int = 0
    financed_minor: int = 0
    refusal: DomainError | None = None


class NoPlan(DomainError):
    """The basket has no plan of this id, or none at all."""

    code = "unknown_plan"
    status = 422
    pointer = "/plan"


class Pricer:
    """Prices orders of one merchant with one catalogue, each distinct basket once."""

    def __init__(self, snapshot: CatalogueSnapshot) -> None:
        self.snapshot = snapshot
        self._baskets: dict[tuple[Purchase, str], Basket] = {}
        self._priced: dict[Purchase, tuple[Priced, Pins]] = {}

    def plans_of(self, purchase: Purchase) -> frozenset[str]:
        """The ids of the plans a basket is offered; none when it cannot be paid in instalments."""
        priced, _ = self._price(msgspec.structs.replace(purchase, buyer_key=None))
        return frozenset(option.id for option in priced.plans)

    def _price(self, purchase: Purchase) -> tuple[Priced, Pins]:
        known = self._priced.get(purchase)
        if known is None:
            known = pricing.price_now(snapshot=self.snapshot, purchase=purchase)
            self._priced[purchase] = known
        return known

    def basket(self, order: BulkOrder) -> Basket:
        """The basket of an order with the plan it names. Raises NoPlan and the refusals of pricing."""
        # The buyer's key is bound into a quote but prices nothing.
        shape = msgspec.structs.replace(order.purchase, buyer_key=None)
        known = self._baskets.get((shape, order.plan or ""))
        if known is None:
            known = self._made(shape, order.plan)
            self._baskets[shape, order.plan or ""] = known
        return known

    def _made(self, purchase: Purchase, plan: str | None) -> Basket:
        priced, pins = self._price(purchase)
        return basket_of(
            snapshot=self.snapshot,
            purchase=purchase,
            priced=priced,
            option=_option(priced, plan),
            rulesets=pricing.rulesets_of(self.snapshot),
            pins=pins,
            digest=pricing.digest_of(priced),
        )


def _option(priced: Priced, plan: str | None) -> PlanOption:
    for option in priced.plans:
        if option.id == plan or (plan is None and option.recommended):
            return option
    raise NoPlan(plan=plan or "")


def confirm_many(*, pricer: Pricer, orders: Sequence[BulkOrder], now: datetime) -> list[Confirmed]:
    """Price, confirm and (unless manual) capture orders of one merchant, in one transaction; outcomes in their order.

    Opens its own transaction. `now` is the book's instant, for entries and serials.
    """

    def batch(group: Sequence[BulkOrder]) -> list[Confirmed]:
        return _confirm(pricer, group, now=now)

    return _all_or_each(
        batch, orders, tenant_id=pricer.snapshot.tenant_id, refused=lambda error: Confirmed(plan_id=None, refusal=error)
    )


@db.transaction_required
def _confirm(pricer: Pricer, orders: Sequence[BulkOrder], *, now: datetime) -> list[Confirmed]:
    snapshot = pricer.snapshot
    baskets = [pricer.basket(order) for order in orders]
    used = {campaign for basket in baskets for campaign in basket.spent}
    rules = judging.budget_rules_of(tenant_id=snapshot.tenant_id, campaigns=used, now=now)
    drafts = []
    for order, basket in zip(orders, baskets, strict=True):
        quote_id = ids.uuid7(now=order.at)
        decision = lenders.decide(
            lender_id=basket.option.lender_id,
            financed_minor=basket.option.financed_minor,
            preapproval=None,
            reference=ids.public_id("qt", quote_id),
            now=order.at,
        )
        drafts.append(
            draft_of(
                Chosen(
                    snapshot=snapshot,
                    basket=basket,
                    budgets=rules,
                    quote_id=quote_id,
                    order_reference=order.order_reference,
                    buyer_reference=order.buyer_reference,
                    buyer_key=buyers.buyer_key(order.buyer_reference),
                    decision=decision,
                    manual=order.manual,
                    now=order.at,
                    serials=judging.serials_of(list(order.serials), order.purchase),
                    metadata=order.metadata,
                )
            )
        )
    recording.record(drafts, tenant_id=snapshot.tenant_id, now=now)
    return [
        Confirmed(
            plan_id=draft.plan_id,
            payable_minor=draft.row["payable_minor"],
            financed_minor=draft.row["financed_minor"],
        )
        for draft in drafts
    ]


def capture_many(*, tenant_id: UUID, plan_ids: Sequence[UUID], now: datetime) -> list[DomainError | None]:
    """Capture authorised plans of one merchant whole; per plan None or the refusal. Opens its own transaction."""

    def batch(group: Sequence[UUID]) -> list[DomainError | None]:
        plans = plan_rows.lock_plans(group)
        if len(plans) != len(set(group)):
            raise ids.UnknownId
        capturing.capture_rows([capturing.Taken(plan=plan, frozen=frozen_from(plan.items)) for plan in plans], now=now)
        return [None] * len(group)

    return _all_or_each(batch, plan_ids, tenant_id=tenant_id, refused=lambda error: error)


def refund_many(
    *, tenant_id: UUID, refunds: Sequence[tuple[UUID, RefundIn]], now: datetime
) -> list[UUID | DomainError]:
    """Refund plans of one merchant, each at most once; per plan the refund's id or the refusal. Own transaction."""

    def batch(group: Sequence[tuple[UUID, RefundIn]]) -> list[UUID | DomainError]:
        plans = {plan.id: plan for plan in plan_rows.lock_plans([plan_id for plan_id, _ in group])}
        if len(plans) != len(group):
            raise ids.UnknownId
        standing = dossiers.lock_standing(list(plans.values()), tenant_id=tenant_id, now=now)
        backs = [
            refunding.decide(plans[plan_id], request, standing=standing[plan_id], now=now) for plan_id, request in group
        ]
        return [row.id for row in refunding.refund_rows(backs, now=now)]

    return _all_or_each(batch, refunds, tenant_id=tenant_id, refused=lambda error: error)


def _all_or_each(
    batch: Callable[[Sequence[Item]], list[Result]],
    items: Sequence[Item],
    *,
    tenant_id: UUID,
    refused: Callable[[DomainError], Result],
) -> list[Result]:
    """Everything in one transaction; when a member is refused, each in a transaction of its own."""
    if not items:
        return []
    try:
        return db.run_in_tenant_transaction(lambda: batch(items), tenant=tenant_id)
    except DomainError as error:
        if len(items) == 1:
            return [refused(error)]
    return list(_each(batch, items, tenant_id, refused))


def _each(
    batch: Callable[[Sequence[Item]], list[Result]],
    items: Sequence[Item],
    tenant_id: UUID,
    refused: Callable[[DomainError], Result],
) -> Iterable[Result]:
    for item in items:
        yield from _all_or_each(batch, [item], tenant_id=tenant_id, refused=refused)
