"""Books, closed days, statements, claims and exports. The two big tables are made by SQL in 0002."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="StatementLine",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "booked_on",
                        "statement_id",
                        "line_no",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("statement_id", models.UUIDField()),
                ("party_id", models.UUIDField()),
                ("line_no", models.BigIntegerField()),
                ("booked_on", models.DateField()),
                ("transfer_id", models.UUIDField()),
                ("side", models.CharField(max_length=6)),
                ("balance_after_minor", models.BigIntegerField()),
            ],
            options={
                "db_table": "settlements_statementline",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Transfer",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "booked_on", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.UUIDField()),
                ("seq", models.BigIntegerField()),
                ("book_id", models.UUIDField()),
                ("tenant_id", models.UUIDField()),
                ("debit_party_id", models.UUIDField()),
                ("debit_purpose", models.CharField(max_length=24)),
                ("credit_party_id", models.UUIDField()),
                ("credit_purpose", models.CharField(max_length=24)),
                ("currency", models.CharField(max_length=3)),
                ("amount_minor", models.BigIntegerField()),
                ("line_type", models.CharField(max_length=32)),
                ("event_key", models.CharField(max_length=96)),
                ("leg_no", models.PositiveSmallIntegerField()),
                ("effective_at", models.DateTimeField()),
                ("booked_on", models.DateField()),
                ("prior_period", models.BooleanField(default=False)),
                ("order_id", models.CharField(default="", max_length=40)),
                ("order_reference", models.CharField(default="", max_length=255)),
                ("item_id", models.CharField(default="", max_length=64)),
                ("sku", models.CharField(default="", max_length=64)),
                ("store_id", models.CharField(default="", max_length=40)),
                ("campaign_id", models.CharField(default="", max_length=40)),
                ("campaign_version", models.PositiveIntegerField(null=True)),
                ("rule_set", models.CharField(default="", max_length=40)),
                ("claim_id", models.CharField(default="", max_length=40)),
                ("term", models.PositiveSmallIntegerField(null=True)),
                ("reverses_id", models.UUIDField(null=True)),
                ("payout_id", models.CharField(default="", max_length=40)),
                ("end_to_end_id", models.CharField(default="", max_length=35)),
                ("bank_value_date", models.DateField(null=True)),
                ("reason_code", models.CharField(default="", max_length=40)),
                ("note", models.CharField(default="", max_length=200)),
            ],
            options={
                "db_table": "settlements_transfer",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Book",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=60)),
                ("livemode", models.BooleanField(default=False)),
                ("timezone", models.CharField(default="Asia/Shanghai", max_length=40)),
                ("clock_offset_seconds", models.BigIntegerField(default=0)),
                ("open_day", models.DateField()),
                ("platform_id", models.UUIDField()),
                ("closes_itself", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="BookedEvent",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "tenant_id", "event_key", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("tenant_id", models.UUIDField()),
                ("event_key", models.CharField(max_length=96)),
                ("fingerprint", models.CharField(max_length=64)),
                ("booked_on", models.DateField()),
            ],
        ),
        migrations.CreateModel(
            name="Export",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("tenant_id", models.UUIDField()),
                ("person_id", models.UUIDField(null=True)),
                ("kind", models.CharField(max_length=20)),
                ("format", models.CharField(max_length=10)),
                ("statement_id", models.UUIDField(null=True)),
                ("filters", models.JSONField(default=dict)),
                ("options", models.JSONField(default=dict)),
                ("state", models.CharField(default="queued", max_length=8)),
                ("rows_done", models.BigIntegerField(default=0)),
                ("rows_total", models.BigIntegerField(default=0)),
                ("file_name", models.CharField(default="", max_length=120)),
                ("size_bytes", models.BigIntegerField(default=0)),
                ("sha256", models.CharField(default="", max_length=64)),
                ("error", models.CharField(default="", max_length=200)),
                ("created_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Holder",
            fields=[
                ("party_id", models.UUIDField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=12)),
                ("public_id", models.CharField(max_length=40)),
            ],
        ),
        migrations.CreateModel(
            name="SettledDay",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "book_id", "day", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("book_id", models.UUIDField()),
                ("day", models.DateField()),
                ("statement_count", models.IntegerField()),
                ("line_count", models.BigIntegerField()),
                ("settled_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Claim",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("tenant_id", models.UUIDField()),
                ("book_id", models.UUIDField()),
                ("programme_id", models.UUIDField()),
                ("rule_set", models.CharField(max_length=40)),
                ("region", models.CharField(default="", max_length=8)),
                ("order_id", models.CharField(max_length=40)),
                ("order_reference", models.CharField(max_length=255)),
                ("item_id", models.CharField(max_length=64)),
                ("sku", models.CharField(max_length=64)),
                ("category", models.CharField(max_length=40)),
                ("energy_grade", models.PositiveSmallIntegerField(null=True)),
                ("serial", models.CharField(default="", max_length=64)),
                ("units", models.PositiveIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("amount_minor", models.BigIntegerField()),
                ("returned_minor", models.BigIntegerField(default=0)),
                ("pays", models.CharField(default="platform", max_length=8)),
                ("fault", models.CharField(default="", max_length=8)),
                ("state", models.CharField(default="collecting", max_length=12)),
                ("facts", models.JSONField(default=dict)),
                ("required_fields", models.JSONField(default=list)),
                ("reason_code", models.CharField(default="", max_length=40)),
                ("sold_on", models.DateField()),
                ("submitted_on", models.DateField(null=True)),
                ("paid_on", models.DateField(null=True)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["tenant_id", "state", "sold_on"], name="claim_by_state")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("amount_minor__gte", 0)), name="claim_not_negative"),
                    models.UniqueConstraint(fields=("tenant_id", "order_id", "item_id"), name="claim_once_per_item"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ClaimEvent",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("tenant_id", models.UUIDField()),
                ("move", models.CharField(max_length=20)),
                ("from_state", models.CharField(max_length=12)),
                ("to_state", models.CharField(max_length=12)),
                ("person_id", models.UUIDField(null=True)),
                ("reason_code", models.CharField(default="", max_length=40)),
                ("at", models.DateTimeField()),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="settlements.claim"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Statement",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("book_id", models.UUIDField()),
                ("party_id", models.UUIDField()),
                ("party_type", models.CharField(max_length=12)),
                ("currency", models.CharField(max_length=3)),
                ("period_start", models.DateField()),
                ("period_end", models.DateField()),
                ("version", models.PositiveSmallIntegerField(default=1)),
                ("state", models.CharField(max_length=12)),
                ("opening_minor", models.BigIntegerField()),
                ("closing_minor", models.BigIntegerField()),
                ("line_count", models.BigIntegerField(default=0)),
                ("totals", models.JSONField(default=dict)),
                ("sums", models.JSONField(default=dict)),
                ("balances", models.JSONField(default=dict)),
                ("last_seq", models.BigIntegerField(default=0)),
                ("sha256", models.CharField(default="", max_length=64)),
                ("previous_sha256", models.CharField(default="", max_length=64)),
                ("made_by_id", models.UUIDField(null=True)),
                ("approved_by_id", models.UUIDField(null=True)),
                ("approved_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["party_id", "-period_start"], name="statement_by_party")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("book_id", "party_id", "currency", "period_start", "version"), name="statement_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StatementEvent",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("party_id", models.UUIDField()),
                ("move", models.CharField(max_length=20)),
                ("from_state", models.CharField(max_length=12)),
                ("to_state", models.CharField(max_length=12)),
                ("person_id", models.UUIDField(null=True)),
                ("note", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField()),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="settlements.statement"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ClosedDay",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("day", models.DateField()),
                ("last_seq", models.BigIntegerField()),
                ("closed_by_id", models.UUIDField(null=True)),
                ("closed_at", models.DateTimeField()),
                ("book", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="settlements.book")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("book", "day"), name="closed_day_once")],
            },
        ),
    ]
