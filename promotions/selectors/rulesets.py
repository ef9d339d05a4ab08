"""Rule sets of government programmes as stored: the newest version of each, or versions a plan has pinned."""

from collections.abc import Sequence
from functools import lru_cache
from uuid import UUID

import msgspec
from django.db.models import Q
from msgspec import Struct

from domain.rulesets import RuleSet
from foundation.ids import UnknownId
from promotions.models import RuleSetVersion


class CurrentRuleSet(Struct, frozen=True, kw_only=True):
    """A rule set, its version, and the government programme that pays."""

    ruleset: RuleSet
    version: int
    programme_id: UUID


@lru_cache(maxsize=512)
def _read(document: str) -> RuleSet:
    return msgspec.json.decode(document, type=RuleSet)


def current() -> tuple[CurrentRuleSet, ...]:
    """The newest version of every rule set, by code; old ones too, for a sale is judged by the rules of its day."""
    rows = RuleSetVersion.objects.order_by("code", "-version").distinct("code")
    return tuple(
        CurrentRuleSet(ruleset=_read(row.document), version=row.version, programme_id=row.programme_id) for row in rows
    )


def pinned(pins: Sequence[tuple[str, int]]) -> tuple[RuleSet, ...]:
    """The named versions, in the order named. Raises UnknownId when one is gone."""
    if not pins:
        return ()
    wanted = Q()
    for code, version in pins:
        wanted |= Q(code=code, version=version)
    found = {(row.code, row.version): row.document for row in RuleSetVersion.objects.filter(wanted)}
    if not found.keys() >= set(pins):
        raise UnknownId
    return tuple(_read(found[pin]) for pin in pins)
