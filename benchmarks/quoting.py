"""Quotes: over HTTP beside a bare Django view, and the core alone."""

import time
from collections.abc import Callable, Iterator

import msgspec

from benchmarks import load, serving, world
from benchmarks.report import Cell, alternating, median
from benchmarks.stage import ROOT
from benchmarks.world import World
from domain.quote import price
from foundation import clock
from installments.services import quotes
from installments.services.quote_in import QuoteIn

ANSWER = ROOT / "var" / "bench-answer.json"


def cells(made: World, *, rounds: int, seconds: float) -> Iterator[Cell]:
    """Every measurement of this file."""
    body = msgspec.json.encode(world.basket(made))
    request = msgspec.json.decode(body, type=QuoteIn)
    out = quotes.quote(caller=made.caller, request=request, now=clock.now())
    ANSWER.write_bytes(msgspec.json.encode(out))
    yield from _core(made, request, rounds=rounds)
    yield from _http(made, body, rounds=rounds, seconds=seconds)


def microseconds(act: Callable[[], object], *, times: int) -> float:
    """Processor time of one call, over `times` calls."""
    began = time.process_time()
    for _ in range(times):
        act()
    return (time.process_time() - began) / times * 1e6


def _core(made: World, request: QuoteIn, *, rounds: int) -> Iterator[Cell]:
    asked = quotes.ask(caller=made.caller, context=request, lines=quotes.lines_of(request.lines), now=clock.now())
    snapshot = asked.snapshot

    def core() -> float:
        return microseconds(
            lambda: price(purchase=asked.purchase, catalogue=snapshot.catalogue, index=snapshot.index), times=500
        )

    def service() -> float:
        return microseconds(lambda: quotes.quote(caller=made.caller, request=request, now=clock.now()), times=500)

    core_us, service_us = alternating(rounds, core, service)
    priced = price(purchase=asked.purchase, catalogue=snapshot.catalogue, index=snapshot.index)
    rows = sum(len(plan.schedule) for plan in priced.plans)
    shape = f"3 lines, {len(snapshot.catalogue.offers)} offers, {len(priced.plans)} plans, {rows} rows"
    yield Cell(area="quote", name=f"core, domain.quote.price ({shape})", product=1e6 / core_us, unit="quotes/s/core")
    yield Cell(area="quote", name="core, time", product=core_us, unit="us")
    yield Cell(area="quote", name="service: core, token, messages, answer as Structs", product=service_us, unit="us")


def _http(made: World, body: bytes, *, rounds: int, seconds: float) -> Iterator[Cell]:
    quote = load.post("/v1/quotes", body, {"Authorization": f"Bearer {made.secret}"})
    bare, same = load.post("/2kb", body, {}), load.post("/same", body, {})
    seen: dict[str, list[load.Outcome]] = {"quote": [], "bare": [], "same": []}
    with (
        serving.granian("config.wsgi:application") as product,
        serving.granian("benchmarks.bare:application", BENCH_ANSWER=str(ANSWER)) as yardstick,
    ):
        plan = (("quote", product, quote), ("bare", yardstick, bare), ("same", yardstick, same))
        for _, server, request in plan:
            load.run(port=server.port, request=request, seconds=1, pids=server.pids)
        for _ in range(rounds):
            for name, server, request in plan:
                seen[name].append(load.run(port=server.port, request=request, seconds=seconds, pids=server.pids))
    cpu = {name: median(one.cpu_us for one in outcomes) for name, outcomes in seen.items()}
    rps = {name: median(one.rps for one in outcomes) for name, outcomes in seen.items()}
    p99 = median(one.p99_ms for one in seen["quote"])
    yield Cell(
        area="quote", name="HTTP, server CPU a request", product=cpu["quote"], unit="us",
        reference=cpu["bare"], against="bare view, 2 KB", ratio=cpu["bare"] / cpu["quote"], target=0.60,
    )  # fmt: skip
    yield Cell(
        area="quote", name=f"HTTP, server CPU a request ({ANSWER.stat().st_size / 1000:.0f} KB answered)",
        product=cpu["quote"], unit="us", reference=cpu["same"], against="bare view, same bytes",
        ratio=cpu["same"] / cpu["quote"],
    )  # fmt: skip
    yield Cell(
        area="quote", name="HTTP, one process on one core", product=rps["quote"], unit="quotes/s",
        reference=rps["bare"], against="bare view, 2 KB", ratio=rps["quote"] / rps["bare"],
    )  # fmt: skip
    yield Cell(area="quote", name="HTTP, 99th percentile at 16 connections", product=p99, unit="ms")
