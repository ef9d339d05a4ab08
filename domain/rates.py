"""Rates and shares as parts per million: 7.5 % is 75,000 ppm."""

import re

from domain.errors import DomainError
from domain.money import Rounding, divide

PPM = 1_000_000
_PPM_PER_PERCENT = 10_000
_PERCENT = re.compile(r"(-?)(0|[1-9][0-9]{0,8})(?:\.([0-9]{1,4}))?")


class InvalidPercent(DomainError):
    """The text is not a plain percentage with at most four decimals (one part per million)."""

    code = "invalid_percent"
    status = 422


def apply(*, rate_ppm: int, to: int, rounding: Rounding) -> int:
    """The rate of an amount in minor units: 75,000 ppm of 111,111 half-even is 8,333."""
    return divide(numerator=to * rate_ppm, denominator=PPM, rounding=rounding)


def parse_percent(text: str) -> int:
    """Percent as text to ppm: `13.57` is 135,700; `100` is 1,000,000. ASCII digits only, no exponent, no plus sign.

    Raises InvalidPercent.
    """
    match = _PERCENT.fullmatch(text)
    if match is None:
        raise InvalidPercent(text=text)
    sign, whole, fraction = match.group(1), match.group(2), match.group(3) or ""
    ppm = int(whole + fraction.ljust(4, "0"))
    return -ppm if sign else ppm


def format_percent(ppm: int) -> str:
    """ppm to the shortest percent text that parses back: 135,700 is `13.57`, 1,000,000 is `100`, 1 is `0.0001`."""
    sign = "-" if ppm < 0 else ""
    whole, fraction = divmod(abs(ppm), _PPM_PER_PERCENT)
    decimals = f"{fraction:04d}".rstrip("0")
    return f"{sign}{whole}.{decimals}" if decimals else f"{sign}{whole}"
