"""A second, plain implementation of stacking for price offers without units: every subset, every rule spelled out."""

from itertools import combinations

from domain.index import stacking_key


def cheapest(*, offers, lines):
    """The lowest total over all legal sets; offers in the price lanes, whole lines only."""
    ordered = sorted(offers, key=stacking_key)
    best = None
    for size in range(len(ordered) + 1):
        for subset in combinations(ordered, size):
            total = _total(chosen={offer.campaign_id for offer in subset}, ordered=ordered, lines=lines)
            if total is not None and (best is None or total < best):
                best = total
    return best


def _total(*, chosen, ordered, lines):
    """The payable total when exactly these are chosen, or None where that is not legal."""
    running = {line.id: line.unit_price_minor * line.quantity for line in lines}
    listed = dict(running)
    used, closed = {}, set()
    for offer in ordered:
        inside = [line.id for line in lines if not offer.include.skus or line.sku in offer.include.skus]
        key = (offer.lane, offer.group) if offer.group is not None else None
        off = 0 if key in closed else _off(offer=offer, listed=listed, running=running, inside=inside)
        if off and key and _mode(ordered, key) == "first":
            closed.add(key)
        if offer.campaign_id not in chosen:
            continue
        used[key] = used.get(key, 0) + 1
        if not off or (key and used[key] > _limit(ordered, key)) or not chosen.isdisjoint(offer.exclusions):
            return None
        for line_id, part in _share(off, {line_id: running[line_id] for line_id in inside}).items():
            running[line_id] -= part
    return sum(running.values())


def _off(*, offer, listed, running, inside):
    spent = sum(running[line_id] for line_id in inside)
    if not inside or (offer.min_minor is not None and spent < offer.min_minor):
        return 0
    base = sum(listed[line_id] for line_id in inside) if offer.base == "list" else spent
    value = offer.value
    if value.percent_ppm is not None:
        off = (base * value.percent_ppm + 500_000) // 1_000_000
    elif value.amount_minor is not None:
        off = value.amount_minor
    else:
        off = max([step.off_minor for step in value.steps if step.from_minor <= base], default=0)
    if offer.cap_minor is not None:
        off = min(off, offer.cap_minor)
    return min(off, spent)


def _share(total, weights):
    whole = sum(weights.values())
    parts = {key: total * weight // whole for key, weight in weights.items()}
    rests = sorted(weights, key=lambda key: -(total * weights[key] % whole))
    for key in rests[: total - sum(parts.values())]:
        parts[key] += 1
    return parts


def _members(ordered, key):
    return [offer for offer in ordered if (offer.lane, offer.group) == key]


def _mode(ordered, key):
    return _members(ordered, key)[0].group_mode


def _limit(ordered, key):
    leader = _members(ordered, key)[0]
    return {"all": 99, "at_most": leader.group_limit or 1}.get(leader.group_mode, 1)
