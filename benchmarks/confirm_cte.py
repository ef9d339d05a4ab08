"""The yardstick of confirm: everything a plan writes, by hand, in one statement.

22 rows: the idempotency key, the order, 12 instalments, 6 postings, the outbox, and the budget's hot row, which is taken
by a conditional update in the same statement. No tenant, no policies, no rules, no JSON: a floor, not a product.
"""

import uuid

import psycopg

TABLES = """
DROP SCHEMA IF EXISTS bench CASCADE;
CREATE SCHEMA bench;
CREATE TABLE bench.idempotency (tenant uuid, key text, fingerprint bytea, PRIMARY KEY (tenant, key));
CREATE TABLE bench.plan (id uuid PRIMARY KEY, tenant uuid, campaign int, reference text, financed bigint, waived bigint);
CREATE TABLE bench.instalment (plan uuid, number int, due_on date, principal bigint, fee bigint, PRIMARY KEY (plan, number));
CREATE TABLE bench.posting (id uuid PRIMARY KEY, plan uuid, debit text, credit text, amount bigint);
CREATE TABLE bench.outbox (id uuid PRIMARY KEY, topic text, ref text);
CREATE TABLE bench.budget (campaign int PRIMARY KEY, total bigint, held bigint, CHECK (held BETWEEN 0 AND total))
    WITH (fillfactor = 20);
INSERT INTO bench.budget SELECT n, 1000000000000, 0 FROM generate_series(0, 63) AS n;
"""

CONFIRM = """
WITH idem AS (
    INSERT INTO bench.idempotency VALUES (%(tenant)s, %(key)s, sha256(convert_to(%(key)s, 'UTF8')))
    ON CONFLICT DO NOTHING RETURNING 1
), held AS (
    UPDATE bench.budget SET held = held + 20000
    WHERE campaign = %(campaign)s AND held + 20000 <= total AND EXISTS (SELECT FROM idem) RETURNING campaign
), plan AS (
    INSERT INTO bench.plan SELECT %(plan)s, %(tenant)s, campaign, %(key)s, 499900, 20000 FROM held RETURNING id
), rows AS (
    INSERT INTO bench.instalment
    SELECT id, n, date '2026-12-21' + 30 * n, 41658, 0 FROM plan CROSS JOIN generate_series(1, 12) AS n
), posted AS (
    INSERT INTO bench.posting
    SELECT p, plan.id, 'a', 'b', 1000 FROM plan CROSS JOIN unnest(%(postings)s::uuid[]) AS p
)
INSERT INTO bench.outbox SELECT %(out)s, 'plan.confirmed', id::text FROM plan
"""


class Cell:
    """One connection that confirms."""

    def __init__(self, admin_url: str) -> None:
        self._connection = psycopg.connect(admin_url, autocommit=True)
        self._tenant = uuid.uuid4()

    def confirm(self, *, number: int, campaign: int) -> None:
        """Write one plan."""
        done = self._connection.execute(
            CONFIRM,
            {
                "tenant": self._tenant,
                "key": f"k-{number}",
                "campaign": campaign,
                "plan": uuid.uuid4(),
                "postings": [uuid.uuid4() for _ in range(6)],
                "out": uuid.uuid4(),
            },
        )
        assert done.rowcount == 1

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


def prepare(admin_url: str) -> None:
    """Make the tables."""
    with psycopg.connect(admin_url, autocommit=True) as connection:
        connection.execute(TABLES)
