"""The Celery app. Its messages are wake-ups: the database knows what is due (docs/decisions/0001)."""

import os

from celery import Celery

from config import pgmq, redis_broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
pgmq.register()
redis_broker.register()

from django.conf import settings  # noqa: E402 - the settings module must be named first

TICK_EVERY_S = 5
HEARTBEAT_EVERY_S = 10

BROKER_URL = settings.CELERY_BROKER_URL


def transport_options(broker_url: str) -> dict[str, object]:
    """What the broker is told: PGMQ and Redis give a message again when nobody acknowledged it; RabbitMQ notices itself."""
    if broker_url.startswith("pgmq:"):
        return dict(pgmq.TRANSPORT_OPTIONS)
    if broker_url.startswith("redis"):
        return {"visibility_timeout": pgmq.TRANSPORT_OPTIONS["visibility_timeout"]}
    return {}


app = Celery("fenqi")  # type: ignore[no-untyped-call]
app.conf.update(
    broker_url=BROKER_URL,
    broker_transport_options=transport_options(BROKER_URL),
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    broker_channel_error_retry=True,
    broker_pool_limit=4,
    # Results live in our own rows.
    result_backend=None,
    task_ignore_result=True,
    # JSON only: a message can never carry code.
    accept_content=["json"],
    task_serializer="json",
    # A message is acknowledged when its work is done, and comes back when its process dies.
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    task_soft_time_limit=240,
    task_time_limit=300,
    task_default_queue="fenqi",
    task_create_missing_queues=True,
    worker_cancel_long_running_tasks_on_connection_loss=False,
    worker_send_task_events=False,
    worker_enable_remote_control=False,
    worker_hijack_root_logger=False,
    worker_max_memory_per_child=400_000,
    timezone="UTC",
    beat_schedule={
        # A wake-up older than its period is worth nothing.
        "tick": {
            "task": "foundation.tick",
            "schedule": TICK_EVERY_S,
            "options": {"expires": TICK_EVERY_S * 2},
        },
        "heartbeat": {
            "task": "foundation.heartbeat",
            "schedule": HEARTBEAT_EVERY_S,
            "options": {"expires": HEARTBEAT_EVERY_S * 2},
        },
    },
)
app.autodiscover_tasks()  # type: ignore[no-untyped-call]
