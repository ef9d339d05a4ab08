"""Who gets paid: books, transfers, closed days, statements and their lines, government claims, exports.

Nothing here knows campaigns or plans: order, plan and campaign are text references, so that anyone who can add
can re-add the books. An account is `<party>/<purpose>/<currency>` (domain/ledger.Purpose).
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Book(models.Model):
    """Owns accounts, a time zone, a clock offset and closed days. One live book; one per sandbox."""

    id = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=60)
    livemode = models.BooleanField(default=False)
    timezone = models.CharField(max_length=40, default="Asia/Shanghai")
    clock_offset_seconds = models.BigIntegerField(default=0)
    open_day = models.DateField()
    platform_id = models.UUIDField()
    # Whether the nightly job closes its days; off while history is being loaded
    closes_itself = models.BooleanField(default=True)
    created_at = models.DateTimeField()


class Holder(models.Model):
    """A party that owns accounts: its kind and public id, as printed on every statement. Append-only.

    Kept here so that the lines of a statement are joined from rows that never change.
    """

    party_id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=12)
    public_id = models.CharField(max_length=40)


class ClosedDay(models.Model):
    """A day that takes no more bookings, with the last sequence number booked. Append-only."""

    id = models.UUIDField(primary_key=True)
    book = models.ForeignKey(Book, on_delete=models.PROTECT)
    day = models.DateField()
    last_seq = models.BigIntegerField()
    closed_by_id = models.UUIDField(null=True)
    closed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["book", "day"], name="closed_day_once")]


class SettledDay(models.Model):
    """A closed day whose statements are all made. Append-only; days are settled in order."""

    pk = models.CompositePrimaryKey("book_id", "day")
    book_id = models.UUIDField()
    day = models.DateField()
    statement_count = models.IntegerField()
    line_count = models.BigIntegerField()
    settled_at = models.DateTimeField()


class Transfer(models.Model):
    """Moves a positive amount from a debit account to a credit account. Append-only; partitioned by month.

    `tenant_id` is the merchant whose event booked it; the row is visible to the owners of its two accounts.
    """

    pk = models.CompositePrimaryKey("booked_on", "id")
    id = models.UUIDField()
    seq = models.BigIntegerField()
    book_id = models.UUIDField()
    tenant_id = models.UUIDField()
    debit_party_id = models.UUIDField()
    debit_purpose = models.CharField(max_length=24)
    credit_party_id = models.UUIDField()
    credit_purpose = models.CharField(max_length=24)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    line_type = models.CharField(max_length=32)
    event_key = models.CharField(max_length=96)
    leg_no = models.PositiveSmallIntegerField()
    effective_at = models.DateTimeField()
    booked_on = models.DateField()
    prior_period = models.BooleanField(default=False)
    order_id = models.CharField(max_length=40, default="")
    order_reference = models.CharField(max_length=255, default="")
    item_id = models.CharField(max_length=64, default="")
    sku = models.CharField(max_length=64, default="")
    store_id = models.CharField(max_length=40, default="")
    campaign_id = models.CharField(max_length=40, default="")
    campaign_version = models.PositiveIntegerField(null=True)
    rule_set = models.CharField(max_length=40, default="")
    claim_id = models.CharField(max_length=40, default="")
    term = models.PositiveSmallIntegerField(null=True)
    reverses_id = models.UUIDField(null=True)
    payout_id = models.CharField(max_length=40, default="")
    end_to_end_id = models.CharField(max_length=35, default="")
    bank_value_date = models.DateField(null=True)
    reason_code = models.CharField(max_length=40, default="")
    note = models.CharField(max_length=200, default="")

    class Meta:
        managed = False  # partitioned by month: the table is made by SQL in the migration
        db_table = "settlements_transfer"


class BookedEvent(models.Model):
    """Which events are booked: replaying an event books nothing new. Append-only."""

    pk = models.CompositePrimaryKey("tenant_id", "event_key")
    tenant_id = models.UUIDField()
    event_key = models.CharField(max_length=96)
    fingerprint = models.CharField(max_length=64)
    booked_on = models.DateField()


class Statement(models.Model):
    """One party's movements of a period in one currency; opening + lines = closing (positive: owed to the party)."""

    id = models.UUIDField(primary_key=True)
    book_id = models.UUIDField()
    party_id = models.UUIDField()
    party_type = models.CharField(max_length=12)
    currency = models.CharField(max_length=3)
    period_start = models.DateField()
    period_end = models.DateField()  # inclusive last day, as printed
    version = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=12)
    opening_minor = models.BigIntegerField()
    closing_minor = models.BigIntegerField()
    line_count = models.BigIntegerField(default=0)
    # {line type: {"debit": minor, "credit": minor, "count": lines}}
    totals = models.JSONField(default=dict)
    # {column of the export: minor}: what the trailer of its file re-adds
    sums = models.JSONField(default=dict)
    # {account purpose: minor}, in each account's normal direction: what the next statement carries on from
    balances = models.JSONField(default=dict)
    # The sequence of the last transfer whose lines are written: where a killed run goes on
    last_seq = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, default="")
    previous_sha256 = models.CharField(max_length=64, default="")
    made_by_id = models.UUIDField(null=True)
    approved_by_id = models.UUIDField(null=True)
    approved_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["book_id", "party_id", "currency", "period_start", "version"], name="statement_once"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["party_id", "-period_start"], name="statement_by_party")]


