"""The shipped trade-in presets, and choosing among rule sets by date, region and category."""

from datetime import date

import pytest
from msgspec.structs import replace

from domain.errors import DomainError
from domain.money import InvalidAmount
from domain.rates import InvalidPercent
from domain.rulesets import Ineligible, InvalidRuleSet, parse_rulesets, ruleset_in_force
from tests.domain.trade_in_presets import BY_ID, RULESETS


def found(*, category, sold_on, region=None, rulesets=RULESETS):
    return ruleset_in_force(rulesets=rulesets, sold_on=sold_on, region=region, category=category)


def found_id(**question):
    answer = found(**question)
    return answer.code if isinstance(answer, Ineligible) else answer[0].id


@pytest.mark.parametrize(
    ("category", "sold_on", "answer"),
    [
        ("refrigerator", date(2024, 12, 31), "cn-2024-appliance"),
        ("refrigerator", date(2025, 1, 1), "cn-2025-appliance"),
        ("refrigerator", date(2025, 12, 31), "cn-2025-appliance"),
        ("refrigerator", date(2026, 1, 1), "cn-2026-appliance"),
        ("refrigerator", date(2026, 12, 31), "cn-2026-appliance"),
        ("refrigerator", date(2027, 1, 1), "outside_effective_dates"),
        ("refrigerator", date(2024, 1, 1), "outside_effective_dates"),
        ("phone", date(2025, 1, 19), "outside_effective_dates"),
        ("phone", date(2025, 1, 20), "cn-2025-digital"),
        ("phone.flagship", date(2026, 11, 21), "cn-2026-digital"),
        ("phones", date(2026, 11, 21), "category_not_covered"),
        ("dishwasher", date(2024, 10, 1), "category_not_covered"),
        ("dishwasher", date(2025, 10, 1), "cn-2025-appliance"),
        ("dishwasher", date(2026, 10, 1), "category_not_covered"),
        ("gas_stove", date(2026, 10, 1), "category_not_covered"),
        ("smart_glasses", date(2025, 10, 1), "category_not_covered"),
        ("smart_glasses", date(2026, 10, 1), "cn-2026-digital"),
        ("sofa", date(2026, 10, 1), "category_not_covered"),
        ("sofa", date(2030, 10, 1), "outside_effective_dates"),
    ],
)
def test_the_day_of_the_sale_chooses_the_rules(category, sold_on, answer):
    assert found_id(category=category, sold_on=sold_on) == answer


def test_a_refusal_for_the_date_names_the_nearest_window():
    refusal = found(category="phone", sold_on=date(2025, 1, 19))

    assert refusal.figures == {"sold_on": "2025-01-19", "valid_from": "2025-01-20", "valid_to": "2026-01-01"}


def test_no_rule_sets_at_all_is_outside_effective_dates():
    assert found_id(category="phone", sold_on=date(2026, 1, 1), rulesets=()) == "outside_effective_dates"


@pytest.mark.parametrize(
    ("rule_set", "count", "categories_with_cap"),
    [
        ("cn-2024-appliance", 8, 200_000),
        ("cn-2025-appliance", 12, 200_000),
        ("cn-2025-digital", 3, 50_000),
        ("cn-2026-appliance", 6, 150_000),
        ("cn-2026-digital", 4, 50_000),
    ],
)
def test_each_year_covers_its_number_of_categories_under_its_cap(rule_set, count, categories_with_cap):
    rules = BY_ID[rule_set].categories.values()

    assert len(rules) == count
    assert {rule.cap_minor for rule in rules} == {categories_with_cap}
    assert BY_ID[rule_set].source


def test_three_air_conditioners_a_person_in_2025_and_one_in_2024_and_2026():
    limits = [BY_ID[f"cn-{year}-appliance"].categories["air_conditioner"].max_per_person for year in (2024, 2025, 2026)]

    assert limits == [1, 3, 1]


def test_a_return_restores_the_qualification_in_2026_and_used_it_up_in_2024():
    assert BY_ID["cn-2026-appliance"].restore_on_refund
    assert not BY_ID["cn-2024-appliance"].restore_on_refund


