"""What is good to know beside a quote and no promise of ours: dated presets, chosen by the day of the sale."""

import tomllib
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final

import msgspec

from domain.priced import Priced
from installments.services.quote_out import InformationOut

PRESETS: Final = Path(__file__).resolve().parent.parent / "presets" / "information"


class _Notice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """In force on `[valid_from, valid_to)`; `source` says who said so."""

    code: str
    valid_from: date
    valid_to: date
    points: str
    share: str
    zh: str
    en: str
    source: str


@lru_cache(maxsize=1)
def _notices() -> tuple[_Notice, ...]:
    texts = (path.read_text(encoding="utf-8") for path in sorted(PRESETS.glob("*.toml")))
    return tuple(msgspec.convert(tomllib.loads(text), _Notice) for text in texts)


def about(*, priced: Priced, sold_on: date) -> list[InformationOut]:
    """Notices for a priced basket: the government's loan-interest subsidy when a plan leaves the buyer interest to pay."""
    if not any(plan.buyer_fee_minor for plan in priced.plans):
        return []
    return [_shown(notice) for notice in _notices() if notice.valid_from <= sold_on < notice.valid_to]


@lru_cache(maxsize=32)
def _shown(notice: _Notice) -> InformationOut:
    figures: dict[str, int | str] = {"points": notice.points, "share": notice.share}
    return InformationOut(
        code=notice.code,
        figures=figures,
        message={"zh-CN": notice.zh.format_map(figures), "en": notice.en.format_map(figures)},
    )
