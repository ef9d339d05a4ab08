"""Each role may do its own work and nothing else."""

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from config import embedded, roles
from config.launcher.errors import DatabaseRefused
from tests.launcher.conftest import SECRET

pytestmark = pytest.mark.faults


@pytest.mark.parametrize("role", ["app", "worker", "broker"])
def test_only_the_owner_makes_tables_in_public(own_roles, role):
    with psycopg.connect(own_roles[role]) as connection, pytest.raises(InsufficientPrivilege):
        connection.execute("CREATE TABLE public.intruder (n int)")


def test_the_owner_makes_tables_in_public(own_roles):
    with psycopg.connect(own_roles["owner"]) as connection:
        connection.execute("CREATE TABLE public.fine (n int)")
        connection.rollback()


@pytest.mark.parametrize("role", ["owner", "app", "worker", "reader"])
def test_the_queue_is_closed_to_all_but_the_broker(own_roles, role):
    with psycopg.connect(own_roles[role]) as connection, pytest.raises(InsufficientPrivilege):
        connection.execute("SELECT * FROM pgmq.meta")


def test_the_broker_owns_the_queue_schema_and_nothing_else(own_roles):
    query = """
        SELECT DISTINCT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE pg_get_userbyid(c.relowner) = 'fenqi_broker' AND n.nspname <> 'pg_toast'
    """
    with psycopg.connect(own_roles["broker"]) as connection:
        assert connection.execute(query).fetchall() == [("pgmq",)]


def test_no_role_is_a_superuser_or_walks_past_row_security(own_roles):
    query = "SELECT count(*) FROM pg_roles WHERE rolname LIKE 'fenqi\\_%' AND NOT (rolsuper OR rolbypassrls OR rolcreaterole)"
    with psycopg.connect(own_roles["app"]) as connection:
        assert connection.execute(query).fetchone() == (5,)


@pytest.mark.parametrize(
    ("role", "statement", "lock", "idle"),
    [("app", "5s", "2s", "10s"), ("worker", "1min", "2s", "1min")],
)
def test_each_role_has_its_limits(own_roles, role, statement, lock, idle):
    with psycopg.connect(own_roles[role]) as connection:
        found = [
            connection.execute(f"SHOW {name}").fetchone()[0]
            for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
        ]
    assert found == [statement, lock, idle]


def test_a_role_needs_its_password(own_roles):
    wrong = own_roles["app"].replace("fenqi_app:", "fenqi_app:x")

    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(wrong)


def test_asking_twice_changes_nothing_and_a_new_secret_is_taken_over(spaced_data_dir, own_roles):
    admin = embedded.start(spaced_data_dir)

    assert roles.provision(admin, database="fenqi", secret=SECRET) == own_roles
    other = roles.provision(admin, database="fenqi", secret="another")
    psycopg.connect(other["app"]).close()
    assert roles.provision(admin, database="fenqi", secret=SECRET) == own_roles


def test_an_administrator_without_the_right_to_make_roles_is_told_so(tmp_path):
    admin = embedded.start(tmp_path / "pg", durable=False)
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute("CREATE ROLE poor LOGIN PASSWORD 'x'")

    with pytest.raises(DatabaseRefused, match="may not make roles"):
        roles.provision(admin.replace("postgres@", "poor:x@"), database="fenqi", secret=SECRET)
    embedded.stop(tmp_path / "pg")


def test_an_administrator_who_is_no_superuser_is_enough(tmp_path):
    admin = embedded.start(tmp_path / "pg", durable=False)
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute("CREATE ROLE chief LOGIN CREATEROLE CREATEDB PASSWORD 'x'")

    urls = roles.provision(admin.replace("postgres@", "chief:x@"), database="shop", secret=SECRET)

    with psycopg.connect(urls["owner"]) as connection:
        connection.execute("CREATE TABLE public.fine (n int)")
    embedded.stop(tmp_path / "pg")
