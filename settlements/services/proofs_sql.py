"""The questions `check_books` asks. Each answers rows of (what, why) for what is wrong, and none when the books hold.

`%(book)s` narrows to one book, null asks about all.
"""

from typing import Final

AMOUNTS: Final = """
SELECT settlements_public_id('tr', t.id), 'amount ' || t.amount_minor || ' ' || t.debit_purpose || ' > ' || t.credit_purpose
FROM settlements_transfer t
WHERE (%(book)s::uuid IS NULL OR t.book_id = %(book)s) AND (
    t.amount_minor <= 0 OR (t.debit_party_id = t.credit_party_id AND t.debit_purpose = t.credit_purpose))
"""

# An event is booked once: each of its legs stands in the books once, and its key is known.
EVENTS: Final = """
SELECT t.event_key, 'leg ' || t.leg_no || ' is booked ' || count(*) || ' times'
FROM settlements_transfer t WHERE (%(book)s::uuid IS NULL OR t.book_id = %(book)s)
GROUP BY t.tenant_id, t.event_key, t.leg_no HAVING count(*) > 1
UNION ALL
SELECT t.event_key, 'booked without its event'
FROM settlements_transfer t
WHERE (%(book)s::uuid IS NULL OR t.book_id = %(book)s) AND t.leg_no = 1 AND NOT EXISTS (
    SELECT 1 FROM settlements_bookedevent e
    WHERE e.tenant_id = t.tenant_id AND e.event_key = t.event_key AND e.booked_on = t.booked_on)
"""

DAYS: Final = """
SELECT settlements_public_id('tr', t.id), 'booked into ' || t.booked_on || ' after that day was closed'
FROM settlements_transfer t
JOIN settlements_closedday d ON d.book_id = t.book_id AND d.day = t.booked_on
WHERE (%(book)s::uuid IS NULL OR t.book_id = %(book)s) AND t.seq > d.last_seq
UNION ALL
SELECT settlements_public_id('tr', t.id), 'booked on ' || t.booked_on || ', which is neither closed nor open'
FROM settlements_transfer t
JOIN settlements_book b ON b.id = t.book_id
LEFT JOIN settlements_closedday d ON d.book_id = t.book_id AND d.day = t.booked_on
WHERE (%(book)s::uuid IS NULL OR t.book_id = %(book)s) AND d.day IS NULL AND t.booked_on <> b.open_day
"""

# Opening + credits - debits = closing, and the lines are as many as the statement says.
TOTALS: Final = """
SELECT settlements_public_id('st', s.id),
       'opening ' || s.opening_minor || ' + lines ' || coalesce(x.moved, 0) || ' is not closing ' || s.closing_minor
       || ' (' || coalesce(x.lines, 0) || ' of ' || s.line_count || ' lines)'
FROM settlements_statement s LEFT JOIN (
    SELECT l.statement_id, count(*) AS lines,
           sum(CASE l.side WHEN 'credit' THEN t.amount_minor ELSE -t.amount_minor END) AS moved
    FROM settlements_statementline l
    CROSS JOIN LATERAL (
        SELECT amount_minor FROM settlements_transfer WHERE booked_on = l.booked_on AND id = l.transfer_id OFFSET 0) AS t
    GROUP BY 1
) AS x ON x.statement_id = s.id
WHERE (%(book)s::uuid IS NULL OR s.book_id = %(book)s) AND s.state NOT IN ('open', 'computing')
  AND (s.opening_minor + coalesce(x.moved, 0) <> s.closing_minor OR coalesce(x.lines, 0) <> s.line_count)
"""

CHAIN: Final = """
SELECT settlements_public_id('st', id),
       'opens with ' || opening_minor || ' after a closing of ' || was_closing || ', names hash '
       || left(previous_sha256, 12) || ' after ' || left(was_sha256, 12)
FROM (
    SELECT s.*, coalesce(lag(closing_minor) OVER w, 0) AS was_closing, coalesce(lag(sha256) OVER w, '') AS was_sha256
    FROM settlements_statement s WHERE (%(book)s::uuid IS NULL OR s.book_id = %(book)s)
    WINDOW w AS (PARTITION BY book_id, party_id, currency ORDER BY period_start, version)
) AS chained
WHERE opening_minor <> was_closing OR previous_sha256 <> was_sha256
"""

# Every side of every transfer of a settled day stands on exactly one statement, that of its own party and day.
SIDES: Final = """
SELECT settlements_public_id('tr', t.id), 'stands on ' || count(l.side) || ' statement lines instead of 2'
FROM settlements_settledday d
JOIN settlements_transfer t ON t.book_id = d.book_id AND t.booked_on = d.day
LEFT JOIN settlements_statementline l ON l.booked_on = t.booked_on AND l.transfer_id = t.id
WHERE (%(book)s::uuid IS NULL OR d.book_id = %(book)s) GROUP BY t.id
HAVING count(l.side) <> 2 OR count(DISTINCT l.side) <> 2
UNION ALL
SELECT settlements_public_id('st', s.id), 'line ' || l.line_no || ' belongs to another party, day or currency'
FROM settlements_statement s
JOIN settlements_statementline l ON l.statement_id = s.id
CROSS JOIN LATERAL (
    SELECT * FROM settlements_transfer WHERE booked_on = l.booked_on AND id = l.transfer_id OFFSET 0) AS t
WHERE (%(book)s::uuid IS NULL OR s.book_id = %(book)s) AND (
    l.booked_on NOT BETWEEN s.period_start AND s.period_end OR l.party_id <> s.party_id OR t.currency <> s.currency
    OR s.party_id <> CASE l.side WHEN 'debit' THEN t.debit_party_id ELSE t.credit_party_id END)
"""

