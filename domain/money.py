"""Money as integers of minor units, the roundings by name, and the one allocator that splits everything."""

import re
from collections.abc import Sequence
from enum import Enum
from typing import Literal

from msgspec import Struct

from domain.errors import DomainError

RemainderPolicy = Literal["largest_remainder", "first", "last"]

_NO_DECIMALS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_THREE_DECIMALS = "BHD IQD JOD KWD LYD OMR TND"
_TWO_DECIMALS = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC
CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES
KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR
NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT
TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD YER ZAR ZMW
"""
# ISO 4217 minor units of the currencies in circulation. Funds and metals (CLF, XAU, XXX) are left out: nobody pays in them.
CURRENCY_EXPONENTS: dict[str, int] = {
    **dict.fromkeys(_TWO_DECIMALS.split(), 2),
    **dict.fromkeys(_NO_DECIMALS.split(), 0),
    **dict.fromkeys(_THREE_DECIMALS.split(), 3),
}
_DECIMAL = re.compile(r"(-?)(0|[1-9][0-9]{0,17})(?:\.([0-9]{1,3}))?")


class Rounding(Enum):
    """Where a fraction of a minor unit goes. DOWN is towards zero, UP away from zero, halves are about the magnitude."""

    HALF_EVEN = "half_even"
    HALF_UP = "half_up"
    DOWN = "down"
    UP = "up"


class Remainder(Enum):
    """Which part of an even split owns the odd minor units. LARGEST spreads them one by one from the first part."""

    FIRST = "first"
    LAST = "last"
    LARGEST = "largest"


class UnknownCurrency(DomainError):
    """Not the upper-case ISO 4217 code of a currency in circulation."""

    code = "unknown_currency"
    status = 422
    pointer = "/currency"


class InvalidAmount(DomainError):
    """The text is not a plain decimal with at most the currency's decimals."""

    code = "invalid_amount"
    status = 422


class InvalidWeights(DomainError):
    """Weights that cannot share an amount: none, one below zero, or all zero under a total that is not zero."""

    code = "invalid_weights"
    status = 422
    pointer = "/weights"


class InvalidParts(DomainError):
    """An amount cannot be split in fewer than one part."""

    code = "invalid_parts"
    status = 422


class Money(Struct, frozen=True, gc=False):
    """An amount and its currency: `Money(41662, "CNY")` is 416.62 yuan."""

    minor: int
    currency: str

    def __str__(self) -> str:
        """Machine form, `CNY 416.62`; people get theirs from the locale."""
        return f"{self.currency} {format_decimal(minor=self.minor, currency=self.currency)}"


def exponent(currency: str) -> int:
    """Decimals of a currency: CNY 2, JPY 0, KWD 3. Raises UnknownCurrency."""
    decimals = CURRENCY_EXPONENTS.get(currency)
    if decimals is None:
        raise UnknownCurrency(currency=currency)
    return decimals


def divide(*, numerator: int, denominator: int, rounding: Rounding) -> int:
    """Exact integer division with the rounding named; `divide(5 / 2)` is 2 half-even, 3 half-up, 2 down, 3 up.

    Negative results mirror positive ones. The denominator must be positive.
    """
    quotient, rest = divmod(abs(numerator), denominator)
    if rest and _goes_up(quotient=quotient, rest=rest, denominator=denominator, rounding=rounding):
        quotient += 1
    return -quotient if numerator < 0 else quotient


def _goes_up(*, quotient: int, rest: int, denominator: int, rounding: Rounding) -> bool:
    if rounding is Rounding.DOWN:
        return False
    if rounding is Rounding.UP:
        return True
    twice = rest * 2
    if twice == denominator:
        return rounding is Rounding.HALF_UP or quotient % 2 == 1
    return twice > denominator


