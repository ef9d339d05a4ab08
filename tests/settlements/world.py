"""A small world for the tests of the books: one sandbox book, its parties, and orders to book."""

from datetime import UTC, date, datetime
from uuid import UUID

from msgspec import Struct

from domain.frozen import CaptureFacts, Contract, LineFacts, Part
from domain.frozen_units import UnitFacts
from domain.ledger import capture_legs
from foundation import db, ids
from merchants.services import parties as party_services
from settlements.services import booking, books, closing, statements
from settlements.services.booking import BookedEvent

NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)  # noon in Shanghai
DAY = date(2026, 11, 21)
MAKER = UUID(int=0xA)
CHECKER = UUID(int=0xB)


class World(Struct, frozen=True, gc=False):
    book: UUID
    merchant: UUID
    other: UUID
    brand: UUID
    lender: UUID
    programme: UUID
    platform: UUID

    @property
    def contract(self) -> Contract:
        return Contract(
            merchant_id=ids.public_id("mer", self.merchant),
            lender_id=ids.public_id("len", self.lender),
            platform_id=ids.public_id("plt", self.platform),
            service_fee_ppm=6_000,
        )


def make_world(*, open_day: date = DAY, livemode: bool = False, closes_itself: bool = False) -> World:
    with db.staff_transaction():
        platform = ids.uuid7()
        book = books.create_book(
            name="Sandbox",
            timezone="Asia/Shanghai",
            open_day=open_day,
            platform_id=platform,
            now=NOW,
            livemode=livemode,
            closes_itself=closes_itself,
        )

        def party(kind: str, name: str, party_id: UUID | None = None) -> UUID:
            return party_services.create_party(
                kind=kind, name_zh=name, name_en=name, book_id=book, now=NOW, livemode=livemode, party_id=party_id
            )

        return World(
            book=book,
            merchant=party("merchant", "Shop"),
            other=party("merchant", "Other shop"),
            brand=party("brand", "Brand"),
            lender=party("lender", "Lender"),
            programme=party("government", "Programme"),
            platform=party("platform", "Platform", platform),
        )


def part(role: str, party: str, party_id: str, amount: int, **rest) -> Part:
    return Part(role=role, party=party, party_id=party_id, amount_minor=amount, **rest)


def facts_of(
    world: World, *, financed: int, shares: tuple[int, int, int], subsidy: int, service_fee: int, units: int = 3
) -> CaptureFacts:
    """One order line: principal, the fee's shares of merchant, brand and platform, a subsidy and the service fee."""
    contract = world.contract
    campaign = ids.public_id("cam", UUID(int=7))
    merchant_fee, brand_fee, platform_fee = shares
    brand, programme = ids.public_id("brd", world.brand), ids.public_id("gov", world.programme)
    parts = [
        part("principal", "lender", contract.lender_id, financed),
        part("fee", "merchant", contract.merchant_id, merchant_fee, campaign_id=campaign, version=1),
        part("fee", "brand", brand, brand_fee, campaign_id=campaign, version=1),
        part("fee", "platform", contract.platform_id, platform_fee, campaign_id=campaign, version=1),
        part("subsidy", "government", programme, subsidy, rule_set="cn-2026-appliance"),
        part("service_fee", "merchant", contract.merchant_id, service_fee),
    ]
    unit, odd = divmod(subsidy, units)
    price, odd_price = divmod(financed, units)
    groups = [(count, each) for count, each in ((odd, unit + 1), (units - odd, unit)) if count]
    return CaptureFacts(
        currency="CNY",
        contract=contract,
        lines=(
            LineFacts(
                line="1",
                sku="FRIDGE-1",
                quantity=units,
                payable_minor=financed,
                parts=tuple(one for one in parts if one.amount_minor),
                units=tuple(
                    UnitFacts(
                        units=count,
                        base_minor=each + price,
                        subsidy_minor=each,
                        payable_minor=price * count + (odd_price if place == 0 else 0),
                        rule=None,
                    )
                    for place, (count, each) in enumerate(groups)
                ),
            ),
        ),
    )


def worked_example(world: World) -> CaptureFacts:
    """Price 6,000.00, subsidy 900.00, financed 5,100.00, fee 367.20 shared 60/30/10, service fee 30.60."""
    return facts_of(world, financed=510_000, shares=(22_032, 11_016, 3_672), subsidy=90_000, service_fee=3_060)


def event_of(world: World, legs, *, key: str, at: datetime = NOW, order: UUID | None = None, **rest) -> BookedEvent:
    return BookedEvent(
        book_id=world.book,
        tenant_id=world.merchant,
        event_key=key,
        effective_at=at,
        legs=tuple(legs),
        currency="CNY",
        order_id=ids.public_id("pl", order or UUID(int=1)),
        order_reference=rest.pop("order_reference", "A-1"),
        term=12,
        **rest,
    )


def capture(world: World, *, key: str = "capture:1", facts: CaptureFacts | None = None, **rest) -> CaptureFacts:
    facts = facts or worked_example(world)
    with db.tenant_transaction(world.merchant):
        booking.book([event_of(world, capture_legs(facts=facts), key=key, **rest)])
    return facts


def close(world: World, *, by: UUID | None = MAKER) -> date:
    with db.staff_transaction():
        return closing.close_day(book_id=world.book, closed_by_id=by, now=NOW)


def close_and_settle(world: World, *, by: UUID | None = MAKER) -> date:
    day = close(world, by=by)
    statements.settle_day(book_id=world.book, day=day, made_by_id=None, now=NOW)
    return day
