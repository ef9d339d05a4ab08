"""The demo's way of a claim: dossier after a week, sent in once a week, answered after 18 days, paid after 30."""

from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from domain.claim_states import ClaimMove
from foundation import db
from portal.demo.cast import Cast
from settlements.selectors import claims_due
from settlements.selectors.claims import ClaimView
from settlements.services import claims, dossiers
from settlements.services.dossiers import Dossier

_SUBMITTED_AFTER: Final = timedelta(days=7)
_ANSWERED_AFTER: Final = timedelta(days=18)
_PAID_AFTER: Final = timedelta(days=30)
_SEND_ON_WEEKDAY: Final = 1
_MOST: Final = 5_000
_REJECTED_IN: Final = 40  # one claim in forty lacks the photo that was asked for
_FORGOTTEN_IN: Final = 25  # one in twenty-five is still waiting for its invoice


def work_through(*, cast: Cast, day: date, now: datetime) -> None:
    """What happens to the demo's claims on a day. Opens its own transactions."""
    if day.isoweekday() == _SEND_ON_WEEKDAY:
        _send_in(book_id=cast.book_id, up_to=day - _SUBMITTED_AFTER, person_id=cast.platform.maker, now=now)
    with db.staff_transaction():
        answered = claims_due.submitted(book_id=cast.book_id, submitted_up_to=day - _ANSWERED_AFTER, limit=_MOST)
        refused = [row.id for row in answered if _dice(row) % _REJECTED_IN == 0]
        taken = [row.id for row in answered if _dice(row) % _REJECTED_IN]
        claims.move_claims(claim_ids=taken, move=ClaimMove.ACCEPT, now=now, person_id=cast.platform.maker)
        claims.move_claims(
            claim_ids=refused,
            move=ClaimMove.REJECT,
            now=now,
            person_id=cast.platform.maker,
            reason_code="photo_missing",
        )
    with db.staff_transaction():
        due = claims_due.accepted(book_id=cast.book_id, submitted_up_to=day - _PAID_AFTER, limit=_MOST)
        claims.move_claims(claim_ids=[row.id for row in due], move=ClaimMove.PAY, now=now)


def _send_in(*, book_id: UUID, up_to: date, person_id: UUID, now: datetime) -> None:
    with db.staff_transaction():
        waiting = claims_due.collecting(book_id=book_id, sold_up_to=up_to, limit=_MOST)
        ready = [row for row in waiting if _dice(row) % _FORGOTTEN_IN]
        dossiers.complete_many([_dossier(row) for row in ready], now=now)
        claims.move_claims(claim_ids=[row.id for row in ready], move=ClaimMove.SUBMIT, now=now, person_id=person_id)


def _dice(row: ClaimView) -> int:
    return sum(ord(letter) for letter in row.order_reference) + int(row.order_reference.rpartition("-")[2])


def _dossier(row: ClaimView) -> Dossier:
    number = row.order_reference.rpartition("-")[2]
    known = {"buyer_name": "顾客" + number[-4:], "buyer_phone": "138" + number[-8:].rjust(8, "0")}
    facts = {name: known.get(name, f"{name}-{number}") for name in row.missing if name != "serial"}
    return Dossier(claim_id=row.id, facts=facts, serial=row.serial or f"SN{number}")
