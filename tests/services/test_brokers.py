"""`make run` with DATABASE_URL and CELERY_BROKER_URL: stock PostgreSQL 15 with Redis and with RabbitMQ."""

import json
import time
import urllib.request
from datetime import datetime
from urllib.error import URLError

import psycopg
import pytest

from tests.services.conftest import ROOT
from tests.services.outside import PASSWORD, Fenqi, Postgres, within

pytestmark = [pytest.mark.full, pytest.mark.faults, pytest.mark.timeout(600)]


@pytest.fixture
def admin(postgres: Postgres):
    """A user who may make roles and databases and is no superuser, as a hosting company gives them."""
    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS fenqi WITH (FORCE)")
        for role in ("fenqi_owner", "fenqi_app", "fenqi_worker", "fenqi_reader", "fenqi_broker", "hosted"):
            connection.execute(f"DROP ROLE IF EXISTS {role}")
        connection.execute(f"CREATE ROLE hosted LOGIN CREATEROLE CREATEDB PASSWORD '{PASSWORD}'")
        yield connection


@pytest.fixture
def fenqi(tmp_path, postgres, admin, broker):
    product = Fenqi(
        tmp_path / "copy",
        root=ROOT,
        DATABASE_URL=postgres.url("fenqi", user="hosted"),
        CELERY_BROKER_URL=broker.url,
    )
    yield product
    if product.process is not None:
        product.stop()


def get(product: Fenqi, path: str) -> dict:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{product.port}{path}", timeout=5) as answer:
            return json.load(answer)
    except (URLError, OSError):
        return {}


def last(postgres: Postgres, name: str) -> datetime | None:
    """When a task was last really done, by the heartbeat it writes."""
    with psycopg.connect(postgres.url("fenqi")) as connection:
        row = connection.execute("SELECT at FROM heartbeat WHERE name = %s", [name]).fetchone()
    return row[0] if row else None


def test_it_starts_gets_ready_and_goes_on_after_kill_9_of_the_broker(fenqi, postgres, broker):
    fenqi.start()

    assert within(60, lambda: get(fenqi, "/readyz").get("status") == "ok"), "no tick was received"
    assert within(30, lambda: last(postgres, "worker") is not None)

    broker.kill()
    time.sleep(8)  # longer than a tick
    assert get(fenqi, "/healthz").get("status") == "ok"
    before = last(postgres, "tick")
    broker.start()

    assert within(60, lambda: last(postgres, "tick") > before), "no tick came through the broker after its return"
    assert within(60, lambda: get(fenqi, "/readyz").get("status") == "ok")
    assert fenqi.stop() == 0


def test_without_a_broker_s_address_the_queue_lives_in_that_postgresql(tmp_path, postgres, admin):
    fenqi = Fenqi(tmp_path / "copy", root=ROOT, DATABASE_URL=postgres.url("fenqi", user="hosted"))
    fenqi.start()
    assert within(60, lambda: get(fenqi, "/readyz").get("status") == "ok"), "no tick was received"
    assert fenqi.stop() == 0
    # From now on the product's own roles sign in; the one of DATABASE_URL is not needed.
    admin.execute("ALTER ROLE hosted NOLOGIN")

    try:
        fenqi.start()
        assert get(fenqi, "/healthz").get("status") == "ok"
    finally:
        assert fenqi.stop() == 0
