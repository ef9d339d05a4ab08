"""Schedules of other systems: payment gateways' examples, a core banking system's acceptance tests, spreadsheets."""

from datetime import date
from typing import NamedTuple

_LONG_DECEMBER = (
    "Fineract counts 19 days of 2023 and 12 of 2024 between 12 December and 12 January; by ISDA it is 20 and 11 days. "
    "The first interest is 101.82 (80.46 at 9.4822 %), not 101.81 (80.45)."
)
_ITERATED = (
    "Fineract moves the rounded payment by a cent when that brings the last one nearer (its tests are tagged iterate): "
    "15.47 and 16.90 where the exact level payments are 15.4644 and 16.8947, half-up 15.46 and 16.89."
)


class Case(NamedTuple):
    """Rates in percent; rows of (principal, interest) in hundredths, or a single payment."""

    source: str
    request: dict
    rows: list
    unmet: str | None = None


A = "Apache Fineract, EMICalculation.feature, "
LOAN = {"method": "annuity", "rate_kind": "annual", "rounding": "emi_half_up", "start_on": date(2024, 1, 1)}
HUNDRED = LOAN | {"principal_minor": 100_00, "term": 6, "rate_percent": "12", "day_count": "30/360"}
ODD_RATE = HUNDRED | {"rate_percent": "9.4822"}
ACTUAL = LOAN | {"start_on": date(2023, 12, 12), "day_count": "actual/actual", "principal_minor": 10_000_00, "term": 6}
FINERACT = [
    Case(A + "C3154", HUNDRED, [(1625, 100), (1641, 84), (1658, 67), (1674, 51), (1691, 34), (1711, 17)]),
    Case(A + "C3155", ODD_RATE, [(1634, 79), (1647, 66), (1660, 53), (1673, 40), (1686, 27), (1700, 13)]),
    Case(
        A + "C3165",
        HUNDRED | {"principal_minor": 75_00, "term": 5, "rate_percent": "12.3"},
        [(1470, 77), (1485, 62), (1500, 47), (1516, 31), (1529, 16)],
        unmet=_ITERATED,
    ),
    Case(
        A + "C3157",
        HUNDRED | {"term": 3, "period": ("month", 2)},
        [(3268, 200), (3333, 135), (3399, 68)],
    ),
    Case(
        A + "C3158 (14 days of 360)",
        ODD_RATE | {"period": ("week", 2), "day_count": "actual/360"},
        [(1651, 37), (1657, 31), (1663, 25), (1669, 19), (1676, 12), (1684, 6)],
    ),
    Case(
        A + "C3159",
        HUNDRED | {"day_count": "actual/365"},
        [(1623, 102), (1645, 80), (1656, 69), (1675, 50), (1690, 35), (1711, 17)],
    ),
    Case(
        A + "C3160",
        ODD_RATE | {"day_count": "actual/365"},
        [(1632, 81), (1650, 63), (1659, 54), (1674, 39), (1686, 27), (1699, 13)],
    ),
    Case(
        A + "C3161, after the down payment of 25.00",
        HUNDRED | {"principal_minor": 75_00, "term": 5, "rate_percent": "5"},
        [(1488, 31), (1494, 25), (1500, 19), (1506, 13), (1512, 6)],
    ),
    Case(
        A + "C3167",
        HUNDRED | {"rate_percent": "15.678", "day_count": "actual/365"},
        [(1610, 133), (1638, 105), (1653, 90), (1677, 66), (1697, 46), (1725, 22)],
    ),
    Case(
        A + "C3166",
        ODD_RATE | {"period": ("day", 15), "day_count": "actual/365"},
        [(1651, 39), (1657, 33), (1664, 26), (1670, 20), (1677, 13), (1681, 7)],
        unmet=_ITERATED,
    ),
    Case(
        A + "C3152",
        ACTUAL | {"rate_percent": "12"},
        [(162375, 10181), (164042, 8514), (166151, 6405), (167398, 5158), (169211, 3345), (170823, 1736)],
        unmet=_LONG_DECEMBER,
    ),
    Case(
        A + "C3153",
        ACTUAL | {"rate_percent": "9.4822"},
        [(163267, 8045), (164592, 6720), (166262, 5050), (167249, 4063), (168680, 2632), (169950, 1365)],
        unmet=_LONG_DECEMBER,
    ),
]

