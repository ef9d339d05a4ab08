"""The statements that change budget counters. Confirm's own SQL (installments) reuses `HOLD` and `ENSURE`.

Counters are locked by (rank, id) (budget_needs, Note [Rank before id]), then one statement decides about all of them:
either every counter has room and all are taken, or none is. Nothing is read first and written later.
"""

from typing import Final

ENSURE: Final = """
INSERT INTO promotions_budgetcounter
    (id, tenant_id, campaign_id, kind, key, rank, currency, limit_minor, uses_limit, held_minor, committed_minor, uses)
SELECT id, %(tenant)s, campaign_id, kind, key, rank, %(currency)s, limit_minor, uses_limit, 0, 0, 0
FROM unnest(%(n_ids)s::uuid[], %(n_campaigns)s::uuid[], %(n_kinds)s::text[], %(n_keys)s::text[], %(n_ranks)s::int[],
            %(n_limits)s::bigint[], %(n_uses_limits)s::int[])
     AS n(id, campaign_id, kind, key, rank, limit_minor, uses_limit)
ORDER BY rank, id
ON CONFLICT (id) DO NOTHING
"""

# Note [Missing counters first]
# When a counter is missing nothing is locked: no row comes back, ENSURE makes the missing ones in lock order, and HOLD runs
# again. Locking what is there and then inserting would lock out of order, and two first-time buyers could deadlock.
#
# `c_*` are the counters once each with the sums wanted of them, `e_*` the entries that prove it.
JUDGED: Final = """
WITH want AS (
    SELECT * FROM unnest(%(c_ids)s::uuid[], %(c_amounts)s::bigint[], %(c_uses)s::int[]) AS w(id, amount, uses)
), present AS MATERIALIZED (
    SELECT count(*) = (SELECT count(*) FROM want) AS found FROM promotions_budgetcounter c JOIN want w ON w.id = c.id
), locked AS (
    SELECT c.id, c.rank, c.kind, c.key, c.campaign_id, w.amount, w.uses,
           c.limit_minor - c.held_minor - c.committed_minor AS left_minor, c.uses_limit - c.uses AS uses_left
    FROM promotions_budgetcounter c JOIN want w ON w.id = c.id
    WHERE (SELECT found FROM present)
    ORDER BY c.rank, c.id
    FOR UPDATE OF c
), verdict AS (
    SELECT coalesce(bool_and(coalesce(left_minor >= amount, true) AND coalesce(uses_left >= uses, true)), true) AS fits
    FROM locked
)"""
"""The counters wanted, locked in (rank, id) order, and the verdict whether all of them have room: all or none."""

HOLD: Final = (
    JUDGED  # noqa: S608 - two constants of ours
    + """, held AS (
    UPDATE promotions_budgetcounter c SET held_minor = c.held_minor + l.amount, uses = c.uses + l.uses
    FROM locked l, verdict v
    WHERE c.id = l.id AND v.fits
    RETURNING c.id
), proof AS (
    INSERT INTO promotions_budgetentry (id, tenant_id, counter_id, campaign_id, plan_id, move, amount_minor, uses, at)
    SELECT e.id, %(tenant)s, e.counter_id, e.campaign_id, e.plan_id, 'hold', e.amount, e.uses, %(at)s
    FROM unnest(%(e_ids)s::uuid[], %(e_counters)s::uuid[], %(e_campaigns)s::uuid[], %(e_plans)s::uuid[],
                %(e_amounts)s::bigint[], %(e_uses)s::int[]) AS e(id, counter_id, campaign_id, plan_id, amount, uses)
    JOIN held h ON h.id = e.counter_id
)
SELECT l.id, l.kind, l.key, l.campaign_id, l.amount, l.uses, l.left_minor, l.uses_left, v.fits
FROM locked l CROSS JOIN verdict v ORDER BY l.rank, l.id
"""
)

