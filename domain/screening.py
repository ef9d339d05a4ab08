"""The catalogue seen from one purchase: which offers meet it, and why the others do not."""

from msgspec import Struct
from msgspec.structs import replace

from domain.contest import Eligible
from domain.eligibility import Setting, category_prefixes, judge, withheld
from domain.index import Index, candidates
from domain.offers import Catalogue, Offer, Value
from domain.priced import Withheld
from domain.purchase import Purchase
from domain.trade_in import Programme, find_programme

InterestOffer = tuple[Offer, tuple[int, ...]]


class Screened(Struct, frozen=True, gc=False, kw_only=True):
    """Price offers and interest offers that meet the purchase, with the positions of their lines, in stacking order."""

    price: tuple[Eligible, ...]
    interest: tuple[InterestOffer, ...]
    refused: tuple[Withheld, ...]


def screen(*, setting: Setting, catalogue: Catalogue, index: Index, explain_all: bool) -> Screened:
    """Judge the offers that may meet a line or that a coupon names; with `explain_all` every offer there is."""
    purchase = setting.purchase
    price_offers: list[Eligible] = []
    interest: list[InterestOffer] = []
    refused: list[Withheld] = []
    taken: set[int] = set()
    positions = range(len(index.offers)) if explain_all else candidates(index, purchase)
    for position in positions:
        offer = index.offers[position]
        lines = judge(offer=offer, setting=setting, checks=index.checks[position])
        if isinstance(lines, Withheld):
            if lines.code != "product_not_covered" or explain_all or _is_named(offer, purchase):
                refused.append(lines)
        elif offer.lane == "interest":
            interest.append((offer, lines))
        elif offer.kind == "trade_in":
            found = _programme(offer=offer, lines=lines, setting=setting, catalogue=catalogue, taken=taken)
            if isinstance(found, Withheld):
                refused.append(found)
            else:
                price_offers.append((offer, found.positions, found))
                taken.update(found.positions)
        else:
            price_offers.append((offer, lines, None))
    refused.extend(_unknown_coupons(purchase, index))
    return Screened(price=_with_old_item(price_offers, purchase), interest=tuple(interest), refused=tuple(refused))


def _is_named(offer: Offer, purchase: Purchase) -> bool:
    return not offer.codes.isdisjoint(purchase.coupons)


def _unknown_coupons(purchase: Purchase, index: Index) -> list[Withheld]:
    return [
        Withheld(kind="coupon", code="coupon_unknown", figures={"coupon": code})
        for code in sorted(set(purchase.coupons))
        if code not in index.by_code
    ]


def _programme(
    *, offer: Offer, lines: tuple[int, ...], setting: Setting, catalogue: Catalogue, taken: set[int]
) -> Programme | Withheld:
    """A unit is subsidised once: a line belongs to the first programme, in stacking order, that covers it."""
    free = tuple([position for position in lines if position not in taken])
    if not free:
        return withheld(offer, "zero_effect", lines=tuple([setting.purchase.lines[position].id for position in lines]))
    return find_programme(
        offer=offer,
        lines=free,
        purchase=setting.purchase,
        rulesets=catalogue.rulesets,
        sold_on=setting.local.date(),
        region=setting.region,
    )


def _with_old_item(offers: list[Eligible], purchase: Purchase) -> tuple[Eligible, ...]:
    """The credit for the item handed in, as a step of its lane.

    A campaign of kind old_item_credit without a value stands for the credit itself (its name, its funders); with a
    value it adds to it. Without a campaign the shop gives the credit by itself. It lowers the lines of the old item's
    own category, or every line where none is of that category.
    """
    old_item = purchase.trade_in.old_item
    if old_item is None or old_item.credit_minor <= 0:
        return tuple(offers)
    credit = Value(amount_minor=old_item.credit_minor)
    for place, (offer, lines, programme) in enumerate(offers):
        if offer.kind == "old_item_credit" and offer.value is None:
            return (*offers[:place], (replace(offer, value=credit), lines, programme), *offers[place + 1 :])
    alike = [
        place for place, line in enumerate(purchase.lines) if old_item.category in category_prefixes(line.category)
    ]
    own = Offer(
        campaign_id="",
        version=0,
        kind="old_item_credit",
        lane="old_item",
        name_zh="旧机抵扣",
        name_en="Old item credit",
        starts_at=purchase.at,
        ends_at=purchase.at,
        value=credit,
    )
    return ((own, tuple(alike or range(len(purchase.lines))), None), *offers)
