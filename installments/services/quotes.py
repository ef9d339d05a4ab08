"""Quotes: price a basket, explain it, and sign it. Nothing is written; warm, nothing is asked of the database either."""

from datetime import date, datetime, timedelta
from typing import Final

import msgspec
from msgspec import Struct

from domain.money import exponent
from domain.periods import local_date
from domain.purchase import Line, OldItem, Purchase, TradeIn
from foundation import db, ids
from foundation.caller import Caller
from foundation.errors import InvalidRequest
from foundation.structs import AMOUNT_MAX_MINOR
from installments.services import buyers, catalogue, information, pricing, tokens
from installments.services.pricing import Overrides
from installments.services.quote_in import ContextIn, LineIn, QuoteIn
from installments.services.quote_out import QuoteOut, priced_parts
from installments.services.snapshots import CatalogueSnapshot
from promotions.selectors import subsidy_use

LIFE: Final = timedelta(minutes=15)
_canonical = msgspec.json.Encoder(order="deterministic").encode


class UnknownStore(ids.UnknownId):
    """There is no such store, or it is not yours."""

    pointer = "/store"


class Asked(Struct, frozen=True, kw_only=True):
    """A request put into its merchant's place and time. `now` is the book's clock, `created_at` what the quote shows."""

    snapshot: CatalogueSnapshot
    purchase: Purchase
    created_at: datetime
    expires_at: datetime
    browser: bool
    explain_all: bool


def quote(*, caller: Caller, request: QuoteIn, now: datetime) -> QuoteOut:
    """Price a basket for a caller. Raises UnknownStore, InvalidRequest, DownPaymentTooHigh, QuoteTooLarge, CatalogueStale.

    5,999.00 less 500.00 off less 500.00 subsidy is 4,999.00, in 12 interest-free payments of 416.62 and 416.58.
    """
    asked = ask(caller=caller, context=request, lines=lines_of(request.lines), now=now)
    return answer(asked=asked, caller=caller)


def answer(*, asked: Asked, caller: Caller, overrides: Overrides | None = None) -> QuoteOut:
    """Price, seal and spell out."""
    priced, pins = pricing.price_now(
        snapshot=asked.snapshot, purchase=asked.purchase, explain_all=asked.explain_all, overrides=overrides
    )
    quote_id = ids.uuid7()
    sealed = tokens.Sealed(
        quote_id=quote_id,
        tenant_id=caller.tenant_id,
        issued_to="browser" if asked.browser else "server",
        livemode=caller.livemode,
        issued_at=asked.created_at,
        expires_at=asked.expires_at,
        purchase=msgspec.Raw(_canonical(asked.purchase)),
        pins=pins,
        digest=pricing.digest_of(priced),
    )
    return QuoteOut(
        id=ids.public_id("qt", quote_id),
        token=tokens.seal(sealed),
        created_at=asked.created_at,
        expires_at=asked.expires_at,
        livemode=caller.livemode,
        information=information.about(priced=priced, sold_on=_sold_on(asked)),
        **priced_parts(priced, browser=asked.browser),
    )


def _sold_on(asked: Asked) -> date:
    return local_date(at=asked.purchase.at, timezone=asked.snapshot.party.timezone)


def ask(*, caller: Caller, context: QuoteIn | ContextIn, lines: tuple[Line, ...], now: datetime) -> Asked:
    """Check what only the merchant's catalogue can tell, and make the one input of pricing."""
    snapshot = catalogue.snapshot(caller.tenant_id)
    exponent(context.currency)
    clock = now + timedelta(seconds=snapshot.book.clock_offset_seconds)
    if context.at is not None and caller.livemode:
        raise InvalidRequest(at="/at", reason="test_key_needed", detail="Only test keys may choose the instant.")
    created_at = context.at or clock
    purchase = Purchase(
        at=created_at,
        currency=context.currency,
        merchant_id=snapshot.party.public_id,
        lines=lines,
        channel=context.channel,
        store_id=context.store,
        region=context.region or _region_of(snapshot, context.store),
        buyer_key=None if context.buyer is None else buyers.buyer_key(context.buyer.reference),
        buyer_groups=() if context.buyer is None else tuple(context.buyer.groups),
        coupons=tuple(context.coupons),
        trade_in=TradeIn(),
        down_payment_minor=context.down_payment if isinstance(context, QuoteIn) else 0,
        terms=None if context.terms is None else tuple(context.terms),
        lenders=None if context.lenders is None else tuple(context.lenders),
    )
    return Asked(
        snapshot=snapshot,
        purchase=msgspec.structs.replace(purchase, trade_in=_trade_in(context, purchase, snapshot)),
        created_at=created_at,
        expires_at=created_at + LIFE,
        browser=caller.kind == "publishable",
        explain_all=isinstance(context, QuoteIn) and context.explain == "all" and caller.kind != "publishable",
    )


def _region_of(snapshot: CatalogueSnapshot, store: str | None) -> str | None:
    if store is None:
        return None
    shop = snapshot.stores.get(store)
    if shop is None:
        raise UnknownStore
    return shop.region


def _trade_in(context: ContextIn, purchase: Purchase, snapshot: CatalogueSnapshot) -> TradeIn:
    wish = context.trade_in
    if wish is None:
        return TradeIn()
    claimed: tuple[tuple[str, int], ...] = ()
    if wish.claim and purchase.buyer_key is not None and snapshot.programmes:
        sold_on = local_date(at=purchase.at, timezone=snapshot.party.timezone)
        with db.tenant_transaction(snapshot.tenant_id):
            claimed = subsidy_use.claimed(
                programme_ids=tuple(set(snapshot.programmes.values())), year=sold_on.year, buyer_key=purchase.buyer_key
            )
    return TradeIn(
        claim=wish.claim,
        qualification_code=wish.qualification_code,
        old_item=None
        if wish.old_item is None
        else OldItem(category=wish.old_item.category, credit_minor=wish.old_item.credit),
        claimed=claimed,
    )


def lines_of(lines: list[LineIn]) -> tuple[Line, ...]:
    """The basket's lines. Raises InvalidRequest for an id that comes twice and for a basket above 10^12 minor units."""
    seen: set[str] = set()
    total = 0
    made = []
    for number, line in enumerate(lines):
        if line.id in seen:
            raise InvalidRequest(at=f"/lines/{number}/id", reason="duplicate_line", detail="Line ids must differ.")
        seen.add(line.id)
        total += line.unit_price * line.quantity
        made.append(
            Line(
                id=line.id,
                sku=line.sku,
                category=line.category,
                quantity=line.quantity,
                unit_price_minor=line.unit_price,
                brand=line.brand,
                name=line.name,
                energy_grade=line.energy_grade,
                serial=line.serial,
            )
        )
        if total > AMOUNT_MAX_MINOR:
            raise InvalidRequest(
                at=f"/lines/{number}", reason="amount_out_of_range", detail="The basket is above 10^12 minor units."
            )
    return tuple(made)
