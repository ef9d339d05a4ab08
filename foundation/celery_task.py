"""`shared_task` with types: tasks keep the signature they are written with."""

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

from celery import shared_task

P = ParamSpec("P")
R = TypeVar("R")


def task(name: str, **options: Any) -> Callable[[Callable[P, R]], Callable[P, R]]:  # noqa: ANN401 - Celery's own options
    """Declare a Celery task under an explicit name, by which config maps topics and jobs to it."""
    make: Any = shared_task
    return cast("Callable[[Callable[P, R]], Callable[P, R]]", make(name=name, **options))
