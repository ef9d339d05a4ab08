"""A confirmation as it will be recorded: the plan's row, what it holds, and the answer. Pure, so that one or hundreds
of plans are made alike."""

import unicodedata
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any, Final
from uuid import UUID

import msgspec
from msgspec import Struct

from domain.frozen import Contract
from domain.periods import local_date
from domain.plan_states import PlanState
from domain.priced import PlanOption, Priced
from domain.purchase import Purchase
from domain.rulesets import RuleSet
from foundation import ids
from installments.gateways.lenders import Decision
from installments.services import quote_out
from installments.services.confirm_sql import AllowanceUse, SerialHold
from installments.services.frozen import ClaimedUnits, Frozen, freeze_plan
from installments.services.plan_in import ConsentIn, SerialIn
from installments.services.snapshots import CatalogueSnapshot
from installments.services.tokens import Pins
from promotions import budget_needs
from promotions.budget_needs import Need

AUTHORISATION_LIFE: Final = timedelta(days=7)
_canonical = msgspec.json.Encoder(order="deterministic").encode


class Chosen(Struct, frozen=True, kw_only=True):
    """A priced basket with the plan the buyer took, and everything else a confirmation says."""

    snapshot: CatalogueSnapshot
    purchase: Purchase
    priced: Priced
    rulesets: tuple[RuleSet, ...]
    pins: Pins
    digest: str
    option: PlanOption
    quote_id: UUID
    order_reference: str
    buyer_reference: str
    buyer_key: str
    decision: Decision
    manual: bool
    now: datetime
    serials: tuple[SerialIn, ...] = ()
    consent: ConsentIn | None = None
    metadata: dict[str, str] = {}
    request_id: str = ""
    person_id: UUID | None = None


class Draft(Struct, frozen=True, kw_only=True):
    """A plan before it is written. `row` has every column of installments_plan."""

    plan_id: UUID
    row: dict[str, Any]
    frozen: Frozen
    events: tuple[dict[str, Any], ...]
    needs: tuple[Need, ...]
    serials: tuple[SerialHold, ...]
    allowance: tuple[AllowanceUse, ...]
    chosen: Chosen


def serial_key(serial: str) -> str:
    """How serials are compared: NFKC, upper case, without spaces and hyphens."""
    return "".join(unicodedata.normalize("NFKC", serial).upper().replace("-", "").split())


def keys_of(serial: Mapping[str, str | None]) -> list[str]:
    """Both keys of a stored serial: its own and its second IMEI's."""
    return [serial_key(text) for text in (serial["serial"], serial.get("imei2")) if text]


def draft_of(chosen: Chosen) -> Draft:
    """Everything that will be written for one plan."""
    plan_id = ids.uuid7(now=chosen.now)
    serials = _serial_holds(chosen, plan_id)
    frozen = _frozen(chosen)
    return Draft(
        plan_id=plan_id,
        row=_row(chosen, plan_id, frozen),
        frozen=frozen,
        events=(_event(chosen, plan_id),),
        needs=_needs(chosen, serials),
        serials=serials,
        allowance=_allowance(chosen, frozen),
        chosen=chosen,
    )


def _serial_holds(chosen: Chosen, plan_id: UUID) -> tuple[SerialHold, ...]:
    return tuple(
        SerialHold(key=serial_key(text), plan_id=plan_id, line=serial.line)
        for serial in chosen.serials
        for text in (serial.serial, serial.imei2)
        if text is not None
    )


def spent_by_campaign(priced: Priced, option: PlanOption) -> dict[str, int]:
    """All funders' money in each campaign: what it takes off the price, or the fee it waives. Minor units by public id."""
    spent: dict[str, int] = {}
    for step in priced.waterfall:
        if step.campaign_id:
            spent[step.campaign_id] = spent.get(step.campaign_id, 0) + step.amount_minor
    if option.campaign_id and option.waived_fee_minor:
        spent[option.campaign_id] = spent.get(option.campaign_id, 0) + option.waived_fee_minor
    return spent


def _needs(chosen: Chosen, serials: tuple[SerialHold, ...]) -> tuple[Need, ...]:
    snapshot, purchase = chosen.snapshot, chosen.purchase
    day = local_date(at=chosen.now, timezone=snapshot.party.timezone)
    store = None if purchase.store_id is None else ids.parse_public_id("sto", purchase.store_id)
    needs: list[Need] = []
    for campaign, amount in spent_by_campaign(chosen.priced, chosen.option).items():
        rules = snapshot.budgets.get(campaign)
        if rules is None:
            continue  # gone from the catalogue: its standing refuses the plan
        needs.extend(
            budget_needs.needs_of(
                tenant_id=snapshot.tenant_id,
                campaign_id=ids.parse_public_id("cam", campaign),
                rules=rules,
                amount_minor=amount,
                day=day,
                buyer_key=chosen.buyer_key,
                store_id=store,
                serials=[blake2b(hold.key.encode(), digest_size=32).hexdigest() for hold in serials],
            )
        )
    return tuple(needs)


def claimed_units(chosen: Chosen) -> tuple[ClaimedUnits, ...]:
    """The subsidised units that count against the person's allowance of the year of the sale, by line and rule set."""
    snapshot = chosen.snapshot
    year = local_date(at=chosen.purchase.at, timezone=snapshot.party.timezone).year
    rules = {rule.id: rule for rule in chosen.rulesets}
    counts: dict[tuple[str, str, str], int] = {}
    for step in chosen.priced.waterfall:
        for group in step.units:
            key = (group.line, step.rule_set or "", group.category)
            counts[key] = counts.get(key, 0) + group.units
    return tuple(
        ClaimedUnits(
            line=line,
            rule_set=code,
            programme_id=snapshot.programmes[rules[code].programme],
            year=year,
            category=category,
            units=units,
            restores=rules[code].restore_on_refund,
        )
        for (line, code, category), units in counts.items()
    )


