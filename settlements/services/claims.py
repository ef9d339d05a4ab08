"""Claims on the government: opened at capture, moved with their transfers, lowered or withdrawn when goods come back.

A claim and the money stand in the same place: every move that moves money books it in the same transaction.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final, Literal
from uuid import UUID

from msgspec import Struct, json, structs

from domain import claim_states
from domain.claim_states import ClaimMove, ClaimState
from domain.errors import DomainError
from foundation import db, ids
from foundation.ids import UnknownId
from settlements.models import Book, Claim, ClaimEvent
from settlements.selectors import books
from settlements.selectors.claims import missing_fields
from settlements.services import booking, dossiers
from settlements.services.booking_sql import array
from settlements.services.claim_money import Fault, booked_event, money_event
from settlements.services.events import BookedEvent, claim_key


class ClaimIncomplete(DomainError):
    """The dossier of this claim lacks required fields; it cannot be submitted yet."""

    code = "claim_incomplete"
    status = 409


class ClaimFacts(Struct, frozen=True, gc=False, kw_only=True):
    """What is known of a subsidised order line at capture. `required_fields` is the dossier list of its rule set.

    `facts` holds whatever of the dossier is known already (invoice number, waybill, …) by the names of that list.
    """

    tenant_id: UUID
    book_id: UUID
    programme_id: UUID
    rule_set: str
    order_id: str
    order_reference: str
    item_id: str
    sku: str
    category: str
    units: int
    currency: str
    amount_minor: int
    sold_on: date
    region: str = ""
    energy_grade: int | None = None
    serial: str = ""
    pays: Literal["platform", "merchant"] = "platform"
    facts: dict[str, str] = {}
    required_fields: tuple[str, ...] = ()


class ClaimReduction(Struct, frozen=True, gc=False, kw_only=True):
    """What a refund takes back of the subsidy of an order line."""

    order_id: str
    item_id: str
    amount_minor: int
    units: int = 0


_OPEN: Final = """
WITH added AS (
    INSERT INTO settlements_claim (
        id, tenant_id, book_id, programme_id, rule_set, region, order_id, order_reference, item_id, sku, category,
        energy_grade, serial, units, currency, amount_minor, returned_minor, pays, fault, state, facts, required_fields,
        reason_code, sold_on, created_at)
    SELECT c.id, c.tenant_id, c.book_id, c.programme_id, c.rule_set, c.region, c.order_id, c.order_reference, c.item_id,
           c.sku, c.category, c.energy_grade, c.serial, c.units, c.currency, c.amount_minor, 0, c.pays, '', %(state)s,
           c.facts, c.required_fields, '', c.sold_on, %(now)s
    FROM jsonb_to_recordset(%(claims)s::jsonb) AS c(
        id uuid, tenant_id uuid, book_id uuid, programme_id uuid, rule_set text, region text, order_id text,
        order_reference text, item_id text, sku text, category text, energy_grade smallint, serial text, units integer,
        currency text, amount_minor bigint, pays text, facts jsonb, required_fields jsonb, sold_on date)
    ON CONFLICT DO NOTHING RETURNING id, tenant_id
)
INSERT INTO settlements_claimevent (id, tenant_id, claim_id, move, from_state, to_state, person_id, reason_code, at)
SELECT e.id, added.tenant_id, added.id, 'open', '', %(state)s, NULL, '', %(now)s
FROM added JOIN unnest(%(keys)s::uuid[], %(events)s::uuid[]) AS e(claim_id, id) ON e.claim_id = added.id
RETURNING claim_id
"""


@db.transaction_required
def open_claims(facts: Sequence[ClaimFacts], *, now: datetime) -> tuple[UUID, ...]:
    """Open the claim of each order line, once: a second call changes nothing. Returns the ids of all of them, in order.

    The key of a claim follows from tenant, order and line (`events.claim_key`), which is how transfers know it.
    """
    keys = tuple(claim_key(tenant_id=one.tenant_id, order_id=one.order_id, item_id=one.item_id) for one in facts)
    rows = [structs.asdict(one) | {"id": key} for key, one in zip(keys, facts, strict=True)]
    if rows:
        with db.cursor() as cursor:
            cursor.execute(
                _OPEN,
                {
                    "claims": json.encode(rows).decode(),
                    "state": ClaimState.COLLECTING.value,
                    "now": now,
                    "keys": array(key.hex for key in keys),
                    "events": array(ids.uuid7().hex for _ in keys),
                },
            )
    return keys


@db.transaction_required
def move_claims(
    *,
    claim_ids: Sequence[UUID],
    move: ClaimMove,
    now: datetime,
    person_id: UUID | None = None,
    reason_code: str = "",
    fault: Fault = "merchant",
) -> int:
    """Move claims and book what the move means; returns how many moved. All of them or none.

    `now` is the book's present. A rejection says whose fault it was. Raises UnknownId, IllegalMove, ClaimIncomplete.
    """
    rows = _locked(claim_ids)
    events: list[ClaimEvent] = []
    booked: list[BookedEvent] = []
    found = {row.id: books.view_of(row) for row in Book.objects.filter(pk__in={row.book_id for row in rows})}
    for row in rows:
        before = row.state
        if move is ClaimMove.SUBMIT and (missing := missing_fields(row)):
            raise ClaimIncomplete(claim=ids.public_id("clm", row.id), missing=",".join(missing))
        row.state = claim_states.move(before, move)
        _stamp(row, move, on=found[row.book_id].day_of(now), reason_code=reason_code, fault=fault)
        money = money_event(move, before=before, fault=fault)
        if money is not None:
            platform_id = found[row.book_id].platform_id
            booked.append(booked_event(row, money, move=move, before=before, platform_id=platform_id, now=now))
        events.append(_event(row, move.value, before=before, person_id=person_id, reason_code=reason_code, now=now))
    _write_moved(rows)
    ClaimEvent.objects.bulk_create(events)
    booking.book([event for event in booked if event.legs])
    return len(rows)


def _locked(claim_ids: Sequence[UUID]) -> list[Claim]:
    rows = list(Claim.objects.select_for_update().filter(pk__in=list(claim_ids)).order_by("id"))
    if len(rows) != len(set(claim_ids)):
        raise UnknownId
    return rows


def _stamp(row: Claim, move: ClaimMove, *, on: date, reason_code: str, fault: Fault) -> None:
    row.reason_code = reason_code or row.reason_code
    if move is ClaimMove.SUBMIT:
        row.submitted_on = on
    elif move is ClaimMove.PAY:
        row.paid_on = on
    elif move is ClaimMove.REJECT:
        row.fault = fault


def _write_moved(rows: Sequence[Claim]) -> None:
    """One update for all claims that ended alike; a move of a thousand claims ends in a handful of ways."""
    alike: dict[tuple[str, str, str, date | None, date | None], list[UUID]] = {}
    for row in rows:
        ended = (row.state, row.reason_code, row.fault, row.submitted_on, row.paid_on)
        alike.setdefault(ended, []).append(row.pk)
    for (state, reason_code, fault, submitted_on, paid_on), keys in alike.items():
        Claim.objects.filter(pk__in=keys).update(
            state=state, reason_code=reason_code, fault=fault, submitted_on=submitted_on, paid_on=paid_on
        )


def _event(
    row: Claim, move: str, *, before: str, person_id: UUID | None, reason_code: str, now: datetime
) -> ClaimEvent:
    return ClaimEvent(
        id=ids.uuid7(),
        tenant_id=row.tenant_id,
        claim_id=row.id,
        move=move,
        from_state=before,
        to_state=row.state,
        person_id=person_id,
        reason_code=reason_code,
        at=now,
    )


@db.transaction_required
def withdraw(
    reductions: Sequence[ClaimReduction], *, tenant_id: UUID, now: datetime, person_id: UUID | None = None
) -> int:
    """What a refund means for claims; returns how many changed. The refund itself books the money (`refund_legs`).

    Before payment the claim asks for less, and is withdrawn when nothing is left. After payment the amount is noted as
    owed back to the programme. A rejected claim stays as it is. Lines without a claim are passed over.
    """
    wanted = {claim_key(tenant_id=tenant_id, order_id=one.order_id, item_id=one.item_id): one for one in reductions}
    rows = list(Claim.objects.select_for_update().filter(pk__in=list(wanted), tenant_id=tenant_id).order_by("id"))
    changed: list[Claim] = []
    events: list[ClaimEvent] = []
    for row in rows:
        before = row.state
        name = _reduce(row, wanted[row.id])
        if name:
            changed.append(row)
            events.append(_event(row, name, before=before, person_id=person_id, reason_code="refund", now=now))
    Claim.objects.bulk_update(changed, ["state", "amount_minor", "units", "returned_minor"], batch_size=500)
    ClaimEvent.objects.bulk_create(events)
    return len(changed)


def _reduce(row: Claim, by: ClaimReduction) -> str:
    """Change the row in memory; the name of what happened, or nothing."""
    if row.state in {ClaimState.REJECTED, ClaimState.WITHDRAWN} or not (by.amount_minor or by.units):
        return ""
    if row.state in {ClaimState.PAID, ClaimState.RETURNED}:
        row.returned_minor += by.amount_minor
        return "owe_back"
    row.amount_minor = max(0, row.amount_minor - by.amount_minor)
    row.units = max(0, row.units - by.units)
    if row.amount_minor:
        return "reduce"
    row.state = claim_states.move(row.state, ClaimMove.WITHDRAW)
    return ClaimMove.WITHDRAW.value


@db.transaction_required
def complete(
    *, claim_id: UUID, tenant_id: UUID, facts: dict[str, str], serial: str = "", now: datetime
) -> tuple[str, ...]:
    """Add to the dossier of a claim that is still collecting; returns what is missing now. Personal facts are encrypted.

    Raises UnknownId, IllegalMove.
    """
    row = Claim.objects.select_for_update().filter(pk=claim_id, tenant_id=tenant_id).first()
    if row is None:
        raise UnknownId
    claim_states.move(row.state, ClaimMove.SUBMIT)
    row.facts = row.facts | dossiers.seal(facts)
    row.serial = serial or row.serial
    row.save(update_fields=["facts", "serial"])
    _event(row, "complete", before=row.state, person_id=None, reason_code="", now=now).save(force_insert=True)
    return missing_fields(row)
