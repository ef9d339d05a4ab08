"""Annual costs: regulators' examples, and the flat fees of the lenders.

Amounts are in units of money; the test turns them into minor units.
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

ALL = [*REGULATION_Z, *EUROPE, *REGULATION_DD]
