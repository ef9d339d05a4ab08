"""Annual costs: regulators' examples, spreadsheets' manuals, other projects' tests.

Amounts are in units of money, turned into minor units by the test; `A` is an advance, `P` a payment.
"""

from datetime import date, timedelta
from typing import NamedTuple


class Case(NamedTuple):
    source: str
    convention: str
    advances: list
    payments: list
    percent: str
    year_days: str | None = None
    unmet: str | None = None


def at(amount, on=None, **where):
    return {"amount": amount, "on": on, **where}


def every_days(amount, first, days, count):
    return [at(amount, first + timedelta(days=days * number)) for number in range(count)]


def twice_a_month(amount, year, month, count):
    found = []
    for number in range(count):
        years, months = divmod(month - 1 + number // 2, 12)
        found.append(at(amount, date(year + years, months + 1, (1, 16)[number % 2])))
    return found


J = "12 CFR 1026 (Regulation Z), Appendix J, "
SKIPPED = date(1978, 1, 25)
REGULATION_Z = [
    Case(
        J + "(c)(1)(i)",
        "us_actuarial",
        [at("5000", date(1978, 1, 10))],
        [at("230", date(1978, 2, 10), count=24)],
        "9.69",
    ),
    Case(
        J + "(c)(1)(ii)",
        "us_actuarial",
        [at("6000", date(1978, 2, 10))],
        [at("200", date(1978, 4, 1), count=36)],
        "11.82",
    ),
    Case(
        J + "(c)(1)(iii)",
        "us_actuarial",
        [at("5000", date(1978, 2, 23))],
        twice_a_month("219.17", 1978, 3, 24),
        "10.34",
    ),
    Case(
        J + "(c)(1)(iv)",
        "us_actuarial",
        [at("10000", date(1978, 5, 23))],
        [at("385", date(1978, 10, 1), count=40, every=3)],
        "8.97",
    ),
    Case(
        J + "(c)(1)(v)",
        "us_actuarial",
        [at("500", date(1978, 3, 20))],
        every_days("17.60", date(1978, 4, 21), 7, 30),
        "14.96",
    ),
    Case(
        J + "(c)(2)(i)",
        "us_actuarial",
        [at("5000", date(1978, 1, 10))],
        [at("250", date(1978, 2, 10)), at("230", date(1978, 3, 10), count=23)],
        "10.08",
    ),
    Case(
        J + "(c)(2)(ii)",
        "us_actuarial",
        [at("400", date(1978, 3, 18))],
        [at("39.50", date(1978, 4, 20)), *every_days("38.31", date(1978, 5, 18), 28, 11)],
        "28.50",
    ),
    Case(
        J + "(c)(3)(i)",
        "us_actuarial",
        [at("5000", date(1978, 1, 10))],
        [at("230", date(1978, 2, 10), count=23), at("280", date(1980, 1, 10))],
        "10.50",
    ),
    Case(
        J + "(c)(3)(ii)",
        "us_actuarial",
        [at("200", date(1978, 4, 3))],
        [*every_days("9.50", date(1978, 4, 11), 14, 19), at("30", date(1979, 1, 2))],
        "12.22",
    ),
    Case(
        J + "(c)(4)(i)",
        "us_actuarial",
        [at("5000", date(1978, 1, 10))],
        [at("250", date(1978, 2, 10)), at("230", date(1978, 3, 10), count=22), at("280", date(1980, 1, 10))],
        "10.90",
    ),
    Case(
        J + "(c)(4)(ii)",
        "us_actuarial",
        [at("8000", date(1978, 1, 10))],
        [at("449.36", date(1978, 3, 1)), at("465", date(1978, 5, 1), count=18, every=2), at("200", date(1981, 5, 1))],
        "7.30",
    ),
    Case(J + "(c)(5)(i)", "us_actuarial", [at("1000", date(1978, 1, 3))], [at("1080", date(1978, 9, 15))], "11.45"),
    Case(J + "(c)(5)(ii)", "us_actuarial", [at("1000")], [at("1044", month=6)], "8.80"),
    Case(
        J + "(c)(5)(iii)", "us_actuarial", [at("1000", date(1978, 1, 17))], [at("1135.19", date(1979, 7, 17))], "8.76"
    ),
    Case(J + "(c)(5)(iv)", "us_actuarial", [at("1000", date(1978, 1, 17))], [at("1240", date(1980, 1, 17))], "11.36"),
    Case(
        J + "(c)(6)(i)",
        "us_actuarial",
        [at("2135", SKIPPED)],
        [
            payment
            for days, count in ((26, 9), (292, 6), (474, 6), (656, 3))
            for payment in every_days("100", SKIPPED + timedelta(days=days), 28, count)
        ],
        "12.00",
    ),
    Case(
        J + "(c)(6)(ii)",
        "us_actuarial",
        [at("7350", date(1978, 3, 3))],
        [
            at("1000", date(1978, 9, 15), count=3),
            at("2000", date(1979, 3, 15)),
            at("750", date(1979, 9, 15), count=3),
            at("1000", date(1980, 2, 1)),
        ],
        "10.22",
    ),
    # The same examples as unit-periods and odd days, without a calendar.
    Case(J + "(c)(1)(i), by months", "us_actuarial", [at("5000")], [at("230", month=1, count=24)], "9.69"),
    Case(J + "(c)(1)(ii), by months", "us_actuarial", [at("6000")], [at("200", month=1, day=19, count=36)], "11.82"),
    Case(
        J + "(c)(1)(iv), by months",
        "us_actuarial",
        [at("10000")],
        [at("385", month=4, day=9, count=40, every=3)],
        "8.97",
    ),
    Case(J + "(c)(1)(v), by days", "us_actuarial", [at("500")], [at("17.60", day=32, count=30, every=7)], "14.96"),
]

F = "fsharp-finance-personal, AprUsActuarialTests, confirmed there with Excel: "
QUARTERLY = [at("385", date(1978, 10, 1), count=40, every=3)]
WEEKLY = every_days("250", date(2023, 11, 30), 7, 5)
OTHER_ACTUARIAL = [
    Case(F + "quarterly, 98 days", "us_actuarial", [at("10000", date(1978, 6, 23))], QUARTERLY, "9.15"),
    Case(F + "quarterly, 68 days", "us_actuarial", [at("10000", date(1978, 7, 23))], QUARTERLY, "9.32"),
    Case(
        F + "daily",
        "us_actuarial",
        [at("1000", date(2023, 10, 26))],
        every_days("220", date(2023, 11, 30), 1, 5),
        "94.15",
    ),
    Case(F + "weekly, long first", "us_actuarial", [at("1000", date(2023, 10, 28))], WEEKLY, "176.52"),
    Case(F + "weekly, regular", "us_actuarial", [at("1000", date(2023, 11, 23))], WEEKLY, "412.40"),
    Case(F + "weekly, short first", "us_actuarial", [at("1000", date(2023, 11, 24))], WEEKLY, "434.30"),
    Case(
        F + "yearly",
        "us_actuarial",
        [at("1000", date(2023, 10, 26))],
        [at("500", date(2023, 11, 30), count=5, every=12)],
        "78.34",
    ),
]

D = "Directive 98/7/EC, Annex III, "
EUROPE = [
    Case(D + "A, first example", "eu_aprc", [at("1000", date(1994, 1, 1))], [at("1200", date(1995, 7, 1))], "12.96"),
    Case(D + "A, first example, 546 days", "eu_aprc", [at("1000")], [at("1200", day=546)], "12.96", year_days="365"),
    Case(D + "A, second example", "eu_aprc", [at("950", date(1994, 1, 1))], [at("1200", date(1995, 7, 1))], "16.9"),
    Case(
        D + "A, third example",
        "eu_aprc",
        [at("1000", date(1994, 1, 1))],
        [at("600", date(1995, 1, 1), count=2, every=12)],
        "13.07",
    ),
    Case(
        D + "A, third example, its seven decimals",
        "eu_aprc",
        [at("1000")],
        [at("600", month=12, count=2, every=12)],
        "13.06623",
        unmet="The annex cuts off: it prints i = 0,1306623, the root is 0.13066238629.",
    ),
]

C = "curo_calculator, its own tests: "
LOAN_172 = [at("172.55", month=1, count=6)]
CURO = [
    Case(C + "EU200848EC, 6 x 172.55", "eu_aprc", [at("1000")], LOAN_172, "12.68619061"),
    Case(
        C + "Act365 XIRR, 6 x 172.55",
        "effective_365",
        [at("1000", date(2022, 1, 1))],
        [at("172.55", date(2022, 2, 1), count=6)],
        "12.83031992",
    ),
    Case(C + "US30360 IRR, 3 x 340.02", "cn_simple", [at("1000")], [at("340.02", month=1, count=3)], "11.99622431"),
    Case(C + "US30360 IRR, 6 x 1707.00", "cn_simple", [at("10000")], [at("1707", month=1, count=6)], "8.25003988"),
    Case(C + "EU200848EC, 6 x 1707.00", "eu_aprc", [at("10000")], [at("1707", month=1, count=6)], "8.56925686"),
]

R = "12 CFR 1030 (Regulation DD), Appendix A, "
REGULATION_DD = [
    Case(R + "NOW account", "effective_365", [at("1000")], [at("1061.68", day=365)], "6.17"),
    Case(R + "six-month certificate", "effective_365", [at("1000")], [at("1030.37", day=182)], "6.18"),
    Case(R + "stepped rate, six months", "effective_365", [at("1000")], [at("1026.68", day=183)], "5.39"),
    Case(R + "stepped rate, two years", "effective_365", [at("1000")], [at("1133.13", day=730)], "6.45"),
    Case(R + "statement of 30 days", "effective_365", [at("1000")], [at("1005.25", day=30)], "6.58"),
    Case(R + "statement of 30 days, 1,500", "effective_365", [at("1500")], [at("1506.50", day=30)], "5.40"),
    Case(R + "quarterly statement", "effective_365", [at("2000")], [at("2021.00", day=91)], "4.28"),
]

X = "Microsoft, XIRR function"
DATED = [
    ("2750", date(2008, 3, 1)),
    ("4250", date(2008, 10, 30)),
    ("3250", date(2009, 2, 15)),
    ("2750", date(2009, 4, 1)),
]
SPREADSHEETS = [
    Case(X, "effective_365", [at("10000", date(2008, 1, 1))], [at(*flow) for flow in DATED], "37.34"),
    Case(
        X + ", its nine decimals",
        "effective_365",
        [at("10000", date(2008, 1, 1))],
        [at(*flow) for flow in DATED],
        "37.3362535",
        unmet="Excel stops iterating at 1e-8: it prints 0.373362535, the rate that balances the flows is 0.3733625335.",
    ),
    Case(
        "Microsoft, IRR function",
        "effective_365",
        [at("70000")],
        [
            at(amount, month=12 * year)
            for year, amount in enumerate(("12000", "15000", "18000", "21000", "26000"), start=1)
        ],
        "8.663094804",
    ),
]


def yearly(*amounts):
    """Advances (below zero) and payments of a list of yearly flows."""
    flows = [(amount, 12 * year) for year, amount in enumerate(amounts) if amount]
    return (
        [at(str(-amount), month=month) for amount, month in flows if amount < 0],
        [at(str(amount), month=month) for amount, month in flows if amount > 0],
    )


N = "numpy-financial, TestIrr: "
NUMPY = [
    Case(N + "basic", "effective_365", *yearly(-150000, 15000, 25000, 35000, 45000, 60000), "5.24"),
    Case(N + "a loss", "effective_365", *yearly(-100, 0, 0, 74), "-9.55"),
    Case(N + "four years", "effective_365", *yearly(-100, 39, 59, 55, 20), "28.095"),
    Case(N + "money back, then out", "effective_365", *yearly(-100, 100, 0, -7), "-8.33"),
    Case(N + "money back, then more", "effective_365", *yearly(-100, 100, 0, 7), "6.206"),
    Case(N + "three changes of sign", "effective_365", *yearly(-5, 10.5, 1, -8, 1), "8.86"),
    Case(
        N + "gh-44",
        "effective_365",
        *yearly(-1678.87, 771.96, 1814.05, 3520.30, 3552.95, 3584.99, 4789.91, -1),
        "100.426",
        unmet="Google Sheets' 1.00426 is cut off, not rounded: the rate is 1.004269849. Their test compares four decimals.",
    ),
]

MP = "Mercado Pago, recorded payer_costs of 2018 (CFT label), "
MERCADO_PAGO = [
    Case(MP + "6 of 6.331 for 30", "cn_compound", [at("3000")], [at("633.10", month=1, count=6)], "130.09"),
    Case(
        MP + "3 of 11.392 for 30",
        "cn_compound",
        [at("3000")],
        [at("1139.20", month=1, count=3)],
        "120.42",
        unmet="13.92 % is itself rounded; at 13.915 % the label's 120.42 comes out, at 13.92 % it is 120.48.",
    ),
]

# Flat fee over the principal in percent, periods: simple and compound; the first column of figures of the PBoC 2021 no. 3
# practice (12 x monthly internal rate). Huabei's about-rates page prints 13.7, 15.3 and 13.6 for the three it charges.
FLAT_FEES = [
    (3, "1.8", "10.77", "11.32"),
    (3, "2.3", "13.75", "14.65"),
    (6, "4.5", "15.27", "16.38"),
    (12, "6.0", "10.90", "11.46"),
    (12, "7.2", "13.03", "13.84"),
    (12, "7.5", "13.57", "14.44"),
    (24, "15.0", "13.80", "14.70"),
    (12, "12.0", "21.46", "23.70"),
    (12, "13.45", "23.96", "26.78"),
    (12, "13.5", "24.05", "26.89"),
]
HUABEI_ABOUT = [(3, "2.3", "13.7"), (6, "4.5", "15.3"), (12, "7.5", "13.6")]

ALL = [*REGULATION_Z, *OTHER_ACTUARIAL, *EUROPE, *CURO, *REGULATION_DD, *SPREADSHEETS, *NUMPY, *MERCADO_PAGO]
