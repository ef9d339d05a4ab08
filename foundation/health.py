"""Is it alive, is it ready, and what does it count: /healthz, /readyz, /metrics."""

from collections.abc import Callable
from datetime import timedelta
from typing import ClassVar, Final

import structlog
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Gauge, generate_latest

from domain.errors import DomainError
from foundation import clock, db, outbox, sweeper
from foundation.api import Call, Endpoint, Out, Route

OUTBOX_LAG_MAX_SECONDS: Final = 60.0
BEAT_AGE_MAX: Final = timedelta(seconds=60)

log = structlog.get_logger("foundation.health")


class NotReady(DomainError):
    """A part this service needs is not working; the figures name it."""

    code = "not_ready"
    status = 503
    retry_after: ClassVar[int] = 5


class Health(Out, frozen=True, kw_only=True):
    """What /healthz and /readyz say when all is well."""

    status: str = "ok"
    outbox_lag_seconds: int | None = None
    checks: dict[str, str] = {}


class Healthz(Endpoint):
    """Whether the process answers; asks nobody else."""

    tag = "health"

    @Route(public=True, returns=Health)
    def get(self, call: Call) -> Health:
        """Tell that the process is alive."""
        del call
        return Health()


class Readyz(Endpoint):
    """Whether requests and background work would be served."""

    tag = "health"

    @Route(public=True, returns=Health, errors=(NotReady,))
    def get(self, call: Call) -> Health:
        """Check the database, the outbox's lag and the sweeper's heartbeat."""
        del call
        checks, lag = check()
        bad = {name: said for name, said in checks.items() if said != "ok"}
        if bad:
            raise NotReady(**bad)
        return Health(outbox_lag_seconds=int(lag), checks=checks)


_extra_checks: dict[str, Callable[[], str]] = {}


def register_check(name: str, ask: Callable[[], str]) -> None:
    """Add a check to /readyz: `ask` returns "ok" or a few words (the catalogue's age, for example)."""
    _extra_checks[name] = ask


def check() -> tuple[dict[str, str], float]:
    """Each check's verdict, and the outbox's lag in seconds."""
    now = clock.now()
    try:
        with db.staff_transaction():
            lag = outbox.oldest_waiting(now=now)
            last = sweeper.last_beat(name="tick")
    except Error as error:
        log.warning("not_ready", error=repr(error))
        return {"database": "unreachable"}, 0.0
    checks = {
        "database": "ok",
        "outbox": "ok" if lag <= OUTBOX_LAG_MAX_SECONDS else f"lags by {lag:.0f} s",
        "sweeper": "ok" if last is not None and now - last <= BEAT_AGE_MAX else "no heartbeat for 60 s",
    }
    for name, ask in _extra_checks.items():
        checks[name] = ask()
    return checks, lag


@require_safe
def metrics(_request: HttpRequest) -> HttpResponse:
    """Prometheus text: this process's own counters, and what the database says about the background work."""
    registry = CollectorRegistry()
    ready = Gauge("fenqi_ready", "1 when every check of /readyz passes", registry=registry)
    lag = Gauge("fenqi_outbox_lag_seconds", "Age of the oldest unsent outbox message", registry=registry)
    jobs = Gauge("fenqi_due_jobs", "Due jobs by state", ["state"], registry=registry)
    checks, seconds = check()
    ready.set(int(all(said == "ok" for said in checks.values())))
    lag.set(seconds)
    if checks["database"] == "ok":
        with db.staff_transaction(), db.cursor() as cursor:
            cursor.execute("SELECT state, count(*) FROM due_job WHERE state <> 'done' GROUP BY state")
            for state, count in cursor.fetchall():
                jobs.labels(state).set(count)
    return HttpResponse(generate_latest(registry) + generate_latest(REGISTRY), content_type=CONTENT_TYPE_LATEST)
