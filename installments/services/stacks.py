"""Try offers without saving a campaign: the same pricing as a quote's, on a catalogue made of the request alone."""

from datetime import UTC, datetime, timedelta
from typing import Final

from msgspec import Struct

from domain.offers import Catalogue, Merchant
from domain.purchase import OldItem, Purchase, TradeIn
from domain.quote import price
from domain.rulesets import RuleSet
from foundation.caller import Caller
from foundation.errors import InvalidRequest
from foundation.ids import public_id
from installments.services import catalogue, stack_offers
from installments.services.calculators import current_rulesets
from installments.services.quotes import lines_of
from installments.services.stack_in import StackIn, StackTradeInIn
from installments.services.stack_out import StackOut, stack_out

_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 9900


class _Shop(Struct, frozen=True, kw_only=True):
    """Who asks, as a seller: `now` is its book's clock."""

    id: str
    timezone: str
    now: datetime


def stack(*, caller: Caller, request: StackIn, now: datetime) -> StackOut:
    """What a basket costs with these offers. Raises InvalidRequest, UnknownCurrency, CatalogueStale.

    3,000.00 less 10 % and then 300.00 off from 2,000.00 is 2,400.00.
    """
    stack_offers.check_offers(request.offers, currency=request.currency)
    lines = lines_of(request.lines)
    shop = _shop_of(caller, now=now)
    at = _instant(request, shop)
    trade_in = _trade_in(request.trade_in)
    rulesets, payers = _rules(caller, request) if trade_in.claim else ((), {})
    priced = price(
        purchase=Purchase(
            at=at,
            currency=request.currency,
            merchant_id=shop.id,
            lines=lines,
            channel=request.channel,
            region=request.region,
            trade_in=trade_in,
        ),
        catalogue=Catalogue(
            merchant=Merchant(id=shop.id, currency=request.currency, timezone=shop.timezone, stores={}),
            offers=stack_offers.offers_of(request.offers, at=at, trade_in=trade_in),
            products=(),
            rulesets=rulesets,
        ),
        explain_all=True,
    )
    return stack_out(priced, kinds=stack_offers.kinds_of(request.offers), payers=payers)


def _shop_of(caller: Caller, *, now: datetime) -> _Shop:
    """A merchant in its own place and time; other parties try offers as a shop without a name, on Chinese time."""
    if caller.party_kind != "merchant":
        return _Shop(id="", timezone="Asia/Shanghai", now=now)
    snapshot = catalogue.snapshot(caller.tenant_id)
    clock = now + timedelta(seconds=snapshot.book.clock_offset_seconds)
    return _Shop(id=snapshot.party.public_id, timezone=snapshot.party.timezone, now=clock)


def _instant(request: StackIn, shop: _Shop) -> datetime:
    at = shop.now if request.at is None else request.at
    if not _FIRST_YEAR <= at.year <= _LAST_YEAR:
        raise InvalidRequest(at="/at", reason="out_of_range", detail=f"A year from {_FIRST_YEAR} to {_LAST_YEAR}.")
    return at.astimezone(UTC)


def _trade_in(wish: StackTradeInIn | None) -> TradeIn:
    if wish is None:
        return TradeIn()
    old_item = wish.old_item
    return TradeIn(
        claim=wish.claim,
        qualification_code=wish.qualification_code,
        old_item=None if old_item is None else OldItem(category=old_item.category, credit_minor=old_item.credit),
        claimed=tuple(sorted(wish.already_claimed.items())),
    )


def _rules(caller: Caller, request: StackIn) -> tuple[tuple[RuleSet, ...], dict[str, str]]:
    """The rule sets in the request's currency, and who pays each."""
    known = [current for current in current_rulesets(caller) if current.ruleset.currency == request.currency]
    payers = {current.ruleset.id: public_id("gov", current.programme_id) for current in known}
    return tuple([current.ruleset for current in known]), payers
