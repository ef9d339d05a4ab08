"""Parties as values. Merchants see themselves and everybody who is not a merchant; staff sees all."""

from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct

from foundation import ids
from merchants.models import Party


class PartyView(Struct, frozen=True, gc=False, kw_only=True):
    """A party, read only. `public_id` carries the prefix of its kind (`mer_`, `brd_`, `len_`, ...)."""

    id: UUID
    kind: str
    public_id: str
    name_zh: str
    name_en: str
    currency: str
    timezone: str
    region: str
    book_id: UUID
    livemode: bool
    service_fee_ppm: int
    credit_code: str
    is_active: bool


def public_id_of(*, kind: str, party_id: UUID) -> str:
    """`mer_01…` for a merchant, `brd_01…` for a brand."""
    return ids.public_id(ids.PREFIX_OF[kind], party_id)


def _view(row: Party) -> PartyView:
    return PartyView(
        id=row.id,
        kind=row.kind,
        public_id=public_id_of(kind=row.kind, party_id=row.id),
        name_zh=row.name_zh,
        name_en=row.name_en,
        currency=row.currency,
        timezone=row.timezone,
        region=row.region,
        book_id=row.book_id,
        livemode=row.livemode,
        service_fee_ppm=row.service_fee_ppm,
        credit_code=row.credit_code,
        is_active=row.is_active,
    )


def party(party_id: UUID) -> PartyView:
    """One party. Raises UnknownId when there is none, or none the tenant may see."""
    row = Party.objects.filter(pk=party_id).first()
    if row is None:
        raise ids.UnknownId
    return _view(row)


def parties(party_ids: Sequence[UUID]) -> dict[UUID, PartyView]:
    """Those of the parties that exist and may be seen, by id."""
    return {row.id: _view(row) for row in Party.objects.filter(pk__in=list(party_ids))}


def party_by_public_id(public_id: str, *, kind: str) -> PartyView:
    """The party of a kind behind a public id. Raises UnknownId."""
    found = party(ids.parse_public_id(ids.PREFIX_OF[kind], public_id))
    if found.kind != kind:
        raise ids.UnknownId
    return found


def _of_kind(kind: str, book_id: UUID | None) -> tuple[PartyView, ...]:
    rows = Party.objects.filter(kind=kind, is_active=True)
    if book_id is not None:
        rows = rows.filter(book_id=book_id)
    return tuple(_view(row) for row in rows.order_by("name_en", "id"))


def platform(book_id: UUID) -> PartyView:
    """The platform of a book. Raises UnknownId."""
    found = _of_kind("platform", book_id)
    if not found:
        raise ids.UnknownId
    return found[0]


def merchants_of_book(book_id: UUID) -> tuple[PartyView, ...]:
    """The merchants of a book, by name (staff)."""
    return _of_kind("merchant", book_id)


def brands(book_id: UUID | None = None) -> tuple[PartyView, ...]:
    """Active brands, of one book or of all, by name."""
    return _of_kind("brand", book_id)


def lenders(book_id: UUID | None = None) -> tuple[PartyView, ...]:
    """Active lenders, by name."""
    return _of_kind("lender", book_id)


def programmes(book_id: UUID | None = None) -> tuple[PartyView, ...]:
    """Active government programmes, by name."""
    return _of_kind("government", book_id)


def carriers(book_id: UUID | None = None) -> tuple[PartyView, ...]:
    """Active carriers, by name."""
    return _of_kind("carrier", book_id)
