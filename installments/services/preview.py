"""What a buyer would be quoted if an offer ran: the one pricing core over the merchant's catalogue with the offer in it."""

from uuid import UUID

from msgspec.structs import replace

from domain.offers import Offer
from domain.priced import Priced
from domain.purchase import Purchase
from domain.quote import price
from installments.services import catalogue


def price_with_offer(*, tenant_id: UUID, offer: Offer, purchase: Purchase) -> Priced:
    """Price a sample purchase; the offer takes the place of its own saved version. Raises CatalogueStale, UnknownId."""
    snapshot = catalogue.snapshot(tenant_id)
    others = tuple(known for known in snapshot.catalogue.offers if known.campaign_id != offer.campaign_id)
    return price(purchase=purchase, catalogue=replace(snapshot.catalogue, offers=(*others, offer)))
