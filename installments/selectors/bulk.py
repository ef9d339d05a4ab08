"""Plans of a merchant by the hundred, for batches that go on where they stopped."""

from collections.abc import Sequence
from uuid import UUID

from installments.models import Plan


def plan_ids(*, tenant_id: UUID, references: Sequence[str]) -> dict[str, UUID]:
    """The plans of orders, by order reference; an order without a plan is not in the answer."""
    rows = Plan.objects.filter(tenant_id=tenant_id, order_reference__in=list(references)).order_by("id")
    return dict(rows.values_list("order_reference", "id"))


def in_state(*, tenant_id: UUID, plan_ids: Sequence[UUID], state: str) -> list[UUID]:
    """Those of the plans that stand in `state`, in the order of their keys."""
    rows = Plan.objects.filter(tenant_id=tenant_id, pk__in=list(plan_ids), state=state).order_by("id")
    return list(rows.values_list("id", flat=True))
