"""One line of the report, the table people read, and the file machines read."""

import json
import statistics
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct, to_builtins


class Cell(Struct, frozen=True, kw_only=True):
    """One measurement. `ratio` is the product's speed over the reference's, so that more is better; None without a reference.

    `target` is the ratio to hold (None: nothing is asked, the figure is for information).
    """

    area: str
    name: str
    product: float
    unit: str
    reference: float | None = None
    against: str = ""
    ratio: float | None = None
    target: float | None = None
    note: str = ""

    @property
    def verdict(self) -> str:
        """Whether the target is held."""
        if self.target is None or self.ratio is None:
            return ""
        return "ok" if self.ratio >= self.target else "BELOW"


def median(values: Iterable[float]) -> float:
    """The middle of several rounds."""
    return statistics.median(values)


def alternating(rounds: int, *acts: Callable[[], float]) -> list[float]:
    """Medians of several measurements taken in turn, so that a noisy moment meets all of them."""
    taken: list[list[float]] = [[] for _ in acts]
    for _ in range(rounds):
        for place, act in enumerate(acts):
            taken[place].append(act())
    return [median(values) for values in taken]


def table(cells: Sequence[Cell]) -> str:
    """The cells as aligned text."""
    head = ("area", "measured", "product", "unit", "beside it", "ratio", "target", "")
    rows = [head, *(_row(cell) for cell in cells)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(head))]
    lines = ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines)


def _row(cell: Cell) -> tuple[str, ...]:
    beside = "" if cell.reference is None else f"{_figure(cell.reference)} {cell.against}"
    return (
        cell.area,
        cell.name,
        _figure(cell.product),
        cell.unit,
        beside or cell.note,
        "" if cell.ratio is None else f"{cell.ratio:.2f}",
        "" if cell.target is None else f">= {cell.target:g}",
        cell.verdict,
    )


def _figure(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def save(path: Path, *, facts: dict[str, Any], cells: Sequence[Cell]) -> None:
    """Write the figures as JSON."""
    document = {"machine": facts, "cells": [to_builtins(cell) | {"verdict": cell.verdict} for cell in cells]}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
