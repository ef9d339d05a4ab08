"""A history of captured orders in a book of its own, told to the books by the product's own door."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import partial
from random import Random
from uuid import UUID

from msgspec import Struct

from benchmarks.world import ZONE
from domain.frozen import CaptureFacts, Contract, LineFacts, Part
from domain.ledger import Leg, capture_legs
from foundation import clock, db, ids
from merchants.services import parties
from settlements.services import booking, books
from settlements.services.events import BookedEvent

MERCHANTS = 40
LEGS_AN_ORDER = 6
EVENTS_A_BATCH = 500


class Ledger(Struct, frozen=True, kw_only=True):
    """A sandbox book and its parties."""

    book_id: UUID
    platform: UUID
    merchants: tuple[UUID, ...]
    brand: UUID
    lenders: tuple[UUID, ...]
    programme: UUID
    first: date


def open_book(*, days: int) -> Ledger:
    """A book whose first open day lies `days` back."""
    now = clock.now()
    first = now.astimezone(ZONE).date() - timedelta(days=days)
    platform = ids.uuid7(now=now)
    with db.staff_transaction():
        book = books.create_book(
            name="Bench", timezone=ZONE.key, open_day=first, platform_id=platform, now=now, closes_itself=False
        )
        make = partial(parties.create_party, book_id=book, now=now)
        make(kind="platform", name_zh="台", name_en="Platform", party_id=platform)
        return Ledger(
            book_id=book,
            platform=platform,
            merchants=tuple(make(kind="merchant", name_zh="店", name_en=f"Shop {n}") for n in range(MERCHANTS)),
            brand=make(kind="brand", name_zh="牌", name_en="Brand"),
            lenders=tuple(make(kind="lender", name_zh="贷", name_en=f"Lender {n}") for n in range(2)),
            programme=make(kind="government", name_zh="补", name_en="Programme"),
            first=first,
        )


def book_day(ledger: Ledger, *, day: date, orders: int, rng: Random, only: UUID | None = None) -> None:
    """Book that many captures on the open day, of all merchants or of one."""
    events = _events(ledger, day=day, orders=orders, rng=rng, only=only)
    while batch := [event for _, event in zip(range(EVENTS_A_BATCH), events, strict=False)]:
        with db.staff_transaction():
            booking.book(batch)


def _events(ledger: Ledger, *, day: date, orders: int, rng: Random, only: UUID | None) -> Iterator[BookedEvent]:
    noon = datetime.combine(day, time(12), tzinfo=ZONE)
    for _ in range(orders):
        plan = ids.public_id("pl", ids.uuid7())
        merchant = only or rng.choice(ledger.merchants)
        yield BookedEvent(
            book_id=ledger.book_id,
            tenant_id=merchant,
            event_key=f"{plan}:capture",
            effective_at=noon,
            legs=_legs(ledger, merchant, rng),
            currency="CNY",
            order_id=plan,
            order_reference=plan[-8:],
            term=12,
        )


def _legs(ledger: Ledger, merchant: UUID, rng: Random) -> tuple[Leg, ...]:
    """Principal, three shares of the lender's fee, the subsidy and the service fee."""
    financed = rng.randrange(100_000, 900_000)
    fee = financed * 72 // 1000
    owner, lender = ids.public_id("mer", merchant), ids.public_id("len", rng.choice(ledger.lenders))
    platform, brand = ids.public_id("plt", ledger.platform), ids.public_id("brd", ledger.brand)
    campaign = {"campaign_id": "cam_bench", "version": 1}
    parts = (
        Part(role="principal", party="lender", party_id=lender, amount_minor=financed),
        Part(role="fee", party="merchant", party_id=owner, amount_minor=fee * 6 // 10, **campaign),
        Part(role="fee", party="brand", party_id=brand, amount_minor=fee * 3 // 10, **campaign),
        Part(role="fee", party="platform", party_id=platform, amount_minor=fee // 10, **campaign),
        Part(
            role="subsidy",
            party="government",
            party_id=ids.public_id("gov", ledger.programme),
            amount_minor=50_000,
            rule_set="cn-2026-digital",
        ),
        Part(role="service_fee", party="merchant", party_id=owner, amount_minor=financed * 6 // 1000),
    )
    line = LineFacts(line="1", sku="BENCH", quantity=1, payable_minor=financed, parts=parts, units=())
    contract = Contract(merchant_id=owner, lender_id=lender, platform_id=platform, service_fee_ppm=6_000)
    return capture_legs(facts=CaptureFacts(currency="CNY", contract=contract, lines=(line,)))
