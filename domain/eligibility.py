"""Does an offer meet this purchase at all? Either the lines it covers, or the first reason why not, with the figures.

Everything that does not depend on running amounts is decided here: window, state, hours, scope, coupon, units. What
depends on amounts (minimum, exclusions, groups) is decided in `stacking` when the offer's turn comes.
"""

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache

from msgspec import Struct

from domain.offers import Merchant, Offer, Scope
from domain.periods import in_weekly_hours, zone
from domain.priced import Withheld
from domain.purchase import Line, Purchase

Reason = tuple[str, dict[str, int | str]]


class Setting(Struct, frozen=True, gc=False, kw_only=True):
    """The facts of a sale that every offer is tested against, worked out once a quote.

    `local` is the instant of the sale in the merchant's time zone; `region` is where the goods go, or the store's.
    """

    purchase: Purchase
    local: datetime
    region: str | None
    currency: str
    timezone: str


def setting_of(*, purchase: Purchase, merchant: Merchant) -> Setting:
    """Put a purchase into its merchant's time and place."""
    region = purchase.region
    if region is None and purchase.store_id is not None:
        region = merchant.stores.get(purchase.store_id)
    return Setting(
        purchase=purchase,
        local=purchase.at.astimezone(zone(merchant.timezone)),
        region=region,
        currency=merchant.currency,
        timezone=merchant.timezone,
    )


def judge(*, offer: Offer, setting: Setting, checks: tuple["Check", ...] | None = None) -> tuple[int, ...] | Withheld:
    """The positions of the lines the offer covers, at least one; or why it does not apply.

    `checks` are those of `checks_of(offer)`, settled once when a catalogue is filed.
    """
    basket = setting.purchase.lines
    lines = matching_lines(offer=offer, purchase=setting.purchase)
    if not lines:
        return withheld(offer, "product_not_covered")
    reason: Reason | None = None
    for check in checks_of(offer) if checks is None else checks:
        reason = check(offer, setting)
        if reason is not None:
            break
    if reason is None and offer.min_quantity is not None:
        units = sum([basket[position].quantity for position in lines])
        if units < offer.min_quantity:
            reason = "below_minimum_quantity", {"required": offer.min_quantity, "actual": units}
    if reason is None:
        return lines
    return withheld(offer, *reason, lines=tuple([basket[position].id for position in lines]))


def withheld(
    offer: Offer, code: str, figures: dict[str, int | str] | None = None, *, lines: tuple[str, ...] = ()
) -> Withheld:
    """A verdict about an offer; `lines` are the ids of the lines it would have covered."""
    return Withheld(
        kind="offer",
        code=code,
        figures=figures or {},
        campaign_id=offer.campaign_id,
        version=offer.version,
        lines=lines,
    )


def matching_lines(*, offer: Offer, purchase: Purchase) -> tuple[int, ...]:
    """Positions of the lines in the offer's product scope. Every set that is not empty must be met; one hit in an
    excluded set puts a line out."""
    include, exclude = offer.include, offer.exclude
    if not (
        include.skus or include.categories or include.brands or exclude.skus or exclude.categories or exclude.brands
    ):
        return tuple(range(len(purchase.lines)))
    return tuple(
        [
            position
            for position, line in enumerate(purchase.lines)
            if _included(include, line) and not _excluded(exclude, line)
        ]
    )


@lru_cache(maxsize=4096)
def category_prefixes(category: str) -> frozenset[str]:
    """A category and all it lies under: `phone.flagship.pro` gives itself, `phone.flagship` and `phone`."""
    parts = category.split(".")
    return frozenset(".".join(parts[:length]) for length in range(1, len(parts) + 1))


def _included(scope: Scope, line: Line) -> bool:
    if scope.skus and line.sku not in scope.skus:
        return False
    if scope.brands and line.brand not in scope.brands:
        return False
    return not scope.categories or not scope.categories.isdisjoint(category_prefixes(line.category))


