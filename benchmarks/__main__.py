"""`python -m benchmarks [--full] [--only AREA …]`: run the cells, print the table, write var/bench.json."""

import argparse
import sys
import time
from collections.abc import Callable, Iterator

from benchmarks import machine, report, stage
from benchmarks.report import Cell

AREAS = ("quote", "catalogue", "confirm", "books")


class Sizes:
    """How much of each. A plain run ends in a few minutes, a full one in less than an hour."""

    def __init__(self, *, full: bool) -> None:
        self.rounds = 5 if full else 3
        self.seconds = 10.0 if full else 3.0
        self.plans = 3_000 if full else 600
        self.days = 90
        self.transfers = 5_000_000 if full else 200_000
        self.busy_orders = 250_000 if full else 15_000


def main(arguments: list[str]) -> int:
    """Measure and report. Ends with 0 also when a target is missed: this is no test."""
    options = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    options.add_argument("--full", action="store_true", help="five million transfers, more and longer rounds")
    options.add_argument("--only", nargs="*", choices=AREAS, default=AREAS, metavar="AREA", help=", ".join(AREAS))
    chosen = options.parse_args(arguments)
    sizes = Sizes(full=chosen.full)
    began = time.monotonic()
    cells: list[Cell] = []
    with stage.database() as admin_url:
        facts = machine.facts(admin_url)
        for act in _plan(chosen.only, admin_url, sizes):
            for cell in act():
                cells.append(cell)
                print(f"  {cell.area}: {cell.name}", flush=True)
    facts["minutes"] = round((time.monotonic() - began) / 60, 1)
    print(f"\n{report.table(cells)}\n\n" + ", ".join(f"{name} {value}" for name, value in facts.items()))
    report.save(stage.ROOT / "var" / "bench.json", facts=facts, cells=cells)
    return 0


def _plan(areas: list[str], admin_url: str, sizes: Sizes) -> Iterator[Callable[[], Iterator[Cell]]]:
    """The measurements of the chosen areas. Their modules need Django, which is there by now."""
    from benchmarks import confirming, exporting, history, lookup, quoting, settling, world

    if set(areas) - {"books"}:
        made = world.build()
        if "quote" in areas:
            yield lambda: quoting.cells(made, rounds=sizes.rounds, seconds=sizes.seconds)
        if "catalogue" in areas:
            yield lambda: lookup.cells(made, rounds=sizes.rounds)
        if "confirm" in areas:
            yield lambda: confirming.cells(made, admin_url, rounds=sizes.rounds, plans=sizes.plans)
    if "books" in areas:
        ledger = history.open_book(days=sizes.days + 1)
        yield lambda: settling.cells(ledger, admin_url, days=sizes.days, transfers=sizes.transfers)
        yield lambda: exporting.cells(ledger, admin_url, days=sizes.days, orders=sizes.busy_orders, rounds=sizes.rounds)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
