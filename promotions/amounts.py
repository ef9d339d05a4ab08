"""The one place where a typed amount becomes minor units, and back."""

from decimal import Decimal

from moneyed import Money as TypedMoney

from domain.money import InvalidAmount, Money, exponent


def minor_of(typed: TypedMoney) -> Money:
    """A typed amount as domain Money: 500.00 CNY is 50000, 500 JPY is 500, 1.234 KWD is 1234.

    Raises InvalidAmount when it has more decimals than its currency (0.5 JPY), UnknownCurrency.
    """
    currency = str(typed.currency)
    scaled = Decimal(typed.amount).scaleb(exponent(currency))
    if scaled != scaled.to_integral_value():
        raise InvalidAmount(text=str(typed.amount), decimals=exponent(currency))
    return Money(int(scaled), currency)


def typed_of(*, minor: int | None, currency: str) -> TypedMoney | None:
    """The reverse, for the columns people edit."""
    if minor is None:
        return None
    return TypedMoney(Decimal(minor).scaleb(-exponent(currency)), currency)
