"""/v1/statements: lists, one, its lines, and the second person's yes or no."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta

from domain.states import IllegalMove
from foundation import ids
from foundation.api import Answer, Call, Endpoint, Handle, In, Out, Page, PageQuery, Route, answer, page_of
from foundation.errors import Forbidden
from settlements.api.access import book_of, check_settles_itself, once_for, own, reading
from settlements.models import Statement as StatementModel
from settlements.selectors import statements as selectors
from settlements.selectors.statements import StatementView
from settlements.services import statements

Sha256 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
Text = Annotated[str, Meta(min_length=1, max_length=200)]


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


class StatementQuery(PageQuery, frozen=True, kw_only=True):
    """Narrows the list; `party` is for the platform's staff."""

    state: str | None = None
    currency: str | None = None
    party: str | None = None
    party_type: str | None = None
    period_start: date | None = None
    period_from: date | None = None
    period_to: date | None = None


class ApproveIn(In, frozen=True, kw_only=True):
    """The hash that was looked at."""

    sha256: Sha256
    note: Text | None = None


class RejectIn(In, frozen=True, kw_only=True):
    """Why."""

    reason: Text


def _totals(view: StatementView) -> dict[str, TotalsOut]:
    return {name: TotalsOut(**sums) for name, sums in sorted(view.totals.items())}


def _out(view: StatementView) -> StatementOut:
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


def _line_out(row: dict[str, Any]) -> LineOut:
    cells = {name: row[name] for name in LineOut.__struct_fields__ if name != "object"}
    return LineOut(**cells | {"prior_period": row["prior_period"] == "true"})


def _filters(query: StatementQuery) -> dict[str, Any]:
    party = ids.parse_public_id(query.party.partition("_")[0], query.party) if query.party else None
    found = {
        "state": query.state,
        "currency": query.currency,
        "party_id": party,
        "party_type": query.party_type,
        "period_start": query.period_start,
        "period_start__gte": query.period_from,
        "period_start__lte": query.period_to,
    }
    return {name: value for name, value in found.items() if value is not None}


class Statements(Endpoint):
    """Statements of the caller, for staff of every party in its book."""

    tag = "Statements"

    @Route(scope="statements:read", query=StatementQuery, returns=Page[StatementOut])
    def get(self, call: Call, *, query: StatementQuery) -> Page[StatementOut]:
        """List statements, the newest period first."""
        after = ids.parse_public_id("st", query.cursor) if query.cursor else None
        with reading(call.caller):
            filters = _filters(query) | own(call.caller, "party_id")
            rows = selectors.statement_page(filters=filters, limit=query.limit, after=after)
        return page_of(rows, limit=query.limit, cursor_of=lambda row: row.public_id, show=_out)


class Statement(Endpoint):
    """One statement."""

    tag = "Statements"

    @Route(scope="statements:read", returns=StatementOut)
    def get(self, call: Call, *, statement_id: str) -> StatementOut:
        """Read a statement with its totals by line type."""
        key = ids.parse_public_id("st", statement_id)
        with reading(call.caller):
            return _out(selectors.statement(key, filters=own(call.caller, "party_id")))


class StatementLines(Endpoint):
    """The lines of a statement."""

    tag = "Statements"

    @Route(scope="statements:read", query=PageQuery, returns=Page[LineOut])
    def get(self, call: Call, *, query: PageQuery, statement_id: str) -> Page[LineOut]:
        """List lines in the order of the books; the cursor is a line number."""
        key = ids.parse_public_id("st", statement_id)
        if query.cursor is not None and not (query.cursor.isascii() and query.cursor.isdigit()):
            raise ids.UnknownId
        after = min(int(query.cursor or 0), 2**62)
        with reading(call.caller):
            view = selectors.statement(key, filters=own(call.caller, "party_id"))
            rows = selectors.line_page(view, after=after, limit=query.limit)
        return page_of(rows, limit=query.limit, cursor_of=lambda row: str(row["line_no"]), show=_line_out)


def _decided(call: Call, statement_id: str, decide: Callable[[UUID, datetime], StatementModel]) -> Answer:
    """Run a decision about a statement the caller may see."""
    check_settles_itself(call.caller)
    key = ids.parse_public_id("st", statement_id)

    def effect(_handle: Handle) -> Answer:
        selectors.statement(key, filters=own(call.caller, "party_id"))
        return answer(_out(selectors.view_of(decide(key, book_of(call.caller).at(call.now)))))

    return once_for(call, effect)


class ApproveStatement(Endpoint):
    """The second person's yes."""

    tag = "Statements"

    @Route(
        scope="statements:approve",
        body=ApproveIn,
        returns=StatementOut,
        idempotent=True,
        errors=(
            statements.MakerIsChecker,
            statements.CheckerUnknown,
            statements.StatementHashChanged,
            IllegalMove,
            Forbidden,
        ),
    )
    def post(self, call: Call, *, body: ApproveIn, statement_id: str) -> Answer:
        """Approve the statement with this hash; whoever closed its day may not."""
        return _decided(
            call,
            statement_id,
            lambda key, now: statements.approve(
                statement_id=key,
                person_id=call.caller.person_id,
                expected_sha256=body.sha256,
                now=now,
                note=body.note or "",
            ),
        )


class RejectStatement(Endpoint):
    """The second person's no."""

    tag = "Statements"

    @Route(
        scope="statements:approve",
        body=RejectIn,
        returns=StatementOut,
        idempotent=True,
        errors=(statements.CheckerUnknown, IllegalMove, Forbidden),
    )
    def post(self, call: Call, *, body: RejectIn, statement_id: str) -> Answer:
        """Send the statement back with a reason; its lines stay."""
        return _decided(
            call,
            statement_id,
            lambda key, now: statements.reject(
                statement_id=key, person_id=call.caller.person_id, reason=body.reason, now=now
            ),
        )
