"""The database of the benchmarks: its own embedded, durable PostgreSQL and a fresh database with the product's roles."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import structlog

from config import embedded, pgmq, roles
from config.launcher.locks import try_hold

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "var" / "bench-pg"
DATABASE = "fenqi_bench"
SECRET = "only-for-benchmarks-0123456789abcdef0123456789abcdef"


@contextmanager
def database() -> Iterator[str]:
    """Start the server, make the database anew, bring Django up on it; yields the administrator's address to it."""
    DATA.parent.mkdir(exist_ok=True)
    if try_hold(DATA.with_name("bench.lock")) is None:
        raise SystemExit("The benchmarks are already running from this folder.")
    url = embedded.start(DATA, durable=True)
    try:
        with psycopg.connect(url, autocommit=True) as admin:
            admin.execute(f'DROP DATABASE IF EXISTS "{DATABASE}" WITH (FORCE)')
        urls = roles.provision(url, database=DATABASE, secret=SECRET)
        os.environ |= {f"FENQI_DB_{role.upper()}_URL": urls[role] for role in ("owner", "app", "worker", "reader")}
        os.environ |= {
            "FENQI_BROKER_URL": pgmq.broker_url(urls["broker"]),
            "FENQI_SECRET_KEY": SECRET,
            "FENQI_EXPORT_ROOT": str(ROOT / "var" / "bench-exports"),
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        _django()
        yield roles.address(url, dbname=DATABASE)
    finally:
        embedded.stop(DATA)


def _django() -> None:
    import django
    from django.core.management import call_command

    import config.celery  # noqa: F401 - the app that nudges are sent through

    django.setup()
    # The report is all that is said: no warnings of threads that outlive the database at the end.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    call_command("migrate", database="owner", verbosity=0, interactive=False)
