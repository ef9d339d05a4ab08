"""The one door to the books: events come in, transfers go out, set by set and inside the caller's transaction.

Order of locks: everything the caller locks, then the book (shared), then the event keys. The day that is open when the
book's lock is held is the day that is booked; a close waits (docs/locking.md).
"""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import chain
from uuid import UUID

from msgspec import Struct

from domain.ledger import Leg
from foundation import db, ids
from foundation.errors import Conflict, register_constraints
from settlements.models import Book
from settlements.selectors import books
from settlements.selectors.books import BookView
from settlements.services import booking_sql, locks
from settlements.services.booking_sql import array
from settlements.services.events import CLAIMED, BookedEvent, EventConflict, claim_key, fingerprint, party_of

__all__ = ["BookedEvent", "Booking", "EventConflict", "book"]

register_constraints({"transfer_on_open_day": Conflict})


class Booking(Struct, frozen=True, gc=False, kw_only=True):
    """What `book` did: how many events were new, how many transfers they made, and the open day of each book."""

    new_events: int
    transfers: int
    booked_on: dict[UUID, date]


@db.transaction_required
def book(events: Sequence[BookedEvent]) -> Booking:
    """Book events, each at most once; all of them or, with the caller's transaction, none.

    A replay (same key, same content) books nothing; the same key with other content raises EventConflict. An event whose
    local day lies before the open day of its book is marked as prior period. Raises UnknownId for a book that is not there.
    """
    if not events:
        return Booking(new_events=0, transfers=0, booked_on={})
    locks.share_books({event.book_id for event in events})
    # A query of its own, younger than the lock: a close that was waited for has moved the day.
    open_books = {row.id: books.view_of(row) for row in Book.objects.filter(pk__in={event.book_id for event in events})}
    if any(event.book_id not in open_books for event in events):
        raise ids.UnknownId
    fresh = _claim_keys(events, open_books)
    transfers = _insert(fresh, open_books) if fresh else 0
    return Booking(
        new_events=len(fresh),
        transfers=transfers,
        booked_on={book_id: view.open_day for book_id, view in open_books.items()},
    )


EventKey = tuple[UUID, str]


def _claim_keys(events: Sequence[BookedEvent], open_books: dict[UUID, BookView]) -> list[BookedEvent]:
    """Those of the events that were not booked before, each once. Raises EventConflict."""
    prints: dict[EventKey, str] = {}
    first: dict[EventKey, BookedEvent] = {}
    for event in events:
        key = (event.tenant_id, event.event_key)
        printed = fingerprint(event)
        if prints.setdefault(key, printed) != printed:
            raise EventConflict(event=event.event_key)
        first.setdefault(key, event)
    ordered = sorted(first)
    with db.cursor() as cursor:
        cursor.execute(
            booking_sql.CLAIM,
            {
                "tenants": array(str(key[0]) for key in ordered),
                "keys": [key[1] for key in ordered],
                "prints": array(prints[key] for key in ordered),
                "days": array(str(open_books[first[key].book_id].open_day) for key in ordered),
            },
        )
        new = {(row[0], row[1]) for row in cursor.fetchall()}
    if len(new) < len(ordered):
        _compare([key for key in ordered if key not in new], prints)
    return [event for key, event in first.items() if key in new]


def _compare(known: list[EventKey], prints: dict[EventKey, str]) -> None:
    with db.cursor() as cursor:
        cursor.execute(
            booking_sql.KNOWN, {"tenants": array(str(key[0]) for key in known), "keys": [key[1] for key in known]}
        )
        for tenant_id, event_key, printed in cursor.fetchall():
            if prints[tenant_id, event_key] != printed:
                raise EventConflict(event=event_key)


def _insert(events: list[BookedEvent], open_books: dict[UUID, BookView]) -> int:
    """One statement: the facts of the events once, their legs beside them, joined by the database."""
    legs = [(place, number, leg) for place, event in enumerate(events) for number, leg in enumerate(event.legs)]
    if not legs:
        return 0
    _know_holders([leg for _, _, leg in legs])
    with db.cursor() as cursor:
        cursor.execute(booking_sql.INSERT, _event_columns(events, open_books) | _leg_columns(events, legs))
        return int(cursor.rowcount)


