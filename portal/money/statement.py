"""A statement's page: opening, lines by type, closing, the proof, and the second person's yes or no."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST
from msgspec import Struct

from domain.statement_states import IllegalMove, StatementMove, move
from foundation import clock, ids
from merchants.selectors import parties
from merchants.selectors.names import person_names
from portal import formats, words
from portal.access import PortalRequest, Seat, attempt, page
from portal.campaigns.actions import Action
from settlements.selectors import desk
from settlements.selectors import exports as export_views
from settlements.selectors.desk import LineRow, Proof, StatementRow
from settlements.selectors.exports import ExportView
from settlements.services import exports, statements

LINES: Final = 50
APPROVE: Final = Action(
    code="approve",
    word=gettext_lazy("Approve"),
    question=gettext_lazy("You confirm this closing balance. The person who closed the day cannot approve it."),
    tone="main",
)
REJECT: Final = Action(
    code="reject",
    word=gettext_lazy("Reject"),
    question=gettext_lazy("It goes back to its maker. The lines stay what the books say."),
    note=True,
)
SUBMIT: Final = Action(
    code="submit",
    word=gettext_lazy("Submit again"),
    question=gettext_lazy("It waits for the checker again."),
    tone="main",
)


class TypeTotal(Struct, frozen=True, kw_only=True):
    """Lines of one type."""

    line_type: str
    count: int
    debit_minor: int
    credit_minor: int


class Line(Struct, frozen=True, kw_only=True):
    """A line with the name of the other side."""

    row: LineRow
    counterparty: str

    @property
    def debit_minor(self) -> int | None:
        """The amount when it is a debit."""
        return self.row.amount_minor if self.row.side == "debit" else None

    @property
    def credit_minor(self) -> int | None:
        """The amount when it is a credit."""
        return self.row.amount_minor if self.row.side == "credit" else None


class Event(Struct, frozen=True, kw_only=True):
    """A line of the history."""

    move: str
    state: str
    who: str
    note: str
    at: datetime


class Page(Struct, frozen=True, kw_only=True):
    """The whole page."""

    statement: StatementRow
    party: str
    timezone: str
    totals: tuple[TypeTotal, ...]
    proof: Proof
    proved_minor: int
    proves: bool
    lines: tuple[Line, ...]
    next_after: int | None
    events: tuple[Event, ...]
    maker: str
    approver: str
    own: bool
    actions: tuple[Action, ...]
    exports: tuple[ExportView, ...]


@require_GET
@page(permission="statements:read")
def statement(request: PortalRequest, statement_id: str) -> HttpResponse:
    """The page; `after` goes on through the lines."""
    after = request.GET.get("after", "0")
    with request.seat.open():
        view = read(
            request.seat,
            ids.parse_public_id("st", statement_id),
            after=int(after) if after.isdecimal() else 0,
        )
    return render(request, "money/statement.html", {"page": view, "statement": view.statement})


def read(seat: Seat, statement_id: UUID, *, after: int) -> Page:
    """Gather it in the seat's transaction; the proof is added up now. Raises UnknownId."""
    row = desk.statement(statement_id)
    proof = desk.proof(row)
    found = desk.lines(of=row, after=after, limit=LINES)
    names = parties.parties([row.party_id, *(line.counterparty_id for line in found)])
    shown = {key: formats.name(party.name_zh, party.name_en) for key, party in names.items()}
    events = desk.events(statement_id)
    people = person_names([row.made_by_id, row.approved_by_id, *(event.person_id for event in events)])
    proved = row.opening_minor + proof.credit_minor - proof.debit_minor
    return Page(
        statement=row,
        party=shown.get(row.party_id, ""),
        timezone=seat.party.timezone,
        totals=_totals(row),
        proof=proof,
        proved_minor=proved,
        proves=proved == row.closing_minor and proof.lines == row.line_count,
        lines=tuple(Line(row=line, counterparty=shown.get(line.counterparty_id, "")) for line in found[:LINES]),
        next_after=found[LINES - 1].line_no if len(found) > LINES else None,
        events=tuple(
            Event(
                move=event.move,
                state=event.to_state,
                who=people.get(event.person_id, "") if event.person_id else "",
                note=event.note,
                at=event.at,
            )
            for event in events
        ),
        maker=people.get(row.made_by_id, "") if row.made_by_id else "",
        approver=people.get(row.approved_by_id, "") if row.approved_by_id else "",
        own=row.made_by_id == seat.person_id,
        actions=_actions(seat, row),
        exports=export_views.latest(tenant_id=seat.party.id, statement_id=row.id, limit=5),
    )


def _totals(row: StatementRow) -> tuple[TypeTotal, ...]:
    return tuple(
        TypeTotal(line_type=code, count=sums["count"], debit_minor=sums["debit"], credit_minor=sums["credit"])
        for code, sums in sorted(row.totals.items(), key=_order)
    )


def _order(item: tuple[str, dict[str, int]]) -> int:
    known = list(words.LINE_TYPES)
    return known.index(item[0]) if item[0] in known else len(known)


def _actions(seat: Seat, row: StatementRow) -> tuple[Action, ...]:
    if not seat.may("statements:approve"):
        return ()
    offered = ((StatementMove.APPROVE, APPROVE), (StatementMove.REJECT, REJECT), (StatementMove.SUBMIT, SUBMIT))
    return tuple(action for by, action in offered if _legal(row.state, by))


def _legal(state: str, by: StatementMove) -> bool:
    try:
        move(state, by)
    except IllegalMove:
        return False
    return True


@require_POST
@page(permission="statements:approve")
def approve(request: PortalRequest, statement_id: str) -> HttpResponse:
    """The second person's yes to exactly what was looked at."""
    key, now = ids.parse_public_id("st", statement_id), clock.now()
    attempt(
        request,
        lambda: statements.approve(
            statement_id=key,
            person_id=request.seat.person_id,
            expected_sha256=request.POST.get("sha256", ""),
            now=now,
        ),
        done=_("Approved."),
    )
    return redirect("portal:statement", statement_id=statement_id)


@require_POST
@page(permission="statements:approve")
def reject(request: PortalRequest, statement_id: str) -> HttpResponse:
    """The second person's no, with a reason."""
    key, now = ids.parse_public_id("st", statement_id), clock.now()
    reason = request.POST.get("note", "").strip()[:200]
    attempt(
        request,
        lambda: statements.reject(statement_id=key, person_id=request.seat.person_id, reason=reason, now=now),
        done=_("Rejected. It is back with its maker."),
    )
    return redirect("portal:statement", statement_id=statement_id)


@require_POST
@page(permission="statements:approve")
def submit(request: PortalRequest, statement_id: str) -> HttpResponse:
    """Put it before the checker again."""
    key, now = ids.parse_public_id("st", statement_id), clock.now()
    attempt(
        request,
        lambda: statements.submit(statement_id=key, person_id=request.seat.person_id, now=now),
        done=_("It waits for approval again."),
    )
    return redirect("portal:statement", statement_id=statement_id)


@require_POST
@page(permission="exports:write")
def export(request: PortalRequest, statement_id: str) -> HttpResponse:
    """Ask for the file of a statement's lines."""
    key, now = ids.parse_public_id("st", statement_id), clock.now()
    attempt(
        request,
        lambda: exports.request_export(
            tenant_id=request.seat.party.id,
            person_id=request.seat.person_id,
            kind="statement_lines",
            format="csv",
            statement_id=key,
            now=now,
            options=exports.Options(bom=True),
        ),
        done=_("The file is being made. You can leave this page."),
    )
    return redirect("portal:statement", statement_id=statement_id)
