"""Rule sets as the catalogue wants them: a campaign names the government party that pays, a rule set a programme code.

Here the code is replaced by the party's public id, so that an offer finds the rule sets of its party.
"""

from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from domain.rulesets import RuleSet
from foundation import ids
from promotions.selectors import rulesets


class Rules(Struct, frozen=True, kw_only=True):
    """The rule sets in force and past, their versions and who pays, by rule set id."""

    rulesets: tuple[RuleSet, ...]
    versions: dict[str, int]
    payers: dict[str, UUID]


def current_rules() -> Rules:
    """The newest version of every rule set."""
    found = rulesets.current()
    return Rules(
        rulesets=tuple(_paid_by(rule.ruleset, rule.programme_id) for rule in found),
        versions={rule.ruleset.id: rule.version for rule in found},
        payers={rule.ruleset.id: rule.programme_id for rule in found},
    )


def pinned_rules(pins: Sequence[tuple[str, int]]) -> tuple[RuleSet, ...]:
    """The named versions. Raises UnknownId when one is gone."""
    if not pins:
        return ()
    payers = {rule.ruleset.id: rule.programme_id for rule in rulesets.current()}
    return tuple(_paid_by(rule, payers[rule.id]) for rule in rulesets.pinned(pins))


def _paid_by(ruleset: RuleSet, programme_id: UUID) -> RuleSet:
    return replace(ruleset, programme=ids.public_id("gov", programme_id))
