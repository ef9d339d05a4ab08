"""The bases of what the API reads and writes, and the cursor list."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Annotated, Any, Final, Generic, Literal, TypeVar

from msgspec import Meta, Struct, field

from foundation.http_errors import InvalidRequest

T = TypeVar("T")
Row = TypeVar("Row")

AMOUNT_MAX_MINOR: Final = 10**12
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2999

Amount = Annotated[int, Meta(ge=1, le=AMOUNT_MAX_MINOR, description="Minor units (fen), 1 to 10^12.")]
AmountOrZero = Annotated[int, Meta(ge=0, le=AMOUNT_MAX_MINOR, description="Minor units (fen), 0 to 10^12.")]
Currency = Annotated[str, Meta(pattern=r"^[A-Z]{3}$", description="ISO 4217 code.")]
ShortText = Annotated[str, Meta(min_length=1, max_length=200)]
Reference = Annotated[str, Meta(min_length=1, max_length=255)]
DecimalText = Annotated[str, Meta(pattern=r"^-?[0-9]{1,9}(\.[0-9]{1,9})?$", description="A decimal in a string.")]


class In(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A request body (or part of one): unknown fields are refused. Subclasses say `frozen=True, kw_only=True` again."""


def check_years(request: In, *names: str) -> None:
    """Refuse days and instants (fields of `request`) so far away that a zone or a schedule leaves the calendar.

    Called where a request is read, never where a row is: what is kept stays readable. Raises InvalidRequest at the field.
    """
    for name in names:
        value = getattr(request, name)
        if isinstance(value, date) and not FIRST_YEAR <= value.year <= LAST_YEAR:
            detail = f"The year must be between {FIRST_YEAR} and {LAST_YEAR}."
            raise InvalidRequest(at=f"/{name}", reason="out_of_range", detail=detail)


class Out(Struct, frozen=True, kw_only=True, gc=False):
    """An answer (or part of one)."""


class PageQuery(In, frozen=True, kw_only=True):
    """What every list takes. Subclass it to add typed filters."""

    limit: Annotated[int, Meta(ge=1, le=100)] = 20
    cursor: Annotated[str, Meta(min_length=1, max_length=200)] | None = None
    expand: list[Annotated[str, Meta(max_length=60)]] = field(default_factory=list, name="expand[]")


class Page(Struct, Generic[T], frozen=True, kw_only=True, gc=False):
    """A cursor list: pass `next_cursor` as `cursor` to read on."""

    object: Literal["list"] = "list"
    data: list[T]
    has_more: bool = False
    next_cursor: str | None = None


def page_of(
    rows: Sequence[Row], *, limit: int, cursor_of: Callable[[Row], str], show: Callable[[Row], Any]
) -> Page[Any]:
    """Make a page of the `limit + 1` rows that were asked of the database; the odd one only tells that there is more.

    Example: 21 rows with limit 20 give 20 in `data`, `has_more` true, and the cursor of the twentieth.
    """
    shown = rows[:limit]
    more = len(rows) > limit
    return Page(
        data=[show(row) for row in shown], has_more=more, next_cursor=cursor_of(shown[-1]) if more and shown else None
    )
