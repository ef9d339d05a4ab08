"""What a claim's dossier holds: personal fields are encrypted before they touch the database.

`complete_many` fills dossiers set-wise, as a connector to an invoicing or logistics system does.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from msgspec import Struct, json

from domain.claim_states import ClaimState
from foundation import crypto, db, ids
from settlements.services.booking_sql import array

PERSONAL: Final = frozenset({"buyer_name", "buyer_id_number", "buyer_phone", "delivery_address", "invoice_title"})
"""Facts about a person: encrypted at rest, read only when the dossier is put together."""
_AT_ONCE: Final = 500

_COMPLETE: Final = """
WITH given AS (
    SELECT * FROM jsonb_to_recordset(%(dossiers)s::jsonb) AS g(claim_id uuid, facts jsonb, serial text)
), changed AS (
    UPDATE settlements_claim AS c
    SET facts = c.facts || given.facts, serial = COALESCE(NULLIF(given.serial, ''), c.serial)
    FROM given WHERE c.id = given.claim_id AND c.state = %(state)s
    RETURNING c.id, c.tenant_id
)
INSERT INTO settlements_claimevent (id, tenant_id, claim_id, move, from_state, to_state, person_id, reason_code, at)
SELECT e.id, changed.tenant_id, changed.id, 'complete', %(state)s, %(state)s, NULL, '', %(now)s
FROM changed JOIN unnest(%(keys)s::uuid[], %(events)s::uuid[]) AS e(claim_id, id) ON e.claim_id = changed.id
"""


class Dossier(Struct, frozen=True, gc=False, kw_only=True):
    """Facts of one claim by the names of its rule set's list; `serial` when it became known."""

    claim_id: UUID
    facts: dict[str, str]
    serial: str = ""


def seal(facts: Mapping[str, str]) -> dict[str, str]:
    """The facts as they are stored: what is personal only encrypted."""
    return {name: crypto.encrypt(value) if name in PERSONAL and value else value for name, value in facts.items()}


@db.transaction_required
def complete_many(dossiers: Sequence[Dossier], *, now: datetime) -> int:
    """Add to the dossiers of claims that are still collecting, others are passed over; returns how many changed."""
    changed = 0
    for start in range(0, len(dossiers), _AT_ONCE):
        group = dossiers[start : start + _AT_ONCE]
        rows = [{"claim_id": one.claim_id, "facts": seal(one.facts), "serial": one.serial} for one in group]
        with db.cursor() as cursor:
            cursor.execute(
                _COMPLETE,
                {
                    "dossiers": json.encode(rows).decode(),
                    "state": ClaimState.COLLECTING.value,
                    "now": now,
                    "keys": array(one.claim_id.hex for one in group),
                    "events": array(ids.uuid7().hex for _ in group),
                },
            )
            changed += cursor.rowcount
    return changed
