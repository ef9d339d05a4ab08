"""People and their roles as values."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from foundation import db
from merchants.models import Membership


class MembershipView(Struct, frozen=True, gc=False, kw_only=True):
    """A party a person may act for, and in which role."""

    tenant_id: UUID
    party_kind: str
    name_zh: str
    name_en: str
    role: str
    livemode: bool


class PersonView(Struct, frozen=True, gc=False, kw_only=True):
    """Somebody with a role at the tenant."""

    id: UUID
    email: str
    name: str
    role: str
    is_active: bool
    last_login: datetime | None


def memberships(person_id: UUID) -> tuple[MembershipView, ...]:
    """Where a person may work, by name; asked before any tenant is known, so through the definer function."""
    with db.cursor() as cursor:
        cursor.execute("SELECT * FROM fenqi_memberships_of(%s)", [person_id])
        return tuple(
            MembershipView(
                tenant_id=row[0], party_kind=row[1], name_zh=row[2], name_en=row[3], role=row[4], livemode=row[5]
            )
            for row in cursor.fetchall()
        )


def people_of(tenant_id: UUID) -> tuple[PersonView, ...]:
    """The tenant's people, by name."""
    rows = Membership.objects.filter(tenant_id=tenant_id).select_related("person").order_by("person__name", "person_id")
    return tuple(
        PersonView(
            id=row.person_id,
            email=row.person.email,
            name=row.person.name,
            role=row.role,
            is_active=row.is_active and row.person.is_active,
            last_login=row.person.last_login,
        )
        for row in rows
    )
