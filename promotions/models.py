"""What is offered: campaigns and their immutable versions, budgets and rule sets."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from djmoney.models.fields import MoneyField


def _typed_amount() -> MoneyField:
    # What people type; three decimals hold every currency, services/compile checks them against the currency. The list of
    # currencies is domain/money's: a copy of it in every column would only swell the migrations.
    return MoneyField(  # type: ignore[no-untyped-call]
        max_digits=19, decimal_places=3, default_currency="CNY", currency_choices=None, null=True, blank=True
    )


class Campaign(models.Model):
    """The draft people edit, and where the campaign stands. What is priced is a `CampaignVersion`.

    `settings` holds the parts that are not amounts: terms, percent, steps, base, funders, scope, weekly_hours, codes,
    lane, group, group_mode, priority, exclusions, with_trade_in, when_short, limits, alerts, programme, metadata
    (spelled as in the API).
    """

    id = models.UUIDField(primary_key=True)
    tenant_id = models.UUIDField()
    kind = models.CharField(max_length=20)
    state = models.CharField(max_length=12, default="draft")
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)
    currency = models.CharField(max_length=3)
    timezone = models.CharField(max_length=40)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    value_amount = _typed_amount()
    per_unit = _typed_amount()
    cap = _typed_amount()
    min_amount = _typed_amount()
    max_amount = _typed_amount()
    budget_total = _typed_amount()
    budget_daily = _typed_amount()
    budget_per_store = _typed_amount()
    budget_per_buyer = _typed_amount()
    settings = models.JSONField(default=dict)
    # The version that is priced. A change of an approved campaign waits in `pending_version` for the checker's yes.
    version = models.PositiveIntegerField(default=0)
    pending_version = models.PositiveIntegerField(null=True)
    pending_by_id = models.UUIDField(null=True)
    made_by_id = models.UUIDField(null=True)
    submitted_by_id = models.UUIDField(null=True)
    approved_by_id = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects: ClassVar[models.Manager["Campaign"]] = models.Manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["tenant_id", "state"], name="campaign_by_state"),
            models.Index(fields=["tenant_id", "-id"], name="campaign_newest_first"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="campaign_ends_after_start"),
        ]


class CampaignVersion(models.Model):
    """An immutable version: canonical JSON (integers, ppm, sorted keys) and its SHA-256. Append-only."""

    id = models.UUIDField(primary_key=True)
    tenant_id = models.UUIDField()
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    document = models.TextField()
    sha256 = models.CharField(max_length=64)
    made_by_id = models.UUIDField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["campaign", "number"], name="campaign_version_once")]


class CampaignEvent(models.Model):
    """One move of a campaign: who, when, from, to. Append-only."""

    id = models.UUIDField(primary_key=True)
    tenant_id = models.UUIDField()
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="events")
    move = models.CharField(max_length=20)
    from_state = models.CharField(max_length=12)
    to_state = models.CharField(max_length=12)
    person_id = models.UUIDField(null=True)
    note = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()


class FunderAcceptance(models.Model):
    """A co-funder's word on its share of one version; visible to the merchant and to the funder."""

    id = models.UUIDField(primary_key=True)
    tenant_id = models.UUIDField()
    party_id = models.UUIDField(db_index=True)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="acceptances")
    version = models.PositiveIntegerField()
    state = models.CharField(max_length=10, default="waiting")  # waiting | accepted | declined
    person_id = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign", "version", "party_id"], name="acceptance_once"),
        ]


class BudgetCounter(models.Model):
    """One limit of a campaign's money and how much of it is held and committed, minor units.

    Changed only by conditional updates in (rank, id) order (docs/locking.md); the entries prove it.
    `kind`: total, daily (key = date), store (key = store id), buyer (key = buyer hash), serial (key = serial hash),
    funder (key = party id); shared (key = its name) belongs to no single campaign.
    """

    id = models.UUIDField(primary_key=True)
    tenant_id = models.UUIDField()
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="counters", null=True)
    kind = models.CharField(max_length=8)
    key = models.CharField(max_length=64, default="")
    rank = models.PositiveSmallIntegerField()
    currency = models.CharField(max_length=3)
    limit_minor = models.BigIntegerField(null=True)
    held_minor = models.BigIntegerField(default=0)
    committed_minor = models.BigIntegerField(default=0)
    uses_limit = models.IntegerField(null=True)
    uses = models.IntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant_id", "campaign", "kind", "key"], name="budget_counter_once"),
            models.UniqueConstraint(
                fields=["tenant_id", "key"], condition=Q(kind="shared"), name="budget_shared_counter_once"
            ),
            models.CheckConstraint(
                condition=Q(kind="shared", campaign__isnull=True) | Q(~Q(kind="shared"), campaign__isnull=False),
                name="budget_counter_has_campaign",
            ),
            models.CheckConstraint(
                condition=Q(held_minor__gte=0) & Q(committed_minor__gte=0), name="budget_counter_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(limit_minor__isnull=True) | Q(limit_minor__gte=F("held_minor") + F("committed_minor")),
                name="budget_never_overspent",
            ),
            models.CheckConstraint(
                condition=Q(uses__gte=0) & (Q(uses_limit__isnull=True) | Q(uses_limit__gte=F("uses"))),
                name="budget_uses_never_over",
            ),
        ]


class BudgetEntry(models.Model):
    """The rows that prove a counter: hold, commit, release, restore of one plan. Append-only.

    held = hold - commit - release; committed = commit - restore; uses = the sum of `uses` (+1 hold, -1 release).
    """

    id = models.UUIDField(primary_key=True)
    tenant_id = models.UUIDField()
    counter_id = models.UUIDField()
    campaign_id = models.UUIDField()
    plan_id = models.UUIDField()
    move = models.CharField(max_length=8)
    amount_minor = models.BigIntegerField()
    uses = models.SmallIntegerField(default=0)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["plan_id", "counter_id", "move"],
                condition=~Q(move="restore"),
                name="budget_entry_once",
            ),
            models.CheckConstraint(condition=Q(amount_minor__gte=0), name="budget_entry_not_negative"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["plan_id"], name="budget_entry_by_plan"),
            models.Index(fields=["campaign_id", "-id"], name="budget_entry_by_campaign"),
        ]


class RuleSetVersion(models.Model):
    """A dated rule set of a government programme; presets make version 1, after that this table is the truth."""

    id = models.UUIDField(primary_key=True)
    code = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    programme_id = models.UUIDField()
    document = models.TextField()
    sha256 = models.CharField(max_length=64)
    source = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["code", "version"], name="rule_set_version_once")]


class SubsidyUse(models.Model):
    """How many items of a category a person claimed under a programme in a year, across all merchants.

    Not owned by a tenant: the allowance is national. `buyer_key` is a keyed hash; nothing else of the person is here.
    """

    id = models.UUIDField(primary_key=True)
    programme_id = models.UUIDField()
    year = models.PositiveSmallIntegerField()
    buyer_key = models.CharField(max_length=64)
    category = models.CharField(max_length=40)
    used = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["programme_id", "year", "buyer_key", "category"], name="subsidy_use_once"),
        ]
