"""The operator's board: books, the open day and its close, how far the statements are, what waits for approval."""

from datetime import date
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from msgspec import Struct

from foundation import board as foundation_board
from foundation import clock
from foundation.board import JobRow
from portal import formats
from portal.access import PortalRequest, attempt, page
from settlements.selectors import books, desk
from settlements.selectors.books import BookStatus, DayView
from settlements.services.closing import close_day


class BookCard(Struct, frozen=True, kw_only=True):
    """A book on the board."""

    status: BookStatus
    days: tuple[DayView, ...]
    waiting: int


class Board(Struct, frozen=True, kw_only=True):
    """The whole board."""

    books: tuple[BookCard, ...]
    jobs: tuple[JobRow, ...]
    settling: bool


def board(request: PortalRequest) -> HttpResponse:
    """Rendered as the operator's home page."""
    with request.seat.open():
        view = read()
    return render(request, "operator/board.html", {"board": view, "today": clock.now().date()})


def read() -> Board:
    """Gather it in a staff transaction."""
    cards = tuple(
        BookCard(
            status=books.status(book.id),
            days=books.days(book.id, limit=7),
            waiting=desk.waiting_for_approval(book_id=book.id),
        )
        for book in books.books()
    )
    return Board(
        books=cards,
        jobs=tuple(row for row in foundation_board.open_jobs(limit=20) if row.state != "due" or row.attempts),
        settling=any(card.status.days_to_settle for card in cards),
    )


@require_GET
@page(permission="staff:read", kinds=("platform",))
def progress(request: PortalRequest) -> HttpResponse:
    """The part of the board that moves while statements are made; asked again by htmx."""
    with request.seat.open():
        view = read()
    return render(request, "operator/books.html", {"board": view})


@require_POST
@page(permission="books:close", kinds=("platform",))
def close(request: PortalRequest, book_id: UUID) -> HttpResponse:
    """Close the day that was shown; a second click does not close the next one."""
    shown = _day(request.POST.get("day", ""))
    if shown is None:
        raise PermissionDenied
    attempt(
        request,
        lambda: close_day(book_id=book_id, closed_by_id=request.seat.person_id, now=clock.now(), day=shown),
        done=_("%(day)s is closed. Its statements are being made.") % {"day": formats.day(shown)},
    )
    return redirect("portal:home")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
