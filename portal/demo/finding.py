"""Finds the demo's cast in a database that already has it."""

from uuid import UUID

from foundation import db
from merchants.selectors import parties, people
from merchants.selectors.parties import PartyView
from portal.demo.cast import BOOK_NAME, BRAND_PEOPLE, CHAIN_PEOPLE, SHOP_PEOPLE, STAFF_PEOPLE, Cast, Tenant
from settlements.selectors import books
from settlements.selectors.books import BookView


def demo_book() -> BookView | None:
    """The demo's book, if it was ever made. Opens a staff transaction."""
    with db.staff_transaction():
        return next((book for book in books.books() if book.name == BOOK_NAME), None)


def cast_of(book_id: UUID) -> Cast:
    """Everybody of the demo's book. Opens a staff transaction."""
    with db.staff_transaction():
        merchants = {party.name_en: party for party in parties.merchants_of_book(book_id)}
        lenders = {party.name_en: party for party in parties.lenders(book_id)}
        return Cast(
            book_id=book_id,
            platform=_tenant(parties.platform(book_id), STAFF_PEOPLE),
            chain=_tenant(merchants["Xinglan Digital"], CHAIN_PEOPLE),
            shop=_tenant(merchants["Lao Zhou Mobile"], SHOP_PEOPLE),
            brand=_tenant(parties.brands(book_id)[0], BRAND_PEOPLE),
            programme_id=parties.programmes(book_id)[0].id,
            flat_lender_id=lenders["Huazhi Instalments"].id,
            bank_id=lenders["Jiangcheng Bank"].id,
        )


def _tenant(party: PartyView, cast: tuple[tuple[str, str, str], ...]) -> Tenant:
    known = {person.email: person.id for person in people.people_of(party.id)}
    members = tuple((role, email, known[email]) for role, email, _ in cast)
    return Tenant(id=party.id, public_id=party.public_id, name=party.name_zh, people=members)