class StatementLine(models.Model):
    """One side of one transfer on one statement. Partitioned by month; the rest is joined on export."""

    pk = models.CompositePrimaryKey("booked_on", "statement_id", "line_no")
    statement_id = models.UUIDField()
    party_id = models.UUIDField()
    line_no = models.BigIntegerField()
    booked_on = models.DateField()
    transfer_id = models.UUIDField()
    side = models.CharField(max_length=6)  # debit | credit
    balance_after_minor = models.BigIntegerField()

    class Meta:
        managed = False
        db_table = "settlements_statementline"


class StatementEvent(models.Model):
    """One move of a statement: who, when, from, to. Append-only."""

    id = models.UUIDField(primary_key=True)
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="events")
    party_id = models.UUIDField()
    move = models.CharField(max_length=20)
    from_state = models.CharField(max_length=12)
    to_state = models.CharField(max_length=12)
    person_id = models.UUIDField(null=True)
    note = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()


class Claim(models.Model):
    """The claim on the government for one subsidised item."""

    id = models.UUIDField(primary_key=True)
    tenant_id = models.UUIDField()
    book_id = models.UUIDField()
    programme_id = models.UUIDField()
    rule_set = models.CharField(max_length=40)
    region = models.CharField(max_length=8, default="")
    order_id = models.CharField(max_length=40)
    order_reference = models.CharField(max_length=255)
    item_id = models.CharField(max_length=64)
    sku = models.CharField(max_length=64)
    category = models.CharField(max_length=40)
    energy_grade = models.PositiveSmallIntegerField(null=True)
    serial = models.CharField(max_length=64, default="")
    units = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    # What came back after payment and is owed to the programme; what came back before lowers the amount
    returned_minor = models.BigIntegerField(default=0)
    pays = models.CharField(max_length=8, default="platform")  # platform | merchant
    fault = models.CharField(max_length=8, default="")  # of a rejection: merchant | platform
    state = models.CharField(max_length=12, default="collecting")
    facts = models.JSONField(default=dict)
    required_fields = models.JSONField(default=list)
    reason_code = models.CharField(max_length=40, default="")
    sold_on = models.DateField()
    submitted_on = models.DateField(null=True)
    paid_on = models.DateField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount_minor__gte=0), name="claim_not_negative"),
            models.UniqueConstraint(fields=["tenant_id", "order_id", "item_id"], name="claim_once_per_item"),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant_id", "state", "sold_on"], name="claim_by_state")]


class ClaimEvent(models.Model):
    """One move of a claim. Append-only."""

    id = models.UUIDField(primary_key=True)
    tenant_id = models.UUIDField()
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="events")
    move = models.CharField(max_length=20)
    from_state = models.CharField(max_length=12)
    to_state = models.CharField(max_length=12)
    person_id = models.UUIDField(null=True)
    reason_code = models.CharField(max_length=40, default="")
    at = models.DateTimeField()


class Export(models.Model):
    """A file somebody asked for: made by a worker, kept under var/exports, fetched by a short-lived link."""

    id = models.UUIDField(primary_key=True)
    tenant_id = models.UUIDField()
    person_id = models.UUIDField(null=True)
    kind = models.CharField(max_length=20)
    format = models.CharField(max_length=10)
    statement_id = models.UUIDField(null=True)
    filters = models.JSONField(default=dict)
    # How the file is written: money, newline, bom, locale
    options = models.JSONField(default=dict)
    state = models.CharField(max_length=8, default="queued")
    rows_done = models.BigIntegerField(default=0)
    rows_total = models.BigIntegerField(default=0)
    file_name = models.CharField(max_length=120, default="")
    size_bytes = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, default="")
    error = models.CharField(max_length=200, default="")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
