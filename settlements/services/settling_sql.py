"""The SQL of a settlement run: every statement of a batch of parties at once, never row by row.

Parameters are the day, the book, the statements of the batch and the purposes by their sign (settlements/selectors/accounts).
"""

from typing import Final

from settlements.selectors.accounts import KIND_SQL

# Parties with movements on the day whose statement is not finished, with the number of lines it will have.
WAITING: Final = """
WITH sides AS (
    SELECT debit_party_id AS party_id, currency, count(*) AS lines FROM settlements_transfer
    WHERE book_id = %(book)s AND booked_on = %(day)s GROUP BY 1, 2
    UNION ALL
    SELECT credit_party_id, currency, count(*) FROM settlements_transfer
    WHERE book_id = %(book)s AND booked_on = %(day)s GROUP BY 1, 2
)
SELECT sides.party_id, sides.currency, sum(sides.lines)::bigint FROM sides
WHERE NOT EXISTS (
    SELECT 1 FROM settlements_statement s
    WHERE s.book_id = %(book)s AND s.party_id = sides.party_id AND s.currency = sides.currency
      AND s.period_start = %(day)s AND s.state NOT IN ('open', 'computing'))
GROUP BY 1, 2 ORDER BY 1, 2
"""

# Opening and balances are carried from the party's latest statement, whenever that was.
OPEN: Final = """
INSERT INTO settlements_statement (
    id, book_id, party_id, party_type, currency, period_start, period_end, version, state, opening_minor, closing_minor,
    line_count, totals, sums, balances, last_seq, sha256, previous_sha256, made_by_id, created_at)
SELECT w.id, %(book)s, w.party_id, h.kind, w.currency, %(day)s, %(day)s, 1, %(state)s,
       coalesce(p.closing_minor, 0), coalesce(p.closing_minor, 0), 0, '{}', '{}', coalesce(p.balances, '{}'), 0, '',
       coalesce(p.sha256, ''), %(maker)s, %(now)s
FROM unnest(%(ids)s::uuid[], %(parties)s::uuid[], %(currencies)s::text[]) AS w(id, party_id, currency)
JOIN settlements_holder h ON h.party_id = w.party_id
LEFT JOIN LATERAL (
    SELECT closing_minor, balances, sha256 FROM settlements_statement
    WHERE book_id = %(book)s AND party_id = w.party_id AND currency = w.currency AND period_start < %(day)s
    ORDER BY period_start DESC, version DESC LIMIT 1
) p ON true
ON CONFLICT ON CONSTRAINT statement_once DO NOTHING
RETURNING id, party_id
"""

EVENTS: Final = """
INSERT INTO settlements_statementevent (id, statement_id, party_id, move, from_state, to_state, person_id, note, at)
SELECT e.id, e.statement_id, e.party_id, e.move, e.from_state, e.to_state, %(maker)s, '', %(now)s
FROM unnest(%(ids)s::uuid[], %(statements)s::uuid[], %(parties)s::uuid[], %(moves)s::text[], %(froms)s::text[],
            %(tos)s::text[]) AS e(id, statement_id, party_id, move, from_state, to_state)
"""

# What of the batch is still to be computed: those that another run has finished meanwhile are not touched.
UNFINISHED: Final = """
SELECT id, party_id, currency, last_seq FROM settlements_statement
WHERE book_id = %(book)s AND period_start = %(day)s AND state = 'computing'
  AND (party_id, currency) IN (SELECT * FROM unnest(%(parties)s::uuid[], %(currencies)s::text[]))
ORDER BY id
"""

# Where the next chunk of one large statement ends, and whether it is full. A transfer whose both sides are the party's is
# never cut in two.
CHUNK_END: Final = """
SELECT max(seq), count(*) >= %(chunk)s FROM (
    SELECT seq FROM (
        (SELECT seq FROM settlements_transfer
         WHERE debit_party_id = %(party)s AND booked_on = %(day)s AND seq > %(after)s
           AND book_id = %(book)s AND currency = %(currency)s ORDER BY seq LIMIT %(chunk)s)
        UNION ALL
        (SELECT seq FROM settlements_transfer
         WHERE credit_party_id = %(party)s AND booked_on = %(day)s AND seq > %(after)s
           AND book_id = %(book)s AND currency = %(currency)s ORDER BY seq LIMIT %(chunk)s)
    ) AS both_sides ORDER BY seq LIMIT %(chunk)s
) AS chunk
"""

