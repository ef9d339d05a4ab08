"""How a loan is paid down: each method gives the principal column and the fee column of its rows.

Everything is exact integer arithmetic. The rate of a period is a fraction: a month's is the year's parts per million
over 12,000,000, and a week's or a day's would only be another fraction. A rounding happens where the lender's profile
names one, nowhere else.
"""

from collections.abc import Sequence
from functools import lru_cache
from math import gcd

from msgspec import Struct

from domain.money import Remainder, divide
from domain.rounding_profiles import RoundingProfile

# Principal column, fee column; row k's amount is the sum of both.
Columns = tuple[list[int], list[int]]
# The rate of one row's period as a fraction: (1, 80) is 15 % a year for a month.
RowRate = tuple[int, int]


class Loan(Struct, frozen=True, gc=False, kw_only=True):
    """What a method needs: minor units, the number of periods, the rate as a fraction, and the lender's rounding.

    The rate is that of one period, or for `flat_fee_columns` the whole fee over the principal.
    """

    principal_minor: int
    term: int
    rate_numerator: int
    rate_denominator: int
    profile: RoundingProfile

    @property
    def row_rates(self) -> list[RowRate]:
        """The same rate for every row."""
        return [(self.rate_numerator, self.rate_denominator)] * self.term


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
    fitted = fit_under(values=fees, limits=amounts)
    return [amount - fee for amount, fee in zip(amounts, fitted, strict=True)], fitted


def fit_under(*, values: list[int], limits: list[int]) -> list[int]:
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
    fee = divide(
        numerator=loan.principal_minor * loan.rate_numerator,
        denominator=loan.rate_denominator,
        rounding=loan.profile.fee,
    )
    return level_columns(principal_minor=loan.principal_minor, fee_minor=fee, term=loan.term, profile=loan.profile)


@lru_cache(maxsize=4096)
def annuity_factor(term: int, rate_numerator: int, rate_denominator: int) -> tuple[int, int]:
    """The exact payment for a principal of 1, as a fraction: i (1 + i)^n / ((1 + i)^n - 1), i the period's rate.

    At 15 % a year over 3 months (i = 1/80) it is 0.3417...; at zero it is 1 / n.
    """
    if rate_numerator == 0:
        return 1, term
    common = gcd(rate_numerator, rate_denominator)
    rate, base = rate_numerator // common, rate_denominator // common
    grown = (base + rate) ** term
    numerator, denominator = rate * grown, base * (grown - base**term)
    common = gcd(numerator, denominator)
    return numerator // common, denominator // common


def annuity_columns(loan: Loan) -> Columns:
    """Equal payments, interest on the balance. The remainder row absorbs what the rounded payments leave."""
    factor, unit = annuity_factor(loan.term, loan.rate_numerator, loan.rate_denominator)
    profile = loan.profile
    step = profile.step
    payment = (
        divide(numerator=loan.principal_minor * factor, denominator=unit * step, rounding=profile.installment) * step
    )
    principals, fees = pay_down(balance=loan.principal_minor, payment=payment, rates=loan.row_rates, profile=profile)
    principals[-1] += loan.principal_minor - sum(principals)
    if profile.total == "formula":
        exact_total = divide(
            numerator=loan.principal_minor * factor * loan.term, denominator=unit, rounding=profile.installment
        )
        bring_fees_to(fees=fees, total=exact_total - loan.principal_minor)
    if profile.remainder is Remainder.FIRST:
        move_odd_to(row=0, principals=principals, fees=fees, payment=payment)
    return principals, fees


def pay_down(*, balance: int, payment: int, rates: Sequence[RowRate], profile: RoundingProfile) -> Columns:
    """The rows of one payment for each rate: interest on what is owed, the rest is principal; a rest may stay owed."""
    principals: list[int] = []
    fees: list[int] = []
    rounding = profile.interest
    for numerator, denominator in rates:
        interest = divide(numerator=balance * numerator, denominator=denominator, rounding=rounding)
        # A payment rounded down to less than the interest pays no principal; one rounded up may finish early.
        principal = min(max(payment - interest, 0), balance)
        principals.append(principal)
        fees.append(interest)
        balance -= principal
    return principals, fees


def bring_fees_to(*, fees: list[int], total: int) -> None:
    """Correct the interest column to a stated total, from the last row backwards, no row below zero."""
    missing = total - sum(fees)
    for number in range(len(fees) - 1, -1, -1):
        change = max(missing, -fees[number])
        fees[number] += change
        missing -= change
        if missing == 0:
            return


def move_odd_to(*, row: int, principals: list[int], fees: list[int], payment: int) -> None:
    """Make the last row regular; that row carries the difference. Interest stays: it is a matter of a few fen."""
    odd = principals[-1] + fees[-1] - payment
    if principals[-1] - odd >= 0 and principals[row] + odd >= 0:
        principals[-1] -= odd
        principals[row] += odd


def equal_principal_columns(loan: Loan) -> Columns:
    """Equal principal, interest on the declining balance: payments fall from row to row."""
    principals = level_split(total=loan.principal_minor, term=loan.term, profile=loan.profile)
    return principals, declining_fees(principals=principals, rates=loan.row_rates, profile=loan.profile)


def declining_fees(*, principals: Sequence[int], rates: Sequence[RowRate], profile: RoundingProfile) -> list[int]:
    """The interest of each row on what is still owed before it, for a principal column that is given."""
    balance = sum(principals)
    fees: list[int] = []
    for principal, (numerator, denominator) in zip(principals, rates, strict=True):
        fees.append(divide(numerator=balance * numerator, denominator=denominator, rounding=profile.interest))
        balance -= principal
    return fees


def no_cost_columns(loan: Loan) -> Columns:
    """No-cost EMI: the price is paid in equal rows, the shop takes the interest off as a discount on what is lent.

    15,000.00 over 3 months at 15 %: rows of 5,000.00, lent 14,632.67, discount 367.33, which is the interest the rows
    show. Principal re-adds to what is lent, fee to the discount, amounts to the price.
    """
    amounts = level_split(total=loan.principal_minor, term=loan.term, profile=loan.profile)
    lent = loan.principal_minor - no_cost_discount(loan)
    return lent_under(amounts=amounts, lent=lent, rates=loan.row_rates, profile=loan.profile)


def lent_under(*, amounts: list[int], lent: int, rates: Sequence[RowRate], profile: RoundingProfile) -> Columns:
    """Split given payments into what was lent and its interest; the last rows take what the roundings leave."""
    balance = lent
    principals: list[int] = []
    for amount, (numerator, denominator) in zip(amounts[:-1], rates, strict=False):
        interest = divide(numerator=balance * numerator, denominator=denominator, rounding=profile.interest)
        principal = min(max(amount - interest, 0), balance)
        principals.append(principal)
        balance -= principal
    principals.append(balance)
    principals = fit_under(values=principals, limits=amounts)
    return principals, [amount - principal for amount, principal in zip(amounts, principals, strict=True)]


def no_cost_discount(loan: Loan) -> int:
    """Price less the present value of its equal parts: 15,000.00 over 3 months at 15 % a year is 367.33."""
    factor, unit = annuity_factor(loan.term, loan.rate_numerator, loan.rate_denominator)
    # 1 lent costs factor/unit a period; the price pays price/term a period, so price * unit / (factor * term) is lent.
    costs = factor * loan.term
    return divide(numerator=loan.principal_minor * (costs - unit), denominator=costs, rounding=loan.profile.fee)
