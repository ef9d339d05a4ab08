"""The database roles every process signs in as, and the queue schema of the broker.

`owner` runs migrations and owns the tables, `app` and `worker` serve, `reader` exports,
`broker` owns the queue schema and nothing else. None is a superuser, none may walk past
row-level security. Works on the embedded server and on an outside PostgreSQL 15 or later.
"""

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from urllib.parse import quote, urlencode

import psycopg
from pgmq import get_embedded_install_sql
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from config.launcher.errors import DatabaseRefused

ROLES = ("owner", "app", "worker", "reader", "broker")
OLDEST_VERSION = 15
PROVISION_LOCK = 7_305_001  # advisory lock: two starters on one outside server wait for each other

LIMITS: Mapping[str, Mapping[str, str]] = {
    "owner": {"lock_timeout": "10s"},
    "app": {"statement_timeout": "5s", "lock_timeout": "2s", "idle_in_transaction_session_timeout": "10s"},
    "worker": {"statement_timeout": "60s", "lock_timeout": "2s", "idle_in_transaction_session_timeout": "60s"},
    "reader": {"statement_timeout": "60s", "lock_timeout": "2s", "default_transaction_read_only": "on"},
    "broker": {"statement_timeout": "30s", "lock_timeout": "5s", "idle_in_transaction_session_timeout": "30s"},
}

Connection = psycopg.Connection[tuple[object, ...]]


def provision(admin_url: str, *, database: str, secret: str) -> dict[str, str]:
    """Make the database, its five roles and the queue schema where missing; return an address per role.

    Example: `provision(url, database="fenqi", secret=s)["app"]` is
    `postgresql://fenqi_app:<password>@/fenqi?host=...`. Passwords follow from `secret`, so a second
    call gives the same answer. Raises `DatabaseRefused` with one sentence if the server will not have it.
    """
    urls = {role: _url(admin_url, role=role, database=database, secret=secret) for role in ROLES}
    if _stands(urls):
        return urls
    with _plain_refusals(), _connect(admin_url) as admin:
        _refuse_old(admin)
        admin.execute("SELECT pg_advisory_lock(%s)", [PROVISION_LOCK])
        for role in ROLES:
            _make_role(admin, role=role, secret=secret)
        _make_database(admin, database=database)
        with psycopg.connect(address(admin_url, dbname=database), autocommit=True) as inside:
            _close_public(inside, database=database)
        with psycopg.connect(urls["broker"]) as broker:
            _install_queue(broker)
    return urls


def database_of(url: str, *, otherwise: str) -> str:
    """Return the database that an address names, or `otherwise` if it is the server's own or none."""
    try:
        name = str(conninfo_to_dict(url).get("dbname") or "")
    except psycopg.ProgrammingError as error:
        raise DatabaseRefused(
            "DATABASE_URL is not an address of PostgreSQL: write it like `postgresql://user:password@host:5432/name`."
        ) from error
    return otherwise if name in {"", "postgres", "template0", "template1"} else name


def password_of(role: str, *, secret: str) -> str:
    """Return the password that `secret` gives to a role, for example `password_of("fenqi_app", secret="s")`."""
    return hmac.new(secret.encode(), role.encode(), hashlib.sha256).hexdigest()


def _stands(urls: Mapping[str, str]) -> bool:
    """Return whether every role can sign in with its present limits and the queue is there: then nothing is left to do."""
    try:
        return all(_has_its_limits(role, url) for role, url in urls.items()) and _has_queue(urls["broker"])
    except (psycopg.OperationalError, psycopg.errors.InsufficientPrivilege):
        return False


