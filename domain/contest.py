"""From the offers that meet a basket to the search for the best set: turns, groups and exclusions as small integers."""

from collections.abc import Mapping, Sequence

from domain.candidates import Candidate
from domain.index import LANE_RANK, Groups, Index
from domain.offers import Offer
from domain.purchase import Line
from domain.reductions import share_of
from domain.stacking import Field, Group
from domain.trade_in import Programme

Eligible = tuple[Offer, tuple[int, ...], Programme | None]


def lane_ranks(*, old_item_in_base: bool, channel_in_base: bool) -> dict[str, int]:
    """When each lane has its turn. Without switches: merchant, brand, platform, carrier, then the government's, then
    the old item's credit and the payment channel's; what a rule set counts into the base comes before the subsidy."""
    government = LANE_RANK["government"]
    ranks = dict(LANE_RANK)
    ranks["old_item"] = government - 2 if old_item_in_base else government + 1
    ranks["channel"] = government - 1 if channel_in_base else government + 2
    return ranks


def pose(
    *,
    eligible: Sequence[Eligible],
    basket: tuple[Line, ...],
    index: Index,
    ranks: Mapping[str, int],
) -> Field:
    """Set the search up; `eligible` comes in stacking order and is put in the order of the day's lanes."""
    ordered = sorted(eligible, key=lambda entry: ranks[entry[0].lane])
    groups, group_of = _groups([offer for offer, _, _ in ordered], index.groups)
    bits = _enemy_bits(offers=[offer for offer, _, _ in ordered], enemies=index.enemies)
    candidates = []
    yields = 0
    claimed = any(programme is not None for _, _, programme in ordered)
    for turn, (offer, lines, programme) in enumerate(ordered):
        share = None if programme is not None else share_of(offer=offer, lines=lines, basket=basket)
        whole = len(lines) == len(basket) and (share is None or share.units is None)
        candidates.append(
            Candidate(
                offer=offer,
                lines=lines,
                share=share,
                programme=programme,
                enemies=bits[turn],
                group=group_of[turn],
                whole=whole,
            )
        )
        if claimed and not offer.with_trade_in:
            yields |= 1 << turn
    return Field(basket=basket, candidates=tuple(candidates), groups=tuple(groups), yields=yields)


def _groups(offers: Sequence[Offer], known: Groups) -> tuple[list[Group], list[int]]:
    """Groups hold inside a lane. One with no more members here than its limit limits nothing and is left out, so is one
    of mode `all`."""
    members: dict[tuple[str, str], list[int]] = {}
    for turn, offer in enumerate(offers):
        if offer.group is not None:
            members.setdefault((offer.lane, offer.group), []).append(turn)
    groups: list[Group] = []
    group_of = [-1] * len(offers)
    for key, turns in members.items():
        mode, limit = known[key]
        if mode == "all" or len(turns) <= limit:
            continue
        for turn in turns:
            group_of[turn] = len(groups)
        groups.append(Group(name=key[1], limit=limit, first_only=mode == "first"))
    return groups, group_of


def _enemy_bits(*, offers: Sequence[Offer], enemies: Mapping[str, frozenset[str]]) -> list[int]:
    programmes = sum(1 << turn for turn, offer in enumerate(offers) if offer.kind == "trade_in")
    refusing = sum(
        1 << turn for turn, offer in enumerate(offers) if not offer.with_trade_in and offer.kind != "trade_in"
    )
    bits = []
    for offer in offers:
        own = refusing if offer.kind == "trade_in" else 0 if offer.with_trade_in else programmes
        named = enemies.get(offer.campaign_id)
        if named:
            own |= sum(1 << turn for turn, other in enumerate(offers) if other.campaign_id in named)
        bits.append(own)
    return bits
