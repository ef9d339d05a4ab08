"""Annual costs: spreadsheets' manuals and other projects' tests; written like the regulators' examples."""

from datetime import date

from tests.domain.cases.annual_costs import Case, at, every_days

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

ALL = [*OTHER_ACTUARIAL, *CURO, *SPREADSHEETS, *NUMPY, *MERCADO_PAGO]
