"""How the demo's buyers behave: who buys what, when, where, and what becomes of it. Drawn from a seeded generator."""

from datetime import date
from random import Random
from typing import Final

from msgspec import Struct

from portal.demo.goods import GOODS, Good

BUSY_HOURS: Final = (0, 10, 15, 20)
_HOUR_WEIGHTS: Final = (6, 26, 32, 36)  # at midnight the online rush, in the evening the shops
_SHOP_HOUR: Final = 15
_PLANS_A_DAY: Final = 205
_SHOP_PLANS_A_DAY: Final = 5
_WEIGHTS: Final = [good.weight for good in GOODS]
_EARPHONES: Final = next(good for good in GOODS if good.category == "earphones")
_CHANNELS: Final = (("pos", 62), ("online", 22), ("mini_program", 11), ("live_stream", 5))
_DIGITAL: Final = frozenset({"phone", "tablet", "smart_watch_band", "smart_glasses"})
# Likelihood in per cent, tried in this order; the rest is captured with the confirmation.
_CANCELLED: Final = 2
_CAPTURED_NEXT_DAY: Final = 5
_FORGOTTEN: Final = 1
_REFUNDED: Final = 5


class Wish(Struct, frozen=True, kw_only=True):
    """One basket and its fate. `store` counts the merchant's stores; `refund_after_days` is None when it is kept."""

    number: int
    hour: int
    of_the_shop: bool
    store: int
    channel: str
    goods: tuple[tuple[Good, int], ...]
    claim: bool
    coupon: bool
    term: int
    paid_by_bank: bool
    down_payment_percent: int
    fate: str  # captured | next_day | cancelled | forgotten
    refund_after_days: int | None
    refund_whole: bool


def plans_on(day: date) -> int:
    """How many plans the chain makes that day: a weekly rhythm, and the rush up to 11 November."""
    rhythm = 1.25 if day.isoweekday() >= 6 else 1.0  # noqa: PLR2004  # Saturday and Sunday
    rush = {11: 2.2, 10: 1.5}.get(day.day, 1.15) if day.month == 11 and day.day <= 11 else 1.0  # noqa: PLR2004
    return round(_PLANS_A_DAY * rhythm * rush)


def wishes_of(*, day: date, first_number: int, rng: Random) -> list[Wish]:
    """What is bought on a day, in order of the hour; `number` counts on from `first_number`."""
    chain = plans_on(day)
    rows = [
        _wish(number=first_number + place, of_the_shop=place >= chain, rng=rng)
        for place in range(chain + _SHOP_PLANS_A_DAY)
    ]
    return sorted(rows, key=lambda wish: (wish.hour, wish.number))


def _wish(*, number: int, of_the_shop: bool, rng: Random) -> Wish:
    goods = _basket(rng)
    channel = rng.choices([name for name, _ in _CHANNELS], [weight for _, weight in _CHANNELS])[0]
    fate = _fate(rng)
    refunded = fate in ("captured", "next_day") and rng.randrange(100) < _REFUNDED
    return Wish(
        number=number,
        hour=_SHOP_HOUR if of_the_shop else rng.choices(BUSY_HOURS, _HOUR_WEIGHTS)[0],
        of_the_shop=of_the_shop,
        store=rng.randrange(50),
        channel="pos" if of_the_shop else channel,
        goods=goods,
        claim=rng.randrange(100) < 72,  # noqa: PLR2004
        coupon=rng.randrange(100) < 8,  # noqa: PLR2004
        term=rng.choices((3, 6, 12, 24), (18, 27, 50, 5))[0],
        paid_by_bank=rng.randrange(100) < 14,  # noqa: PLR2004
        down_payment_percent=rng.choices((0, 10, 30), (90, 6, 4))[0],
        fate=fate,
        refund_after_days=rng.randint(1, 12) if refunded else None,
        refund_whole=rng.randrange(100) < 70,  # noqa: PLR2004
    )


def _basket(rng: Random) -> tuple[tuple[Good, int], ...]:
    good = rng.choices(GOODS, _WEIGHTS)[0]
    quantity = 2 if rng.randrange(100) < 6 else 1  # noqa: PLR2004
    if good.category == "phone" and rng.randrange(100) < 12:  # noqa: PLR2004
        return ((good, quantity), (_EARPHONES, 1))
    return ((good, quantity),)


def _fate(rng: Random) -> str:
    draw = rng.randrange(100)
    if draw < _CANCELLED:
        return "cancelled"
    if draw < _CANCELLED + _FORGOTTEN:
        return "forgotten"
    if draw < _CANCELLED + _FORGOTTEN + _CAPTURED_NEXT_DAY:
        return "next_day"
    return "captured"


def needs_serial(good: Good) -> bool:
    """Whether the trade-in rules ask for a serial number of this good."""
    return good.category in _DIGITAL


def imei(number: int) -> str:
    """A well-formed IMEI for a running number: 14 digits and the Luhn check digit."""
    body = f"86{number:012d}"
    total = 0
    for place, letter in enumerate(body):
        digit = int(letter) * (2 if place % 2 else 1)
        total += digit - 9 if digit > 9 else digit  # noqa: PLR2004  # Luhn: digits of the doubled digit add up
    return body + str(-total % 10)
