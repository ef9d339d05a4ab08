"""Close and settle a history day by day, beside the same lines and totals made by hand in one statement a day."""

import time
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

import psycopg

from benchmarks import history
from benchmarks.history import Ledger
from benchmarks.report import Cell
from foundation import clock, db
from settlements.services import closing, statements

TABLES = """
DROP SCHEMA IF EXISTS bench_books CASCADE;
CREATE SCHEMA bench_books;
CREATE TABLE bench_books.line (
    booked_on date, party uuid, line_no bigint, transfer uuid, side text, balance_after bigint,
    PRIMARY KEY (booked_on, party, line_no));
CREATE UNIQUE INDEX ON bench_books.line (booked_on, transfer, side);
CREATE TABLE bench_books.total (booked_on date, party uuid, line_type text, debit bigint, credit bigint, lines bigint);
"""

# Lines with their number and running balance, and the totals by type, of every party on one day.
BY_HAND = """
WITH moves AS MATERIALIZED (
    SELECT debit_party_id AS party, seq, 0 AS place, id, 'debit' AS side, debit_purpose AS purpose, line_type, amount_minor
    FROM settlements_transfer WHERE book_id = %(book)s AND booked_on = %(day)s
    UNION ALL
    SELECT credit_party_id, seq, 1, id, 'credit', credit_purpose, line_type, amount_minor
    FROM settlements_transfer WHERE book_id = %(book)s AND booked_on = %(day)s
), lines AS (
    INSERT INTO bench_books.line
    SELECT %(day)s, party, row_number() OVER (PARTITION BY party ORDER BY seq, place), id, side,
           sum(CASE place WHEN 0 THEN -amount_minor ELSE amount_minor END)
               OVER (PARTITION BY party, purpose ORDER BY seq, place)
    FROM moves
)
INSERT INTO bench_books.total
SELECT %(day)s, party, line_type, sum(amount_minor) FILTER (WHERE place = 0),
       sum(amount_minor) FILTER (WHERE place = 1), count(*)
FROM moves GROUP BY party, line_type
"""


def cells(ledger: Ledger, admin_url: str, *, days: int, transfers: int) -> Iterator[Cell]:
    """Every measurement of this file; the book is left with all its days closed and settled."""
    rng = Random(20261111)
    orders = transfers // history.LEGS_AN_ORDER // days
    product = by_hand = booked = 0.0
    hashing = Stopwatch()
    with psycopg.connect(admin_url, autocommit=True) as connection:
        connection.execute(TABLES)
        for number in range(days):
            day = ledger.first + timedelta(days=number)
            booked += _timed(lambda day=day: history.book_day(ledger, day=day, orders=orders, rng=rng))
            product += _timed(lambda day=day: settle(ledger, day, hashing))
            by_hand += _timed(lambda day=day: connection.execute(BY_HAND, {"book": ledger.book_id, "day": day}))
        lines = _check(connection, ledger)
    count = orders * history.LEGS_AN_ORDER * days
    yield Cell(area="books", name="booking captures, 500 events a call", product=count / booked, unit="transfers/s")
    yield Cell(
        area="books", name=f"close and settle {days} days, {count:,} transfers, {lines:,} lines", product=product,
        unit="s", reference=by_hand, against="s by hand", ratio=by_hand / product, target=0.50,
    )  # fmt: skip
    unhashed = product - hashing.seconds
    yield Cell(
        area="books", name="the same without writing out and hashing the lines", product=unhashed,
        unit="s", reference=by_hand, against="s by hand", ratio=by_hand / unhashed,
    )  # fmt: skip
    yield Cell(area="books", name="settling", product=lines / product, unit="lines/s")


class Stopwatch:
    """Adds up the time between the steps `lines` and `hashed` of a run."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._began = 0.0

    def step(self, name: str) -> None:
        """Told by the run."""
        if name == "lines":
            self._began = time.perf_counter()
        elif name == "hashed":
            self.seconds += time.perf_counter() - self._began


def settle(ledger: Ledger, day: date, hashing: Stopwatch) -> None:
    """Close the open day and make its statements, as the two nightly jobs do."""
    with db.staff_transaction():
        closing.close_day(book_id=ledger.book_id, closed_by_id=None, now=clock.now(), day=day)
    statements.settle_day(book_id=ledger.book_id, day=day, made_by_id=None, now=clock.now(), checkpoint=hashing.step)


def _timed(act) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _check(connection: psycopg.Connection, ledger: Ledger) -> int:
    """Both made the same number of lines; returns it."""
    counts = connection.execute(
        "SELECT (SELECT count(*) FROM settlements_statementline l JOIN settlements_statement s ON s.id = l.statement_id "
        "WHERE s.book_id = %s), (SELECT count(*) FROM bench_books.line)",
        [ledger.book_id],
    ).fetchone()
    assert counts is not None
    product, by_hand = counts
    assert product == by_hand > 0
    return int(product)