def _has_its_limits(role: str, url: str) -> bool:
    with psycopg.connect(url, connect_timeout=5) as connection:
        row = connection.execute(
            "SELECT coalesce(rolconfig, '{}') FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
    return row is not None and row[0] == [f"{name}={value}" for name, value in LIMITS[role].items()]


def _has_queue(broker_url: str) -> bool:
    """Return whether the queue is installed; only the broker may look into its schema."""
    with psycopg.connect(broker_url, connect_timeout=5) as connection:
        return connection.execute("SELECT to_regclass('pgmq.meta') IS NULL").fetchone() == (False,)


def _connect(admin_url: str) -> Connection:
    """Connect to the named database, or to the server's own one when the named one is still to be made."""
    try:
        return psycopg.connect(admin_url, autocommit=True)
    except psycopg.OperationalError as error:
        # A failed connection carries no code, and its words follow the server's language: so just try.
        with suppress(psycopg.OperationalError):
            return psycopg.connect(address(admin_url, dbname="postgres"), autocommit=True)
        raise error from None


def _refuse_old(admin: Connection) -> None:
    version = admin.info.server_version // 10_000
    if version < OLDEST_VERSION:
        raise DatabaseRefused(f"DATABASE_URL leads to PostgreSQL {version}, and Fenqi needs {OLDEST_VERSION} or later.")


def _make_role(admin: Connection, *, role: str, secret: str) -> None:
    name = f"fenqi_{role}"
    identifier = sql.Identifier(name)
    found = admin.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = %s", [name]).fetchone()
    if found is None:
        admin.execute(sql.SQL("CREATE ROLE {} LOGIN").format(identifier))
    elif found[0]:
        admin.execute(sql.SQL("ALTER ROLE {} NOSUPERUSER NOBYPASSRLS").format(identifier))
    admin.execute(
        sql.SQL("ALTER ROLE {} WITH LOGIN PASSWORD {}").format(
            identifier, sql.Literal(password_of(name, secret=secret))
        )
    )
    for setting, value in LIMITS[role].items():
        admin.execute(
            sql.SQL("ALTER ROLE {} SET {} = {}").format(identifier, sql.Identifier(setting), sql.Literal(value))
        )
    if role in {"owner", "broker"} and not _is_superuser(admin):
        # Giving something to a role asks for membership in it, also for one who made the role.
        admin.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(identifier))


def _is_superuser(admin: Connection) -> bool:
    return admin.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone() == (True,)


def _make_database(admin: Connection, *, database: str) -> None:
    found = admin.execute(
        "SELECT pg_get_userbyid(datdba) = 'fenqi_owner' FROM pg_database WHERE datname = %s", [database]
    ).fetchone()
    name = sql.Identifier(database)
    if found is None:
        admin.execute(sql.SQL("CREATE DATABASE {} OWNER fenqi_owner TEMPLATE template0 ENCODING 'UTF8'").format(name))
    elif not found[0]:
        admin.execute(sql.SQL("ALTER DATABASE {} OWNER TO fenqi_owner").format(name))


def _close_public(inside: Connection, *, database: str) -> None:
    """Leave the database to its roles; only the owner makes tables in `public`, only the broker in `pgmq`."""
    name = sql.Identifier(database)
    roles = sql.SQL(", ").join(sql.Identifier(f"fenqi_{role}") for role in ROLES)
    inside.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
    inside.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(name, roles))
    inside.execute(sql.SQL("GRANT TEMPORARY ON DATABASE {} TO fenqi_worker").format(name))
    inside.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    inside.execute("GRANT USAGE, CREATE ON SCHEMA public TO fenqi_owner")
    inside.execute("GRANT USAGE ON SCHEMA public TO fenqi_app, fenqi_worker, fenqi_reader")
    inside.execute("CREATE SCHEMA IF NOT EXISTS pgmq AUTHORIZATION fenqi_broker")


def _install_queue(broker: Connection) -> None:
    """Install PGMQ as plain SQL, in one transaction, as the broker itself."""
    with broker.transaction():
        if broker.execute("SELECT to_regclass('pgmq.meta')").fetchone() == (None,):
            # The schema is there and is the broker's; creating it again would ask for rights on the database.
            script = get_embedded_install_sql().replace("CREATE SCHEMA IF NOT EXISTS pgmq;", "NULL;")
            broker.execute(script.encode())


@contextmanager
def _plain_refusals() -> Iterator[None]:
    try:
        yield
    except psycopg.errors.InsufficientPrivilege as error:
        raise DatabaseRefused(
            f"The user of DATABASE_URL may not make roles or databases ({_first_line(error)}): "
            "give it CREATEROLE and CREATEDB, or the address of one who has them, for this first start."
        ) from error
    except psycopg.errors.DiskFull as error:
        raise DatabaseRefused(f"The database server's disk is full: {_first_line(error)}.") from error
    except psycopg.OperationalError as error:
        raise DatabaseRefused(f"The database could not be reached: {_first_line(error)}.") from error


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or ["no reason given"])[0].rstrip(".")


def address(url: str, **changes: str) -> str:
    """Return an address with some parts exchanged: `address(url, dbname="shop")`."""
    parts = {key: str(value) for key, value in conninfo_to_dict(url).items() if value is not None} | changes
    user = quote(parts.pop("user", ""), safe="")
    password = parts.pop("password", "")
    signed_in = f"{user}:{quote(password, safe='')}" if password else user
    database = quote(parts.pop("dbname", ""), safe="")
    return f"postgresql://{signed_in}@/{database}?{urlencode(parts, quote_via=quote, safe='/')}"


def _url(admin_url: str, *, role: str, database: str, secret: str) -> str:
    name = f"fenqi_{role}"
    return address(admin_url, user=name, password=password_of(name, secret=secret), dbname=database)
