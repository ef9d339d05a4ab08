"""/v1/statements: lists, one, its lines, and the second person's yes or no."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta

from domain.states import IllegalMove
from foundation import ids
from foundation.api import Answer, Call, Endpoint, Handle, In, Page, PageQuery, Route, answer, page_of
from foundation.errors import Forbidden
from settlements.api.access import book_of, check_settles_itself, once_for, own, reading
from settlements.api.statement_out import LineOut, StatementOut, line_out, statement_out
from settlements.models import Statement as StatementModel
from settlements.selectors import statements as selectors
from settlements.services import statements

Sha256 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
Text = Annotated[str, Meta(min_length=1, max_length=200)]


class StatementQuery(PageQuery, frozen=True, kw_only=True):
    """Narrows the list; `party` is for the platform's staff."""

    state: str | None = None
    currency: str | None = None
    party: str | None = None
    party_type: str | None = None
    period_start: date | None = None
    period_from: date | None = None
    period_to: date | None = None


class LineQuery(PageQuery, frozen=True, kw_only=True):
    """`store` shows what one shop made of its merchant's statement."""

    store: Annotated[str, Meta(max_length=40)] = ""


class ApproveIn(In, frozen=True, kw_only=True):
    """The hash that was looked at."""

    sha256: Sha256
    note: Text | None = None


class RejectIn(In, frozen=True, kw_only=True):
    """Why."""

    reason: Text


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
        return page_of(rows, limit=query.limit, cursor_of=lambda row: row.public_id, show=statement_out)


class Statement(Endpoint):
    """One statement."""

    tag = "Statements"

    @Route(scope="statements:read", returns=StatementOut)
    def get(self, call: Call, *, statement_id: str) -> StatementOut:
        """Read a statement with its totals by line type."""
        key = ids.parse_public_id("st", statement_id)
        with reading(call.caller):
            return statement_out(selectors.statement(key, filters=own(call.caller, "party_id")))


class StatementLines(Endpoint):
    """The lines of a statement."""

    tag = "Statements"

    @Route(scope="statements:read", query=LineQuery, returns=Page[LineOut])
    def get(self, call: Call, *, query: LineQuery, statement_id: str) -> Page[LineOut]:
        """List lines in the order of the books; the cursor is a line number."""
        key = ids.parse_public_id("st", statement_id)
        if query.cursor is not None and not (query.cursor.isascii() and query.cursor.isdigit()):
            raise ids.UnknownId
        after = min(int(query.cursor or 0), 2**62)
        with reading(call.caller):
            view = selectors.statement(key, filters=own(call.caller, "party_id"))
            rows = selectors.line_page(view, after=after, limit=query.limit, store=query.store)
        return page_of(rows, limit=query.limit, cursor_of=lambda row: str(row["line_no"]), show=line_out)


def _decided(call: Call, statement_id: str, decide: Callable[[UUID, datetime], StatementModel]) -> Answer:
    """Run a decision about a statement the caller may see."""
    check_settles_itself(call.caller)
    key = ids.parse_public_id("st", statement_id)

    def effect(_handle: Handle) -> Answer:
        selectors.statement(key, filters=own(call.caller, "party_id"))
        return answer(statement_out(selectors.view_of(decide(key, book_of(call.caller).at(call.now)))))

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
