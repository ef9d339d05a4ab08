"""What a person claimed this year; the allowance is national, so this looks across merchants."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from promotions.models import SubsidyUse


def claimed(*, programme_ids: Sequence[UUID], year: int, buyer_key: str) -> tuple[tuple[str, int], ...]:
    """(category, count) pairs by category, over the programmes. `buyer_key` is a keyed hash. One indexed query."""
    rows = SubsidyUse.objects.filter(programme_id__in=list(programme_ids), year=year, buyer_key=buyer_key, used__gt=0)
    counts: Counter[str] = Counter()
    for category, used in rows.values_list("category", "used"):
        counts[category] += used
    return tuple(sorted(counts.items()))
