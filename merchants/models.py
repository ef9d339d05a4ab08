"""Who takes part: parties, stores, people and their roles, API keys; and the log of what moved.

A party that signs in (merchant, brand, platform) is a tenant: its id is the `tenant_id` of every row it owns.
"""

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class Party(models.Model):
    """A merchant, brand, lender, carrier, government programme or the platform itself."""

    class Kind(models.TextChoices):
        MERCHANT = "merchant"
        BRAND = "brand"
        LENDER = "lender"
        CARRIER = "carrier"
        GOVERNMENT = "government"
        PLATFORM = "platform"

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    credit_code = models.CharField(max_length=18, blank=True)
    currency = models.CharField(max_length=3, default="CNY")
    timezone = models.CharField(max_length=40, default="Asia/Shanghai")
    region = models.CharField(max_length=8, blank=True)
    # The book (settlements) this party's money is kept in; a uuid, because merchants stands below settlements.
    book_id = models.UUIDField()
    livemode = models.BooleanField(default=False)
    service_fee_ppm = models.PositiveIntegerField(default=6_000)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=["merchant", "brand", "lender", "carrier", "government", "platform"]),
                name="party_kind_known",
            ),
        ]


class Store(models.Model):
    """A shop of a merchant; its region (ISO 3166-2) picks the province's trade-in rules at the counter."""

    id = models.UUIDField(primary_key=True)
    tenant_id = models.UUIDField(db_index=True)
    code = models.CharField(max_length=32)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    region = models.CharField(max_length=8)
    city = models.CharField(max_length=40, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant_id", "code"], name="store_code_once")]


class PersonManager(BaseUserManager["Person"]):
    """Finds people by their e-mail, casefolded."""

    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(email=(username or "").strip().casefold())


class Person(AbstractBaseUser):
    """Somebody who signs in. What they may do is on their memberships."""

    id = models.UUIDField(primary_key=True)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=80)
    locale = models.CharField(max_length=10, default="zh-hans")
    theme = models.CharField(max_length=5, default="auto")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = PersonManager()


class Membership(models.Model):
    """A person's role at a party. Staff are members of the platform party."""

    class Role(models.TextChoices):
        OWNER = "owner"
        MARKETING = "marketing"
        FINANCE = "finance"
        CLERK = "clerk"
        DEVELOPER = "developer"
        VIEWER = "viewer"
        OPERATOR = "operator"
        RISK = "risk"
        AUDITOR = "auditor"

    id = models.UUIDField(primary_key=True)
    tenant_id = models.UUIDField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant_id", "person"], name="membership_once"),
        ]


class ApiKey(models.Model):
    """A key of the checkout API. Only its keyed hash is kept; the secret is shown once, when it is made."""

    class Kind(models.TextChoices):
        SECRET = "secret"  # noqa: S105
        PUBLISHABLE = "publishable"
        RESTRICTED = "restricted"

    id = models.UUIDField(primary_key=True)
    tenant_id = models.UUIDField(db_index=True)
    # The person a key acts for: maker and checker are told apart by it.
    person_id = models.UUIDField(null=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    livemode = models.BooleanField(default=False)
    name = models.CharField(max_length=60)
    secret_hash = models.CharField(max_length=64, unique=True)
    last4 = models.CharField(max_length=4)
    scopes = ArrayField(models.CharField(max_length=40))
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()


class CatalogueChange(models.Model):
    """What moved: a party whose offers, rate cards, keys or stores changed. A null party means everybody.

    Pollers compare (max id, count) so that a row that commits late is never missed.
    """

    id = models.BigAutoField(primary_key=True)
    party_id = models.UUIDField(null=True, db_index=True)
    created_at = models.DateTimeField()
