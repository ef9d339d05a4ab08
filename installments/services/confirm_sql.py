"""The statements of a confirmation, set-wise: one plan or hundreds are the same few round trips.

This is the declared exception to table privacy (docs/decisions): budgets and the allowance of a person belong to
promotions and are taken here in the same transaction, in the order serial, person, then the counters by (rank, id) with
the hot total last (promotions' own statement).
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

import msgspec
from django.db.backends.utils import CursorWrapper
from msgspec import Struct

from domain.errors import DomainError
from domain.serial_states import IllegalMove, SerialMove, SerialState, move
from foundation import ids

_json = msgspec.json.Encoder().encode


class QuoteSpent(DomainError):
    """This quote has bought its plan; ask for a new one."""

    code = "quote_spent"


class SerialTaken(DomainError):
    """A serial number or IMEI is already used by another sale."""

    code = "serial_taken"


class SubsidyUsedUp(DomainError):
    """This person's units of the category are used up for the year."""

    code = "buyer_cap_reached"


class SerialHold(Struct, frozen=True, kw_only=True):
    """A unit's serial (as compared: upper case, no spaces) for a line of a plan."""

    key: str
    plan_id: UUID
    line: str


class AllowanceUse(Struct, frozen=True, kw_only=True):
    """Units of a category that a person claims under a programme in a year, of at most `limit`."""

    programme_id: UUID
    year: int
    buyer_key: str
    category: str
    units: int
    limit: int


# The row type of the table gives the columns and their types; a plan is one JSON object with every column.
_RECORD: Final = """
WITH given AS MATERIALIZED (
    SELECT * FROM jsonb_populate_recordset(NULL::installments_plan, %(plans)s::jsonb)
), spent AS (
    INSERT INTO installments_spentquote (tenant_id, quote_id, plan_id, spent_at)
    SELECT tenant_id, quote_id, id, created_at FROM given ORDER BY quote_id
    ON CONFLICT DO NOTHING
    RETURNING 1
), plan AS (
    INSERT INTO installments_plan SELECT * FROM given
), event AS (
    INSERT INTO installments_planevent
    SELECT * FROM jsonb_populate_recordset(NULL::installments_planevent, %(events)s::jsonb)
)
SELECT count(*) FROM spent
"""

_TAKE_SERIALS: Final = """
WITH wanted AS MATERIALIZED (
    SELECT * FROM unnest(%(keys)s::text[], %(plans)s::uuid[], %(lines)s::text[]) AS w(serial_key, plan_id, line)
), free AS (
    SELECT s.serial_key, w.plan_id, w.line FROM installments_serial s JOIN wanted w USING (serial_key)
    WHERE s.state = ANY(%(from)s::text[]) ORDER BY s.serial_key FOR UPDATE OF s
), again AS (
    UPDATE installments_serial s
    SET tenant_id = %(tenant)s, state = %(to)s, plan_id = f.plan_id, line = f.line, changed_at = %(now)s
    FROM free f WHERE s.serial_key = f.serial_key AND s.state = ANY(%(from)s::text[])
    RETURNING s.serial_key
), first AS (
    INSERT INTO installments_serial (serial_key, tenant_id, state, plan_id, line, changed_at)
    SELECT serial_key, %(tenant)s, %(to)s, plan_id, line, %(now)s FROM wanted
    WHERE serial_key NOT IN (SELECT serial_key FROM free) ORDER BY serial_key
    ON CONFLICT DO NOTHING
    RETURNING serial_key
)
SELECT w.serial_key FROM wanted w
WHERE w.serial_key NOT IN (SELECT serial_key FROM again UNION ALL SELECT serial_key FROM first)
"""

_MOVE_SERIALS: Final = """
UPDATE installments_serial SET state = %(to)s, changed_at = %(now)s
WHERE plan_id = ANY(%(plans)s::uuid[]) AND state = ANY(%(from)s::text[])
"""

_RELEASE_SERIALS: Final = """
UPDATE installments_serial SET state = %(to)s, changed_at = %(now)s
WHERE serial_key = ANY(%(keys)s::text[]) AND plan_id = %(plan)s AND state = ANY(%(from)s::text[])
"""

_USE_ALLOWANCE: Final = """
WITH wanted AS MATERIALIZED (
    SELECT * FROM unnest(%(ids)s::uuid[], %(programmes)s::uuid[], %(years)s::int[], %(buyers)s::text[],
                         %(categories)s::text[], %(units)s::int[], %(limits)s::int[])
        AS w(id, programme_id, year, buyer_key, category, units, most)
), used AS (
    INSERT INTO promotions_subsidyuse AS u (id, programme_id, year, buyer_key, category, used)
    SELECT id, programme_id, year, buyer_key, category, units FROM wanted WHERE units <= most
    ORDER BY programme_id, year, buyer_key, category
    ON CONFLICT (programme_id, year, buyer_key, category) DO UPDATE SET used = u.used + excluded.used
    WHERE u.used + excluded.used <= (
        SELECT w.most FROM wanted w
        WHERE w.programme_id = u.programme_id AND w.year = u.year AND w.buyer_key = u.buyer_key
          AND w.category = u.category
    )
    RETURNING u.programme_id, u.year, u.buyer_key, u.category
)
SELECT w.category, w.most, w.units FROM wanted w LEFT JOIN used USING (programme_id, year, buyer_key, category)
WHERE used.category IS NULL
"""

