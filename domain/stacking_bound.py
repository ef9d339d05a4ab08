"""How low the price can still get: the bound that lets the exact search cut branches.

# Note [Why the bound is sound]
Take away every threshold and every conflict, and let each later offer take the most it ever could. What is left maps
prices to prices that never get lower by starting higher: a percentage or an amount over some lines scales each of them
by 1 - off / their sum, and the sum is never below the one bounded here. So running every later offer on lower bounds
gives lower bounds. Allocation moves a line by less than one minor unit, rounding by half of one; with the floor below, three a line cover all.
Offers that look at some units of a line only are subtracted from the total instead, at what they would take now.
"""

from collections.abc import Sequence

from domain.candidates import Candidate
from domain.purchase import Line
from domain.reductions import off_minor, weights_of
from domain.trade_in import most_possible

_SLACK = 3


def lower(candidate: Candidate, *, running: Sequence[int], least: list[int], basket: Sequence[Line]) -> int:
    """Lower the bounds of the lines by the most the candidate can take; return what it takes off the total besides.

    `running` are the prices where the branch stands: no line will be dearer than that in the candidate's turn.
    """
    if candidate.programme is not None:
        return most_possible(candidate.programme, least)
    share, offer = candidate.share, candidate.offer
    if share is None or offer.value is None:
        return 0
    if share.units is not None:
        return off_minor(
            offer=offer, share=share, available=sum(weights_of(share=share, running=running, basket=basket))
        )
    total = sum([least[position] for position in share.lines])
    if total <= 0:
        return 0
    proportional = offer.value.percent_ppm is not None and offer.base == "running"
    available = total if proportional else sum([running[position] for position in share.lines])
    off = off_minor(offer=offer, share=share, available=available)
    for position in share.lines:
        bound = least[position]
        bound -= bound * off // total + _SLACK
        least[position] = max(0, bound)
    return 0


def most_from(candidates: Sequence[Candidate], basket: Sequence[Line]) -> list[int]:
    """For each turn, the most that the candidates from there on can take off together: each at list prices, as if it
    were alone. Nothing ever runs above its list price, so it is never too little."""
    listed = [line.list_minor for line in basket]
    sums = [0]
    for candidate in reversed(candidates):
        if candidate.programme is not None:
            most = most_possible(candidate.programme, listed)
        elif candidate.share is not None:
            weights = weights_of(share=candidate.share, running=listed, basket=basket)
            most = off_minor(offer=candidate.offer, share=candidate.share, available=sum(weights))
        else:
            most = 0
        sums.append(sums[-1] + most)
    return sums[::-1]
