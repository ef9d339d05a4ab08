"""Who sees and does what in the books: a tenant its own, staff everything of the book it runs."""

from contextlib import AbstractContextManager
from typing import Any

from foundation import db
from foundation.api import Answer, Call, Effect, once, once_as_staff
from foundation.caller import Caller
from foundation.db import Scope
from foundation.errors import Forbidden
from foundation.idempotency import run_idempotent_as_staff
from merchants.selectors import parties
from settlements.selectors import books
from settlements.selectors.books import BookView


def reading(caller: Caller) -> AbstractContextManager[Scope]:
    """The transaction a caller reads in: staff across parties, everybody else behind row-level security."""
    return db.staff_transaction(user=caller.person_id) if caller.staff else db.tenant_transaction(caller.tenant_id)


def own(caller: Caller, column: str) -> dict[str, Any]:
    """What a list is narrowed to. Inside `reading`: the tenant's own rows, for staff those of its book."""
    if caller.staff:
        return {"book_id": books.book_of_platform(caller.tenant_id).id}
    return {column: caller.tenant_id}


def once_for(call: Call, effect: Effect) -> Answer:
    """Run an effect once: staff across parties, a tenant on its own rows."""
    return once_as_staff(call, effect) if call.caller.staff else once(call, effect)


def once_for_own_sandbox(call: Call, effect: Effect) -> Answer:
    """Run an act of the book's operator once: staff anywhere, a tenant only in the sandbox it is part of.

    Raises Forbidden for a tenant of the live book.
    """
    caller = call.caller
    if caller.livemode and not caller.staff:
        raise Forbidden
    return run_idempotent_as_staff(caller=caller, key=call.idempotency_key, fingerprint=call.fingerprint, effect=effect)


def check_settles_itself(caller: Caller) -> None:
    """In the live book the platform approves, and nobody approves their own money. Raises Forbidden."""
    if caller.livemode and not caller.staff:
        raise Forbidden


def book_of(caller: Caller) -> BookView:
    """The book the caller's money is in. Inside a transaction. Raises UnknownId."""
    return books.book(parties.party(caller.tenant_id).book_id)
