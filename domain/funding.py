"""Who pays a discount or a waived fee: fixed amounts first, the rest by shares, caps flowing on to the next funder."""

from collections.abc import Sequence

from domain.money import allocate
from domain.offers import Funder
from domain.priced import FunderAmount


def fund(*, total: int, funders: Sequence[Funder], merchant_id: str) -> tuple[FunderAmount, ...]:
    """Split a positive amount over its funders so that it re-adds; who pays nothing is left out.

    374.92 at merchant 60 / brand 40 is 224.95 and 149.97: largest remainder, ties to the funder named first. With no
    funders, or with fixed amounts that do not reach, the merchant pays what is left.
    """
    if total <= 0:
        return ()
    if not funders:
        return (FunderAmount("merchant", merchant_id, total),)
    parts = _by_share(total=total, funders=funders)
    missing = total - sum(parts)
    if any([funder.cap_minor is not None for funder in funders]):  # noqa: C419 - a list is twice as fast for one or two
        _flow_over(parts=parts, funders=funders)
    paid = [
        FunderAmount(funder.party, funder.id or (merchant_id if funder.party == "merchant" else ""), part)
        for funder, part in zip(funders, parts, strict=True)
        if part
    ]
    if missing:
        paid.append(FunderAmount("merchant", merchant_id, missing))
    return tuple(paid)


def _by_share(*, total: int, funders: Sequence[Funder]) -> list[int]:
    if len(funders) == 1 and funders[0].amount_minor is None and funders[0].share_ppm:
        return [total]
    shares = [0 if funder.amount_minor is not None else funder.share_ppm for funder in funders]
    left = total
    fixed = [0] * len(funders)
    for position, funder in enumerate(funders):
        if funder.amount_minor is not None:
            fixed[position] = min(funder.amount_minor, left)
            left -= fixed[position]
    if left == 0 or not any(shares):
        return fixed
    if left == total:
        return allocate(total=total, weights=shares)
    return [own + part for own, part in zip(fixed, allocate(total=left, weights=shares), strict=True)]


def _flow_over(*, parts: list[int], funders: Sequence[Funder]) -> None:
    """What is above a cap flows to the next funder with room, round the list once; past everybody's cap it is the last
    one's, whose cap binds only as long as somebody else has room."""
    over = 0
    for position in [*range(len(parts)), *range(len(parts))]:
        cap = funders[position].cap_minor
        wanted = parts[position] + over
        # A funder of a fixed amount promised no more than that, so it takes nothing over.
        most = parts[position] if funders[position].amount_minor is not None else wanted
        parts[position] = min(most, wanted if cap is None else cap)
        over = wanted - parts[position]
    parts[-1] += over
