"""Gather one plan's page from the selectors of plans, books and claims."""

from datetime import date
from typing import Any
from uuid import UUID

from domain.plan_states import PlanMove, move
from domain.states import IllegalMove
from foundation import ids
from installments.selectors import desk
from installments.selectors.desk import PlanView
from merchants.selectors import parties, stores
from merchants.selectors.names import person_names
from portal import formats, words
from portal.access import Seat
from portal.charts import Part, bar
from portal.plans.shapes import Moment, Money, PlanPage, Reduction, Unit
from settlements.selectors import claim_desk
from settlements.selectors import desk as books


def read(seat: Seat, plan_id: UUID) -> PlanPage:
    """Gather it in the seat's transaction. Raises UnknownId."""
    tenant_id = seat.party.id
    view = desk.plan(tenant_id=tenant_id, plan_id=plan_id)
    row = view.row
    names = _names(seat, view)
    reductions = _reductions(view, names)
    legend = _legend(view, reductions)
    movements = books.movements_of_order(tenant_id=tenant_id, order_id=row.public_id, since=row.created_at.date())
    return PlanPage(
        id=row.public_id,
        state=row.state,
        reference=row.order_reference,
        buyer=view.buyer_reference,
        store=_store(seat, row.store_id),
        channel=view.channel,
        region=view.region,
        lender=names.get(ids.public_id("len", row.lender_id), ""),
        term=row.term,
        currency=row.currency,
        timezone=seat.party.timezone,
        created_at=row.created_at,
        captured_at=view.captured_at,
        expires_at=view.expires_at,
        release_on=view.release_on,
        list_minor=row.list_minor,
        payable_minor=row.payable_minor,
        down_payment_minor=view.amounts["down_payment"],
        financed_minor=row.financed_minor,
        captured_minor=row.captured_minor,
        refunded_minor=row.refunded_minor,
        reductions=reductions,
        bar=bar([Part(kind, name, amount) for kind, name, amount in legend], total_minor=row.list_minor),
        legend=legend,
        plan=view.plan,
        plan_funders=_funders(view.plan.get("funders") or [], names),
        schedule=tuple({**part, "due_on": date.fromisoformat(part["due_on"])} for part in view.plan["schedule"]),
        units=_units(view),
        timeline=_timeline(tenant_id, plan_id),
        money=_money(movements),
        claims=claim_desk.claims_of_order(tenant_id=tenant_id, order_id=row.public_id),
        refunds=desk.refunds(tenant_id=tenant_id, plan_id=plan_id),
        can_capture=seat.may("plans:write") and _legal(row.state, PlanMove.CAPTURE),
        can_cancel=seat.may("plans:write") and _legal(row.state, PlanMove.CANCEL),
        can_refund=seat.may("refunds:write") and _legal(row.state, PlanMove.REFUND_PART),
    )


def _legal(state: str, by: PlanMove) -> bool:
    try:
        move(state, by)
    except IllegalMove:
        return False
    return True


def _names(seat: Seat, view: PlanView) -> dict[str, str]:
    """Names by public id of everybody the plan names."""
    named = {funder["id"] for step in view.waterfall for funder in step.get("funders") or []}
    named |= {funder["id"] for funder in view.plan.get("funders") or []}
    keys = [ids.parse_public_id(one.partition("_")[0], one) for one in named] + [view.row.lender_id, seat.party.id]
    found = parties.parties(keys).values()
    return {party.public_id: formats.name(party.name_zh, party.name_en) for party in found}


def _funders(rows: list[dict[str, Any]], names: dict[str, str]) -> tuple[tuple[str, str, int], ...]:
    return tuple((row["party"], names.get(row["id"], row["id"]), row["amount"]) for row in rows)


def _reductions(view: PlanView, names: dict[str, str]) -> tuple[Reduction, ...]:
    left = view.row.list_minor
    rows = []
    for step in view.waterfall:
        left -= step["amount"]
        rows.append(
            Reduction(
                name=formats.name(step["name"]["zh-CN"], step["name"]["en"])
                or str(words.word(words.LANES, step["lane"])),
                lane=step["lane"],
                amount_minor=step["amount"],
                left_minor=left,
                campaign=step.get("campaign") or "",
                version=step.get("version") or 0,
                rule_set=step.get("rule_set") or "",
                funders=_funders(step.get("funders") or [], names),
            )
        )
    return tuple(rows)


def _legend(view: PlanView, reductions: tuple[Reduction, ...]) -> tuple[tuple[str, str, int], ...]:
    """The list price by who carries it: the buyer, then every payer once."""
    sums: dict[tuple[str, str], int] = {("buyer", str(words.word(words.PARTY_KINDS, "buyer"))): view.row.payable_minor}
    for step in reductions:
        for kind, name, amount in step.funders:
            sums[kind, name] = sums.get((kind, name), 0) + amount
    return tuple((kind, name, amount) for (kind, name), amount in sums.items())


def _store(seat: Seat, store_id: UUID | None) -> str:
    if store_id is None:
        return ""
    row = stores.store(tenant_id=seat.party.id, store_id=store_id)
    return formats.name(row.name_zh, row.name_en)


def _units(view: PlanView) -> tuple[Unit, ...]:
    return tuple(
        Unit(
            line=line.id,
            name=line.name or line.sku,
            sku=line.sku,
            quantity=line.quantity,
            returned=view.returned.get(line.id, 0),
            unit_price_minor=line.unit_price_minor,
            serials=tuple(row["serial"] for row in view.serials if row["line"] == line.id),
        )
        for line in view.lines
    )


def _timeline(tenant_id: UUID, plan_id: UUID) -> tuple[Moment, ...]:
    events = desk.events(tenant_id=tenant_id, plan_id=plan_id)
    names = person_names(row.person_id for row in events)
    return tuple(
        Moment(
            move=row.move,
            state=row.to_state,
            who=names.get(row.person_id, "") if row.person_id else "",
            request_id=row.request_id,
            amount_minor=row.amount_minor,
            at=row.at,
        )
        for row in events
    )


def _money(movements: tuple[books.OrderMovement, ...]) -> tuple[Money, ...]:
    known = parties.parties([one for row in movements for one in (row.debit_party_id, row.credit_party_id)])
    names = {key: formats.name(party.name_zh, party.name_en) for key, party in known.items()}
    return tuple(
        Money(
            day=row.booked_on,
            line_type=row.line_type,
            debit=f"{names.get(row.debit_party_id, '')} · {words.word(words.PURPOSES, row.debit_purpose)}",
            credit=f"{names.get(row.credit_party_id, '')} · {words.word(words.PURPOSES, row.credit_purpose)}",
            amount_minor=row.amount_minor,
        )
        for row in movements
    )
