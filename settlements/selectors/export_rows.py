"""What an export is made of: its columns, the SELECTs that stream it chunk by chunk, and the sums its trailer re-adds."""

from typing import Any, Final
from uuid import UUID

from msgspec import Struct

from domain.money import CURRENCY_EXPONENTS
from foundation import db, ids
from settlements.models import Export, Statement
from settlements.selectors import lines

LINES_A_CHUNK: Final = 200_000
_SCHEMA: Final = "'1' AS schema_version"

Params = dict[str, Any]


class Query(Struct, frozen=True, gc=False):
    """A statement and its parameters."""

    sql: str
    params: Params


class Source(Struct, frozen=True, gc=False, kw_only=True):
    """Everything a file is written from. `sums` are the trailer's, ready to print; `total` is how many rows there will be."""

    columns: tuple[str, ...]
    chunks: tuple[Query, ...]
    sums: dict[str, str] = {}
    file_name: str
    total: int


def source_of(export: Export) -> Source:
    """The source of an export, inside a transaction that may see it."""
    return {"statement_lines": _statement_lines, "transfers": _transfers, "claims": _claims}[export.kind](export)


def _statement_lines(export: Export) -> Source:
    statement = Statement.objects.get(pk=export.statement_id or UUID(int=0))
    form = lines.LineForm(export.options["money"], statement.currency)
    base: Params = {"first": statement.period_start, "last": statement.period_end, "statements": [statement.id]}
    sql = lines.lines_sql(form, narrowed=lines.A_RANGE)
    starts = range(0, statement.line_count, LINES_A_CHUNK)
    return Source(
        columns=lines.COLUMNS,
        chunks=tuple(Query(sql, base | {"after": start, "upto": start + LINES_A_CHUNK}) for start in starts),
        sums={name: lines.in_form(statement.sums.get(name, 0), form) for name in lines.SUMMED},
        file_name=f"{ids.public_id('st', statement.id)}_{statement.period_start}_v{statement.version}.csv",
        total=statement.line_count,
    )


_ZERO: Final = tuple(code for code, decimals in CURRENCY_EXPONENTS.items() if decimals == 0)
_THREE: Final = tuple(code for code, decimals in CURRENCY_EXPONENTS.items() if decimals == 3)  # noqa: PLR2004


def _money(expression: str, currency: str, form: str) -> str:
    """An amount of a row whose currency is a column of it."""
    if form == "minor":
        return expression
    zero, three = (", ".join(f"'{code}'" for code in codes) for codes in (_ZERO, _THREE))
    return (
        f"CASE WHEN {currency} IN ({zero}) THEN ({expression})::text WHEN {currency} IN ({three}) "
        f"THEN (({expression}) * 0.001)::text ELSE (({expression}) * 0.01)::text END"
    )


_TRANSFER_TEXTS: Final = (
    "order_id", "order_reference", "item_id", "sku", "store_id", "campaign_id", "rule_set", "claim_id", "payout_id",
    "reason_code", "note",
)  # fmt: skip
_TRANSFER_COLUMNS: Final = (
    "schema_version", "line_no", "transfer_id", "reverses_id", "line_type", "event_id", "effective_at", "booked_on",
    "prior_period", "debit_party_id", "debit_account", "credit_party_id", "credit_account", "currency", "amount",
    "campaign_version", "term", *_TRANSFER_TEXTS,
)  # fmt: skip


