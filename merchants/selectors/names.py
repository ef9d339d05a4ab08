"""People's names, for histories: who did it."""

from collections.abc import Iterable
from uuid import UUID

from merchants.models import Person


def person_names(person_ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Names by id; nobody (the system) and people who are gone are left out."""
    wanted = {one for one in person_ids if one is not None}
    return dict(Person.objects.filter(pk__in=wanted).values_list("id", "name")) if wanted else {}
