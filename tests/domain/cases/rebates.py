"""Early settlement: the rule of 78 and the actuarial method as textbooks and calculators print them (hundredths)."""

from typing import NamedTuple


class Case(NamedTuple):
    source: str
    request: dict
    rebate: int
    settlement: int | None = None
    unmet: str | None = None


def loan(principal, installment, term, paid, method, **more):
    return {
        "principal_minor": principal,
        "installment_minor": installment,
        "term": term,
        "paid": paid,
        "method": method,
        **more,
    }


# Three times the loan, so that its instalment is a whole number of cents.
G = "codingace, rule of 78 interest refund, 10,000 over 24 with a charge of 1,800: "
H = "mathhelpforum, Unearned interest: 3,310 in 18 of 201.85, 6 left, the book's answer: "
B = "algebra.com, question 1199335: 5,310 over 12 at a flat 12 %, 2 left: "
ALL = [
    Case(
        "easycalculation, rule of 78: a charge of 100 over 12, 9 left",
        loan(110_000, 10_000, 12, 3, "sum_of_digits"),
        5_769,
    ),
    Case(G + "6 paid", loan(3_000_000, 147_500, 24, 6, "sum_of_digits"), 3 * 102_600),
    Case(G + "12 paid", loan(3_000_000, 147_500, 24, 12, "sum_of_digits"), 3 * 46_800),
    Case(G + "18 paid", loan(3_000_000, 147_500, 24, 18, "sum_of_digits"), 3 * 12_600),
    Case(H + "rule of 78", loan(331_000, 20_185, 18, 12, "sum_of_digits"), 3_970, 117_140),
    Case(
        H + "actuarial",
        loan(331_000, 20_185, 18, 12, "actuarial", rate_percent="12"),
        4_129,
        unmet="The book takes 3.53 per 100 from the Regulation Z table; to all digits it is 3.5290 and 41.28.",
    ),
    Case(B + "in proportion", loan(531_000, 49_560, 12, 10, "pro_rata"), 10_620, 88_500),
    Case(
        "pocketsense, finance charge refund: a charge of 400 over 12, 9 left",
        loan(1_000_000, 86_667, 12, 3, "sum_of_digits"),
        23_144,
        unmet="The page has 90/156 as 0.5786; it is 0.5769, and 400 of it 230.77 (its own payments make it 400.04).",
    ),
]
