"""An eligible offer in its turn: what it would take off the running prices."""

from collections.abc import Sequence

from msgspec import Struct

from domain.offers import Offer
from domain.purchase import Line
from domain.reductions import Share, off_minor, spread, weights_of
from domain.trade_in import Programme, subsidise


class Candidate(Struct, frozen=True, gc=False, kw_only=True):
    """An eligible offer in a search. `enemies` are bits of the candidates it may not meet; `group` an index or -1.

    Exactly one of `share` (a price offer) and `programme` (a trade-in subsidy) is set. `whole` says that it looks at
    every unit of the basket.
    """

    offer: Offer
    lines: tuple[int, ...]
    share: Share | None = None
    programme: Programme | None = None
    enemies: int = 0
    group: int = -1
    whole: bool = False


def amounts_off(candidate: Candidate, running: Sequence[int], basket: Sequence[Line]) -> list[int] | None:
    """What the candidate would take off its lines now, or None when its amounts are not met or it would change nothing."""
    offer = candidate.offer
    if offer.min_minor is not None or offer.max_minor is not None:
        spent = sum([running[position] for position in candidate.lines])
        if offer.min_minor is not None and spent < offer.min_minor:
            return None
        if offer.max_minor is not None and spent > offer.max_minor:
            return None
    if candidate.programme is not None:
        return subsidise(candidate.programme, running)
    share = candidate.share
    if share is None:
        return None
    weights = weights_of(share=share, running=running, basket=basket)
    off = off_minor(offer=offer, share=share, available=sum(weights))
    return spread(off=off, weights=weights) if off > 0 else None
