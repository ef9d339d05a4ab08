"""How a loan is paid down: each method gives the principal column and the fee column of its rows.

Everything is exact integer arithmetic. A periodic rate is a fraction (numerator over denominator) so that months, weeks
and day counts all fit; a rounding happens only where the lender's profile names one.
"""

from functools import lru_cache
from math import gcd

from msgspec import Struct

from domain.money import Remainder, Rounding, divide
from domain.rates import PPM, apply
from domain.rounding_profiles import RoundingProfile

# Principal column, fee column; row k's amount is the sum of both.
Columns = tuple[list[int], list[int]]

_MONTHS_A_YEAR = 12


class Loan(Struct, frozen=True, gc=False, kw_only=True):
    """What a method needs: minor units, number of periods, ppm (total fee for `flat_fee`, else a year) and profile."""

    principal_minor: int
    term: int
    rate_ppm: int
    profile: RoundingProfile


def level_split(*, total: int, term: int, profile: RoundingProfile) -> list[int]:
    """Equal rows in the lender's rounding: 499,900 over 12, floors, remainder first, is 41,662 and eleven 41,658.

    Rounding up may ask more of the regular rows than there is; then floors are used, so that no row is ever negative.
    """
    step = profile.step
    regular = divide(numerator=total, denominator=term * step, rounding=profile.installment) * step
    odd = total - regular * (term - 1)
    if odd < 0:
        regular = total // (term * step) * step
        odd = total - regular * (term - 1)
    rows = [regular] * term
    rows[0 if profile.remainder is Remainder.FIRST else -1] = odd
    return rows


def level_columns(*, principal_minor: int, fee_minor: int, term: int, profile: RoundingProfile) -> Columns:
    """Equal payments of a principal and a fee that are both spread evenly.

    `parts`: each column is rounded by itself (花呗). `sum`: the payment is rounded, the principal follows from it.
    """
    fees = level_split(total=fee_minor, term=term, profile=profile) if fee_minor else [0] * term
    if profile.split == "parts" or fee_minor == 0:
        return level_split(total=principal_minor, term=term, profile=profile), fees
    amounts = level_split(total=principal_minor + fee_minor, term=term, profile=profile)
    return _under_amounts(amounts=amounts, fees=fees)


def level_payment_columns(*, principal_minor: int, fees: list[int], profile: RoundingProfile) -> Columns:
    """Equal payments whose fee column is given (declining interest): principal is what the payment leaves."""
    amounts = level_split(total=principal_minor + sum(fees), term=len(fees), profile=profile)
    return _under_amounts(amounts=amounts, fees=fees)


def _under_amounts(*, amounts: list[int], fees: list[int]) -> Columns:
    fitted = _fit_under(values=fees, limits=amounts)
    return [amount - fee for amount, fee in zip(amounts, fitted, strict=True)], fitted


def _fit_under(*, values: list[int], limits: list[int]) -> list[int]:
    """Push what exceeds its row's limit to the nearest earlier rows with room, then to later ones.

    Keeps every row at zero or more. Only amounts of a few minor units ever need it (5 fen over 12 periods).
    """
    if all(value <= limit for value, limit in zip(values, limits, strict=True)):
        return values
    fitted = list(values)
    carried = 0
    for order in (range(len(fitted) - 1, -1, -1), range(len(fitted))):
        for number in order:
            wanted = fitted[number] + carried
            fitted[number] = min(wanted, limits[number])
            carried = wanted - fitted[number]
    return fitted


def flat_fee_columns(loan: Loan) -> Columns:
    """A fee on the whole principal, spread evenly: 1,111.11 at 7.5 % over 12 has a fee of 83.33."""
    fee = apply(rate_ppm=loan.rate_ppm, to=loan.principal_minor, rounding=loan.profile.fee)
    return level_columns(principal_minor=loan.principal_minor, fee_minor=fee, term=loan.term, profile=loan.profile)


@lru_cache(maxsize=4096)
def annuity_factor(term: int, rate_ppm: int) -> tuple[int, int]:
    """The exact monthly payment for a principal of 1, as a fraction: i (1 + i)^n / ((1 + i)^n - 1), i a year's rate / 12.

    At 15 % over 3 months it is 0.3417...; at zero it is 1 / n.
    """
    if rate_ppm == 0:
        return 1, term
    base = _MONTHS_A_YEAR * PPM
    common = gcd(base, rate_ppm)
    base, rate = base // common, rate_ppm // common
    grown = (base + rate) ** term
    numerator, denominator = rate * grown, base * (grown - base**term)
    common = gcd(numerator, denominator)
    return numerator // common, denominator // common