def test_claimant_payer_and_consignee_must_be_one_person_in_2026():
    assert BY_ID["cn-2026-digital"].require_same_person
    assert not BY_ID["cn-2025-digital"].require_same_person


def test_a_provinces_own_rules_go_before_the_nationwide_ones_whatever_the_order():
    jiangsu = replace(BY_ID["cn-2026-appliance"], id="jiangsu", regions=frozenset({"CN-JS"}))
    question = {"category": "television", "sold_on": date(2026, 3, 1)}

    for rulesets in ((*RULESETS, jiangsu), (jiangsu, *RULESETS)):
        assert found_id(**question, region="CN-JS", rulesets=rulesets) == "jiangsu"
        assert found_id(**question, region="CN-SC", rulesets=rulesets) == "cn-2026-appliance"
        assert found_id(**question, region=None, rulesets=rulesets) == "cn-2026-appliance"


def test_a_category_that_only_another_province_covers_is_not_covered_here():
    jiangsu = replace(BY_ID["cn-2025-appliance"], id="jiangsu", regions=frozenset({"CN-JS"}), valid_to=date(2027, 1, 1))
    question = {"category": "microwave", "sold_on": date(2026, 3, 1), "rulesets": (*RULESETS, jiangsu)}

    assert found_id(**question, region="CN-JS") == "jiangsu"
    assert found_id(**question, region="CN-SC") == "category_not_covered"


def test_grades_unlabelled_goods_and_any_grade_have_each_their_rate():
    by_grade = BY_ID["cn-2025-appliance"].categories["television"]
    any_grade = BY_ID["cn-2025-digital"].categories["phone"]
    with_unlabelled = replace(by_grade, unlabelled_rate_ppm=100_000)

    assert [by_grade.rate_for(grade) for grade in (1, 2, 3, None)] == [200_000, 150_000, None, None]
    assert [any_grade.rate_for(grade) for grade in (1, 5, None)] == [150_000, 150_000, 150_000]
    assert with_unlabelled.rate_for(None) == 100_000


def document(**changes):
    entry = {
        "id": "test",
        "programme": "test",
        "currency": "CNY",
        "valid_from": date(2026, 1, 1),
        "valid_to": date(2027, 1, 1),
        "source": "a test",
        "categories": {"phone": {"rate": "15", "cap": "500", "max_per_person": 1}},
    }
    return {"rule_set": [entry | changes]}


def phone(**changes):
    return {"categories": {"phone": {"rate": "15", "cap": "500", "max_per_person": 1} | changes}}


def test_a_preset_reads_the_same_from_toml_dates_and_from_json_text():
    assert parse_rulesets(document()) == parse_rulesets(document(valid_from="2026-01-01", valid_to="2027-01-01"))


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"valid_to": date(2026, 1, 1)}, InvalidRuleSet),
        ({"categories": {}}, InvalidRuleSet),
        ({"source": ""}, InvalidRuleSet),
        ({"colour": "red"}, InvalidRuleSet),
        ({"rounding": "bankers"}, InvalidRuleSet),
        ({"currency": "cny"}, DomainError),
        (phone(cap=500), InvalidRuleSet),
        (phone(cap="0"), InvalidRuleSet),
        (phone(cap="5e2"), InvalidAmount),
        (phone(rate="0"), InvalidRuleSet),
        (phone(rate="100.0001"), InvalidRuleSet),
        (phone(rate="15%"), InvalidPercent),
        (phone(max_per_person=0), InvalidRuleSet),
        (phone(ceiling="-1"), InvalidRuleSet),
        (phone(grade_rates={"6": "15"}), InvalidRuleSet),
    ],
)
def test_a_preset_that_contradicts_itself_or_does_not_read_is_refused(changes, error):
    with pytest.raises(error):
        parse_rulesets(document(**changes))


def test_a_category_without_any_rate_is_refused():
    with pytest.raises(InvalidRuleSet):
        parse_rulesets(document(categories={"phone": {"cap": "500", "max_per_person": 1}}))


def test_the_same_id_twice_in_one_preset_is_refused():
    twice = document()["rule_set"] * 2

    with pytest.raises(InvalidRuleSet):
        parse_rulesets({"rule_set": twice})
