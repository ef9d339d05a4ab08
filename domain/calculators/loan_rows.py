"""Principal and fee columns of any loan: every method, with grace, rate steps, calendars and payments in advance.

The loops are those of `amortisation`, which the product's own schedules use; only the rates differ from row to row.
"""

from fractions import Fraction
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from domain.amortisation import (
    Columns,
    RowRate,
    annuity_factor,
    bring_fees_to,
    declining_fees,
    fit_under,
    lent_under,
    level_columns,
    level_payment_columns,
    level_split,
    move_odd_to,
    pay_down,
)
from domain.calculators.exact import rounded
from domain.calculators.row_rates import annuity_value
from domain.money import Remainder, allocate, divide
from domain.rounding_profiles import RoundingProfile

Method = Literal["flat_fee", "annuity", "equal_principal", "no_cost_discount"]


class LoanRows(Struct, frozen=True, gc=False, kw_only=True):
    """One loan. `annual` is the rate a year of each row, `spans` how long its interest runs, in parts of 1 / `year`.

    In the first `grace` rows no principal is paid. `steps` are the rows from which another rate holds. `cost` is the
    whole fee over the principal where that is what was stated (always for `flat_fee`), else None.
    """

    principal_minor: int
    annual: tuple[Fraction, ...]
    spans: tuple[int, ...]
    year: int
    profile: RoundingProfile
    grace: int = 0
    steps: tuple[int, ...] = ()
    cost: Fraction | None = None

    @property
    def term(self) -> int:
        """The number of rows."""
        return len(self.spans)

    @property
    def rates(self) -> list[RowRate]:
        """Each row's rate for its own span."""
        year = self.year
        return [
            (annual.numerator * span, annual.denominator * year)
            for annual, span in zip(self.annual, self.spans, strict=True)
        ]

    def level_value(self, row: int) -> RowRate:
        """What one unit a row from `row` on is worth before it, at that row's own rate for all that is left: a fraction,
        not reduced, as its parts grow to thousands of digits."""
        annual, spans = self.annual[row], self.spans[row:]
        numerator, denominator = annual.numerator, annual.denominator * self.year
        if min(spans) == max(spans):
            factor, unit = annuity_factor(len(spans), numerator * spans[0], denominator)
            return unit, factor
        return annuity_value([(numerator * span, denominator) for span in spans])

    @property
    def fee_minor(self) -> int:
        """The stated whole fee in the lender's rounding."""
        assert self.cost is not None
        return rounded(self.cost * self.principal_minor, self.profile.fee)


def lender_columns(loan: LoanRows, *, method: Method) -> Columns:
    """What the lender earns, with its whole fee. Not for `no_cost_discount`, which has a price instead of a loan."""
    if method == "flat_fee":
        return _flat_columns(loan)
    if method == "equal_principal":
        return _equal_principal_columns(loan)
    return annuity_columns(loan)


def _flat_columns(loan: LoanRows) -> Columns:
    if not loan.grace:
        return level_columns(
            principal_minor=loan.principal_minor, fee_minor=loan.fee_minor, term=loan.term, profile=loan.profile
        )
    return graced_principals(loan), level_split(total=loan.fee_minor, term=loan.term, profile=loan.profile)


def graced_principals(loan: LoanRows) -> list[int]:
    """Equal principal in the rows after the grace."""
    left = level_split(total=loan.principal_minor, term=loan.term - loan.grace, profile=loan.profile)
    return [0] * loan.grace + left


def _equal_principal_columns(loan: LoanRows) -> Columns:
    principals = graced_principals(loan)
    fees = declining_fees(principals=principals, rates=loan.rates, profile=loan.profile)
    return principals, fees if loan.cost is None else _spread(loan.fee_minor, weights=fees)


def _spread(total: int, *, weights: list[int]) -> list[int]:
    """A stated total over the rows as the interest falls; evenly where there is none to go by."""
    return allocate(total=total, weights=weights if any(weights) else [1] * len(weights))


