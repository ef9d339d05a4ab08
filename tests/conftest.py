"""What every test shares: a real PostgreSQL with the product's five roles, cleaned after each test.

Tests that touch the database say so: `pytestmark = pytest.mark.usefixtures("database")`. Nothing is rolled back
behind a test's back: services commit for real, under row-level security, and rows are deleted afterwards by the
superuser of the test server (whose session skips the append-only triggers).
"""

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, settings

from tests import plain_static

ROOT = Path(__file__).resolve().parent.parent
TEST_SECRET = "only-for-tests-0123456789abcdef0123456789abcdef0123456789"
KEEP = ("django_migrations", "django_content_type", "auth_permission")

settings.register_profile(
    "quick", max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
settings.register_profile("full", max_examples=2_000, deadline=None, suppress_health_check=list(HealthCheck))
settings.load_profile("full" if os.environ.get("FENQI_FULL") == "1" else "quick")


def pytest_configure() -> None:
    from django.conf import settings as django_settings

    for name, value in plain_static.SETTINGS.items():
        setattr(django_settings, name, value)


def _database_name() -> str:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    return f"fenqi_test_{os.environ.get('FENQI_TEST_DB', '')}{worker}".rstrip("_")


@pytest.fixture(scope="session")
def admin_url() -> Iterator[str]:
    """Superuser address of the test server: TEST_DATABASE_URL, else an embedded one without fsync."""
    outside = os.environ.get("TEST_DATABASE_URL")
    if outside:
        yield outside
        return
    from config import embedded

    data_dir = ROOT / "var" / "test-pg"
    yield embedded.start(data_dir, durable=False)
    if os.environ.get("FENQI_KEEP_TEST_PG") != "1":
        embedded.stop(data_dir)


@pytest.fixture(scope="session")
def role_urls(admin_url: str) -> dict[str, str]:
    """A fresh database with the five roles; keys: owner, app, worker, reader, broker."""
    from config import roles

    name = _database_name()
    with psycopg.connect(admin_url, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    return roles.provision(admin_url, database=name, secret=TEST_SECRET)


@pytest.fixture(scope="session")
def migrated(role_urls: dict[str, str], django_db_blocker) -> dict[str, str]:
    """The database after all migrations, run by the owner as in production."""
    from django.core.management import call_command
    from django.db import connections

    from config import db_env

    for alias, role in (("default", "app"), ("worker", "worker"), ("reader", "reader"), ("owner", "owner")):
        connections[alias].close()
        connections.settings[alias].update(db_env.database(role_urls[role]))
        connections[alias].settings_dict.update(db_env.database(role_urls[role]))
    with django_db_blocker.unblock():
        call_command("migrate", database="owner", verbosity=0)
    return role_urls


@pytest.fixture(scope="session")
def admin_connection(migrated: dict[str, str], admin_url: str) -> Iterator[psycopg.Connection]:
    """Superuser connection to the test database, for cleaning and for looking at rows past every policy."""
    with psycopg.connect(admin_url, dbname=_database_name(), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        yield connection


@pytest.fixture(scope="session")
def cleaning_sql(admin_connection: psycopg.Connection) -> str:
    rows = admin_connection.execute(
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1"
    ).fetchall()
    return "; ".join(f'DELETE FROM "{name}"' for (name,) in rows if name not in KEEP)


@pytest.fixture
def database(
    admin_connection: psycopg.Connection, cleaning_sql: str, django_db_blocker
) -> Iterator[psycopg.Connection]:
    """The clean database; yields the superuser connection (row-level security does not hide anything from it)."""
    from django.db import connections

    admin_connection.execute(cleaning_sql)
    with django_db_blocker.unblock():
        yield admin_connection
        _forget_what_processes_remember()
        for connection in connections.all():
            connection.close()


def _forget_what_processes_remember() -> None:
    """Catalogues and keys in memory outlive a test's rows; their poll thread has nothing to ask for without them."""
    from installments.services import catalogue
    from merchants.services import key_cache

    catalogue.shelf.forget()
    key_cache.forget(None)
