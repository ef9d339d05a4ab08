"""A Celery app of one task, for the test of the broker."""

import os
from pathlib import Path

from celery import Celery

from config import pgmq

pgmq.register()
app = Celery("tiny")
app.conf.update(
    broker_url=os.environ.get("TINY_BROKER_URL", ""),
    broker_transport_options=pgmq.TRANSPORT_OPTIONS,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    task_ignore_result=True,
    # Longer than PGMQ takes, so that the shortening is tried too.
    task_default_queue="a_queue_whose_name_is_longer_than_pgmq_takes_by_far",
)


@app.task(name="tiny.note")
def note(word: str, *, passed_on: bool = False) -> None:
    """Write a word to the file; pass it on once, so that a worker's own sending is tried too."""
    with Path(os.environ["TINY_FILE"]).open("a") as file:
        file.write(f"{word}\n")
    if not passed_on:
        note.delay(f"{word} again", passed_on=True)