def annuity_columns(loan: LoanRows) -> Columns:
    """Level payments, computed anew wherever the rate changes; in the grace only interest."""
    profile, rates = loan.profile, loan.rates
    principals, fees = pay_down(balance=loan.principal_minor, payment=0, rates=rates[: loan.grace], profile=profile)
    starts = [loan.grace, *[row for row in loan.steps if row > loan.grace]]
    exact, payment = sum(fees), 0
    for start, end in zip(starts, [*starts[1:], loan.term], strict=True):
        balance = loan.principal_minor - sum(principals)
        worth, unit = loan.level_value(start)
        payment = _level(balance * unit, worth * profile.step, profile) * profile.step
        exact += _level(balance * unit * (end - start), worth, profile)
        paid, charged = pay_down(balance=balance, payment=payment, rates=rates[start:end], profile=profile)
        principals += paid
        fees += charged
    principals[-1] += loan.principal_minor - sum(principals)
    if loan.cost is not None:
        weights = _spread(loan.fee_minor, weights=fees)
        return level_payment_columns(principal_minor=loan.principal_minor, fees=weights, profile=profile)
    if profile.total == "formula":
        bring_fees_to(fees=fees, total=exact - loan.principal_minor)
    if profile.remainder is Remainder.FIRST:
        move_odd_to(row=loan.grace, principals=principals, fees=fees, payment=payment)
    return principals, fees


def _level(numerator: int, denominator: int, profile: RoundingProfile) -> int:
    return divide(numerator=numerator, denominator=denominator, rounding=profile.installment)


def buyer_columns(loan: LoanRows, *, method: Method, lender: Columns, fee_minor: int) -> Columns:
    """What is left to the buyer when all of the lender's fee but `fee_minor` is waived. Level payments stay level."""
    principals, fees = lender
    if fee_minor == sum(fees):
        return lender
    plain = not loan.grace and not loan.steps
    if fee_minor and method == "annuity" and plain:
        left = allocate(total=fee_minor, weights=fees)
        return level_payment_columns(principal_minor=loan.principal_minor, fees=left, profile=loan.profile)
    if method == "flat_fee" or (fee_minor == 0 and method == "annuity"):
        if plain:
            return level_columns(
                principal_minor=loan.principal_minor, fee_minor=fee_minor, term=loan.term, profile=loan.profile
            )
        return graced_principals(loan), level_split(total=fee_minor, term=loan.term, profile=loan.profile)
    return principals, allocate(total=fee_minor, weights=fees)


def no_cost_discount(loan: LoanRows, *, tax: Fraction, share: Fraction) -> int:
    """What the shop takes off the price S so that its equal parts pay for themselves: `share` of S - S / c.

    c is 1 + (1 + tax) times what level payments cost; without tax S / c is the present value of S / n a row. 15,000.00
    over 3 at 15 % is 367.33; 10,000.00 over 18 at 15 % with 18 % tax 1,266.78.
    """
    cost = loan.cost if loan.cost is not None else loan.term / Fraction(*annuity_value(loan.rates)) - 1
    over = (1 + tax) * cost
    return rounded(loan.principal_minor * share * over / (1 + over), loan.profile.fee)


def discounted_columns(loan: LoanRows, *, discount_minor: int, tax_in_price: bool) -> Columns:
    """The price in equal rows: what was lent, and the discount as the interest (and tax) on it."""
    amounts = level_split(total=loan.principal_minor, term=loan.term, profile=loan.profile)
    lent = loan.principal_minor - discount_minor
    if not tax_in_price and loan.cost is None:
        return lent_under(amounts=amounts, lent=lent, rates=loan.rates, profile=loan.profile)
    # The discount is not what the rate alone would earn: it falls on the rows as the interest of the loan does.
    interest = annuity_columns(replace(loan, principal_minor=lent, cost=None))[1]
    fees = fit_under(values=_spread(discount_minor, weights=interest), limits=amounts)
    return [amount - fee for amount, fee in zip(amounts, fees, strict=True)], fees
