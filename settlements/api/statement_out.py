"""Statements and their lines as the API shows them."""

from datetime import date, datetime
from typing import Any, Literal

from foundation.api import Out
from settlements.selectors.statements import StatementView


class TotalsOut(Out, frozen=True, kw_only=True):
    """The lines of one type together."""

    debit: int
    credit: int
    count: int


class StatementOut(Out, frozen=True, kw_only=True):
    """One party's movements of a period in one currency: opening + credits - debits = closing.

    Positive amounts are owed to the party. `sha256` covers the lines and, through `previous_sha256`, all statements before.
    """

    id: str
    object: Literal["statement"] = "statement"
    party_type: str
    party_id: str
    store: str | None = None
    currency: str
    period_start: date
    period_end: date
    version: int
    opening: int
    closing: int
    line_count: int
    totals: dict[str, TotalsOut]
    sha256: str
    previous_sha256: str
    state: str
    approved_at: datetime | None
    created_at: datetime


class LineOut(Out, frozen=True, kw_only=True):
    """One side of one transfer, with the columns of the export; money in minor units."""

    object: Literal["statement_line"] = "statement_line"
    line_no: int
    line_type: str
    transfer_id: str
    reverses_id: str
    event_id: str
    effective_at: str
    booked_on: date
    order_id: str
    order_reference: str
    item_id: str
    sku: str
    store_id: str
    campaign_id: str
    campaign_version: int | None
    rule_set: str
    claim_id: str
    term: int | None
    counterparty_type: str
    counterparty_id: str
    account: str
    currency: str
    gross_debit: int
    gross_credit: int
    subsidy_government: int
    subsidy_brand: int
    subsidy_merchant: int
    subsidy_platform: int
    lender_fee: int
    platform_fee: int
    tax_code: str
    tax_amount: int
    net_debit: int
    net_credit: int
    balance_after: int
    payout_id: str
    end_to_end_id: str
    bank_value_date: date | None
    prior_period: bool
    reason_code: str
    note: str


def _totals(view: StatementView) -> dict[str, TotalsOut]:
    return {name: TotalsOut(**sums) for name, sums in sorted(view.totals.items())}


def statement_out(view: StatementView) -> StatementOut:
    """A statement as the API shows it."""
    return StatementOut(
        id=view.public_id,
        party_type=view.party_type,
        party_id=view.party_public_id,
        currency=view.currency,
        period_start=view.period_start,
        period_end=view.period_end,
        version=view.version,
        opening=view.opening_minor,
        closing=view.closing_minor,
        line_count=view.line_count,
        totals=_totals(view),
        sha256=view.sha256,
        previous_sha256=view.previous_sha256,
        state=view.state,
        approved_at=view.approved_at,
        created_at=view.created_at,
    )


def line_out(row: dict[str, Any]) -> LineOut:
    """A line as the API shows it, from the columns of the export."""
    cells = {name: row[name] for name in LineOut.__struct_fields__ if name != "object"}
    return LineOut(**cells | {"prior_period": row["prior_period"] == "true"})
