"""The SQL of booking. Columns arrive as arrays; those of plain characters as ready literals, which are cheap to send."""

from collections.abc import Iterable
from typing import Final


def array(values: Iterable[str]) -> str:
    """A PostgreSQL array literal of values without quotes, commas, braces or backslashes: keys, numbers, codes, NULL."""
    return "{" + ",".join(values) + "}"


CLAIM: Final = """
INSERT INTO settlements_bookedevent (tenant_id, event_key, fingerprint, booked_on)
SELECT * FROM unnest(%(tenants)s::uuid[], %(keys)s::text[], %(prints)s::text[], %(days)s::date[])
ON CONFLICT (tenant_id, event_key) DO NOTHING RETURNING tenant_id, event_key
"""

KNOWN: Final = """
SELECT e.tenant_id, e.event_key, e.fingerprint FROM settlements_bookedevent e
JOIN unnest(%(tenants)s::uuid[], %(keys)s::text[]) AS k(tenant_id, event_key)
  ON k.tenant_id = e.tenant_id AND k.event_key = e.event_key
"""

HOLDERS: Final = """
INSERT INTO settlements_holder (party_id, kind, public_id)
SELECT * FROM unnest(%(parties)s::uuid[], %(kinds)s::text[], %(publics)s::text[]) AS h(party_id, kind, public_id)
WHERE NOT EXISTS (SELECT 1 FROM settlements_holder known WHERE known.party_id = h.party_id)
ORDER BY h.party_id ON CONFLICT DO NOTHING
"""

# The sequence is drawn in the order of events and legs.
INSERT: Final = """
WITH events AS MATERIALIZED (
    SELECT * FROM unnest(
        %(books)s::uuid[], %(tenants)s::uuid[], %(keys)s::text[], %(instants)s::timestamptz[], %(days)s::date[],
        %(priors)s::boolean[], %(event_currencies)s::text[], %(orders)s::text[], %(references)s::text[],
        %(stores)s::text[], %(terms)s::smallint[], %(payouts)s::text[], %(end_to_ends)s::text[],
        %(value_dates)s::date[], %(notes)s::text[]
    ) WITH ORDINALITY AS e(
        book_id, tenant_id, event_key, effective_at, booked_on, prior_period, currency, order_id, order_reference,
        store_id, term, payout_id, end_to_end_id, bank_value_date, note, place)
), legs AS MATERIALIZED (
    SELECT * FROM unnest(
        %(ids)s::uuid[], %(places)s::bigint[], %(numbers)s::smallint[], %(amounts)s::bigint[], %(debits)s::uuid[],
        %(debit_purposes)s::text[], %(credits)s::uuid[], %(credit_purposes)s::text[], %(types)s::text[],
        %(items)s::text[], %(skus)s::text[], %(campaigns)s::text[], %(versions)s::integer[], %(rule_sets)s::text[],
        %(claims)s::text[], %(reverses)s::uuid[], %(reasons)s::text[]
    ) AS l(
        id, place, leg_no, amount_minor, debit_party_id, debit_purpose, credit_party_id, credit_purpose, line_type,
        item_id, sku, campaign_id, campaign_version, rule_set, claim_id, reverses_id, reason_code)
)
INSERT INTO settlements_transfer (
    id, book_id, tenant_id, debit_party_id, debit_purpose, credit_party_id, credit_purpose, currency, amount_minor,
    line_type, event_key, leg_no, effective_at, booked_on, prior_period, order_id, order_reference, item_id, sku, store_id,
    campaign_id, campaign_version, rule_set, claim_id, term, reverses_id, payout_id, end_to_end_id, bank_value_date,
    reason_code, note)
SELECT l.id, e.book_id, e.tenant_id, l.debit_party_id, l.debit_purpose, l.credit_party_id, l.credit_purpose, e.currency,
       l.amount_minor, l.line_type, e.event_key, l.leg_no, e.effective_at, e.booked_on, e.prior_period, e.order_id,
       e.order_reference, l.item_id, l.sku, e.store_id, l.campaign_id, l.campaign_version, l.rule_set, l.claim_id, e.term,
       l.reverses_id, e.payout_id, e.end_to_end_id, e.bank_value_date, l.reason_code, e.note
FROM legs l JOIN events e ON e.place = l.place
ORDER BY l.place, l.leg_no
"""
