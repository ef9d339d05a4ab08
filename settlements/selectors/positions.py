"""What stands between a party and everybody else now: the last statement's balances and what moved since."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from msgspec import Struct

from domain.accounts import Purpose
from domain.netting import signed
from foundation import db
from settlements.selectors.accounts import DEBIT_NORMAL


class Position(Struct, frozen=True, gc=False, kw_only=True):
    """The balance of one account in its normal direction; `owed_minor` counts for the party (a debt is negative)."""

    currency: str
    purpose: str
    balance_minor: int
    owed_minor: int


class Share(Struct, frozen=True, gc=False, kw_only=True):
    """What one other party put into a party's accounts and took out of them, by line type."""

    counterparty_kind: str
    counterparty_id: str
    currency: str
    line_type: str
    in_minor: int
    out_minor: int


_POSITIONS: Final = """
WITH last AS (
    SELECT DISTINCT ON (currency) currency, balances, period_end FROM settlements_statement
    WHERE book_id = %(book)s AND party_id = %(party)s AND state NOT IN ('open', 'computing')
    ORDER BY currency, period_start DESC, version DESC
), since AS (
    SELECT t.currency, t.debit_purpose AS purpose,
           CASE WHEN t.debit_purpose = ANY(%(debit_normal)s) THEN t.amount_minor ELSE -t.amount_minor END AS moved
    FROM settlements_transfer t LEFT JOIN last ON last.currency = t.currency
    WHERE t.book_id = %(book)s AND t.debit_party_id = %(party)s
      AND t.booked_on > coalesce(last.period_end, '-infinity')
      AND t.booked_on > (SELECT coalesce(max(day), '-infinity') FROM settlements_settledday WHERE book_id = %(book)s)
    UNION ALL
    SELECT t.currency, t.credit_purpose,
           CASE WHEN t.credit_purpose = ANY(%(debit_normal)s) THEN -t.amount_minor ELSE t.amount_minor END
    FROM settlements_transfer t LEFT JOIN last ON last.currency = t.currency
    WHERE t.book_id = %(book)s AND t.credit_party_id = %(party)s
      AND t.booked_on > coalesce(last.period_end, '-infinity')
      AND t.booked_on > (SELECT coalesce(max(day), '-infinity') FROM settlements_settledday WHERE book_id = %(book)s)
)
SELECT currency, purpose, sum(part)::bigint FROM (
    SELECT last.currency, carried.key AS purpose, carried.value::bigint AS part
    FROM last CROSS JOIN LATERAL jsonb_each_text(last.balances) AS carried
    UNION ALL SELECT currency, purpose, moved FROM since
) AS parts GROUP BY 1, 2 HAVING sum(part) <> 0 ORDER BY 1, 2
"""

_SHARES: Final = """
SELECT h.kind, h.public_id, m.currency, m.line_type, sum(m.taken)::bigint, sum(m.given)::bigint FROM (
    SELECT debit_party_id AS other, currency, line_type, amount_minor AS taken, 0 AS given FROM settlements_transfer
    WHERE book_id = %(book)s AND credit_party_id = %(party)s AND booked_on BETWEEN %(first)s AND %(last)s
      AND debit_party_id <> %(party)s
    UNION ALL
    SELECT credit_party_id, currency, line_type, 0, amount_minor FROM settlements_transfer
    WHERE book_id = %(book)s AND debit_party_id = %(party)s AND booked_on BETWEEN %(first)s AND %(last)s
      AND credit_party_id <> %(party)s
) AS m JOIN settlements_holder h ON h.party_id = m.other
GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
"""


def positions(*, party_id: UUID, book_id: UUID) -> tuple[Position, ...]:
    """Every account of a party that is not nought: 4,849.08 pending, 900.00 contingent. Zero accounts are left out."""
    params: dict[str, Any] = {"party": party_id, "book": book_id, "debit_normal": DEBIT_NORMAL}
    with db.cursor() as cursor:
        cursor.execute(_POSITIONS, params)
        return tuple(
            Position(
                currency=currency,
                purpose=purpose,
                balance_minor=balance,
                owed_minor=signed(purpose=Purpose(purpose), normal_minor=balance),
            )
            for currency, purpose, balance in cursor.fetchall()
        )


def shares(*, party_id: UUID, book_id: UUID, first: date, last: date) -> tuple[Share, ...]:
    """Who put what into a party's accounts, and what went where, over days booked: the funders of a merchant."""
    with db.cursor() as cursor:
        cursor.execute(_SHARES, {"party": party_id, "book": book_id, "first": first, "last": last})
        names = Share.__struct_fields__
        return tuple(Share(**dict(zip(names, row, strict=True))) for row in cursor.fetchall())
