"""The government subsidy as notices and newspapers worked it out (fen)."""

from datetime import date
from typing import NamedTuple


class Case(NamedTuple):
    source: str
    request: dict
    subsidy: int
    payable: int
    rule_set: str | None
    code: str | None = None
    unmet: str | None = None


def unit(category, price, on, *reductions, **more):
    return {"category": category, "list_price_minor": price, "on": on, "reductions": reductions, **more}


SPRING_2025 = date(2025, 3, 1)
SPRING_2026 = date(2026, 3, 1)
DIGITAL_2025 = "商办流通函〔2025〕7号: "
ALL = [
    Case(
        "央视网 2025-01-20: a phone listed at 8,000 and sold at 6,000 qualifies, 500 at most",
        unit("phone", 800_000, date(2025, 1, 20), ("brand", 200_000)),
        50_000,
        550_000,
        "cn-2025-digital",
    ),
    Case(
        DIGITAL_2025 + "the ceiling is 6,000 after discounts",
        unit("phone", 800_001, SPRING_2025, ("brand", 200_000)),
        0,
        600_001,
        "cn-2025-digital",
        "price_above_ceiling",
    ),
    Case(
        DIGITAL_2025 + "15 % of 3,333 (press: from there the full 500)",
        unit("phone", 333_334, SPRING_2025),
        50_000,
        283_334,
        "cn-2025-digital",
    ),
    Case(
        DIGITAL_2025 + "before 20 January 2025 no phone",
        unit("phone", 300_000, date(2025, 1, 19)),
        0,
        300_000,
        None,
        "outside_effective_dates",
    ),
    Case(
        "iPhone Air, January 2026: 7,999 - 2,000 - 500 = 5,499",
        unit("phone", 799_900, date(2026, 1, 15), ("brand", 200_000)),
        50_000,
        549_900,
        "cn-2026-digital",
    ),
    Case(
        "发改环资〔2025〕13号: 20 % of 10,000 at grade 1 is the whole 2,000",
        unit("refrigerator", 1_000_000, SPRING_2025, energy_grade=1),
        200_000,
        800_000,
        "cn-2025-appliance",
    ),
    Case(
        "发改环资〔2025〕13号: 15 % at grade 2",
        unit("refrigerator", 1_000_000, SPRING_2025, energy_grade=2),
        150_000,
        850_000,
        "cn-2025-appliance",
    ),
    Case(
        "发改环资〔2025〕1745号: 15 % of 10,000 at grade 1 is the whole 1,500",
        unit("refrigerator", 1_000_000, SPRING_2026, energy_grade=1),
        150_000,
        850_000,
        "cn-2026-appliance",
    ),
    Case(
        "发改环资〔2025〕1745号: grade 2 has nothing in 2026",
        unit("refrigerator", 1_000_000, SPRING_2026, energy_grade=2),
        0,
        1_000_000,
        "cn-2026-appliance",
        "energy_grade_not_covered",
    ),
    Case(
        "发改环资〔2025〕1745号: no dishwashers in 2026",
        unit("dishwasher", 500_000, SPRING_2026, energy_grade=1),
        0,
        500_000,
        None,
        "category_not_covered",
    ),
    Case(
        "发改环资〔2025〕1745号: one air conditioner a person in 2026",
        unit("air_conditioner", 500_000, SPRING_2026, energy_grade=1, already_claimed=1),
        0,
        500_000,
        "cn-2026-appliance",
        "per_person_limit",
    ),
    Case(
        "商务部等4部门 2025: three air conditioners a person in 2025",
        unit("air_conditioner", 500_000, SPRING_2025, energy_grade=1, already_claimed=2),
        100_000,
        400_000,
        "cn-2025-appliance",
    ),
]
