"""Early settlement: how much of the interest is given back when a loan with level payments ends before its time.

`none` gives nothing back, `pro_rata` the interest of the time left, `sum_of_digits` (the rule of 78) less early on, and
`actuarial` exactly what the payments left would still earn.
"""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from msgspec import Struct

from domain.calculators.exact import percent, rounded
from domain.calculators.row_rates import implied_rate
from domain.calendars import DateOutOfRange
from domain.errors import DomainError
from domain.money import Rounding
from domain.periods import add_months
from domain.schedule import LONGEST_TERM

RebateMethod = Literal["none", "pro_rata", "actuarial", "sum_of_digits"]

_MONTHS = 12


class InvalidSettlement(DomainError):
    """More payments made than there are, payments below the principal, or a date without the loan's start."""

    code = "invalid_settlement"
    status = 422


class RebateRequest(Struct, frozen=True, gc=False, kw_only=True):
    """A loan of `term` level monthly payments of which `paid` are made.

    `rate_percent` is the nominal rate a year for `actuarial`; without it the rate is the one the payments imply.
    With `start_on` and `on` the settlement is on a day: what has passed of the running month is earned.
    """

    principal_minor: int
    installment_minor: int
    term: int
    paid: int
    method: RebateMethod
    rate_percent: Decimal | None = None
    start_on: date | None = None
    on: date | None = None


class RebateAnswer(Struct, frozen=True, gc=False, kw_only=True):
    """What is given back, and what settles the loan: the payments left less the rebate."""

    rebate_minor: int
    settlement_minor: int


def calculate_rebate(request: RebateRequest) -> RebateAnswer:
    """1,000.00 repaid in 12 of 90.00, settled after 3: the rule of 78 gives back 80.00 x 90/156, which is 46.15.

    Halves are rounded up. Raises InvalidSettlement, InvalidRate,
    DateOutOfRange.
    """
    _check(request)
    passed = _passed(request)
    left = request.installment_minor * (request.term - request.paid)
    interest = request.installment_minor * request.term - request.principal_minor
    rebate = rounded(_unearned(request, interest=interest, passed=passed), Rounding.HALF_UP)
    rebate = min(max(rebate, 0), left)
    return RebateAnswer(rebate_minor=rebate, settlement_minor=left - rebate)


def _check(request: RebateRequest) -> None:
    positive = min(request.principal_minor, request.installment_minor) >= 1 and 1 <= request.term <= LONGEST_TERM
    if not positive or not 0 <= request.paid <= request.term:
        raise InvalidSettlement(term=request.term, paid=request.paid)
    if request.installment_minor * request.term < request.principal_minor:
        raise InvalidSettlement(
            reason="the payments do not repay the principal",
            principal_minor=request.principal_minor,
            payments_minor=request.installment_minor * request.term,
        )
    if request.on is not None and (request.start_on is None or request.on < request.start_on):
        raise InvalidSettlement(reason="a settlement date needs an earlier start_on", on=request.on.isoformat())


def _passed(request: RebateRequest) -> Fraction:
    """Periods passed: those paid, or by the date where that is later, the running month by its days."""
    if request.on is None or request.start_on is None:
        return Fraction(request.paid)
    months = 12 * (request.on.year - request.start_on.year) + request.on.month - request.start_on.month
    try:
        if add_months(anchor=request.start_on, step=months) > request.on:
            months -= 1
        due = add_months(anchor=request.start_on, step=months)
        following = add_months(anchor=request.start_on, step=months + 1)
    except ValueError as error:
        raise DateOutOfRange(on=request.on.isoformat()) from error
    running = months + Fraction((request.on - due).days, (following - due).days)
    return min(max(running, Fraction(request.paid)), Fraction(request.term))


def _unearned(request: RebateRequest, *, interest: int, passed: Fraction) -> Fraction:
    term = request.term
    if request.method == "pro_rata":
        return interest * (term - passed) / term
    if request.method == "sum_of_digits":
        whole = passed.numerator // passed.denominator
        months = term - whole
        # In the running month the digit of that month is earned day by day.
        digits = Fraction(months * (months + 1), 2) - months * (passed - whole)
        return interest * digits / Fraction(term * (term + 1), 2)
    if request.method == "actuarial":
        return _actuarial(request, interest=interest, passed=passed)
    return Fraction(0)


def _actuarial(request: RebateRequest, *, interest: int, passed: Fraction) -> Fraction:
    """The payments still to come less what they are worth now; in the running month interest is simple."""
    if request.rate_percent is not None:
        rate = percent(request.rate_percent) / _MONTHS
    else:
        cost = Fraction(interest, request.principal_minor)
        rate = implied_rate(cost=cost, term=request.term, payment_at="end")
    whole = passed.numerator // passed.denominator
    months = request.term - whole
    worth = _present_value(rate=rate, months=months) * (1 + rate * (passed - whole))
    return request.installment_minor * (months - worth)


def _present_value(*, rate: Fraction, months: int) -> Fraction:
    if rate == 0:
        return Fraction(months)
    return (1 - (1 + rate) ** -months) / rate
