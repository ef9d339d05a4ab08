"""The shipped trade-in presets, parsed once for the tests that judge by them."""

import tomllib
from pathlib import Path

from domain.rulesets import RuleSet, parse_rulesets

PRESETS = Path(__file__).resolve().parents[2] / "promotions" / "presets"
RULESETS: tuple[RuleSet, ...] = tuple(
    ruleset
    for year in (2024, 2025, 2026)
    for ruleset in parse_rulesets(tomllib.loads((PRESETS / f"trade_in_{year}.toml").read_text("utf-8")))
)
BY_ID = {ruleset.id: ruleset for ruleset in RULESETS}