_RETURN_ALLOWANCE: Final = """
UPDATE promotions_subsidyuse u SET used = greatest(u.used - w.units, 0)
FROM unnest(%(programmes)s::uuid[], %(years)s::int[], %(buyers)s::text[], %(categories)s::text[], %(units)s::int[])
    AS w(programme_id, year, buyer_key, category, units)
WHERE u.programme_id = w.programme_id AND u.year = w.year AND u.buyer_key = w.buyer_key AND u.category = w.category
"""


def record_plans(
    cursor: CursorWrapper, *, plans: Sequence[Mapping[str, Any]], events: Sequence[Mapping[str, Any]]
) -> None:
    """Spend the quotes and write the plans with their first events. Raises QuoteSpent: roll back."""
    cursor.execute(_RECORD, {"plans": _json(plans).decode(), "events": _json(events).decode()})
    (spent,) = cursor.fetchone() or (0,)
    if spent != len(plans):
        raise QuoteSpent


def take_serials(cursor: CursorWrapper, *, tenant_id: UUID, wanted: Sequence[SerialHold], now: datetime) -> None:
    """Hold serials for plans, all of them. Raises SerialTaken with one that is not free: roll back."""
    if not wanted:
        return
    keys = [one.key for one in wanted]
    if len(set(keys)) != len(wanted):
        raise SerialTaken(serial=_twice(keys))
    params: dict[str, Any] = {
        "tenant": tenant_id,
        "now": now,
        "keys": keys,
        **_edge(SerialMove.HOLD),
        "plans": [one.plan_id for one in wanted],
        "lines": [one.line for one in wanted],
    }
    cursor.execute(_TAKE_SERIALS, params)
    taken = cursor.fetchone()
    if taken is not None:
        raise SerialTaken(serial=taken[0])


def _twice(keys: Sequence[str]) -> str:
    return next(key for number, key in enumerate(keys) if key in keys[:number])


def move_serials(cursor: CursorWrapper, *, plan_ids: Sequence[UUID], by: SerialMove, now: datetime) -> None:
    """Move every serial of these plans from which the move is legal."""
    cursor.execute(_MOVE_SERIALS, {"plans": list(plan_ids), "now": now, **_edge(by)})


def release_serials(cursor: CursorWrapper, *, plan_id: UUID, keys: Sequence[str], now: datetime) -> None:
    """Give serials of returned units free again."""
    if keys:
        params = {"keys": list(keys), "plan": plan_id, "now": now, **_edge(SerialMove.RELEASE)}
        cursor.execute(_RELEASE_SERIALS, params)


@lru_cache(maxsize=8)
def _edge(by: SerialMove) -> dict[str, Any]:
    """A move of the one table of legal moves as parameters: the states it starts from, and where it leads."""
    targets = {}
    for state in SerialState:
        with suppress(IllegalMove):
            targets[state.value] = move(state.value, by).value
    return {"from": sorted(targets), "to": next(iter(targets.values()))}


def use_allowance(cursor: CursorWrapper, *, uses: Sequence[AllowanceUse]) -> None:
    """Count subsidised units of persons. Raises SubsidyUsedUp when a person has not so many left: roll back."""
    rows = _merged(uses)
    if not rows:
        return
    cursor.execute(_USE_ALLOWANCE, {"ids": [ids.uuid7() for _ in rows], **_arrays(rows)})
    short = cursor.fetchone()
    if short is not None:
        raise SubsidyUsedUp(limit="subsidy", category=short[0], most=short[1], wanted=short[2])


def return_allowance(cursor: CursorWrapper, *, uses: Sequence[AllowanceUse]) -> None:
    """Give units back to persons, where the rule set does so."""
    if uses:
        cursor.execute(_RETURN_ALLOWANCE, _arrays(_merged(uses)))


def _merged(uses: Sequence[AllowanceUse]) -> list[AllowanceUse]:
    """One row a person, programme, year and category."""
    merged: dict[tuple[UUID, int, str, str], AllowanceUse] = {}
    for use in uses:
        key = (use.programme_id, use.year, use.buyer_key, use.category)
        units = use.units + (merged[key].units if key in merged else 0)
        merged[key] = msgspec.structs.replace(use, units=units)
    return list(merged.values())


def _arrays(rows: Sequence[AllowanceUse]) -> dict[str, Any]:
    return {
        "programmes": [row.programme_id for row in rows],
        "years": [row.year for row in rows],
        "buyers": [row.buyer_key for row in rows],
        "categories": [row.category for row in rows],
        "units": [row.units for row in rows],
        "limits": [row.limit for row in rows],
    }
