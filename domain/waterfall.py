"""The answer of the search as a price waterfall: steps with funders and lines, and why every other offer is not in it."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from domain.candidates import Candidate, amounts_off
from domain.eligibility import Reason, withheld
from domain.funding import fund
from domain.offers import Funder
from domain.priced import LineAmount, Reduction, SubsidisedUnits, Withheld
from domain.stacking import Chosen, Field
from domain.trade_in import refusals, subsidised, unit_groups


class Waterfall(Struct, frozen=True, gc=False, kw_only=True):
    """The price steps in their order. `before_subsidy` and `running` are the lines' prices, in the field's line order,
    where the government's step begins and at the end. `applied` are the campaigns of the steps."""

    reductions: tuple[Reduction, ...]
    refused: tuple[Withheld, ...]
    before_subsidy: tuple[int, ...]
    running: tuple[int, ...]
    applied: frozenset[str]
    with_subsidy: bool


def read(*, field: Field, chosen: Chosen, ranks: Mapping[str, int], merchant_id: str) -> Waterfall:
    """Play the chosen set once more, now writing everything down."""
    running = [line.list_minor for line in field.basket]
    before_subsidy: tuple[int, ...] | None = None
    reductions: list[Reduction] = []
    refused: list[Withheld] = []
    for turn, candidate in enumerate(field.candidates):
        if before_subsidy is None and ranks[candidate.offer.lane] >= ranks["government"]:
            before_subsidy = tuple(running)
        amounts = chosen.amounts[turn]
        if candidate.programme is not None:
            refused.extend(_subsidy_step(candidate, running, amounts, reductions, merchant_id))
        elif amounts is not None:
            reductions.append(_reduction(candidate, amounts, field, merchant_id))
        if amounts is None:
            refused.extend(_why_not(field=field, chosen=chosen, turn=turn, running=running))
            continue
        for position, amount in zip(candidate.lines, amounts, strict=True):
            running[position] -= amount
    return Waterfall(
        reductions=tuple(reductions),
        refused=tuple(refused),
        before_subsidy=before_subsidy if before_subsidy is not None else tuple(running),
        running=tuple(running),
        applied=frozenset([reduction.campaign_id for reduction in reductions]),
        with_subsidy=any(reduction.kind == "trade_in" for reduction in reductions),
    )


def _reduction(candidate: Candidate, amounts: list[int], field: Field, merchant_id: str) -> Reduction:
    offer = candidate.offer
    total = sum(amounts)
    lines = [
        LineAmount(field.basket[position].id, amount)
        for position, amount in zip(candidate.lines, amounts, strict=True)
        if amount
    ]
    return Reduction(
        lane=offer.lane,
        kind=offer.kind,
        campaign_id=offer.campaign_id,
        version=offer.version,
        name_zh=offer.name_zh,
        name_en=offer.name_en,
        amount_minor=total,
        funders=fund(total=total, funders=offer.funders, merchant_id=merchant_id),
        lines=tuple(lines),
    )


def _subsidy_step(
    candidate: Candidate,
    running: Sequence[int],
    amounts: list[int] | None,
    reductions: list[Reduction],
    merchant_id: str,
) -> tuple[Withheld, ...]:
    """Append the subsidy, one step a rule set; return the verdicts on lines and units that get none."""
    programme = candidate.programme
    if programme is None:
        return ()
    groups = unit_groups(programme, running)
    if amounts is not None:
        for rule_set, units in subsidised(groups).items():
            reductions.append(_subsidy(candidate, rule_set, units, merchant_id))
    return (*programme.refused, *refusals(offer=candidate.offer, groups=groups))


def _subsidy(candidate: Candidate, rule_set: str, units: tuple[SubsidisedUnits, ...], merchant_id: str) -> Reduction:
    offer = candidate.offer
    by_line: dict[str, int] = {}
    for group in units:
        by_line[group.line] = by_line.get(group.line, 0) + group.units * group.subsidy_minor
    total = sum(by_line.values())
    # A programme that names no funder is the government's own; its rule set's programme stands for the party.
    funders = offer.funders or (Funder(party="government", id=offer.programme or rule_set, share_ppm=1_000_000),)
    return Reduction(
        lane=offer.lane,
        kind=offer.kind,
        campaign_id=offer.campaign_id,
        version=offer.version,
        name_zh=offer.name_zh,
        name_en=offer.name_en,
        amount_minor=total,
        funders=fund(total=total, funders=funders, merchant_id=merchant_id),
        lines=tuple([LineAmount(line, amount) for line, amount in by_line.items()]),
        rule_set=rule_set,
        units=units,
    )


def _why_not(*, field: Field, chosen: Chosen, turn: int, running: Sequence[int]) -> tuple[Withheld, ...]:
    """The reason a candidate is not in the set, in its turn: its own amounts, who bars it, or the buyer's better deal."""
    candidate = field.candidates[turn]
    barred = _amount_bar(candidate, running) or _rival_bar(field, chosen, turn)
    if barred is None:
        if amounts_off(candidate, running, field.basket) is not None:
            barred = "lost_to_better_combination", {}
        elif candidate.programme is not None and any(g.refusal for g in unit_groups(candidate.programme, running)):
            # The refusals of its units already say it, with the figures.
            return ()
        else:
            barred = "zero_effect", {}
    code, figures = barred
    lines = tuple([field.basket[position].id for position in candidate.lines])
    return (withheld(candidate.offer, code, figures, lines=lines),)


def _amount_bar(candidate: Candidate, running: Sequence[int]) -> Reason | None:
    offer = candidate.offer
    spent = sum([running[position] for position in candidate.lines])
    if offer.min_minor is not None and spent < offer.min_minor:
        return "below_minimum_amount", {"required": offer.min_minor, "actual": spent}
    if offer.max_minor is not None and spent > offer.max_minor:
        return "above_maximum_amount", {"allowed": offer.max_minor, "actual": spent}
    steps = offer.value.steps if offer.value is not None else ()
    if steps:
        counted = candidate.share.list_minor if candidate.share is not None and offer.base == "list" else spent
        lowest = min([step.from_minor for step in steps])
        if counted < lowest:
            return "below_minimum_amount", {"required": lowest, "actual": counted}
    return None


def _rival_bar(field: Field, chosen: Chosen, turn: int) -> Reason | None:
    candidate = field.candidates[turn]
    rivals = candidate.enemies & chosen.mask
    if rivals:
        rival = field.candidates[(rivals & -rivals).bit_length() - 1].offer
        if rival.kind == "trade_in" and not candidate.offer.with_trade_in:
            return "not_with_trade_in", {}
        return "excluded_by", {"campaign": rival.campaign_id}
    if candidate.group < 0:
        return None
    group = field.groups[candidate.group]
    members = [other for other, rival in enumerate(field.candidates) if rival.group == candidate.group]
    inside = [other for other in members if chosen.mask >> other & 1]
    if len(inside) < group.limit and not (group.first_only and members[0] != turn):
        return None
    winner = field.candidates[inside[0] if inside else members[0]].offer.campaign_id
    return "group_limit", {"group": group.name, "limit": group.limit, "campaign": winner}
