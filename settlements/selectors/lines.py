"""The lines of statements as one SELECT: the same columns, order and meaning in the hash, the files and the API.

A line is one side of one transfer. Its amount stands in `net_debit` or `net_credit` by its side, and once more in the one
column that says what kind of money it is (`gross_*`, `subsidy_*`, `lender_fee` or `platform_fee`); docs/books.md.
Only rows that never change are joined, so the same line gives the same bytes for ever.
"""

from typing import Final

from msgspec import Struct

from domain import money
from settlements.selectors.accounts import KIND_SQL, KINDS_OF_MONEY

SCHEMA_VERSION: Final = "1"

COLUMNS: Final = (
    "schema_version", "statement_id", "statement_version", "party_type", "party_id", "period_start", "period_end",
    "line_no", "line_type", "transfer_id", "reverses_id", "event_id", "effective_at", "booked_on", "order_id",
    "order_reference", "item_id", "sku", "store_id", "campaign_id", "campaign_version", "rule_set", "claim_id", "term",
    "counterparty_type", "counterparty_id", "account", "currency", "gross_debit", "gross_credit", "subsidy_government",
    "subsidy_brand", "subsidy_merchant", "subsidy_platform", "lender_fee", "platform_fee", "tax_code", "tax_amount",
    "net_debit", "net_credit", "balance_after", "payout_id", "end_to_end_id", "bank_value_date", "prior_period",
    "reason_code", "note",
)  # fmt: skip

SUMMED: Final = (
    "gross_debit", "gross_credit", "subsidy_government", "subsidy_brand", "subsidy_merchant", "subsidy_platform",
    "lender_fee", "platform_fee", "net_debit", "net_credit",
)  # fmt: skip
"""The columns a trailer row re-adds."""

MONEY: Final = (*SUMMED, "tax_amount", "balance_after")

# Characters a spreadsheet takes for the start of a formula: = + - @ tab CR LF, and the full-width forms of the first four.
_FORMULA_STARTS: Final = "61, 43, 45, 64, 9, 13, 10, 65309, 65291, 65293, 65312"


class LineForm(Struct, frozen=True, gc=False):
    """How a line is written: money in `minor` units, or in `decimals` of the currency."""

    money: str
    currency: str


_CANONICAL: Final = LineForm("minor", "")


def neutral(expression: str) -> str:
    """SQL for a text cell that no spreadsheet runs: a quote is put before = + - @ and their like."""
    return f"CASE WHEN ascii({expression}) IN ({_FORMULA_STARTS}) THEN '''' || {expression} ELSE {expression} END"


def amount(expression: str, form: LineForm) -> str:
    """SQL for an amount in the wanted form: 41662 stays 41662, or becomes 416.62 in CNY and 41662 in JPY."""
    # Numeric times 0.01 is exact and keeps two decimals.
    return f"({expression}){_factor(form)}"


def amount_if(condition: str, expression: str, form: LineForm) -> str:
    """SQL for an amount where the condition holds, else nought; most cells of a line are nought and cost nothing."""
    return f"CASE WHEN {condition} THEN ({expression}){_factor(form)} ELSE {_nought(form)} END"


def _factor(form: LineForm) -> str:
    decimals = 0 if form.money == "minor" else money.exponent(form.currency)
    return f" * 0.{'1'.rjust(decimals, '0')}" if decimals else ""


def _nought(form: LineForm) -> str:
    return "0." + "0" * len(_factor(form).removeprefix(" * 0.")) if _factor(form) else "0"


def in_form(minor: int, form: LineForm) -> str:
    """The same for one amount that is already here."""
    return str(minor) if form.money == "minor" else money.format_decimal(minor=minor, currency=form.currency)


# OFFSET 0 is a fence. The outer one keeps what is decided once a line from being worked out in every column that uses it.
# The inner one makes the database fetch each line's transfer by its key: with a day's transfers it has never counted it
# would otherwise compare every line with every transfer.
_SOURCE: Final = """
FROM (
    SELECT s.public_id AS statement, l.statement_id, l.booked_on, l.line_no, l.balance_after_minor, s.version, s.period_start, s.period_end,
           t.id AS transfer, t.reverses_id, t.line_type, t.event_key, t.effective_at, t.order_id, t.order_reference,
           t.item_id, t.sku, t.store_id, t.campaign_id, t.campaign_version, t.rule_set, t.claim_id, t.term, t.currency,
           t.payout_id, t.end_to_end_id, t.bank_value_date, t.prior_period, t.reason_code, t.note,
           own.kind AS party_type, own.public_id AS party_id, other.kind AS other_type, other.public_id AS other_id,
           CASE l.side WHEN 'debit' THEN t.debit_purpose ELSE t.credit_purpose END AS purpose,
           l.side, t.amount_minor,
           {kind} AS kind
    FROM settlements_statementline l
    JOIN s ON s.id = l.statement_id
    CROSS JOIN LATERAL (
        SELECT * FROM settlements_transfer WHERE booked_on = l.booked_on AND id = l.transfer_id OFFSET 0
    ) AS t
    JOIN settlements_holder own ON own.party_id = l.party_id
    JOIN settlements_holder other
      ON other.party_id = CASE l.side WHEN 'debit' THEN t.credit_party_id ELSE t.debit_party_id END
    WHERE l.statement_id = ANY(%(statements)s::uuid[]) AND l.booked_on BETWEEN %(first)s AND %(last)s{narrowed}
    ORDER BY l.booked_on, l.statement_id, l.line_no {limit} OFFSET 0
) AS r
"""


