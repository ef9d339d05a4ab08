"""Does a quote cost the same with ten offers and with ten thousand?"""

from collections.abc import Iterator

import msgspec
from msgspec.structs import replace

from benchmarks import world
from benchmarks.quoting import microseconds
from benchmarks.report import Cell, alternating
from benchmarks.world import World
from domain.index import Index, build_index, candidates
from domain.offers import Catalogue, Offer, Scope
from domain.quote import price
from foundation import clock, ids
from installments.services import quotes
from installments.services.quote_in import QuoteIn

SIZES = (10, 1_000, 10_000)


def cells(made: World, *, rounds: int) -> Iterator[Cell]:
    """The lookup and the whole price at three sizes, in turn, and the time to file a catalogue."""
    request = msgspec.convert(world.basket(made), type=QuoteIn)
    asked = quotes.ask(caller=made.caller, context=request, lines=quotes.lines_of(request.lines), now=clock.now())
    catalogues = [_grown(asked.snapshot.catalogue, size) for size in SIZES]
    indexes = [build_index(catalogue) for catalogue in catalogues]
    lookups = alternating(rounds, *(lambda index=index: _lookup(index, asked) for index in indexes))
    prices = alternating(
        rounds,
        *(lambda pair=pair: _price(*pair, asked) for pair in zip(catalogues, indexes, strict=True)),
    )
    for name, taken in (("lookup", lookups), ("whole price", prices)):
        for size, us in zip(SIZES[1:], taken[1:], strict=True):
            yield Cell(
                area="catalogue", name=f"{name} with {size:,} offers", product=us, unit="us",
                reference=taken[0], against="with 10", ratio=taken[0] / us, target=0.80,
            )  # fmt: skip
    (build_us,) = alternating(rounds, lambda: microseconds(lambda: build_index(catalogues[-1]), times=1))
    yield Cell(area="catalogue", name="filing 10,000 offers", product=build_us / 1000, unit="ms")


def _lookup(index: Index, asked: quotes.Asked) -> float:
    return microseconds(lambda: candidates(index, asked.purchase), times=5_000)


def _price(catalogue: Catalogue, index: Index, asked: quotes.Asked) -> float:
    return microseconds(lambda: price(purchase=asked.purchase, catalogue=catalogue, index=index), times=300)


def _grown(catalogue: Catalogue, size: int) -> Catalogue:
    """The same catalogue with offers for other goods, filed by sku, category, brand and store in turn."""
    more = [_elsewhere(catalogue.offers[number % len(catalogue.offers)], number) for number in range(size)]
    return replace(catalogue, offers=(*catalogue.offers, *more[len(catalogue.offers) :]))


def _elsewhere(offer: Offer, number: int) -> Offer:
    name = ("skus", "categories", "brands", "stores")[number % 4]
    scope = Scope(**{name: frozenset({f"other-{number}", f"other-{number + 1}"})})
    return replace(offer, campaign_id=ids.public_id("cam", ids.uuid7()), include=scope, codes=frozenset())