def allowance_use(units: ClaimedUnits, *, buyer_key: str, limit: int = 0) -> AllowanceUse:
    """Units against a person's allowance; a return needs no limit."""
    return AllowanceUse(
        programme_id=units.programme_id,
        year=units.year,
        buyer_key=buyer_key,
        category=units.category,
        units=units.units,
        limit=limit,
    )


def _allowance(chosen: Chosen, frozen: Frozen) -> tuple[AllowanceUse, ...]:
    rules = {rule.id: rule for rule in chosen.rulesets}
    return tuple(
        allowance_use(
            units,
            buyer_key=chosen.buyer_key,
            limit=rules[units.rule_set].categories[units.category].max_per_person,
        )
        for units in frozen.claimed
    )


def _frozen(chosen: Chosen) -> Frozen:
    return freeze_plan(
        purchase=chosen.purchase,
        priced=chosen.priced,
        option=chosen.option,
        contract=_contract(chosen),
        rulesets=chosen.rulesets,
        claimed=claimed_units(chosen),
    )


def _row(chosen: Chosen, plan_id: UUID, frozen: Frozen) -> dict[str, Any]:
    purchase, priced, option = chosen.purchase, chosen.priced, chosen.option
    amounts = priced.amounts
    shown = quote_out.plan_out(option, currency=priced.currency, browser=False)
    return {
        **_who(chosen, plan_id),
        "state": PlanState.AUTHORISED.value,
        "product": option.product,
        "term": option.term,
        "channel": purchase.channel,
        "region": purchase.region or "",
        "currency": priced.currency,
        "list_minor": amounts.list_minor,
        "payable_minor": amounts.payable_minor,
        "financed_minor": amounts.financed_minor,
        "subsidy_minor": amounts.government_subsidy_minor,
        "waived_minor": option.waived_fee_minor,
        "captured_minor": 0,
        "refunded_minor": 0,
        "amounts": quote_out.amounts_out(amounts),
        "waterfall": [quote_out.reduction_out(step, browser=False) for step in priced.waterfall],
        "plan": shown,
        "items": frozen,
        "progress": {},
        "serials": list(chosen.serials),
        "pricing_input": "\\x" + _canonical(purchase).hex(),
        "pins": chosen.pins,
        "digest": chosen.digest,
        "lender_decision": chosen.decision,
        "consent": chosen.consent,
        "metadata": chosen.metadata,
        "manual_capture": chosen.manual,
        "created_at": chosen.now,
        "expires_at": chosen.now + AUTHORISATION_LIFE if chosen.manual else None,
        "captured_at": None,
        "last_due_on": option.schedule[-1].due_on,
        "campaign_ids": _campaigns(chosen),
        "release_on": None,
        "released_at": None,
        "remitted_at": None,
    }


def _who(chosen: Chosen, plan_id: UUID) -> dict[str, Any]:
    snapshot, purchase = chosen.snapshot, chosen.purchase
    return {
        "id": plan_id,
        "tenant_id": snapshot.tenant_id,
        "book_id": snapshot.book.id,
        "quote_id": chosen.quote_id,
        "store_id": None if purchase.store_id is None else ids.parse_public_id("sto", purchase.store_id),
        "lender_id": ids.parse_public_id("len", chosen.option.lender_id),
        "order_reference": chosen.order_reference,
        "buyer_key": chosen.buyer_key,
        "buyer_reference": chosen.buyer_reference,
    }


def _contract(chosen: Chosen) -> Contract:
    snapshot, option = chosen.snapshot, chosen.option
    agreement = snapshot.agreements[ids.parse_public_id("len", option.lender_id)]
    return Contract(
        merchant_id=snapshot.party.public_id,
        lender_id=option.lender_id,
        platform_id=ids.public_id("plt", snapshot.book.platform_id),
        service_fee_ppm=snapshot.party.service_fee_ppm,
        collection="direct" if agreement.collection == "direct" else "platform",
        rebate="none" if agreement.rebate == "none" else "pro_rata",
    )


def _campaigns(chosen: Chosen) -> list[UUID]:
    return [ids.parse_public_id("cam", campaign) for campaign in spent_by_campaign(chosen.priced, chosen.option)]


def _event(chosen: Chosen, plan_id: UUID) -> dict[str, Any]:
    return event_row(
        plan_id=plan_id,
        tenant_id=chosen.snapshot.tenant_id,
        move="confirm",
        from_state="",
        to_state=PlanState.AUTHORISED.value,
        amount_minor=chosen.priced.amounts.payable_minor,
        at=chosen.now,
        person_id=chosen.person_id,
        request_id=chosen.request_id,
    )


def event_row(
    *,
    plan_id: UUID,
    tenant_id: UUID,
    move: str,
    from_state: str,
    to_state: str,
    at: datetime,
    amount_minor: int = 0,
    person_id: UUID | None = None,
    request_id: str = "",
) -> dict[str, Any]:
    """A row of installments_planevent."""
    return {
        "id": ids.uuid7(now=at),
        "tenant_id": tenant_id,
        "plan_id": plan_id,
        "move": move,
        "from_state": from_state,
        "to_state": to_state,
        "person_id": person_id,
        "request_id": request_id,
        "amount_minor": amount_minor,
        "at": at,
    }