def annuity_columns(loan: Loan) -> Columns:
    """Equal payments, interest on the balance. The remainder row absorbs what the rounded payments leave."""
    factor, unit = annuity_factor(loan.term, loan.rate_ppm)
    profile = loan.profile
    step = profile.step
    payment = (
        divide(numerator=loan.principal_minor * factor, denominator=unit * step, rounding=profile.installment) * step
    )
    balance = loan.principal_minor
    principals: list[int] = []
    fees: list[int] = []
    for _ in range(loan.term - 1):
        interest = _month_interest(balance=balance, loan=loan)
        # A payment rounded down to less than the interest pays no principal; one rounded up may finish early.
        principal = min(max(payment - interest, 0), balance)
        principals.append(principal)
        fees.append(interest)
        balance -= principal
    principals.append(balance)
    fees.append(_month_interest(balance=balance, loan=loan))
    if profile.total == "formula":
        exact_total = divide(
            numerator=loan.principal_minor * factor * loan.term, denominator=unit, rounding=profile.installment
        )
        _bring_fees_to(fees=fees, total=exact_total - loan.principal_minor)
    if profile.remainder is Remainder.FIRST:
        _move_odd_to_first(principals=principals, fees=fees, payment=payment)
    return principals, fees


def _month_interest(*, balance: int, loan: Loan) -> int:
    return divide(numerator=balance * loan.rate_ppm, denominator=_MONTHS_A_YEAR * PPM, rounding=loan.profile.interest)


def _bring_fees_to(*, fees: list[int], total: int) -> None:
    """Correct the interest column to a stated total, from the last row backwards, no row below zero."""
    missing = total - sum(fees)
    for number in range(len(fees) - 1, -1, -1):
        change = max(missing, -fees[number])
        fees[number] += change
        missing -= change
        if missing == 0:
            return


def _move_odd_to_first(*, principals: list[int], fees: list[int], payment: int) -> None:
    """Make the last row regular; the first one carries the difference. Interest stays: it is a matter of a few fen."""
    odd = principals[-1] + fees[-1] - payment
    if principals[-1] - odd >= 0 and principals[0] + odd >= 0:
        principals[-1] -= odd
        principals[0] += odd


def equal_principal_columns(loan: Loan) -> Columns:
    """Equal principal, interest on the declining balance: payments fall from row to row."""
    principals = level_split(total=loan.principal_minor, term=loan.term, profile=loan.profile)
    balance = loan.principal_minor
    fees: list[int] = []
    for principal in principals:
        fees.append(_month_interest(balance=balance, loan=loan))
        balance -= principal
    return principals, fees


def no_cost_columns(loan: Loan) -> Columns:
    """No-cost EMI: the price is paid in equal rows, the shop takes the interest off as a discount on what is lent.

    15,000.00 over 3 months at 15 %: rows of 5,000.00, lent 14,632.67, discount 367.33, which is the interest the rows
    show. Principal re-adds to what is lent, fee to the discount, amounts to the price.
    """
    price, profile = loan.principal_minor, loan.profile
    amounts = level_split(total=price, term=loan.term, profile=profile)
    balance = price - no_cost_discount(price_minor=price, term=loan.term, rate_ppm=loan.rate_ppm, rounding=profile.fee)
    principals: list[int] = []
    for amount in amounts[:-1]:
        principal = min(max(amount - _month_interest(balance=balance, loan=loan), 0), balance)
        principals.append(principal)
        balance -= principal
    principals.append(balance)
    principals = _fit_under(values=principals, limits=amounts)
    return principals, [amount - principal for amount, principal in zip(amounts, principals, strict=True)]


def no_cost_discount(*, price_minor: int, term: int, rate_ppm: int, rounding: Rounding) -> int:
    """Price less the present value of its equal parts: 1,500,000 over 3 at 150,000 ppm is 36,733."""
    factor, unit = annuity_factor(term, rate_ppm)
    # The factor is what 1 lent costs a month; the price pays price/term a month, so price * unit / (factor * term) is lent.
    return divide(numerator=price_minor * (factor * term - unit), denominator=factor * term, rounding=rounding)