MOVE: Final = """
WITH moved AS (
    SELECT * FROM unnest(%(c_ids)s::uuid[], %(c_held)s::bigint[], %(c_committed)s::bigint[], %(c_uses)s::int[])
        AS m(id, held, committed, uses)
), locked AS (
    SELECT c.id FROM promotions_budgetcounter c JOIN moved m ON m.id = c.id ORDER BY c.rank, c.id FOR UPDATE OF c
), changed AS (
    UPDATE promotions_budgetcounter c
    SET held_minor = c.held_minor + m.held, committed_minor = c.committed_minor + m.committed, uses = c.uses + m.uses
    FROM moved m JOIN locked l ON l.id = m.id
    WHERE c.id = m.id
    RETURNING c.id
)
INSERT INTO promotions_budgetentry (id, tenant_id, counter_id, campaign_id, plan_id, move, amount_minor, uses, at)
SELECT e.id, e.tenant_id, e.counter_id, e.campaign_id, e.plan_id, e.move, e.amount, e.uses, %(at)s
FROM unnest(%(e_ids)s::uuid[], %(e_tenants)s::uuid[], %(e_counters)s::uuid[], %(e_campaigns)s::uuid[], %(e_plans)s::uuid[],
            %(e_moves)s::text[], %(e_amounts)s::bigint[], %(e_uses)s::int[])
     AS e(id, tenant_id, counter_id, campaign_id, plan_id, move, amount, uses)
JOIN changed ON changed.id = e.counter_id
"""

# What each plan still has in each counter, and in the campaign's total (by which a restored part is measured).
STANDING: Final = """
SELECT e.tenant_id, e.plan_id, e.campaign_id, e.counter_id, c.kind,
       sum(CASE e.move WHEN 'hold' THEN e.amount_minor WHEN 'commit' THEN -e.amount_minor
                       WHEN 'release' THEN -e.amount_minor ELSE 0 END)::bigint AS held,
       sum(e.amount_minor) FILTER (WHERE e.move = 'commit')::bigint AS committed,
       sum(e.amount_minor) FILTER (WHERE e.move = 'restore')::bigint AS restored,
       sum(e.uses)::int AS uses
FROM promotions_budgetentry e JOIN promotions_budgetcounter c ON c.id = e.counter_id
WHERE e.plan_id = ANY(%(plans)s::uuid[])
GROUP BY e.tenant_id, e.plan_id, e.campaign_id, e.counter_id, c.kind, c.rank
ORDER BY e.plan_id, e.campaign_id, c.rank, e.counter_id
"""

# Campaigns whose row somebody is editing are skipped: edits lock campaign then counters, holds the other way round.
# Whoever edits looks again at the end (counters_for), and the sweeper brings the state after in any case.
EXHAUST: Final = """
UPDATE promotions_campaign SET state = 'exhausted', updated_at = %(at)s
WHERE id IN (
    SELECT p.id FROM promotions_campaign p JOIN promotions_budgetcounter c
      ON c.tenant_id = p.tenant_id AND c.campaign_id = p.id AND c.kind = 'total'
    WHERE (%(campaigns)s::uuid[] IS NULL OR p.id = ANY(%(campaigns)s::uuid[])) AND p.state = 'live'
      AND (c.limit_minor <= c.held_minor + c.committed_minor OR c.uses_limit <= c.uses)
    FOR UPDATE OF p SKIP LOCKED)
RETURNING id, tenant_id
"""

REPLENISH: Final = """
UPDATE promotions_campaign SET state = 'live', updated_at = %(at)s
WHERE id IN (
    SELECT p.id FROM promotions_campaign p JOIN promotions_budgetcounter c
      ON c.tenant_id = p.tenant_id AND c.campaign_id = p.id AND c.kind = 'total'
    WHERE (%(campaigns)s::uuid[] IS NULL OR p.id = ANY(%(campaigns)s::uuid[])) AND p.state = 'exhausted'
      AND coalesce(c.limit_minor > c.held_minor + c.committed_minor, true) AND coalesce(c.uses_limit > c.uses, true)
    FOR UPDATE OF p SKIP LOCKED)
RETURNING id, tenant_id
"""