TODAY = date(2026, 11, 21)
CUTS = {"rounding": "total_and_installment_down", "method": "flat_fee", "rate_kind": "total_fee", "start_on": TODAY}
HUABEI = {"rounding": "huabei", "method": "flat_fee", "rate_kind": "total_fee", "start_on": TODAY}
CARD = {"rounding": "card", "method": "flat_fee", "rate_kind": "per_period", "start_on": TODAY}
MP = "Mercado Pago, recorded payer_costs of 2018, 30.00 in "
SHOPS = [
    Case(
        "Alipay 花呗分期 documents in pudongping, global-pay: 1,111.11 over 12 at 7.5 %",
        HUABEI | {"principal_minor": 111_111, "term": 12, "rate_percent": "7.5"},
        [(9262, 699)] + [(9259, 694)] * 11,
    ),
    Case(
        "Alipay 花呗分期 documents: 4,999.00 over 12 at 7.5 %",
        HUABEI | {"principal_minor": 499_900, "term": 12, "rate_percent": "7.5"},
        [(41662, 3128)] + [(41658, 3124)] * 11,
    ),
    Case(
        "齐鲁银行 card instalments: 1,000.00 over 3 at 0.6 % a period, odd fen last",
        CARD | {"principal_minor": 100_000, "term": 3, "rate_percent": "0.6"},
        [(33333, 600), (33333, 600), (33334, 600)],
    ),
    Case(MP + "3 of 11.39", CUTS | {"principal_minor": 3000, "term": 3, "rate_percent": "13.92"}, [(1000, 139)] * 3),
    Case(MP + "6 of 6.33", CUTS | {"principal_minor": 3000, "term": 6, "rate_percent": "26.62"}, [(500, 133)] * 6),
]


class Payment(NamedTuple):
    """The level payment, or one row's interest or principal, to the decimals published."""

    source: str
    request: dict
    row: int
    column: str
    published: str
    unmet: str | None = None


