"""Tables every app leans on. Tenant-owned ones stand behind row-level security (migration 0001)."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from foundation.ids import uuid7


class IdempotencyRecord(models.Model):
    """The first answer given under an Idempotency-Key: written in the transaction of its effect, replayed byte for byte."""

    pk = models.CompositePrimaryKey("tenant_id", "key")
    tenant_id = models.UUIDField()
    key = models.CharField(max_length=255)
    fingerprint = models.BinaryField()
    status = models.SmallIntegerField()
    body = models.BinaryField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "idempotency"
        indexes = [BrinIndex(fields=["created_at"], name="idempotency_created_brin")]


class OutboxMessage(models.Model):
    """Something that happened and must be told to a task: written with its cause, sent after the commit."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    tenant_id = models.UUIDField()
    topic = models.CharField(max_length=100)
    ref = models.CharField(max_length=200)
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_default=Now())
    available_at = models.DateTimeField(db_default=Now())
    attempts = models.IntegerField(db_default=0, default=0)
    done_at = models.DateTimeField(null=True, default=None)
    error = models.CharField(max_length=500, db_default="", default="")

    class Meta:
        db_table = "outbox_message"
        indexes = [
            models.Index(
                fields=["available_at", "id"], condition=Q(done_at__isnull=True), name="outbox_message_waiting"
            )
        ]


class DueJob(models.Model):
    """One run of one kind of work for one period: the row is the truth, the queue only carries its name.

    `epoch` grows whenever the job changes hands; a worker whose epoch is no longer the row's may not write.
    """

    class State(models.TextChoices):
        """Where the run stands."""

        DUE = "due"
        SENT = "sent"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=uuid7)
    kind = models.CharField(max_length=100)
    period = models.CharField(max_length=200)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.DUE, db_default=State.DUE)
    lease_until = models.DateTimeField(null=True, default=None)
    epoch = models.IntegerField(default=0, db_default=0)
    attempts = models.IntegerField(default=0, db_default=0)
    progress_done = models.BigIntegerField(default=0, db_default=0)
    progress_total = models.BigIntegerField(default=0, db_default=0)
    error = models.CharField(max_length=500, default="", db_default="")
    created_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True, default=None)

    class Meta:
        db_table = "due_job"
        constraints = [
            models.UniqueConstraint(fields=["kind", "period"], name="due_job_once_per_period"),
            models.CheckConstraint(
                condition=Q(state__in=["due", "sent", "running", "done", "failed"]), name="due_job_state_known"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(state="due"), name="due_job_due"),
            models.Index(fields=["lease_until"], condition=Q(state__in=["sent", "running"]), name="due_job_leased"),
        ]


class Heartbeat(models.Model):
    """When a background part last showed that it is alive."""

    name = models.CharField(max_length=100, primary_key=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "heartbeat"


class FailureCount(models.Model):
    """How often somebody failed at something since a moment, for all processes together. Who it was is hashed."""

    key = models.CharField(max_length=64, primary_key=True)
    count = models.IntegerField()
    since = models.DateTimeField()

    class Meta:
        db_table = "failure_count"
