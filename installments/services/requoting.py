"""When a budget was too short at confirm: a fresh quote for the same basket, trimmed to what is left."""

from datetime import datetime

import msgspec

from domain.errors import DomainError
from domain.purchase import Purchase
from foundation.caller import Caller
from installments.services import catalogue, quotes, tokens
from installments.services.pricing import Overrides
from installments.services.quote_out import QuoteOut
from installments.services.quotes import Asked
from installments.services.snapshots import CatalogueSnapshot

_decode_purchase = msgspec.json.Decoder(Purchase).decode


def fresh_quote(*, caller: Caller, token: str, short: DomainError, now: datetime) -> QuoteOut | None:
    """Quote the token's basket again without the money that is gone; None when that cannot be done.

    A campaign with `when_short: trim` is capped at what is left of its budget, any other is left out.
    """
    try:
        sealed = tokens.unseal(token)
        snapshot = catalogue.snapshot(caller.tenant_id)
        purchase = _decode_purchase(sealed.purchase)
        clock = snapshot.book.at(now)
        asked = Asked(
            snapshot=snapshot,
            purchase=msgspec.structs.replace(purchase, at=clock),
            created_at=clock,
            expires_at=clock + quotes.LIFE,
            browser=sealed.issued_to == "browser",
            explain_all=False,
        )
        return quotes.answer(asked=asked, caller=caller, overrides=_overrides(snapshot, short))
    except DomainError:
        return None


def _overrides(snapshot: CatalogueSnapshot, short: DomainError) -> Overrides:
    campaign = short.figures.get("campaign")
    left = short.figures.get("left")
    if not isinstance(campaign, str):
        name = short.figures.get("name")
        sharing = {
            public_id
            for public_id, rules in snapshot.budgets.items()
            if rules.shared is not None and rules.shared.name == name
        }
        return Overrides(exhausted=frozenset(sharing))
    trims = any(offer.campaign_id == campaign and offer.when_short == "trim" for offer in snapshot.catalogue.offers)
    if trims and isinstance(left, int) and left > 0:
        return Overrides(caps={campaign: left})
    return Overrides(exhausted=frozenset({campaign}))