E = "Microsoft, "
MONTHLY = {"method": "annuity", "rate_kind": "annual", "start_on": TODAY}
BY_PERIOD = MONTHLY | {"rate_kind": "per_period"}
TEN = MONTHLY | {"principal": 10_000, "term": 10, "rate_percent": "8"}
MORTGAGE = MONTHLY | {"principal": 125_000, "term": 360, "rate_percent": "9"}
TWO_YEARS = MONTHLY | {"principal": 2_000, "term": 24, "rate_percent": "10"}
N = "numpy-financial, its tests (values of Google Sheets): "
FIVE_YEARS = MONTHLY | {"principal": 55_000, "term": 60, "rate_percent": "10"}
IN_ADVANCE = {"principal": 300_000, "term": 360, "rate_percent": "0.1988079518355057", "payment_at": "start"}
SPREADSHEETS = [
    Payment(E + "PMT function", TEN, 1, "amount", "1037.03"),
    Payment(E + "PMT function, type 1", TEN | {"payment_at": "start"}, 1, "amount", "1030.16"),
    Payment(E + "PPMT function, first month", TWO_YEARS, 1, "principal", "75.62"),
    Payment(
        E + "PPMT function, tenth year",
        BY_PERIOD | {"principal": 200_000, "term": 10, "rate_percent": "8"},
        10,
        "principal",
        "27598.05",
    ),
    Payment(E + "CUMIPMT function, first month", MORTGAGE, 1, "fee", "937.5"),
    Payment(E + "CUMPRINC function, first month", MORTGAGE, 1, "principal", "68.27827118"),
    Payment(N + "pmt", MONTHLY | {"principal": 15_000, "term": 60, "rate_percent": "8"}, 1, "amount", "304.1459143262"),
    Payment(N + "pmt at no rate", MONTHLY | {"principal": 15_000, "term": 60, "rate_percent": "0"}, 1, "amount", "250"),
    Payment(
        N + "pmt at 80 %",
        BY_PERIOD | {"principal": 20_000, "term": 3, "rate_percent": "80"},
        1,
        "amount",
        "19311.2582781457",
    ),
    Payment(
        N + "pmt at 30 %",
        BY_PERIOD | {"principal": 2_000, "term": 12, "rate_percent": "30"},
        1,
        "amount",
        "626.9081401701",
    ),
    Payment(N + "ppmt at the end", FIVE_YEARS, 1, "principal", "710.2541257864"),
    Payment(N + "ppmt at the start", FIVE_YEARS | {"payment_at": "start"}, 1, "principal", "1158.929712"),
    Payment(N + "ipmt 1", TWO_YEARS, 1, "fee", "16.66666667"),
    Payment(N + "ipmt 2", TWO_YEARS, 2, "fee", "16.03647345"),
    Payment(N + "ipmt 3", TWO_YEARS, 3, "fee", "15.40102862"),
    Payment(N + "ipmt 4", TWO_YEARS, 4, "fee", "14.76028842"),
    Payment(N + "ppmt 2", TWO_YEARS, 2, "principal", "76.25337923"),
    Payment(N + "ppmt 4", TWO_YEARS, 4, "principal", "77.52956425"),
    Payment(N + "gh-17, payment in advance 1", BY_PERIOD | IN_ADVANCE, 1, "fee", "0"),
    Payment(N + "gh-17, payment in advance 2", BY_PERIOD | IN_ADVANCE, 2, "fee", "594.107158"),
    Payment(N + "gh-17, payment in advance 3", BY_PERIOD | IN_ADVANCE, 3, "fee", "592.971592"),
    Payment("curo, its tests", BY_PERIOD | {"principal": 1_000, "term": 3, "rate_percent": "1"}, 1, "amount", "340.02"),
    Payment("curo, README", MONTHLY | {"principal": 10_000, "term": 6, "rate_percent": "8.25"}, 1, "amount", "1707.00"),
]


class Sum(NamedTuple):
    source: str
    request: dict
    first: int
    last: int
    column: str
    published: str
    unmet: str | None = None


CUMULATED = [
    Sum(E + "CUMIPMT function, second year", MORTGAGE, 13, 24, "fee", "11135.23213"),
    Sum(E + "CUMPRINC function, second year", MORTGAGE, 13, 24, "principal", "934.1071234"),
    Sum(
        "Apache OpenOffice wiki, CUMIPMT function",
        MONTHLY | {"principal": 5_000, "term": 24, "rate_percent": "5.5"},
        4,
        6,
        "fee",
        "57.80",
    ),
]


class NoCost(NamedTuple):
    """A price in equal parts: what the shop takes off, the regular payment, the tax in the rows."""

    source: str
    request: dict
    discount: int
    installment: int
    tax: int
    total: int
    unmet: str | None = None


EMI = {"method": "no_cost_discount", "rate_kind": "annual", "rate_percent": "15", "start_on": TODAY}
RAZORPAY = EMI | {"principal_minor": 1_500_000, "term": 3, "rounding": "emi_half_up"}
PAYU = EMI | {"principal_minor": 1_000_000, "term": 18, "tax_percent": "18", "tax_borne_by": "funder"}
NO_COST = [
    NoCost("Razorpay, No Cost EMI: 15,000 over 3 at 15 %", RAZORPAY, 36_733, 500_000, 0, 1_500_000),
    NoCost(
        "Razorpay, No Cost EMI, 18 % GST on the buyer (66.12)",
        RAZORPAY | {"tax_percent": "18"},
        36_733,
        500_000,
        6_612,
        1_506_612,
    ),
    NoCost("PayU, Calculate EMI, emi_value", PAYU | {"rounding": "emi_down"}, 126_678, 55_555, 19_324, 1_000_000),
    NoCost("PayU, Calculate EMI, emiAmount", PAYU | {"rounding": "emi_half_up"}, 126_678, 55_556, 19_324, 1_000_000),
]