def instant(expression: str) -> str:
    """SQL for an instant in UTC: 2026-11-21T08:00:00.123+00:00."""
    return f"replace(({expression} AT TIME ZONE 'UTC')::text, ' ', 'T') || '+00:00'"


# What people or other systems wrote. Ids and codes of ours begin with a letter.
_TEXTS: Final = ("order_reference", "item_id", "sku", "rule_set", "reason_code", "note")
_PLAIN: Final = (
    "party_type", "party_id", "period_start", "period_end", "line_no", "line_type", "booked_on", "order_id", "store_id",
    "campaign_id", "campaign_version", "claim_id", "term", "currency", "payout_id", "end_to_end_id", "bank_value_date",
)  # fmt: skip


def _cells(form: LineForm) -> dict[str, str]:
    cells = {
        "schema_version": f"'{SCHEMA_VERSION}'",
        "statement_id": "r.statement",
        "statement_version": "r.version",
        "transfer_id": "settlements_public_id('tr', r.transfer)",
        "reverses_id": "CASE WHEN r.reverses_id IS NULL THEN '' ELSE settlements_public_id('tr', r.reverses_id) END",
        "event_id": neutral("r.event_key"),
        "effective_at": instant("r.effective_at"),
        "counterparty_type": "r.other_type",
        "counterparty_id": "r.other_id",
        "account": "r.party_id || '/' || r.purpose || '/' || r.currency",
        "tax_code": "''",
        "tax_amount": _nought(form),
        "net_debit": amount_if("r.side = 'debit'", "r.amount_minor", form),
        "net_credit": amount_if("r.side = 'credit'", "r.amount_minor", form),
        "balance_after": amount("r.balance_after_minor", form),
        "prior_period": "CASE WHEN r.prior_period THEN 'true' ELSE 'false' END",
        "gross_debit": amount_if("r.kind = 'gross' AND r.side = 'debit'", "r.amount_minor", form),
        "gross_credit": amount_if("r.kind = 'gross' AND r.side = 'credit'", "r.amount_minor", form),
    }
    for name in KINDS_OF_MONEY[1:]:
        cells[name] = amount_if(f"r.kind = '{name}'", "r.amount_minor", form)
    return cells | {name: f"r.{name}" for name in _PLAIN} | {name: neutral(f"r.{name}") for name in _TEXTS}


def _source(narrowed: str, *, limit: str = "") -> str:
    return _SOURCE.format(kind=KIND_SQL, narrowed=narrowed, limit=limit)


_STATEMENTS: Final = (
    "WITH s AS MATERIALIZED (SELECT id, settlements_public_id('st', id) AS public_id, version, period_start, period_end "
    "FROM settlements_statement WHERE id = ANY(%(statements)s::uuid[])) "
)
A_RANGE: Final = " AND l.line_no > %(after)s AND l.line_no <= %(upto)s"
"""Narrows to some lines of one statement."""
BEHIND: Final = " AND l.line_no > %(after)s AND (%(store)s = '' OR t.store_id = %(store)s)"
"""Narrows to the lines behind one, of one store or of all."""


def lines_sql(form: LineForm, *, narrowed: str = "", limit: str = "") -> str:
    """SELECT of all columns for the lines of %(statements)s, booked from %(first)s to %(last)s, in line order."""
    cells = _cells(form)
    wanted = ", ".join(f"{cells[name]} AS {name}" for name in COLUMNS)
    order = "ORDER BY r.booked_on, r.statement_id, r.line_no"
    return f"{_STATEMENTS} SELECT {wanted} {_source(narrowed, limit=limit)} {order}"


def canonical_sql() -> str:
    """COPY of the lines as they are hashed: money in minor units, lines end in LF."""
    return f"COPY ({lines_sql(_CANONICAL)}) TO STDOUT (FORMAT csv)"
