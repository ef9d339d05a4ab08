"""The Django app of the shared floor."""

from django.apps import AppConfig


class FoundationConfig(AppConfig):
    """Owns the idempotency, outbox, due-job and heartbeat tables."""

    name = "foundation"
    label = "foundation"
    default_auto_field = "django.db.models.BigAutoField"
