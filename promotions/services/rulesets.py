"""Rule sets come in from presets (version 1); after that the table is the truth."""

import json
import tomllib
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec

from domain.rulesets import RuleSet, parse_rulesets
from foundation import db, ids
from promotions import documents
from promotions.models import RuleSetVersion
from promotions.services import changes

_PRESETS: Final = Path(__file__).resolve().parent.parent / "presets"


def canonical(ruleset: RuleSet) -> str:
    """The one text of a rule set: sorted keys and regions."""
    plain = msgspec.to_builtins(ruleset, str_keys=True)
    plain["regions"] = sorted(plain["regions"])
    return json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def preset_rulesets() -> tuple[RuleSet, ...]:
    """The trade-in rule sets that come with the code, oldest preset first. Raises InvalidRuleSet."""
    found: list[RuleSet] = []
    for path in sorted(_PRESETS.glob("trade_in_*.toml")):
        found += parse_rulesets(tomllib.loads(path.read_text(encoding="utf-8")))
    return tuple(found)


@db.transaction_required
def load_presets(*, programme_id: UUID, now: datetime) -> int:
    """Make version 1 of every preset rule set that is not there yet, paid by `programme_id`; returns how many are new.

    Staff transaction. A rule set that exists is left alone, whatever the preset says.
    """
    known = set(RuleSetVersion.objects.values_list("code", flat=True))
    new = [ruleset for ruleset in preset_rulesets() if ruleset.id not in known]
    for ruleset in new:
        _insert(ruleset, version=1, programme_id=programme_id, now=now)
    if new:
        changes.announce(party_id=None, now=now)
    return len(new)


@db.transaction_required
def add_version(*, ruleset: RuleSet, programme_id: UUID, now: datetime) -> int:
    """Store a rule set as its next version and return the number; quotes use it within two seconds. Staff transaction."""
    with db.cursor() as cursor:  # two editors of one rule set take turns
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('rule set ' || %s, 0))", [ruleset.id])
    last = RuleSetVersion.objects.filter(code=ruleset.id).order_by("-version").values_list("version", flat=True).first()
    version = (last or 0) + 1
    _insert(ruleset, version=version, programme_id=programme_id, now=now)
    changes.announce(party_id=None, now=now)
    return version


def _insert(ruleset: RuleSet, *, version: int, programme_id: UUID, now: datetime) -> None:
    document = canonical(ruleset)
    RuleSetVersion.objects.create(
        id=ids.uuid7(now=now),
        code=ruleset.id,
        version=version,
        programme_id=programme_id,
        document=document,
        sha256=documents.sha256_of(document),
        source=ruleset.source,
        created_at=now,
    )