def _know_holders(legs: list[Leg]) -> None:
    """Note kind and public id of every party that owns an account, in the order of their keys."""
    public_ids = set(chain.from_iterable((leg.debit.party_id, leg.credit.party_id) for leg in legs))
    holders = sorted((*party_of(public_id), public_id) for public_id in public_ids)
    with db.cursor() as cursor:
        cursor.execute(
            booking_sql.HOLDERS,
            {
                "parties": array(str(row[0]) for row in holders),
                "kinds": array(row[1] for row in holders),
                "publics": array(row[2] for row in holders),
            },
        )


def _event_columns(events: list[BookedEvent], open_books: dict[UUID, BookView]) -> dict[str, str | list[str]]:
    views = [open_books[event.book_id] for event in events]
    return {
        "books": array(event.book_id.hex for event in events),
        "tenants": array(event.tenant_id.hex for event in events),
        "keys": [event.event_key for event in events],
        "instants": array(event.effective_at.isoformat() for event in events),
        "days": array(str(view.open_day) for view in views),
        "priors": array(
            "t" if _is_prior(event.effective_at, view) else "f" for event, view in zip(events, views, strict=True)
        ),
        "event_currencies": array(event.currency for event in events),
        "orders": [event.order_id for event in events],
        "references": [event.order_reference for event in events],
        "stores": [event.store_id for event in events],
        "terms": array(_number(event.term) for event in events),
        "payouts": [event.payout_id for event in events],
        "end_to_ends": [event.end_to_end_id for event in events],
        "value_dates": array(
            "NULL" if event.bank_value_date is None else str(event.bank_value_date) for event in events
        ),
        "notes": [event.note for event in events],
    }


def _leg_columns(events: list[BookedEvent], legs: list[tuple[int, int, Leg]]) -> dict[str, str | list[str]]:
    chosen = [events[place] for place, _, _ in legs]
    plain = [leg for _, _, leg in legs]
    return {
        "ids": array(ids.uuid7().hex for _ in legs),
        "places": array(str(place + 1) for place, _, _ in legs),
        "numbers": array(str(number + 1) for _, number, _ in legs),
        "amounts": array(str(leg.amount_minor) for leg in plain),
        "debits": array(party_of(leg.debit.party_id)[0].hex for leg in plain),
        "debit_purposes": array(leg.debit.purpose.value for leg in plain),
        "credits": array(party_of(leg.credit.party_id)[0].hex for leg in plain),
        "credit_purposes": array(leg.credit.purpose.value for leg in plain),
        "types": array(leg.line_type.value for leg in plain),
        "items": [leg.item_id for leg in plain],
        "skus": [leg.sku for leg in plain],
        "campaigns": [leg.campaign_id or event.campaign_id for event, leg in zip(chosen, plain, strict=True)],
        "versions": array(
            _number(event.campaign_version if leg.campaign_version is None else leg.campaign_version)
            for event, leg in zip(chosen, plain, strict=True)
        ),
        "rule_sets": [leg.rule_set or event.rule_set for event, leg in zip(chosen, plain, strict=True)],
        "claims": array(_claim_of(event, leg) for event, leg in zip(chosen, plain, strict=True)),
        "reverses": array(
            event.reverses[number].hex if event.reverses else "NULL"
            for event, (_, number, _) in zip(chosen, legs, strict=True)
        ),
        "reasons": [leg.reason or event.reason_code for event, leg in zip(chosen, plain, strict=True)],
    }


def _is_prior(effective_at: datetime, view: BookView) -> bool:
    return view.day_of(effective_at) < view.open_day


def _number(value: int | None) -> str:
    return "NULL" if value is None else str(value)


def _claim_of(event: BookedEvent, leg: Leg) -> str:
    """The public id of the claim a leg belongs to, or an empty array element."""
    if leg.line_type not in CLAIMED or not event.order_id:
        return '""'
    key = claim_key(tenant_id=event.tenant_id, order_id=event.order_id, item_id=leg.item_id)
    return ids.public_id("clm", key)
