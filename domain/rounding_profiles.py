"""How lenders round: data, one profile a lender, named in its product.

Where the odd minor units go is a property of the lender, not a constant: a schedule is right only when it equals the
lender's own to the last fen.
"""

from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from domain.errors import DomainError
from domain.money import Remainder, Rounding, exponent


class UnknownRoundingProfile(DomainError):
    """No preset of that name."""

    code = "unknown_rounding_profile"
    status = 422
    pointer = "/rounding"


class RoundingProfile(Struct, frozen=True, gc=False, kw_only=True):
    """One lender's habits.

    `installment` rounds the regular payment (or, with `split="parts"`, the regular principal and the regular fee apart)
    to multiples of `step` minor units; `fee` rounds a flat fee's total and a no-cost discount; `interest` rounds the
    interest of each period. `remainder` says which row takes what the regular rows leave. `total` says whether the sum
    charged is that of the rows (`schedule`) or term times the exact payment (`formula`); it matters for `annuity`.
    """

    installment: Rounding
    fee: Rounding
    interest: Rounding
    split: Literal["parts", "sum"] = "parts"
    remainder: Literal[Remainder.FIRST, Remainder.LAST] = Remainder.LAST
    step: int = 1
    total: Literal["schedule", "formula"] = "schedule"


PROFILES: dict[str, RoundingProfile] = {
    # 花呗: total fee half-even, principal and fee floored apart, both leftovers in the first period.
    "huabei": RoundingProfile(
        installment=Rounding.DOWN, fee=Rounding.HALF_EVEN, interest=Rounding.HALF_EVEN, remainder=Remainder.FIRST
    ),
    # Bank cards (齐鲁银行): principal per period to the fen, the remainder in the last period.
    "card": RoundingProfile(installment=Rounding.DOWN, fee=Rounding.HALF_UP, interest=Rounding.HALF_UP),
    # Juspay, Razorpay, iyzico: the payment half-up.
    "emi_half_up": RoundingProfile(
        installment=Rounding.HALF_UP, fee=Rounding.HALF_UP, interest=Rounding.HALF_UP, split="sum"
    ),
    # Pine Labs truncates the payment.
    "emi_down": RoundingProfile(
        installment=Rounding.DOWN, fee=Rounding.HALF_UP, interest=Rounding.HALF_UP, split="sum"
    ),
    # Mercado Pago truncates the total and the payment.
    "total_and_installment_down": RoundingProfile(
        installment=Rounding.DOWN, fee=Rounding.DOWN, interest=Rounding.DOWN, split="sum", total="formula"
    ),
    # Hyperswitch rounds interest up.
    "interest_up": RoundingProfile(installment=Rounding.HALF_UP, fee=Rounding.UP, interest=Rounding.UP, split="sum"),
    # American Express India: payments of whole rupees.
    "whole_units": RoundingProfile(
        installment=Rounding.HALF_UP, fee=Rounding.HALF_UP, interest=Rounding.HALF_UP, split="sum", step=100
    ),
}


def profile_named(name: str, *, currency: str | None = None) -> RoundingProfile:
    """The preset of that name, such as `huabei`. Raises UnknownRoundingProfile, UnknownCurrency.

    `whole_units` is written for two decimals; with a currency its step is that currency's whole unit (1 yen, 1,000 fils).
    """
    profile = PROFILES.get(name)
    if profile is None:
        raise UnknownRoundingProfile(name=name)
    if profile.step == 1 or currency is None:
        return profile
    return replace(profile, step=10 ** exponent(currency))
