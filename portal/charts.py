"""Bars and columns as geometry: integers for SVG attributes, computed on the server, drawn by a template."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from msgspec import Struct

BAR_WIDTH: Final = 1_000
_CHART_WIDTH: Final = 720
_CHART_HEIGHT: Final = 200
_LEFT: Final = 48
_BOTTOM: Final = 24
_TOP: Final = 10
_COLOURS: Final = 5


class Segment(Struct, frozen=True, kw_only=True):
    """A part of a bar, of `BAR_WIDTH` units in all. `fill` names a CSS class `fill-…`."""

    x: int
    width: int
    fill: str
    label: str
    amount_minor: int


class Part(Struct, frozen=True):
    """An amount to be drawn."""

    fill: str
    label: str
    amount_minor: int


def bar(parts: Sequence[Part], *, total_minor: int | None = None) -> tuple[Segment, ...]:
    """Lay parts side by side; what is there at all is at least 4 units wide, so that it can be seen."""
    whole = total_minor if total_minor is not None else sum(part.amount_minor for part in parts)
    segments: list[Segment] = []
    x = 0
    for part in parts:
        if part.amount_minor <= 0 or whole <= 0:
            continue
        width = min(max(4, part.amount_minor * BAR_WIDTH // whole), BAR_WIDTH - x)
        segments.append(Segment(x=x, width=width, fill=part.fill, label=part.label, amount_minor=part.amount_minor))
        x += width
    return tuple(segments)


class Block(Struct, frozen=True, kw_only=True):
    """One coloured block of a column."""

    y: int
    height: int
    colour: int
    term: int
    amount: int


class Column(Struct, frozen=True, kw_only=True):
    """One day."""

    day: date
    x: int
    width: int
    middle: int
    blocks: tuple[Block, ...]
    total: int
    labelled: bool


class Tick(Struct, frozen=True):
    """A line of the grid."""

    y: int
    amount: int


class TermChart(Struct, frozen=True, kw_only=True):
    """Sales by term, one column a day, with the same figures as rows for the table."""

    width: int
    height: int
    left: int
    baseline: int
    columns: tuple[Column, ...]
    ticks: tuple[Tick, ...]
    terms: tuple[tuple[int, int], ...]
    rows: tuple[tuple[date, tuple[int, ...], int], ...]


def term_chart(days: Sequence[date], sales: dict[tuple[date, int], int]) -> TermChart:
    """`sales` maps (day, term) to a count of plans; days without sales are columns without blocks."""
    terms = sorted({term for _day, term in sales})
    totals = [sum(sales.get((day, term), 0) for term in terms) for day in days]
    top = _nice(max(totals, default=0))
    baseline = _CHART_HEIGHT - _BOTTOM
    room = baseline - _TOP
    slot = (_CHART_WIDTH - _LEFT) // max(len(days), 1)
    columns = []
    for number, (day, total) in enumerate(zip(days, totals, strict=True)):
        x = _LEFT + number * slot + slot // 6
        width = slot - slot // 3
        columns.append(
            Column(
                day=day,
                x=x,
                width=width,
                middle=x + width // 2,
                blocks=_blocks(day, terms, sales, top, room=room, baseline=baseline),
                total=total,
                labelled=number % 2 == 0,
            )
        )
    return TermChart(
        width=_CHART_WIDTH,
        height=_CHART_HEIGHT,
        left=_LEFT,
        baseline=baseline,
        columns=tuple(columns),
        ticks=tuple(Tick(baseline - room * step // 4, top * step // 4) for step in range(5)),
        terms=tuple((term, number % _COLOURS + 1) for number, term in enumerate(terms)),
        rows=tuple(
            (day, tuple(sales.get((day, term), 0) for term in terms), total)
            for day, total in zip(days, totals, strict=True)
        ),
    )


def _blocks(
    day: date, terms: Sequence[int], sales: dict[tuple[date, int], int], top: int, *, room: int, baseline: int
) -> tuple[Block, ...]:
    blocks = []
    stacked = 0
    for number, term in enumerate(terms):
        amount = sales.get((day, term), 0)
        if not amount:
            continue
        foot, head = room * stacked // top, room * (stacked + amount) // top
        blocks.append(
            Block(y=baseline - head, height=head - foot, colour=number % _COLOURS + 1, term=term, amount=amount)
        )
        stacked += amount
    return tuple(blocks)


def _nice(most: int) -> int:
    """The next 4, 8, 12 or 20 times a power of ten, so that a quarter of it is a whole number too."""
    scale = 1
    while True:
        for factor in (4, 8, 12, 20):
            if scale * factor >= most:
                return scale * factor
        scale *= 10