def _excluded(scope: Scope, line: Line) -> bool:
    if scope.skus and line.sku in scope.skus:
        return True
    if scope.brands and line.brand in scope.brands:
        return True
    return bool(scope.categories) and not scope.categories.isdisjoint(category_prefixes(line.category))


def _window(offer: Offer, setting: Setting) -> Reason | None:
    at = setting.purchase.at
    if at < offer.starts_at:
        return "not_started", {"starts_at": offer.starts_at.astimezone(setting.local.tzinfo).isoformat()}
    if at >= offer.ends_at:
        return "ended", {"ended_at": offer.ends_at.astimezone(setting.local.tzinfo).isoformat()}
    return None


def _state(offer: Offer, setting: Setting) -> Reason | None:
    # `scheduled` is no reason: an approved campaign is live from its first instant, whenever the sweeper comes by.
    if offer.state == "paused":
        return "campaign_paused", {}
    if offer.state == "exhausted":
        return "budget_exhausted", {}
    if setting.purchase.currency != setting.currency:
        return "currency_mismatch", {"required": setting.currency, "actual": setting.purchase.currency}
    return None


def _hours(offer: Offer, setting: Setting) -> Reason | None:
    hours = offer.weekly_hours
    if not hours or in_weekly_hours(at=setting.purchase.at, hours=hours, timezone=setting.timezone):
        return None
    local = setting.local
    return "outside_weekly_hours", {"weekday": local.isoweekday(), "minute": local.hour * 60 + local.minute}


def _place(offer: Offer, setting: Setting) -> Reason | None:
    include, exclude, purchase = offer.include, offer.exclude, setting.purchase
    if not _covers(include.channels, exclude.channels, purchase.channel):
        return "channel_not_covered", {"channel": purchase.channel}
    if not _covers(include.stores, exclude.stores, purchase.store_id):
        return "store_not_covered", {"store": purchase.store_id or ""}
    if not _covers(include.regions, exclude.regions, setting.region):
        return "region_not_covered", {"region": setting.region or ""}
    return None


def _covers(included: frozenset[str], excluded: frozenset[str], value: str | None) -> bool:
    return (not included or value in included) and (not excluded or value not in excluded)


def _buyer(offer: Offer, setting: Setting) -> Reason | None:
    groups = setting.purchase.buyer_groups
    wanted, unwanted = offer.include.buyer_groups, offer.exclude.buyer_groups
    if (wanted and wanted.isdisjoint(groups)) or (unwanted and not unwanted.isdisjoint(groups)):
        return "buyer_group_not_covered", {}
    return None


def _coupon(offer: Offer, setting: Setting) -> Reason | None:
    if offer.codes and offer.codes.isdisjoint(setting.purchase.coupons):
        return "coupon_missing", {}
    return None


def _old_item(offer: Offer, setting: Setting) -> Reason | None:
    if offer.kind == "old_item_credit" and setting.purchase.trade_in.old_item is None:
        return "old_item_missing", {}
    return None


Check = Callable[[Offer, Setting], Reason | None]


def checks_of(offer: Offer) -> tuple[Check, ...]:
    """The checks that can fail for this offer, in the order in which a person would explain it: when, whether, in what
    hours, where, who, with what. An offer without hours, places or codes is not asked for them again and again."""
    include, exclude = offer.include, offer.exclude
    places = (include.channels, include.stores, include.regions, exclude.channels, exclude.stores, exclude.regions)
    wanted: tuple[tuple[Check, object], ...] = (
        (_window, True),
        (_state, True),
        (_hours, offer.weekly_hours),
        (_place, any(places)),
        (_buyer, include.buyer_groups or exclude.buyer_groups),
        (_coupon, offer.codes),
        (_old_item, offer.kind == "old_item_credit"),
    )
    return tuple([check for check, needed in wanted if needed])
