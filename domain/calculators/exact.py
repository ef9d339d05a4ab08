"""Percentages that people type, as exact fractions, and fractions of minor units rounded by name."""

from decimal import Decimal
from fractions import Fraction

from domain.errors import DomainError
from domain.money import Rounding, divide

_HIGHEST = Decimal(1_000_000)
_MOST_DECIMALS = 30
_PERCENT = 100


class InvalidRate(DomainError):
    """A percentage below 0 or above 1,000,000, with more than 30 decimals, or no number."""

    code = "invalid_rate"
    status = 422


def percent(value: Decimal) -> Fraction:
    """`Decimal("7.5")` is 3/40. Raises InvalidRate."""
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or not 0 <= value <= _HIGHEST or exponent < -_MOST_DECIMALS:
        raise InvalidRate(rate=str(value))
    return Fraction(value) / _PERCENT


def rounded(value: Fraction, rounding: Rounding) -> int:
    """To a whole minor unit: 36,733.03 half-up is 36,733."""
    return divide(numerator=value.numerator, denominator=value.denominator, rounding=rounding)
