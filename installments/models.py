"""What the buyer signs: rate cards and agreements, plans with their schedule, captures, refunds, serials."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q


class RateCard(models.Model):
    """One version of a lender's product (domain/offers.LenderProduct as canonical JSON). Append-only."""

    id = models.UUIDField(primary_key=True)
    lender_id = models.UUIDField(db_index=True)
    code = models.CharField(max_length=24)
    version = models.PositiveIntegerField()
    document = models.TextField()
    sha256 = models.CharField(max_length=64)
    source = models.TextField(blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["lender_id", "code", "version"], name="rate_card_version_once"),
        ]


class LenderAgreement(models.Model):
    """The terms between a merchant and a lender that the books need."""

    id = models.UUIDField(primary_key=True)
    tenant_id = models.UUIDField()
    lender_id = models.UUIDField()
    collection = models.CharField(max_length=8, default="platform")  # platform | direct
    remits = models.CharField(max_length=5, default="gross")  # gross | net
    rebate = models.CharField(max_length=14, default="pro_rata")  # none | pro_rata | actuarial | sum_of_digits
    release_days = models.PositiveSmallIntegerField(default=1)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant_id", "lender_id"], name="agreement_once")]


class Plan(models.Model):
    """A confirmed instalment plan. Amounts, waterfall and plan are frozen as priced; nothing is re-shared later.

    `pricing_input` is the canonical purchase and `pins` the versions it was priced with: a replay needs nothing else.
    `progress` is domain/refunds.RefundState as JSON. `book_id` is the book the money is kept in; `campaign_ids` the
    campaigns used. `release_on` is the day the merchant's pending money becomes available, `released_at` when it did;
    `remitted_at` when the lender paid its part.
    """

    id = models.UUIDField(primary_key=True)
    tenant_id = models.UUIDField()
    book_id = models.UUIDField()
    quote_id = models.UUIDField()
    state = models.CharField(max_length=14)
    store_id = models.UUIDField(null=True)
    lender_id = models.UUIDField()
    product = models.CharField(max_length=24)
    term = models.PositiveSmallIntegerField()
    channel = models.CharField(max_length=12)
    region = models.CharField(max_length=8, default="")
    order_reference = models.CharField(max_length=255)
    buyer_key = models.CharField(max_length=64)
    buyer_reference = models.CharField(max_length=255)
    currency = models.CharField(max_length=3)
    list_minor = models.BigIntegerField()
    payable_minor = models.BigIntegerField()
    financed_minor = models.BigIntegerField()
    subsidy_minor = models.BigIntegerField(default=0)
    waived_minor = models.BigIntegerField(default=0)
    captured_minor = models.BigIntegerField(default=0)
    refunded_minor = models.BigIntegerField(default=0)
    amounts = models.JSONField()
    waterfall = models.JSONField()
    plan = models.JSONField()
    items = models.JSONField(default=list)
    progress = models.JSONField(default=dict)
    serials = models.JSONField(default=list)
    pricing_input = models.BinaryField()
    pins = models.JSONField()
    digest = models.CharField(max_length=64)
    lender_decision = models.JSONField(default=dict)
    consent = models.JSONField(null=True)
    metadata = models.JSONField(default=dict)
    manual_capture = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    captured_at = models.DateTimeField(null=True)
    last_due_on = models.DateField()
    campaign_ids = ArrayField(models.UUIDField(), default=list)
    release_on = models.DateField(null=True)
    released_at = models.DateTimeField(null=True)
    remitted_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(refunded_minor__gte=0) & Q(captured_minor__gte=F("refunded_minor")),
                name="plan_refunds_within_capture",
            ),
            models.CheckConstraint(condition=Q(payable_minor__gte=F("captured_minor")), name="plan_capture_in_payable"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["tenant_id", "-created_at", "-id"], name="plan_newest_first"),
            models.Index(fields=["tenant_id", "order_reference"], name="plan_by_order"),
            models.Index(
                fields=["expires_at"], name="plan_to_expire", condition=Q(state__in=["pending", "authorised"])
            ),
            models.Index(
                fields=["book_id", "release_on"], name="plan_to_release", condition=Q(released_at__isnull=True)
            ),
            models.Index(
                fields=["last_due_on"], name="plan_to_complete", condition=Q(state__in=["captured", "part_refunded"])
            ),
            GinIndex(fields=["campaign_ids"], name="plan_by_campaign"),
        ]


class PlanEvent(models.Model):
    """One move of a plan. Append-only."""

    id = models.UUIDField(primary_key=True)
    tenant_id = models.UUIDField()
    plan_id = models.UUIDField(db_index=True)
    move = models.CharField(max_length=20)
    from_state = models.CharField(max_length=14)
    to_state = models.CharField(max_length=14)
    person_id = models.UUIDField(null=True)
    request_id = models.CharField(max_length=40, default="")
    amount_minor = models.BigIntegerField(default=0)
    at = models.DateTimeField()


class Refund(models.Model):
    """Money that went back: what to whom. Append-only."""

    id = models.UUIDField(primary_key=True)
    tenant_id = models.UUIDField()
    plan_id = models.UUIDField(db_index=True)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    to_buyer_minor = models.BigIntegerField()
    to_government_minor = models.BigIntegerField()
    to_funders = models.JSONField()
    lender_keeps_minor = models.BigIntegerField()
    lines = models.JSONField()
    reason = models.CharField(max_length=200)
    state = models.CharField(max_length=10, default="succeeded")
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(amount_minor__gt=0), name="refund_positive")]


class SpentQuote(models.Model):
    """A quote token buys once, for ever. Append-only."""

    pk = models.CompositePrimaryKey("tenant_id", "quote_id")
    tenant_id = models.UUIDField()
    quote_id = models.UUIDField()
    plan_id = models.UUIDField()
    spent_at = models.DateTimeField()


class Serial(models.Model):
    """A serial number or IMEI and where it stands; one row whoever sells it, so that nothing is subsidised twice."""

    serial_key = models.CharField(primary_key=True, max_length=64)
    tenant_id = models.UUIDField()
    state = models.CharField(max_length=10)
    plan_id = models.UUIDField(null=True)
    line = models.CharField(max_length=64, default="")
    changed_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["plan_id"], name="serial_by_plan")]