def _transfers(export: Export) -> Source:
    """The tenant's transfers of closed days: an open day is still being written."""
    where = (
        "t.booked_on >= coalesce(%(start)s::date, '-infinity') AND t.booked_on <= coalesce(%(end)s::date, 'infinity') "
        "AND (%(tenant)s::uuid IS NULL OR %(tenant)s IN (t.debit_party_id, t.credit_party_id)) "
        "AND t.booked_on < b.open_day"
    )
    source = (
        "FROM settlements_transfer t JOIN settlements_book b ON b.id = t.book_id "
        "JOIN settlements_holder d ON d.party_id = t.debit_party_id "
        f"JOIN settlements_holder c ON c.party_id = t.credit_party_id WHERE {where}"
    )
    form = str(export.options["money"])
    cells = {
        "schema_version": "'1'",
        "line_no": "row_number() OVER (ORDER BY t.booked_on, t.seq)",
        "transfer_id": "settlements_public_id('tr', t.id)",
        "reverses_id": "CASE WHEN t.reverses_id IS NOT NULL THEN settlements_public_id('tr', t.reverses_id) ELSE '' END",
        "line_type": "t.line_type",
        "event_id": lines.neutral("t.event_key"),
        "effective_at": lines.instant("t.effective_at"),
        "booked_on": "t.booked_on",
        "prior_period": "CASE WHEN t.prior_period THEN 'true' ELSE 'false' END",
        "debit_party_id": "d.public_id",
        "debit_account": "d.public_id || '/' || t.debit_purpose || '/' || t.currency",
        "credit_party_id": "c.public_id",
        "credit_account": "c.public_id || '/' || t.credit_purpose || '/' || t.currency",
        "currency": "t.currency",
        "amount": _money("t.amount_minor", "t.currency", form),
        "campaign_version": "t.campaign_version",
        "term": "t.term",
    } | {name: lines.neutral(f"t.{name}") for name in _TRANSFER_TEXTS}
    params: Params = {"start": export.filters.get("from"), "end": export.filters.get("to"), "tenant": _owner(export)}
    wanted = ", ".join(f"{cells[name]} AS {name}" for name in _TRANSFER_COLUMNS)
    return Source(
        columns=_TRANSFER_COLUMNS,
        chunks=(Query(f"SELECT {wanted} {source} ORDER BY t.booked_on, t.seq", params),),
        file_name="transfers.csv",
        total=_count(f"SELECT count(*) {source}", params),
    )


_CLAIM_TEXTS: Final = ("rule_set", "region", "order_id", "order_reference", "item_id", "sku", "category", "reason_code")
_CLAIM_COLUMNS: Final = (
    "schema_version", "line_no", "claim_id", "state", "sold_on", "submitted_on", "paid_on", "energy_grade", "serial",
    "units", "currency", "amount", *_CLAIM_TEXTS,
)  # fmt: skip


def _claims(export: Export) -> Source:
    where = "%(tenant)s::uuid IS NULL OR %(tenant)s IN (c.tenant_id, c.programme_id)"
    cells = {
        "schema_version": "'1'",
        "line_no": "row_number() OVER (ORDER BY c.id)",
        "claim_id": "settlements_public_id('clm', c.id)",
        "serial": lines.neutral("c.serial"),
        "amount": _money("c.amount_minor", "c.currency", str(export.options["money"])),
    } | {name: lines.neutral(f"c.{name}") for name in _CLAIM_TEXTS}
    wanted = ", ".join(f"{cells.get(name, f'c.{name}')} AS {name}" for name in _CLAIM_COLUMNS)
    params: Params = {"tenant": _owner(export)}
    count = f"SELECT count(*) FROM settlements_claim c WHERE {where}"  # noqa: S608 - ours
    return Source(
        columns=_CLAIM_COLUMNS,
        chunks=(Query(f"SELECT {wanted} FROM settlements_claim c WHERE {where} ORDER BY c.id", params),),  # noqa: S608
        file_name="claims.csv",
        total=_count(count, params),
    )


def _owner(export: Export) -> UUID | None:
    """Whose rows: the tenant's, or (None) everybody's for the platform."""
    return None if export.filters.get("staff") else export.tenant_id


def _count(sql: str, params: Params) -> int:
    with db.cursor() as cursor:
        cursor.execute(sql, params)
        (number,) = cursor.fetchone() or (0,)
    return int(number)