# Lines in the order of the books (sequence, then debit before credit), each account's balance running on from what was
# carried; then the statement's own figures from the very same rows.
LINES: Final = """
WITH wanted AS MATERIALIZED (
    SELECT id, party_id, party_type AS kind, currency, last_seq, line_count, balances, totals, sums
    FROM settlements_statement WHERE id = ANY(%(statements)s)
), moves AS MATERIALIZED (
    SELECT own.id AS statement_id, t.seq, 0 AS place, 'debit' AS side, t.id AS transfer_id, t.debit_purpose AS purpose,
           t.line_type, t.amount_minor, <kind> AS kind,
           CASE WHEN t.debit_purpose = ANY(%(debit_normal)s) THEN t.amount_minor ELSE -t.amount_minor END AS moved
    FROM wanted own CROSS JOIN LATERAL (
        SELECT * FROM settlements_transfer
        WHERE debit_party_id = own.party_id AND booked_on = %(day)s AND seq > own.last_seq AND seq <= %(until)s
          AND currency = own.currency AND book_id = %(book)s OFFSET 0
    ) AS t
    UNION ALL
    SELECT own.id, t.seq, 1, 'credit', t.id, t.credit_purpose, t.line_type, t.amount_minor, <kind>,
           CASE WHEN t.credit_purpose = ANY(%(debit_normal)s) THEN -t.amount_minor ELSE t.amount_minor END
    FROM wanted own CROSS JOIN LATERAL (
        SELECT * FROM settlements_transfer
        WHERE credit_party_id = own.party_id AND booked_on = %(day)s AND seq > own.last_seq AND seq <= %(until)s
          AND currency = own.currency AND book_id = %(book)s OFFSET 0
    ) AS t
), numbered AS (
    SELECT moves.*, row_number() OVER (PARTITION BY statement_id ORDER BY seq, place) AS place_in_chunk,
           sum(moved) OVER (PARTITION BY statement_id, purpose ORDER BY seq, place) AS running
    FROM moves
), added AS (
    INSERT INTO settlements_statementline (
        statement_id, party_id, line_no, booked_on, transfer_id, side, balance_after_minor)
    SELECT w.id, w.party_id, w.line_count + n.place_in_chunk, %(day)s, n.transfer_id, n.side,
           coalesce((w.balances ->> n.purpose)::bigint, 0) + n.running
    FROM numbered n JOIN wanted w ON w.id = n.statement_id
), counted AS (
    SELECT statement_id, count(*) AS lines, max(seq) AS seq FROM moves GROUP BY 1
), balanced AS (
    SELECT id, jsonb_object_agg(purpose, balance) AS balances,
           sum(CASE WHEN purpose = ANY(%(debit_normal)s) THEN -balance ELSE balance END) AS closing
    FROM (
        SELECT id, purpose, sum(part)::bigint AS balance FROM (
            SELECT w.id, carried.key AS purpose, carried.value::bigint AS part
            FROM wanted w CROSS JOIN LATERAL jsonb_each_text(w.balances) AS carried
            UNION ALL SELECT statement_id, purpose, moved FROM moves
        ) AS parts GROUP BY 1, 2
    ) AS accounts GROUP BY 1
), totalled AS (
    SELECT id, jsonb_object_agg(line_type, jsonb_build_object('debit', debit, 'credit', credit, 'count', lines)) AS totals
    FROM (
        SELECT id, line_type, coalesce(sum(debit), 0)::bigint AS debit, coalesce(sum(credit), 0)::bigint AS credit,
               sum(lines)::bigint AS lines
        FROM (
            SELECT w.id, before.key AS line_type, (before.value ->> 'debit')::bigint AS debit,
                   (before.value ->> 'credit')::bigint AS credit, (before.value ->> 'count')::bigint AS lines
            FROM wanted w CROSS JOIN LATERAL jsonb_each(w.totals) AS before
            UNION ALL
            SELECT statement_id, line_type, sum(amount_minor) FILTER (WHERE place = 0),
                   sum(amount_minor) FILTER (WHERE place = 1), count(*)
            FROM moves GROUP BY 1, 2
        ) AS parts GROUP BY 1, 2
    ) AS types GROUP BY 1
), summed AS (
    SELECT id, jsonb_object_agg(name, amount) AS sums FROM (
        SELECT id, name, sum(part)::bigint AS amount FROM (
            SELECT w.id, before.key AS name, before.value::bigint AS part
            FROM wanted w CROSS JOIN LATERAL jsonb_each_text(w.sums) AS before
            UNION ALL SELECT statement_id, 'net_' || side, amount_minor FROM moves
            UNION ALL SELECT statement_id, CASE kind WHEN 'gross' THEN 'gross_' || side ELSE kind END, amount_minor FROM moves
        ) AS parts GROUP BY 1, 2
    ) AS columns GROUP BY 1
)
UPDATE settlements_statement s
SET line_count = s.line_count + counted.lines, last_seq = counted.seq, balances = balanced.balances,
    closing_minor = balanced.closing, totals = totalled.totals, sums = summed.sums
FROM counted JOIN balanced ON balanced.id = counted.statement_id JOIN totalled ON totalled.id = counted.statement_id
JOIN summed ON summed.id = counted.statement_id
WHERE s.id = counted.statement_id
""".replace("<kind>", KIND_SQL)

FINISH: Final = """
UPDATE settlements_statement s SET state = %(state)s, sha256 = done.sha256
FROM unnest(%(ids)s::uuid[], %(hashes)s::text[]) AS done(id, sha256) WHERE s.id = done.id
"""

SETTLED: Final = """
INSERT INTO settlements_settledday (book_id, day, statement_count, line_count, settled_at)
SELECT %(book)s, %(day)s, count(*), coalesce(sum(line_count), 0), %(now)s
FROM settlements_statement WHERE book_id = %(book)s AND period_start = %(day)s
ON CONFLICT DO NOTHING
"""
