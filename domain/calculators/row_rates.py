"""The rate of every row of a schedule: from what is stated (a year, a period, the whole fee), steps and the calendar."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from msgspec import Struct

from domain.amortisation import RowRate
from domain.calculators.root import Flow, solve
from domain.calendars import DayCount, Period, year_fraction

PaymentAt = Literal["end", "start"]


class Calendar(Struct, frozen=True, gc=False, kw_only=True):
    """When the rows fall due. With `payment_at` start the first payment is made with nothing owed for time yet."""

    start_on: date
    due_dates: tuple[date, ...]
    period: Period
    day_count: DayCount
    payment_at: PaymentAt

    def accrued(self) -> list[Fraction]:
        """The part of a year before each payment, in which its interest arises."""
        if self.day_count != "equal_periods":
            return self._fractions((self.start_on, *self.due_dates))
        one = 1 / self.period.per_year
        spans = [one] * len(self.due_dates)
        if self.payment_at == "start":
            spans[0] = Fraction(0)
        return spans

    def held(self, *, following: date) -> list[Fraction]:
        """The part of a year that each row stands for: a period whether it is paid at its end or its start."""
        if self.day_count == "equal_periods":
            return [1 / self.period.per_year] * len(self.due_dates)
        if self.payment_at == "end":
            return self.accrued()
        return self._fractions((*self.due_dates, following))

    def _fractions(self, dates: Sequence[date]) -> list[Fraction]:
        return [year_fraction(start=earlier, end=later, day_count=self.day_count) for earlier, later in pairwise(dates)]


def annuity_value(rates: Sequence[RowRate]) -> tuple[int, int]:
    """What one unit in every row is worth today, as an exact fraction; with one rate it is (1 - (1 + i)^-n) / i."""
    numerator, denominator = 0, 1
    for rate, base in reversed(rates):
        numerator, denominator = (denominator + numerator) * base, denominator * (base + rate)
    return numerator, denominator


def implied_rate(*, cost: Fraction, term: int, payment_at: PaymentAt) -> Fraction:
    """The rate of a period at which level payments cost `cost` of the principal in all; 0 where none does.

    A fee of 7.5 % over 12 is 1.1308 % a month.
    """
    first = 0 if payment_at == "start" else 1
    payment = cost.denominator + cost.numerator
    flows = [Flow(-term * cost.denominator, Fraction(0))]
    flows += [Flow(payment, Fraction(step)) for step in range(first, first + term)]
    root = solve(flows)
    return Fraction(0) if root is None or root.rate < 0 else Fraction(root.rate)
