"""How tasks are declared: `task` is `shared_task` with types, `job` does a due job under its lease."""

import functools
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

import structlog
from celery import shared_task

from foundation import jobs, request_id

P = ParamSpec("P")
R = TypeVar("R")

log = structlog.get_logger("foundation.tasks")


def task(name: str, **options: Any) -> Callable[[Callable[P, R]], Callable[P, R]]:  # noqa: ANN401 - Celery's own options
    """Declare a Celery task under an explicit name, by which config maps topics and jobs to it.

    A task an outbox topic wakes takes `message_id`, `tenant_id`, `ref` (texts) and `payload` (a mapping) as keywords.
    """
    make: Any = shared_task
    return cast("Callable[[Callable[P, R]], Callable[P, R]]", make(name=name, **options))


def job(name: str, **options: Any) -> Callable[[Callable[[jobs.Lease], None]], Callable[..., None]]:  # noqa: ANN401 - see task
    """Declare the task of a due job: it runs under the lease, and a message that comes too late is only noted.

    Example: `@job("settlements.close_day") def close_day(lease: Lease) -> None: close(lease.period)`.
    """

    def declare(work: Callable[[jobs.Lease], None]) -> Callable[..., None]:
        @functools.wraps(work, assigned=("__module__", "__name__", "__qualname__", "__doc__"))
        def perform(*, job_id: str, kind: str, period: str) -> None:
            request_id.begin()
            try:
                with jobs.running(job_id=job_id) as lease:
                    work(lease)
            except jobs.LeaseLost:
                log.info("job_in_other_hands", kind=kind, period=period)

        del perform.__wrapped__  # Celery would read the signature through it
        return task(name, **options)(perform)

    return declare
