"""What changed between two versions, as `field: before → after`, from their canonical documents."""

import json
from typing import Any

Flat = dict[str, str]
_IGNORED = frozenset({"offer.version", "offer.campaign_id"})


def changes(document: str, before: str | None) -> tuple[str, ...]:
    """Empty for a first version."""
    if before is None:
        return ()
    old, new = _flat(json.loads(before)), _flat(json.loads(document))
    names = [name for name in dict.fromkeys([*old, *new]) if old.get(name) != new.get(name) and name not in _IGNORED]
    return tuple(f"{name}: {old.get(name, '–')} → {new.get(name, '–')}" for name in names)


def _flat(value: Any, at: str = "") -> Flat:  # noqa: ANN401 - any JSON
    if isinstance(value, dict):
        found: Flat = {}
        for name, part in value.items():
            found |= _flat(part, f"{at}.{name}" if at else name)
        return found
    if isinstance(value, list) and value and isinstance(value[0], dict):
        found = {}
        for number, part in enumerate(value, start=1):
            found |= _flat(part, f"{at}[{number}]")
        return found
    return {at: json.dumps(value, ensure_ascii=False)}