def allocate(*, total: int, weights: Sequence[int]) -> list[int]:
    """Share `total` by `weights` so that the parts add up to it: largest remainder, ties to the earlier part.

    `allocate(total=100, weights=[1, 1, 1])` is `[34, 33, 33]`. A negative total is the mirror of the positive one, so a
    refund undoes a charge part by part. Raises InvalidWeights.
    """
    weight_sum = _checked_sum(total=total, weights=weights)
    if total == 0:
        return [0] * len(weights)
    amount = abs(total)
    parts: list[int] = []
    rests: list[int] = []
    for weight in weights:
        share, rest = divmod(amount * weight, weight_sum)
        parts.append(share)
        rests.append(rest)
    odd = amount - sum(parts)
    if odd:
        # sorted() is stable in reverse as well: equal remainders keep their order, the earlier part is served first.
        for position in sorted(range(len(rests)), key=rests.__getitem__, reverse=True)[:odd]:
            parts[position] += 1
    return parts if total > 0 else [-part for part in parts]


def allocate_with_remainder(*, total: int, weights: Sequence[int], policy: RemainderPolicy) -> list[int]:
    """Share `total` by `weights`; with `first` or `last` that part takes the whole remainder of the floors.

    `allocate_with_remainder(total=101, weights=[1, 1, 1], policy="last")` is `[33, 33, 35]`. Raises InvalidWeights.
    """
    if policy == "largest_remainder":
        return allocate(total=total, weights=weights)
    weight_sum = _checked_sum(total=total, weights=weights)
    if total == 0:
        return [0] * len(weights)
    parts = [divide(numerator=total * weight, denominator=weight_sum, rounding=Rounding.DOWN) for weight in weights]
    parts[0 if policy == "first" else -1] += total - sum(parts)
    return parts


def _checked_sum(*, total: int, weights: Sequence[int]) -> int:
    if not weights:
        raise InvalidWeights(reason="none", total=total)
    if min(weights) < 0:
        raise InvalidWeights(reason="negative", total=total)
    weight_sum = sum(weights)
    if weight_sum == 0 and total != 0:
        raise InvalidWeights(reason="all_zero", total=total)
    return weight_sum


def split(*, total: int, parts: int, remainder: Remainder) -> list[int]:
    """Split evenly; the remainder has an owner: `split(101, parts=3, FIRST)` is `[35, 33, 33]`, LAST `[33, 33, 35]`,
    LARGEST `[34, 34, 33]`. A negative total is the mirror. Raises InvalidParts."""
    if parts < 1:
        raise InvalidParts(parts=parts)
    share, odd = divmod(abs(total), parts)
    sign = -1 if total < 0 else 1
    shares = [sign * share] * parts
    if odd == 0:
        return shares
    if remainder is Remainder.FIRST:
        shares[0] += sign * odd
    elif remainder is Remainder.LAST:
        shares[-1] += sign * odd
    else:
        shares[:odd] = [sign * (share + 1)] * odd
    return shares


def format_decimal(*, minor: int, currency: str) -> str:
    """Minor units as a plain decimal: 41662 CNY is `416.62`, 500 JPY `500`, -1 KWD `-0.001`. Raises UnknownCurrency."""
    decimals = exponent(currency)
    sign = "-" if minor < 0 else ""
    if decimals == 0:
        return f"{sign}{abs(minor)}"
    whole, fraction = divmod(abs(minor), 10**decimals)
    return f"{sign}{whole}.{fraction:0{decimals}d}"


def parse_decimal(*, text: str, currency: str) -> int:
    """The reverse, strictly: `416.62` and `416.6` are fine for CNY; `416.625`, `1e3`, `+5`, ` 5`, `05` and full-width digits are not.

    Raises InvalidAmount, UnknownCurrency.
    """
    decimals = exponent(currency)
    match = _DECIMAL.fullmatch(text)
    if match is None:
        raise InvalidAmount(text=text, decimals=decimals)
    sign, whole, fraction = match.group(1), match.group(2), match.group(3) or ""
    if len(fraction) > decimals:
        raise InvalidAmount(text=text, decimals=decimals)
    minor = int(whole + fraction.ljust(decimals, "0"))
    return -minor if sign else minor
