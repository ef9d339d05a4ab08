"""Who sees and writes which row of the books, and what only grows.

A transfer is seen by the owners of its two accounts and by the merchant whose event booked it; a statement by its party;
a claim by its merchant and its programme. Books, days and the public ids of account holders are seen by all.
"""

from django.db import migrations

from foundation.rls import (
    TENANT,
    append_only,
    append_only_truncate,
    enable_rls,
    grant,
    grant_sequence,
    policy,
    tenant_policy,
    worker_policy,
)

# In a scalar subquery the setting is read once a query, not once a row.
OWN = f"(SELECT {TENANT})"
STAFF = "(SELECT current_setting('app.staff', true) = 'on')"

PARTITIONED = ("settlements_transfer", "settlements_statementline")
GROWS = (
    *PARTITIONED,
    "settlements_holder",
    "settlements_closedday",
    "settlements_settledday",
    "settlements_bookedevent",
    "settlements_statementevent",
    "settlements_claimevent",
)
PUBLIC = {
    "settlements_book": ("SELECT", "SELECT, INSERT, UPDATE"),
    "settlements_holder": ("SELECT, INSERT", "SELECT, INSERT"),
    "settlements_closedday": ("SELECT", "SELECT, INSERT"),
    "settlements_settledday": ("SELECT", "SELECT, INSERT"),
}
CLAIM_WRITES = "state, units, amount_minor, returned_minor, fault, serial, facts, reason_code, submitted_on, paid_on"
STATEMENT_WRITES = "state, approved_by_id, approved_at"

# What is computed is frozen: afterwards a statement's state and its approval move, and nothing else.
FROZEN = """
CREATE FUNCTION settlements_statement_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of a computed statement is refused: a correction is a line of the next one', TG_OP
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'statement_frozen', TABLE = TG_TABLE_NAME;
END $$;
CREATE TRIGGER settlements_statement_frozen BEFORE UPDATE ON settlements_statement FOR EACH ROW
    WHEN (OLD.state NOT IN ('open', 'computing')
          AND (to_jsonb(OLD) - 'state' - 'approved_by_id' - 'approved_at')
              IS DISTINCT FROM (to_jsonb(NEW) - 'state' - 'approved_by_id' - 'approved_at'))
    EXECUTE FUNCTION settlements_statement_is_frozen();
CREATE TRIGGER settlements_statement_kept BEFORE DELETE ON settlements_statement
    FOR EACH ROW EXECUTE FUNCTION settlements_statement_is_frozen();
CREATE TRIGGER settlements_statement_no_truncate BEFORE TRUNCATE ON settlements_statement
    FOR EACH STATEMENT EXECUTE FUNCTION settlements_statement_is_frozen();
"""
THAWED = """
DROP TRIGGER settlements_statement_no_truncate ON settlements_statement;
DROP TRIGGER settlements_statement_kept ON settlements_statement;
DROP TRIGGER settlements_statement_frozen ON settlements_statement;
DROP FUNCTION settlements_statement_is_frozen();
"""


def _app(table: str, command: str, using: str) -> migrations.RunSQL:
    return policy(table, name=f"{table}_app_{command.lower()}", role="fenqi_app", using=using, command=command)


def _seen_by(table: str, using: str) -> list[migrations.RunSQL]:
    """App and reader see the rows of `using`; the reader sees all of them for staff; the worker everything."""
    return [
        enable_rls(table),
        _app(table, "SELECT", using),
        policy(table, name=f"{table}_reader", role="fenqi_reader", using=f"{using} OR {STAFF}", command="SELECT"),
        worker_policy(table),
    ]


class Migration(migrations.Migration):
    dependencies = [("settlements", "0002_transfers")]

    operations = [
        *[append_only(table) for table in GROWS],
        *[append_only_truncate(f"{table}_rest") for table in PARTITIONED],
        *[enable_rls(f"{table}_rest") for table in PARTITIONED],
        # The function that makes partitions runs as the owner and asks whether the rest holds rows of a month.
        *[
            policy(f"{table}_rest", name=f"{table}_rest_owner", role="fenqi_owner", using="true", command="SELECT")
            for table in PARTITIONED
        ],
        *[grant(table, app=app, worker=worker) for table, (app, worker) in PUBLIC.items()],
        *_seen_by("settlements_transfer", f"{OWN} IN (debit_party_id, credit_party_id, tenant_id)"),
        _app("settlements_transfer", "INSERT", f"tenant_id = {OWN}"),
        grant("settlements_transfer", app="SELECT, INSERT", worker="SELECT, INSERT"),
        grant_sequence("settlements_transfer_seq", worker="USAGE, SELECT"),
        *_seen_by("settlements_statementline", f"party_id = {OWN}"),
        grant("settlements_statementline", app="SELECT", worker="SELECT, INSERT"),
        enable_rls("settlements_bookedevent"),
        tenant_policy("settlements_bookedevent"),
        worker_policy("settlements_bookedevent"),
        grant("settlements_bookedevent", app="SELECT, INSERT", worker="SELECT, INSERT", reader=""),
        *_seen_by("settlements_statement", f"party_id = {OWN}"),
        _app("settlements_statement", "UPDATE", f"party_id = {OWN}"),
        migrations.RunSQL(FROZEN, THAWED),
        grant("settlements_statement", app=f"SELECT, UPDATE ({STATEMENT_WRITES})"),
        *_seen_by("settlements_statementevent", f"party_id = {OWN}"),
        _app("settlements_statementevent", "INSERT", f"party_id = {OWN}"),
        grant("settlements_statementevent", app="SELECT, INSERT", worker="SELECT, INSERT"),
        *_seen_by("settlements_claim", f"{OWN} IN (tenant_id, programme_id)"),
        _app("settlements_claim", "INSERT", f"tenant_id = {OWN}"),
        _app("settlements_claim", "UPDATE", f"tenant_id = {OWN}"),
        grant("settlements_claim", app=f"SELECT, INSERT, UPDATE ({CLAIM_WRITES})"),
        enable_rls("settlements_claimevent"),
        tenant_policy("settlements_claimevent"),
        worker_policy("settlements_claimevent"),
        grant("settlements_claimevent", app="SELECT, INSERT", worker="SELECT, INSERT", reader=""),
        enable_rls("settlements_export"),
        tenant_policy("settlements_export"),
        worker_policy("settlements_export"),
        grant("settlements_export", app="SELECT, INSERT"),
    ]
