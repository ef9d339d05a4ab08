"""Files of statement lines and transfers, beside the database's own COPY of the same rows."""

import time
from collections.abc import Iterator
from datetime import timedelta
from random import Random
from uuid import UUID

import psycopg

from benchmarks import history, settling
from benchmarks.history import Ledger
from benchmarks.report import Cell, alternating
from benchmarks.stage import ROOT
from foundation import clock, db
from settlements.models import Export, Statement
from settlements.selectors import export_rows
from settlements.services import export_run, exports

FILE = ROOT / "var" / "bench-copy.csv"


def cells(ledger: Ledger, admin_url: str, *, days: int, orders: int, rounds: int) -> Iterator[Cell]:
    """Settle one busy day of one merchant, then export its statement and the merchant's transfers."""
    busy, day = ledger.merchants[0], ledger.first + timedelta(days=days)
    history.book_day(ledger, day=day, orders=orders, rng=Random(7), only=busy)
    began = time.perf_counter()
    settling.settle(ledger, day, settling.Stopwatch())
    spent = time.perf_counter() - began
    with db.staff_transaction():
        statement = Statement.objects.get(book_id=ledger.book_id, party_id=busy, period_start=day)
        lines = sum(
            Statement.objects.filter(book_id=ledger.book_id, period_start=day).values_list("line_count", flat=True)
        )
    yield Cell(area="books", name=f"settling one busy day, {lines:,} lines", product=lines / spent, unit="lines/s")
    try:
        yield _cell(admin_url, busy, statement.pk, kind="statement_lines", rounds=rounds)
        yield _cell(admin_url, busy, None, kind="transfers", rounds=rounds)
    finally:
        FILE.unlink(missing_ok=True)


def _cell(admin_url: str, tenant_id: UUID, statement_id: UUID | None, *, kind: str, rounds: int) -> Cell:
    made: list[Export] = []

    def product() -> float:
        with db.tenant_transaction(tenant_id):
            export = exports.request_export(
                tenant_id=tenant_id, person_id=None, kind=kind, format="csv", now=clock.now(), statement_id=statement_id
            )
        began = time.perf_counter()
        assert export_run.run_export(export_id=export.pk, lease=None, now=clock.now())
        spent = time.perf_counter() - began
        with db.staff_transaction():
            made.append(Export.objects.get(pk=export.pk))
        assert made[-1].state == "done"
        exports.path_of(export.pk).unlink()
        return made[-1].rows_done / spent

    def by_hand() -> float:
        with db.reader_transaction(tenant_id):
            chunks = export_rows.source_of(made[-1]).chunks
        began = time.perf_counter()
        with psycopg.connect(admin_url) as connection, FILE.open("wb") as file:
            for chunk in chunks:
                _copy(connection, chunk, file)
        return made[-1].rows_done / (time.perf_counter() - began)

    product_rate, by_hand_rate = alternating(rounds, product, by_hand)
    export = made[-1]
    return Cell(
        area="export", name=f"CSV of {export.rows_done:,} {kind} ({export.size_bytes / 1e6:.0f} MB)", product=product_rate,
        unit="rows/s", reference=by_hand_rate, against="COPY", ratio=product_rate / by_hand_rate, target=0.70,
    )  # fmt: skip


def _copy(connection: psycopg.Connection, chunk: export_rows.Query, file) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY ({chunk.sql}) TO STDOUT (FORMAT csv)", chunk.params) as rows:
        for block in rows:
            file.write(block)
