"""The programs that make up a running Fenqi."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from config import pgmq
from config.launcher.checks import Settings
from config.launcher.places import Places
from config.launcher.processes import MARK, ChildSpec

HIDDEN = ("DATABASE_URL", "CELERY_BROKER_URL", "PGPASSWORD", "PGUSER", "PGHOST", "PGPORT", "PGDATABASE")


def connections(urls: Mapping[str, str], *, settings: Settings, secret_key: str) -> dict[str, str]:
    """Return the environment variables by which the product finds its databases, broker and address."""
    return {
        "FENQI_DB_OWNER_URL": urls["owner"],
        "FENQI_DB_APP_URL": urls["app"],
        "FENQI_DB_WORKER_URL": urls["worker"],
        "FENQI_DB_READER_URL": urls["reader"],
        "FENQI_BROKER_URL": settings.broker_url or pgmq.broker_url(urls["broker"]),
        "FENQI_SECRET_KEY": os.environ.get("FENQI_SECRET_KEY") or secret_key,
        "FENQI_BASE_URL": os.environ.get("FENQI_BASE_URL") or settings.base_url,
    }


def environment(found: Mapping[str, str], *, mark: str) -> dict[str, str]:
    """Return what children get: ours, the addresses, the mark; never the administrator's address."""
    kept = {name: value for name, value in os.environ.items() if name not in HIDDEN}
    return kept | dict(found) | {MARK: mark, "PYTHONUNBUFFERED": "1"}


def children(settings: Settings, *, places: Places, environment: Mapping[str, str]) -> list[ChildSpec]:
    """Return web, worker and beat."""

    def python(name: str, *words: str, **more: str) -> ChildSpec:
        return ChildSpec(
            name=name,
            command=(sys.executable, "-m", *words),
            environment={**environment, **more},
            folder=places.root,
        )

    return [
        python("web", *_granian(settings), FENQI_PROCESS="web"),
        python("worker", *_worker(settings), FENQI_PROCESS="worker", C_FORCE_ROOT="1"),
        python("beat", *_beat(places.run), FENQI_PROCESS="beat"),
    ]


def _granian(settings: Settings) -> list[str]:
    return [
        "granian", "config.wsgi:application", "--interface", "wsgi",
        "--host", settings.host, "--port", str(settings.port),
        "--workers", str(settings.web_workers), "--blocking-threads", "4",
        "--no-ws", "--no-access-log", "--log-level", "warning",
        "--respawn-failed-workers", "--respawn-interval", "1", "--workers-kill-timeout", "5",
    ]  # fmt: skip


def _worker(settings: Settings) -> list[str]:
    return [
        "celery", "-A", "config.celery", "worker", "--loglevel", "warning",
        "--pool", "prefork", "--concurrency", str(settings.worker_processes),
        "--without-gossip", "--without-mingle", "--without-heartbeat",
    ]  # fmt: skip


def _beat(run: Path) -> list[str]:
    return [
        "celery", "-A", "config.celery", "beat", "--loglevel", "warning",
        "--schedule", str(run / "beat-schedule"), "--pidfile", "",
    ]  # fmt: skip
