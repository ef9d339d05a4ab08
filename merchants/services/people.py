"""Make people and give them roles (staff, or a tenant's owner through staff services)."""

from datetime import datetime
from uuid import UUID

from django.contrib.auth.hashers import make_password

from foundation import db, ids
from foundation.errors import register_constraints
from merchants.models import Membership, Party, Person
from merchants.services.errors import EmailTaken, UnknownRole

register_constraints({"merchants_person_email_key": EmailTaken})

_STAFF_ONLY = frozenset({"operator", "risk", "auditor"})


@db.transaction_required
def create_person(*, email: str, name: str, password: str, locale: str, now: datetime) -> UUID:
    """Make somebody who can sign in; the e-mail is kept casefolded. Staff transaction. Raises EmailTaken."""
    address = email.strip().casefold()
    if Person.objects.filter(email=address).exists():
        raise EmailTaken
    row = Person.objects.create(
        id=ids.uuid7(now=now), email=address, name=name, password=make_password(password), locale=locale, created_at=now
    )
    return row.id


@db.transaction_required
def add_membership(*, tenant_id: UUID, person_id: UUID, role: str, now: datetime) -> UUID:
    """Give a person a role at a party, or change it. Staff roles exist at the platform only. Raises UnknownRole."""
    kind = Party.objects.values_list("kind", flat=True).get(pk=tenant_id)
    if role not in Membership.Role.values or (role in _STAFF_ONLY and kind != "platform"):
        raise UnknownRole(role=role)
    row, _ = Membership.objects.update_or_create(
        tenant_id=tenant_id,
        person_id=person_id,
        defaults={"role": role, "is_active": True},
        create_defaults={"id": ids.uuid7(now=now), "role": role, "created_at": now},
    )
    return row.id


@db.transaction_required
def save_preferences(*, person_id: UUID, locale: str | None = None, theme: str | None = None) -> None:
    """Keep a person's language or colours; what is None stays."""
    changed = {name: value for name, value in (("locale", locale), ("theme", theme)) if value is not None}
    if changed:
        Person.objects.filter(pk=person_id).update(**changed)
