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

from domain.periods import local_date
from domain.plan_states import PlanState
from foundation import ids
from installments.gateways.lenders import Decision
from installments.services.baskets import Basket
from installments.services.confirm_sql import AllowanceUse, SerialHold
from installments.services.frozen import ClaimedUnits
from installments.services.plan_in import ConsentIn, SerialIn
from installments.services.snapshots import CatalogueSnapshot
from promotions import budget_needs
from promotions.budget_needs import Need
from promotions.documents import BudgetRules

AUTHORISATION_LIFE: Final = timedelta(days=7)
_canonical = msgspec.json.Encoder(order="deterministic").encode


class Chosen(Struct, frozen=True, kw_only=True):
    """A basket and everything else one confirmation says. `budgets` are the current rules of the campaigns it uses."""

    snapshot: CatalogueSnapshot
    basket: Basket
    budgets: Mapping[UUID, BudgetRules]
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
    event: dict[str, Any]
    needs: tuple[Need, ...]
    serials: tuple[SerialHold, ...]
    allowance: tuple[AllowanceUse, ...]
    chosen: Chosen

    @property
    def basket(self) -> Basket:
        """What was bought."""
        return self.chosen.basket


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
    return Draft(
        plan_id=plan_id,
        row=_row(chosen, plan_id),
        event=_event(chosen, plan_id),
        needs=_needs(chosen, serials),
        serials=serials,
        allowance=_allowance(chosen),
        chosen=chosen,
    )


def _serial_holds(chosen: Chosen, plan_id: UUID) -> tuple[SerialHold, ...]:
    return tuple(
        SerialHold(key=serial_key(text), plan_id=plan_id, line=serial.line)
        for serial in chosen.serials
        for text in (serial.serial, serial.imei2)
        if text is not None
    )


def _needs(chosen: Chosen, serials: tuple[SerialHold, ...]) -> tuple[Need, ...]:
    """The counters of every campaign the basket draws on. Raises KeyError for one without rules (the judge has them)."""
    snapshot = chosen.snapshot
    day = local_date(at=chosen.now, timezone=snapshot.party.timezone)
    hashed = [blake2b(hold.key.encode(), digest_size=32).hexdigest() for hold in serials]
    needs: list[Need] = []
    for campaign, amount in chosen.basket.spent.items():
        campaign_id = ids.parse_public_id("cam", campaign)
        needs.extend(
            budget_needs.needs_of(
                tenant_id=snapshot.tenant_id,
                campaign_id=campaign_id,
                rules=chosen.budgets[campaign_id],
                amount_minor=amount,
                day=day,
                buyer_key=chosen.buyer_key,
                store_id=chosen.basket.columns["store_id"],
                serials=hashed,
            )
        )
    return tuple(needs)


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


def _allowance(chosen: Chosen) -> tuple[AllowanceUse, ...]:
    limits = chosen.basket.limits
    return tuple(
        allowance_use(units, buyer_key=chosen.buyer_key, limit=limits[units.rule_set, units.category])
        for units in chosen.basket.frozen.claimed
    )


def _row(chosen: Chosen, plan_id: UUID) -> dict[str, Any]:
    return {
        **chosen.basket.columns,
        "id": plan_id,
        "tenant_id": chosen.snapshot.tenant_id,
        "book_id": chosen.snapshot.book.id,
        "quote_id": chosen.quote_id,
        "state": PlanState.AUTHORISED.value,
        "order_reference": chosen.order_reference,
        "buyer_key": chosen.buyer_key,
        "buyer_reference": chosen.buyer_reference,
        "captured_minor": 0,
        "refunded_minor": 0,
        "progress": {},
        "serials": list(chosen.serials),
        "pricing_input": "\\x" + _canonical(chosen.basket.purchase).hex(),
        "lender_decision": chosen.decision,
        "consent": chosen.consent,
        "metadata": chosen.metadata,
        "manual_capture": chosen.manual,
        "created_at": chosen.now,
        "expires_at": chosen.now + AUTHORISATION_LIFE if chosen.manual else None,
        "captured_at": None,
        "release_on": None,
        "released_at": None,
        "remitted_at": None,
    }


def _event(chosen: Chosen, plan_id: UUID) -> dict[str, Any]:
    return event_row(
        plan_id=plan_id,
        tenant_id=chosen.snapshot.tenant_id,
        move="confirm",
        from_state="",
        to_state=PlanState.AUTHORISED.value,
        amount_minor=chosen.basket.priced.amounts.payable_minor,
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
