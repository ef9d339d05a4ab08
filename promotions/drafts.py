"""A campaign's row as the draft people edit, and back: amounts in money columns, everything else in `settings`."""

from typing import Any, Final

import msgspec

from promotions import shapes
from promotions.amounts import minor_of, typed_of
from promotions.models import Campaign

_ROOT_AMOUNTS: Final = ("cap", "min_amount", "max_amount")
_VALUE_AMOUNTS: Final = {"amount": "value_amount", "per_unit": "per_unit"}
_BUDGET_AMOUNTS: Final = {
    "total": "budget_total",
    "daily": "budget_daily",
    "per_store": "budget_per_store",
    "per_buyer": "budget_per_buyer",
}
_COLUMNS: Final = ("kind", "currency", "timezone", "starts_at", "ends_at")


def write_draft(campaign: Campaign, draft: shapes.Draft) -> None:
    """Put a checked draft into the row's columns (the caller saves)."""
    plain: dict[str, Any] = msgspec.to_builtins(draft, builtin_types=(), order="sorted")
    campaign.name_zh, campaign.name_en = draft.name.zh, draft.name.en
    campaign.kind, campaign.currency = draft.kind, draft.currency
    campaign.timezone = draft.timezone or campaign.timezone
    campaign.starts_at, campaign.ends_at = draft.starts_at, draft.ends_at
    for name in _ROOT_AMOUNTS:
        _set_amount(campaign, name, plain.pop(name))
    value = plain.get("value") or {}
    for name, column in _VALUE_AMOUNTS.items():
        _set_amount(campaign, column, value.pop(name, None))
    for name, column in _BUDGET_AMOUNTS.items():
        _set_amount(campaign, column, plain["budget"].pop(name, None))
    for name in (*_COLUMNS, "name"):
        plain.pop(name)
    campaign.settings = plain


def _set_amount(campaign: Campaign, column: str, minor: int | None) -> None:
    setattr(campaign, f"{column}_currency", campaign.currency)
    setattr(campaign, column, typed_of(minor=minor, currency=campaign.currency))


def draft_of(campaign: Campaign) -> shapes.Draft:
    """The row as a draft. Raises InvalidAmount for an amount with more decimals than its currency."""
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(campaign.settings))
    plain["name"] = {"zh-CN": campaign.name_zh, "en": campaign.name_en}
    plain.update({name: getattr(campaign, name) for name in _COLUMNS})
    for name in _ROOT_AMOUNTS:
        plain[name] = _amount(campaign, name)
    value = {name: _amount(campaign, column) for name, column in _VALUE_AMOUNTS.items()} | (plain.get("value") or {})
    plain["value"] = value if any(part is not None for part in value.values()) else None
    plain.setdefault("budget", {}).update({name: _amount(campaign, column) for name, column in _BUDGET_AMOUNTS.items()})
    return msgspec.convert(plain, shapes.Draft)


def _amount(campaign: Campaign, column: str) -> int | None:
    typed = getattr(campaign, column)
    return None if typed is None else minor_of(typed).minor


def changed(draft: shapes.Draft, change: shapes.DraftChange) -> shapes.Draft:
    """The draft with the parts that were sent put in their place."""
    sent = {
        name: value
        for name in change.__struct_fields__
        if hasattr(draft, name) and (value := getattr(change, name)) is not msgspec.UNSET
    }
    return msgspec.structs.replace(draft, **sent)
