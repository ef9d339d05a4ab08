"""POST /v1/quotes and /v1/quotes/batch."""

from foundation.api import BROWSER_KEYS, Call, Endpoint, Route
from installments.services import listings, quotes
from installments.services.catalogue import CatalogueStale
from installments.services.listings import BatchOut
from installments.services.quote_in import BatchIn, QuoteIn
from installments.services.quote_out import QuoteOut
from installments.services.quotes import UnknownStore
from installments.services.tokens import QuoteTooLarge


class Quotes(Endpoint):
    """Price a basket."""

    tag = "Quotes"

    @Route(
        scope="quotes:write",
        body=QuoteIn,
        returns=QuoteOut,
        keys=BROWSER_KEYS,
        errors=(UnknownStore, QuoteTooLarge, CatalogueStale),
    )
    def post(self, call: Call, *, body: QuoteIn) -> QuoteOut:
        """What a basket costs: waterfall, plans with their schedules, and why anything else did not apply."""
        return quotes.quote(caller=call.caller, request=body, now=call.now)


class QuoteBatch(Endpoint):
    """Price a page."""

    tag = "Quotes"

    @Route(
        scope="quotes:write", body=BatchIn, returns=BatchOut, keys=BROWSER_KEYS, errors=(UnknownStore, CatalogueStale)
    )
    def post(self, call: Call, *, body: BatchIn) -> BatchOut:
        """The payable amount and the best monthly figure of up to 500 articles, for listing pages."""
        return listings.quote_batch(caller=call.caller, request=body, now=call.now)