UNSETTLED: Final = """
SELECT settlements_public_id('st', s.id), 'is still ' || s.state || ' though its day is settled'
FROM settlements_statement s JOIN settlements_settledday d ON d.book_id = s.book_id AND d.day = s.period_start
WHERE (%(book)s::uuid IS NULL OR s.book_id = %(book)s) AND s.state IN ('open', 'computing')
"""

# What the merchant may hope for is what the government is asked for, order by order.
CONTINGENT: Final = """
SELECT order_id, 'contingent ' || contingent || ' is not accrued + submitted + disputed ' || claimed
FROM (
    SELECT t.tenant_id, t.order_id,
           sum(CASE WHEN credit_purpose = 'merchant_contingent' THEN amount_minor ELSE 0 END
               - CASE WHEN debit_purpose = 'merchant_contingent' THEN amount_minor ELSE 0 END) AS contingent,
           sum(CASE WHEN debit_purpose = ANY(%(claimed)s) THEN amount_minor ELSE 0 END
               - CASE WHEN credit_purpose = ANY(%(claimed)s) THEN amount_minor ELSE 0 END) AS claimed
    FROM settlements_transfer t
    WHERE (%(book)s::uuid IS NULL OR t.book_id = %(book)s) AND t.order_id <> ''
      AND t.line_type = ANY(%(types)s) GROUP BY 1, 2
) AS orders WHERE contingent <> claimed
"""

CLAIMS: Final = """
SELECT settlements_public_id('clm', c.id),
       'asks for ' || c.amount_minor || ' while the books hold ' || coalesce(x.claimed, 0) || ' (' || c.state || ')'
FROM settlements_claim c LEFT JOIN (
    SELECT t.claim_id,
           sum(CASE WHEN debit_purpose = ANY(%(claimed)s) THEN amount_minor ELSE 0 END
               - CASE WHEN credit_purpose = ANY(%(claimed)s) THEN amount_minor ELSE 0 END) AS claimed
    FROM settlements_transfer t WHERE (%(book)s::uuid IS NULL OR t.book_id = %(book)s) AND t.claim_id <> '' GROUP BY 1
) AS x ON x.claim_id = settlements_public_id('clm', c.id)
WHERE (%(book)s::uuid IS NULL OR c.book_id = %(book)s)
  AND coalesce(x.claimed, 0) <> CASE WHEN c.state IN ('collecting', 'submitted', 'accepted', 'disputed')
                                     THEN c.amount_minor ELSE 0 END
"""

# The last balance printed for each account is the one carried to the next statement.
BALANCES: Final = """
SELECT settlements_public_id('st', s.id), 'carries ' || (s.balances ->> x.purpose) || ' of ' || x.purpose
       || ' while its last line says ' || x.balance_after_minor
FROM settlements_statement s JOIN (
    SELECT DISTINCT ON (l.statement_id, y.purpose) l.statement_id, y.purpose, l.balance_after_minor
    FROM settlements_statementline l
    CROSS JOIN LATERAL (
        SELECT CASE l.side WHEN 'debit' THEN debit_purpose ELSE credit_purpose END AS purpose
        FROM settlements_transfer WHERE booked_on = l.booked_on AND id = l.transfer_id OFFSET 0) AS y
    ORDER BY l.statement_id, y.purpose, l.line_no DESC
) AS x ON x.statement_id = s.id
WHERE (%(book)s::uuid IS NULL OR s.book_id = %(book)s) AND (s.balances ->> x.purpose)::bigint <> x.balance_after_minor
"""

# The sums a file's trailer prints are those of the lines: what is taken and given, and each kind of money once.
SUMS: Final = """
SELECT settlements_public_id('st', s.id), 'sums say debit ' || coalesce(s.sums ->> 'net_debit', '0') || ' and credit '
       || coalesce(s.sums ->> 'net_credit', '0') || ' for ' || coalesce(x.debit, 0) || ' and ' || coalesce(x.credit, 0)
FROM settlements_statement s LEFT JOIN (
    SELECT l.statement_id, sum(t.amount_minor) FILTER (WHERE l.side = 'debit') AS debit,
           sum(t.amount_minor) FILTER (WHERE l.side = 'credit') AS credit
    FROM settlements_statementline l
    CROSS JOIN LATERAL (
        SELECT amount_minor FROM settlements_transfer WHERE booked_on = l.booked_on AND id = l.transfer_id OFFSET 0) AS t
    GROUP BY 1
) AS x ON x.statement_id = s.id
WHERE (%(book)s::uuid IS NULL OR s.book_id = %(book)s) AND s.state NOT IN ('open', 'computing') AND (
    coalesce((s.sums ->> 'net_debit')::bigint, 0) <> coalesce(x.debit, 0)
    OR coalesce((s.sums ->> 'net_credit')::bigint, 0) <> coalesce(x.credit, 0)
    OR coalesce(x.debit, 0) + coalesce(x.credit, 0) <> (
        SELECT coalesce(sum(value::bigint), 0) FROM jsonb_each_text(s.sums) WHERE key NOT LIKE 'net%%'))
"""
