"""One merchant's catalogue as a frozen value: what it offers, filed for lookup, and the facts a quote and a confirm need."""

from uuid import UUID

from msgspec import Struct

from domain.index import Index, build_index
from domain.offers import Catalogue, Merchant
from foundation import db
from foundation.ids import UnknownId
from installments.selectors import lenders
from installments.selectors.lenders import AgreementView
from installments.services import programmes
from merchants.selectors import changes, parties, stores
from merchants.selectors.parties import PartyView
from merchants.selectors.stores import StoreView
from promotions.documents import BudgetRules
from promotions.selectors import offers
from settlements.selectors import books
from settlements.selectors.books import BookView

Fingerprint = dict[UUID | None, tuple[int, int]]
_TRIES = 5


class CatalogueSnapshot(Struct, frozen=True, kw_only=True):
    """Everything a quote looks at. `rules` maps rule set id to its version, `programmes` to the government party that pays.

    `stores` and `budgets` are by public id, `agreements` by lender id; `fingerprint` is what it was built from.
    """

    tenant_id: UUID
    party: PartyView
    book: BookView
    catalogue: Catalogue
    index: Index
    cards: dict[tuple[str, str], int]
    rules: dict[str, int]
    programmes: dict[str, UUID]
    budgets: dict[str, BudgetRules]
    stores: dict[str, StoreView]
    agreements: dict[UUID, AgreementView]
    fingerprint: Fingerprint


@db.transaction_required
def build_snapshot(tenant_id: UUID) -> CatalogueSnapshot:
    """Read and compile one merchant's catalogue in the transaction we are in. Raises UnknownId."""
    for _ in range(_TRIES):
        # See the note in services/catalogue: what is compared later is read first.
        lender_ids = tuple(lenders.agreements_of(tenant_id))
        fingerprint = changes.fingerprint([tenant_id, *lender_ids])
        agreements = lenders.agreements_of(tenant_id)
        if set(agreements) <= set(lender_ids):
            break
    party = parties.party(tenant_id)
    if party.kind != "merchant" or not party.is_active:
        raise UnknownId
    shops = {shop.public_id: shop for shop in stores.stores(tenant_id)}
    rules = programmes.current_rules()
    catalogue = Catalogue(
        merchant=Merchant(
            id=party.public_id,
            currency=party.currency,
            timezone=party.timezone,
            stores={public_id: shop.region for public_id, shop in shops.items()},
        ),
        offers=offers.offers_for(tenant_id=tenant_id),
        products=lenders.current_products(tuple(agreements)),
        rulesets=rules.rulesets,
    )
    return CatalogueSnapshot(
        tenant_id=tenant_id,
        party=party,
        book=books.book(party.book_id),
        catalogue=catalogue,
        index=build_index(catalogue),
        cards={(product.lender_id, product.code): product.version for product in catalogue.products},
        rules=rules.versions,
        programmes=rules.payers,
        budgets=offers.budgets_for(tenant_id=tenant_id),
        stores=shops,
        agreements=agreements,
        fingerprint=fingerprint,
    )
