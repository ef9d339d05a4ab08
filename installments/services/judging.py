"""Is this confirmation what was quoted? The token is opened, priced again with its pinned versions, and compared.

Nothing here is written; whether a budget, a serial or a person still has room is decided by the statements that take it.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from domain.errors import DomainError
from domain.priced import PlanOption, Priced
from domain.purchase import Purchase
from domain.rulesets import RuleSet
from foundation import ids
from foundation.caller import Caller
from foundation.errors import InvalidRequest
from installments.gateways import lenders
from installments.services import buyers, pricing, tokens
from installments.services.baskets import basket_of
from installments.services.drafts import Chosen
from installments.services.plan_in import ConfirmIn, SerialIn
from installments.services.snapshots import CatalogueSnapshot
from installments.services.tokens import QuoteTampered, Sealed
from promotions.documents import BudgetRules
from promotions.selectors import offers

_PAUSED = frozenset({"paused", "ended", "archived", "draft", "in_review"})
_decode_purchase = msgspec.json.Decoder(Purchase).decode


class QuoteExpired(DomainError):
    """The quote is older than 15 minutes; ask for a new one."""

    code = "quote_expired"


class QuoteContextMismatch(DomainError):
    """The quote was given to somebody else, for another buyer, or for other figures than the server expects."""

    code = "quote_context_mismatch"
    status = 422
    pointer = "/quote_token"


class ClaimantMismatch(DomainError):
    """The government's subsidy is for the person of the quote; claimant, payer and consignee are one."""

    code = "claimant_mismatch"


class LenderDeclined(DomainError):
    """The lender did not honour the pre-approval."""

    code = "lender_declined"


class CampaignPaused(DomainError):
    """A campaign of the quote is paused or over; ask for a new quote."""

    code = "campaign_paused"


def judge(
    *,
    caller: Caller,
    request: ConfirmIn,
    snapshot: CatalogueSnapshot,
    now: datetime,
    request_id: str,
) -> Chosen:
    """The plan as it may be recorded. `now` is the real instant. Inside a transaction of the tenant.

    Raises QuoteTampered, QuoteContextMismatch, QuoteExpired, ClaimantMismatch, CampaignPaused, LenderDeclined,
    InvalidRequest.
    """
    clock = now + timedelta(seconds=snapshot.book.clock_offset_seconds)
    sealed = tokens.unseal(request.quote_token)
    if sealed.tenant_id != caller.tenant_id or sealed.livemode != caller.livemode:
        raise QuoteContextMismatch
    if clock >= sealed.expires_at:
        raise QuoteExpired(expired_at=sealed.expires_at.isoformat(), now=clock.isoformat())
    purchase = _decode_purchase(sealed.purchase)
    repriced = pricing.price_pinned(snapshot=snapshot, purchase=purchase, pins=sealed.pins)
    if pricing.digest_of(repriced.priced) != sealed.digest:
        raise QuoteTampered
    buyer_key = _buyer(request, purchase, repriced.priced, repriced.rulesets)
    _expected(request, sealed, repriced.priced)
    option = _option(request, repriced.priced)
    basket = basket_of(
        snapshot=snapshot,
        purchase=purchase,
        priced=repriced.priced,
        option=option,
        rulesets=repriced.rulesets,
        pins=sealed.pins,
        digest=sealed.digest,
    )
    budgets = budget_rules_of(tenant_id=snapshot.tenant_id, campaigns=basket.spent, now=clock)
    return Chosen(
        snapshot=snapshot,
        basket=basket,
        budgets=budgets,
        quote_id=sealed.quote_id,
        order_reference=request.order_reference,
        buyer_reference=request.buyer.reference,
        buyer_key=buyer_key,
        decision=_decision(option, request, reference=ids.public_id("qt", sealed.quote_id), now=clock),
        manual=request.capture == "manual",
        now=clock,
        serials=serials_of(request.serials, purchase),
        consent=request.consent,
        metadata=request.metadata,
        request_id=request_id,
        person_id=caller.person_id,
    )


def _decision(option: PlanOption, request: ConfirmIn, *, reference: str, now: datetime) -> lenders.Decision:
    decision = lenders.decide(
        lender_id=option.lender_id,
        financed_minor=option.financed_minor,
        preapproval=request.preapproval,
        reference=reference,
        now=now,
    )
    if decision.outcome == "declined":
        raise LenderDeclined(lender=option.lender_id, reason=decision.reason)
    return decision


def _buyer(request: ConfirmIn, purchase: Purchase, priced: Priced, rulesets: tuple[RuleSet, ...]) -> str:
    """The buyer's key; the quote's buyer when it named one."""
    key = buyers.buyer_key(request.buyer.reference)
    if purchase.buyer_key in (None, key):
        return key
    strict = {rule.id for rule in rulesets if rule.require_same_person}
    if strict.intersection(priced.rule_sets):
        raise ClaimantMismatch
    raise QuoteContextMismatch


def _expected(request: ConfirmIn, sealed: Sealed, priced: Priced) -> None:
    expected = request.expected
    if expected is None:
        if sealed.issued_to == "browser":
            raise QuoteContextMismatch(reason="expected_required")
        return
    amounts = priced.amounts
    if (expected.list, expected.payable) != (amounts.list_minor, amounts.payable_minor):
        raise QuoteContextMismatch(list=amounts.list_minor, payable=amounts.payable_minor)


def _option(request: ConfirmIn, priced: Priced) -> PlanOption:
    for option in priced.plans:
        if option.id == request.plan:
            return option
    raise InvalidRequest(at="/plan", reason="unknown_plan", detail="The quote has no plan of this id.")


def budget_rules_of(*, tenant_id: UUID, campaigns: Iterable[str], now: datetime) -> dict[UUID, BudgetRules]:
    """The budget rules of the campaigns a plan uses, read from their rows, as is where they stand.

    Raises CampaignPaused when one is paused, withdrawn or over. A process's catalogue may be two seconds old; a promise
    of money is not made from it.
    """
    used = {ids.parse_public_id("cam", campaign): campaign for campaign in sorted(campaigns)}
    if not used:
        return {}
    standing = offers.standing(tenant_id=tenant_id, campaign_ids=list(used))
    for campaign_id, campaign in used.items():
        found = standing.get(campaign_id)
        if found is None or found.state in _PAUSED or found.ends_at <= now:
            raise CampaignPaused(campaign=campaign, state="ended" if found is None else found.state)
    return offers.budget_rules(tenant_id=tenant_id, campaign_ids=list(used))


def serials_of(given: list[SerialIn], purchase: Purchase) -> tuple[SerialIn, ...]:
    """The serials of the plan: those sent, else those the quote's lines carried.

    A subsidised unit may be sold before its serial is known: the claim's dossier asks for it. Raises InvalidRequest for
    an unknown line or more serials than units.
    """
    lines = {line.id: line for line in purchase.lines}
    counts: dict[str, int] = {}
    for number, serial in enumerate(given):
        line = lines.get(serial.line)
        if line is None:
            raise InvalidRequest(
                at=f"/serials/{number}/line", reason="unknown_line", detail="The quote has no such line."
            )
        counts[serial.line] = counts.get(serial.line, 0) + 1
        if counts[serial.line] > line.quantity:
            raise InvalidRequest(
                at=f"/serials/{number}", reason="too_many_serials", detail="More serials than units of the line."
            )
    carried = [
        SerialIn(line=line.id, serial=line.serial)
        for line in purchase.lines
        if line.serial is not None and line.id not in counts
    ]
    return (*given, *carried)
