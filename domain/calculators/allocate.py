"""The allocation calculator: the one allocator of the product, with the remainder's owner chosen."""

from collections.abc import Sequence

from domain.money import InvalidWeights, RemainderPolicy, allocate_with_remainder

MOST_WEIGHTS = 1_000


def calculate_allocation(*, total: int, weights: Sequence[int], policy: RemainderPolicy) -> tuple[int, ...]:
    """100 by equal thirds is 34, 33, 33; the whole remainder to the last is 33, 33, 34. Raises InvalidWeights.

    Weights that are all zero share nothing, whatever the total.
    """
    if len(weights) > MOST_WEIGHTS:
        raise InvalidWeights(reason="too_many", total=total)
    if weights and not any(weights):
        raise InvalidWeights(reason="all_zero", total=total)
    return tuple(allocate_with_remainder(total=total, weights=weights, policy=policy))
