"""The shared tables, behind row-level security where a tenant owns the row."""

import django.contrib.postgres.indexes
import django.db.models.functions.datetime
from django.db import migrations, models

import foundation.ids
from foundation import rls


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                ("name", models.CharField(max_length=100, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "heartbeat",
            },
        ),
        migrations.CreateModel(
            name="DueJob",
            fields=[
                ("id", models.UUIDField(default=foundation.ids.uuid7, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=100)),
                ("period", models.CharField(max_length=200)),
                ("due_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("due", "Due"),
                            ("sent", "Sent"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                        ],
                        db_default="due",
                        default="due",
                        max_length=10,
                    ),
                ),
                ("lease_until", models.DateTimeField(default=None, null=True)),
                ("epoch", models.IntegerField(db_default=0, default=0)),
                ("attempts", models.IntegerField(db_default=0, default=0)),
                ("progress_done", models.BigIntegerField(db_default=0, default=0)),
                ("progress_total", models.BigIntegerField(db_default=0, default=0)),
                ("error", models.CharField(db_default="", default="", max_length=500)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("finished_at", models.DateTimeField(default=None, null=True)),
            ],
            options={
                "db_table": "due_job",
                "indexes": [
                    models.Index(condition=models.Q(("state", "due")), fields=["due_at", "id"], name="due_job_due"),
                    models.Index(
                        condition=models.Q(("state__in", ["sent", "running"])),
                        fields=["lease_until"],
                        name="due_job_leased",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "period"), name="due_job_once_per_period"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["due", "sent", "running", "done", "failed"])),
                        name="due_job_state_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IdempotencyRecord",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "tenant_id", "key", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("tenant_id", models.UUIDField()),
                ("key", models.CharField(max_length=255)),
                ("fingerprint", models.BinaryField()),
                ("status", models.SmallIntegerField()),
                ("body", models.BinaryField()),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "db_table": "idempotency",
                "indexes": [
                    django.contrib.postgres.indexes.BrinIndex(fields=["created_at"], name="idempotency_created_brin")
                ],
            },
        ),
        migrations.CreateModel(
            name="OutboxMessage",
            fields=[
                ("id", models.UUIDField(default=foundation.ids.uuid7, primary_key=True, serialize=False)),
                ("tenant_id", models.UUIDField()),
                ("topic", models.CharField(max_length=100)),
                ("ref", models.CharField(max_length=200)),
                ("payload", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("available_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("attempts", models.IntegerField(db_default=0, default=0)),
                ("done_at", models.DateTimeField(default=None, null=True)),
                ("error", models.CharField(db_default="", default="", max_length=500)),
            ],
            options={
                "db_table": "outbox_message",
                "indexes": [
                    models.Index(
                        condition=models.Q(("done_at__isnull", True)),
                        fields=["available_at", "id"],
                        name="outbox_message_waiting",
                    )
                ],
            },
        ),
        rls.REFUSE_CHANGE,
        rls.enable_rls("idempotency"),
        rls.tenant_policy("idempotency"),
        rls.worker_policy("idempotency"),
        # Answers are never changed; only the sweeper removes them, when they are old.
        rls.grant("idempotency", app="SELECT, INSERT", worker="SELECT, INSERT, DELETE", reader=""),
        rls.enable_rls("outbox_message"),
        rls.tenant_policy("outbox_message"),
        rls.worker_policy("outbox_message"),
        rls.grant("outbox_message", app="SELECT, INSERT", worker="SELECT, INSERT, UPDATE, DELETE", reader=""),
        # No tenant owns these two: a job names its tenant in its period, and carries nothing else.
        rls.grant("due_job", app="SELECT, INSERT", worker="SELECT, INSERT, UPDATE, DELETE"),
        rls.grant("heartbeat", app="SELECT", worker="SELECT, INSERT, UPDATE"),
    ]
