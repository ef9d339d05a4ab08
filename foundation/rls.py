"""Migration operations for the second wall: row-level security, grants, and tables that only grow.

Who sees what (the roles are made by the launcher before the first migration):

- fenqi_app sees and writes the rows of `app.tenant`; without a tenant it sees nothing.
- fenqi_worker sees every row (tasks and staff services), within its grants.
- fenqi_reader sees the rows of `app.tenant`, or all of them when `app.staff` is 'on' (exports), and writes nothing.
- the owner runs migrations; FORCE keeps even it out of the rows. A data migration asks for `owner_policy` and drops it.

Foreign-key checks pass row-level security by PostgreSQL's own rule, and superuser does too: back up as superuser.
"""

import re
from typing import Final

from django.db.migrations import RunSQL

TENANT: Final = "NULLIF(current_setting('app.tenant', true), '')::uuid"
"""SQL for the tenant of the transaction: null, which equals nothing, when none is set."""

_STAFF: Final = "current_setting('app.staff', true) = 'on'"
_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError(f"not a plain SQL name: {name!r}")
    return name


def enable_rls(table: str) -> RunSQL:
    """Turn row-level security on, for the owner as well: without policies nobody sees a row."""
    _checked(table)
    return RunSQL(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; ALTER TABLE {table} FORCE ROW LEVEL SECURITY;",
        f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;",
    )


def policy(table: str, *, name: str, role: str, using: str, command: str = "ALL") -> RunSQL:
    """A policy in free SQL: `using` is also the check of what is written (where the command writes)."""
    _checked(table), _checked(name), _checked(role)
    clauses = {"SELECT": f"USING ({using})", "DELETE": f"USING ({using})", "INSERT": f"WITH CHECK ({using})"}
    clause = clauses.get(command, f"USING ({using}) WITH CHECK ({using})")
    return RunSQL(
        f"CREATE POLICY {name} ON {table} FOR {command} TO {role} {clause};", f"DROP POLICY {name} ON {table};"
    )


def tenant_policy(table: str, column: str = "tenant_id") -> RunSQL:
    """App: rows whose `column` is the tenant. Reader: the same, or all for staff."""
    _checked(table), _checked(column)
    own = f"{column} = {TENANT}"
    return RunSQL(
        f"CREATE POLICY {table}_app ON {table} TO fenqi_app USING ({own}) WITH CHECK ({own});"
        f"CREATE POLICY {table}_reader ON {table} FOR SELECT TO fenqi_reader USING ({own} OR {_STAFF});",
        f"DROP POLICY {table}_reader ON {table}; DROP POLICY {table}_app ON {table};",
    )


def worker_policy(table: str) -> RunSQL:
    """Worker: every row."""
    return policy(_checked(table), name=f"{table}_worker", role="fenqi_worker", using="true")


def owner_policy(table: str) -> RunSQL:
    """Owner: every row. Only around a data migration; its reverse (or `RunSQL` DROP POLICY) takes it away."""
    return policy(_checked(table), name=f"{table}_owner", role="current_user", using="true")


def grant(
    table: str,
    app: str = "SELECT, INSERT, UPDATE",
    worker: str = "SELECT, INSERT, UPDATE",
    reader: str = "SELECT",
) -> RunSQL:
    """Give the roles what they need on a table; an empty string gives nothing. Column grants: "UPDATE (state)"."""
    _checked(table)
    given = (("fenqi_app", app), ("fenqi_worker", worker), ("fenqi_reader", reader))
    return RunSQL(
        "".join(f"GRANT {rights} ON {table} TO {role};" for role, rights in given if rights) or RunSQL.noop,
        "".join(f"REVOKE ALL ON {table} FROM {role};" for role, rights in given if rights) or RunSQL.noop,
    )


def grant_sequence(sequence: str, app: str = "USAGE", worker: str = "USAGE") -> RunSQL:
    """Give the use of a named sequence. Identity columns need none: their table's INSERT grant is enough."""
    _checked(sequence)
    given = (("fenqi_app", app), ("fenqi_worker", worker))
    return RunSQL(
        "".join(f"GRANT {rights} ON SEQUENCE {sequence} TO {role};" for role, rights in given if rights) or RunSQL.noop,
        "".join(f"REVOKE ALL ON SEQUENCE {sequence} FROM {role};" for role, _ in given),
    )


REFUSE_CHANGE: Final = RunSQL(
    """
    CREATE FUNCTION fenqi_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '% on % is refused: rows here are only added', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'append_only', TABLE = TG_TABLE_NAME;
    END $$;
    """,
    "DROP FUNCTION fenqi_refuse_change();",
)
"""The function behind `append_only`; foundation's first migration installs it."""


def append_only(table: str) -> RunSQL:
    """Refuse UPDATE, DELETE and TRUNCATE for everyone but a superuser who turns triggers off. Depend on foundation 0001.

    The row trigger is copied to the partitions of a partitioned table; a TRUNCATE trigger is not, so call
    `append_only_truncate` for each partition.
    """
    _checked(table)
    return RunSQL(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION fenqi_refuse_change();"
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION fenqi_refuse_change();",
        f"DROP TRIGGER {table}_no_truncate ON {table}; DROP TRIGGER {table}_append_only ON {table};",
    )


def append_only_truncate(partition: str) -> RunSQL:
    """Refuse TRUNCATE of one partition."""
    _checked(partition)
    return RunSQL(
        f"CREATE TRIGGER {partition}_no_truncate BEFORE TRUNCATE ON {partition} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION fenqi_refuse_change();",
        f"DROP TRIGGER {partition}_no_truncate ON {partition};",
    )
