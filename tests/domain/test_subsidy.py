"""The government subsidy of one unit. Figures: the national texts of 2024 to 2026 and the press that explained them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.rulesets import Ineligible
from domain.subsidy import UnitSubsidy, evaluate, evaluate_unit, unit_subsidy
from tests.domain.trade_in_presets import BY_ID, RULESETS

SPRING_2025, SPRING_2026 = date(2025, 3, 1), date(2026, 3, 1)


def judged(*, category, base_minor, sold_on, energy_grade=None, claimed=0):
    return evaluate(
        rulesets=RULESETS,
        sold_on=sold_on,
        region="CN-SH",
        category=category,
        energy_grade=energy_grade,
        base_minor=base_minor,
        claimed=claimed,
    )


@pytest.mark.parametrize(
    ("category", "energy_grade", "sold_on", "base_minor", "subsidy_minor"),
    [
        ("phone", None, SPRING_2025, 333_334, 50_000),  # full 500 from 3,333.34
        ("phone", None, SPRING_2025, 333_329, 49_999),
        ("phone", None, SPRING_2025, 333_300, 49_995),
        ("phone", None, SPRING_2026, 600_000, 50_000),  # 6,000.00 exactly is in
        ("phone", None, SPRING_2026, 99_900, 14_985),
        ("tablet", None, SPRING_2026, 1, 0),  # 0.15 fen
        ("tablet", None, SPRING_2026, 10, 2),  # 1.5 fen, half up
        ("refrigerator", 1, date(2024, 10, 1), 1_000_000, 200_000),  # full 2,000 at 10,000 with 20 %
        ("refrigerator", 1, date(2024, 10, 1), 999_900, 199_980),
        ("refrigerator", 2, SPRING_2025, 1_333_334, 200_000),  # full 2,000 at 13,333.34 with 15 %
        ("refrigerator", 2, SPRING_2025, 1_333_300, 199_995),
        ("refrigerator", 1, SPRING_2025, 600_000, 120_000),
        ("refrigerator", 1, SPRING_2026, 600_000, 90_000),  # 15 %, no more 20 %
        ("refrigerator", 1, SPRING_2026, 1_000_000, 150_000),  # full 1,500 at 10,000
        ("refrigerator", 1, SPRING_2026, 9_999_900, 150_000),
    ],
)
def test_the_subsidy_is_the_rate_of_the_base_up_to_the_cap(category, energy_grade, sold_on, base_minor, subsidy_minor):
    answer = judged(category=category, energy_grade=energy_grade, sold_on=sold_on, base_minor=base_minor)

    assert answer.subsidy_minor == subsidy_minor
    assert answer.base_minor == base_minor


@pytest.mark.parametrize(
    ("question", "code", "figures"),
    [
        (
            {"category": "phone", "base_minor": 600_001, "sold_on": SPRING_2026},
            "price_above_ceiling",
            {"ceiling": 600_000, "actual": 600_001},
        ),
        (
            {"category": "refrigerator", "energy_grade": 2, "base_minor": 600_000, "sold_on": SPRING_2026},
            "energy_grade_not_covered",
            {"covered": "1", "actual": 2},
        ),
        (
            {"category": "refrigerator", "energy_grade": 3, "base_minor": 600_000, "sold_on": SPRING_2025},
            "energy_grade_not_covered",
            {"covered": "1,2", "actual": 3},
        ),
        (
            {"category": "refrigerator", "base_minor": 600_000, "sold_on": SPRING_2025},
            "energy_grade_not_covered",
            {"covered": "1,2"},
        ),
        (
            {"category": "phone", "base_minor": 300_000, "sold_on": SPRING_2026, "claimed": 1},
            "per_person_limit",
            {"limit": 1, "claimed": 1},
        ),
        (
            {"category": "dishwasher", "energy_grade": 1, "base_minor": 300_000, "sold_on": SPRING_2026},
            "category_not_covered",
            {"category": "dishwasher", "sold_on": "2026-03-01"},
        ),
    ],
)
def test_a_refusal_carries_its_code_and_the_figures_compared(question, code, figures):
    assert judged(**question) == Ineligible(code, figures)


def test_three_air_conditioners_are_paid_in_2025_and_one_in_2026():
    def paid(sold_on):
        answers = [
            judged(category="air_conditioner", energy_grade=1, base_minor=300_000, sold_on=sold_on, claimed=claimed)
            for claimed in range(4)
        ]
        return sum(isinstance(answer, UnitSubsidy) for answer in answers)

    assert paid(SPRING_2025) == 3
    assert paid(SPRING_2026) == 1


def test_a_television_listed_at_8_000_and_sold_at_6_000_gets_900():
    answer = judged(category="television", energy_grade=1, base_minor=600_000, sold_on=SPRING_2026)

    assert (answer.rule_set, answer.rate_ppm, answer.subsidy_minor) == ("cn-2026-appliance", 150_000, 90_000)


def test_a_grade_that_is_not_paid_gets_nothing_when_a_price_change_is_recomputed():
    ruleset = BY_ID["cn-2026-appliance"]
    rule = ruleset.categories["television"]

    assert unit_subsidy(ruleset=ruleset, rule=rule, base_minor=600_000, energy_grade=2) == 0
    assert unit_subsidy(ruleset=ruleset, rule=rule, base_minor=500_000, energy_grade=1) == 75_000


@given(base_minor=st.integers(min_value=0, max_value=10**12), grade=st.sampled_from([1, 2]))
def test_a_dearer_unit_never_gets_less_and_never_more_than_the_cap_or_its_price(base_minor, grade):
    ruleset = BY_ID["cn-2025-appliance"]
    rule = ruleset.categories["refrigerator"]
    subsidy = evaluate_unit(ruleset=ruleset, rule=rule, base_minor=base_minor, energy_grade=grade, claimed=0)
    dearer = evaluate_unit(ruleset=ruleset, rule=rule, base_minor=base_minor + 1, energy_grade=grade, claimed=0)

    assert 0 <= subsidy.subsidy_minor <= min(rule.cap_minor, base_minor)
    assert subsidy.subsidy_minor <= dearer.subsidy_minor <= subsidy.subsidy_minor + 1
