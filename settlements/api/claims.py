"""GET /v1/trade_in_claims: claims on the government, what they still lack and where they stand."""

from datetime import date, datetime
from typing import Any, Literal

from foundation import ids
from foundation.api import Call, Endpoint, Out, Page, PageQuery, Route, page_of
from settlements.api.access import own, reading
from settlements.selectors import claims as selectors
from settlements.selectors.claims import ClaimEventView, ClaimView


class ClaimEventOut(Out, frozen=True, kw_only=True):
    """One move."""

    move: str
    from_state: str
    to_state: str
    reason_code: str
    at: datetime


class ClaimOut(Out, frozen=True, kw_only=True):
    """A claim for one subsidised order line. `missing` is what its dossier lacks before it can be submitted."""

    id: str
    object: Literal["trade_in_claim"] = "trade_in_claim"
    state: str
    merchant: str
    programme: str
    rule_set: str
    region: str
    order: str
    order_reference: str
    line: str
    sku: str
    category: str
    energy_grade: int | None
    serial: str
    units: int
    currency: str
    amount: int
    returned: int
    required_fields: list[str]
    missing: list[str]
    reason_code: str
    sold_on: date
    submitted_on: date | None
    paid_on: date | None
    created_at: datetime
    events: list[ClaimEventOut] | None = None


class ClaimQuery(PageQuery, frozen=True, kw_only=True):
    """Narrows the list."""

    state: str | None = None
    order: str | None = None
    order_reference: str | None = None


def _out(view: ClaimView, events: tuple[ClaimEventView, ...] | None = None) -> ClaimOut:
    return ClaimOut(
        id=view.public_id,
        state=view.state,
        merchant=ids.public_id("mer", view.tenant_id),
        programme=ids.public_id("gov", view.programme_id),
        rule_set=view.rule_set,
        region=view.region,
        order=view.order_id,
        order_reference=view.order_reference,
        line=view.item_id,
        sku=view.sku,
        category=view.category,
        energy_grade=view.energy_grade,
        serial=view.serial,
        units=view.units,
        currency=view.currency,
        amount=view.amount_minor,
        returned=view.returned_minor,
        required_fields=list(view.required_fields),
        missing=list(view.missing),
        reason_code=view.reason_code,
        sold_on=view.sold_on,
        submitted_on=view.submitted_on,
        paid_on=view.paid_on,
        created_at=view.created_at,
        events=None
        if events is None
        else [
            ClaimEventOut(
                move=event.move,
                from_state=event.from_state,
                to_state=event.to_state,
                reason_code=event.reason_code,
                at=event.at,
            )
            for event in events
        ],
    )


class Claims(Endpoint):
    """Claims of the caller, for staff of every merchant in its book."""

    tag = "Trade-in claims"

    @Route(scope="claims:read", query=ClaimQuery, returns=Page[ClaimOut])
    def get(self, call: Call, *, query: ClaimQuery) -> Page[ClaimOut]:
        """List claims, newest first."""
        after = ids.parse_public_id("clm", query.cursor) if query.cursor else None
        wanted: dict[str, Any] = {
            "state": query.state,
            "order_id": query.order,
            "order_reference": query.order_reference,
        }
        with reading(call.caller):
            filters = {name: value for name, value in wanted.items() if value is not None} | own(
                call.caller, "tenant_id"
            )
            rows = selectors.claim_page(tenant_id=None, limit=query.limit, after=after, filters=filters)
        return page_of(rows, limit=query.limit, cursor_of=lambda row: row.public_id, show=_out)


class Claim(Endpoint):
    """One claim."""

    tag = "Trade-in claims"

    @Route(scope="claims:read", returns=ClaimOut)
    def get(self, call: Call, *, claim_id: str) -> ClaimOut:
        """Read a claim with its history."""
        key = ids.parse_public_id("clm", claim_id)
        with reading(call.caller):
            tenant_id = None if call.caller.staff else call.caller.tenant_id
            view = selectors.claim(tenant_id=tenant_id, claim_id=key)
            if call.caller.staff and own(call.caller, "")["book_id"] != view.book_id:
                raise ids.UnknownId
            return _out(view, selectors.events_of(key))
