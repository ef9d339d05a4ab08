"""Offers of a request as the offers that pricing reads: checked like a campaign's draft, with pointers, and live."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec

from domain import offers
from domain.money import exponent
from domain.offers import Funder, Offer, Scope, Step, Value
from domain.purchase import TradeIn
from domain.rates import PPM, parse_percent
from foundation.errors import InvalidRequest
from installments.services.stack_in import StackOfferIn
from installments.services.stack_out import OWN_TRADE_IN
from promotions.shapes import FunderIn, ScopePart, StepIn, ValueIn

_WITHOUT_VALUE: Final = frozenset({"trade_in", "old_item_credit"})
_A_DAY: Final = timedelta(days=1)
_VALUES: Final = ("amount", "percent", "per_unit", "steps", "cheapest_free")


def check_offers(asked: Sequence[StackOfferIn], *, currency: str) -> None:
    """Raises UnknownCurrency, and InvalidRequest for ids that come twice and for values and shares that cannot be."""
    exponent(currency)
    seen: set[str] = set()
    for number, offer in enumerate(asked):
        at = f"/offers/{number}"
        if offer.id in seen:
            raise _refused(f"{at}/id", "duplicate", "Offer ids must differ.")
        seen.add(offer.id)
        _check_kind(offer, at=at)
        if offer.min_amount is not None and offer.max_amount is not None and offer.max_amount < offer.min_amount:
            raise _refused(f"{at}/max_amount", "below_minimum", "The largest amount is below the smallest.")
        if offer.funders is not None:
            _check_funders(offer.funders, at=f"{at}/funders")


def _check_kind(offer: StackOfferIn, *, at: str) -> None:
    if offer.value is not None:
        _check_value(offer.value, at=f"{at}/value")
    elif offer.kind not in _WITHOUT_VALUE:
        raise _refused(f"{at}/value", "missing_field", "This kind of offer needs a value.")
    elif offer.kind == "trade_in" and offer.lane != "government":
        raise _refused(f"{at}/lane", "not_for_this_kind", "The rules of the day apply in the government's lane.")


def _refused(at: str, reason: str, detail: str) -> InvalidRequest:
    return InvalidRequest(at=at, reason=reason, detail=detail)


def _check_value(value: ValueIn, *, at: str) -> None:
    if sum(getattr(value, name) is not None for name in _VALUES) != 1:
        raise _refused(at, "exactly_one", f"Give exactly one of {', '.join(_VALUES)}.")
    if value.percent is not None and not 0 < parse_percent(value.percent) <= PPM:
        raise _refused(f"{at}/percent", "out_of_range", "A percentage is above 0 and at most 100.")
    if value.steps is not None:
        _check_steps(value.steps, at=f"{at}/steps")
    if value.cheapest_free is not None and value.cheapest_free.free >= value.cheapest_free.every:
        raise _refused(f"{at}/cheapest_free/free", "out_of_range", "Fewer must be free than are bought.")


def _check_steps(steps: Sequence[StepIn], *, at: str) -> None:
    if not steps:
        raise _refused(at, "missing_field", "At least one step is needed.")
    if len({step.from_ for step in steps}) != len(steps):
        raise _refused(at, "duplicate", "Two steps begin at the same amount.")
    for number, step in enumerate(steps):
        if step.off > step.from_:
            raise _refused(f"{at}/{number}/off", "out_of_range", "A step cannot take off more than was spent.")


def _check_funders(funders: Sequence[FunderIn], *, at: str) -> None:
    shared = [parse_percent(funder.share) for funder in funders if funder.share is not None]
    for number, funder in enumerate(funders):
        if (funder.share is None) == (funder.amount is None):
            raise _refused(f"{at}/{number}", "exactly_one", "A funder has either a share or an amount.")
    if shared and sum(shared) != PPM:
        raise _refused(at, "shares_do_not_add_up", "The shares must add up to 100 percent.")


def offers_of(asked: Sequence[StackOfferIn], *, at: datetime, trade_in: TradeIn) -> tuple[Offer, ...]:
    """The offers, live around the instant of the sale. A claim without an offer that stands for it adds the rules of the
    day by themselves."""
    made = [_offer(offer, at=at, with_old_item=trade_in.old_item is not None) for offer in asked]
    if trade_in.claim and not any(offer.kind == "trade_in" for offer in asked):
        made.append(_made(OWN_TRADE_IN, at=at, kind="trade_in", lane="government"))
    return tuple(made)


def kinds_of(asked: Sequence[StackOfferIn]) -> Mapping[str, str]:
    """The kinds as sent, by offer id."""
    return {offer.id: offer.kind for offer in asked}


def _made(offer_id: str, *, at: datetime, kind: offers.OfferKind, lane: offers.Lane) -> Offer:
    return Offer(
        campaign_id=offer_id,
        version=1,
        kind=kind,
        lane=lane,
        name_zh=offer_id,
        name_en=offer_id,
        starts_at=at - _A_DAY,
        ends_at=at + _A_DAY,
    )


def _priced_as(asked: StackOfferIn, *, with_old_item: bool) -> offers.OfferKind:
    """A subsidy with a value of its own is a rule to try, not the rules of the day, and a credit with one needs no old
    item to be tried: both are priced like any discount of their lane."""
    if asked.value is not None and (
        asked.kind == "trade_in" or (asked.kind == "old_item_credit" and not with_old_item)
    ):
        return "instant_discount"
    return asked.kind


def _offer(asked: StackOfferIn, *, at: datetime, with_old_item: bool) -> Offer:
    mode, _, most = asked.group_mode.partition(":")
    return msgspec.structs.replace(
        _made(asked.id, at=at, kind=_priced_as(asked, with_old_item=with_old_item), lane=asked.lane),
        include=_scope(asked.scope.include),
        exclude=_scope(asked.scope.exclude),
        group=asked.group,
        group_mode=msgspec.convert(mode, offers.GroupMode),
        group_limit=int(most) if most else None,
        priority=asked.priority,
        exclusions=frozenset(asked.exclusions),
        base=asked.base,
        value=None if asked.value is None else _value(asked.value),
        cap_minor=asked.cap,
        min_minor=asked.min_amount,
        max_minor=asked.max_amount,
        min_quantity=asked.min_quantity,
        max_units=asked.max_units,
        funders=tuple([_funder(funder) for funder in asked.funders or ()]),
        with_trade_in=asked.with_trade_in,
    )


def _scope(part: ScopePart) -> Scope:
    return Scope(**{name: frozenset(getattr(part, name)) for name in Scope.__struct_fields__})


def _value(value: ValueIn) -> Value:
    free = value.cheapest_free
    return Value(
        amount_minor=value.amount,
        percent_ppm=None if value.percent is None else parse_percent(value.percent),
        per_unit_minor=value.per_unit,
        steps=tuple([Step(from_minor=step.from_, off_minor=step.off) for step in value.steps or ()]),
        cheapest_free_every=None if free is None else free.every,
        cheapest_free_count=None if free is None else free.free,
    )


def _funder(funder: FunderIn) -> Funder:
    return Funder(
        party=funder.party,
        id=funder.id or "",
        share_ppm=0 if funder.share is None else parse_percent(funder.share),
        amount_minor=funder.amount,
        cap_minor=funder.cap,
    )
