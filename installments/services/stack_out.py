"""What the stacking calculator answers: as a quote, but naming the `offer` of the request instead of a campaign."""

from collections.abc import Mapping
from typing import Final

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from domain.priced import Priced, Reduction, Withheld
from foundation.structs import Out
from installments import messages
from installments.services.quote_out import AmountsOut, LineAmountOut, Sentence, UnitsOut, amounts_out, reduction_out

# Steps that are no offer of the request. A control character is in no id that anybody can send.
OWN_TRADE_IN: Final = "\x00trade_in"
_OWN_STEPS: Final = {"": "old_item_credit", OWN_TRADE_IN: "trade_in"}


class StackFunderOut(Out, frozen=True, kw_only=True):
    """What one party pays; `id` where one was named."""

    party: str
    amount: int
    id: str | UnsetType = UNSET


class StackStepOut(Out, frozen=True, kw_only=True):
    """One step of the waterfall. The rules of the day are `trade_in`, the shop's credit `old_item_credit`, where no offer
    of the request stands for them."""

    lane: str
    kind: str
    offer: str
    amount: int
    funders: list[StackFunderOut]
    lines: list[LineAmountOut]
    rule_set: str | UnsetType = UNSET
    units: list[UnitsOut] | UnsetType = UNSET


class StackWithheldOut(Out, frozen=True, kw_only=True):
    """Why an offer does not apply."""

    kind: str
    offer: str
    code: str
    figures: dict[str, int | str]
    message: Sentence
    lines: list[str] | UnsetType = UNSET


class StackOut(Out, frozen=True, kw_only=True):
    """A basket priced with the offers of the request; `search` says how the best set was found."""

    currency: str
    amounts: AmountsOut
    waterfall: list[StackStepOut]
    withheld: list[StackWithheldOut]
    search: str
    rule_sets: list[str]


def stack_out(priced: Priced, *, kinds: Mapping[str, str], payers: Mapping[str, str]) -> StackOut:
    """Spell a price out. `kinds` are the kinds by offer id as sent, `payers` who pays a rule set."""
    return StackOut(
        currency=priced.currency,
        amounts=amounts_out(priced.amounts),
        waterfall=[_step(step, kinds=kinds, payers=payers) for step in priced.waterfall],
        withheld=[_withheld(verdict, currency=priced.currency) for verdict in priced.withheld],
        search=priced.search,
        rule_sets=list(priced.rule_sets),
    )


def _step(step: Reduction, *, kinds: Mapping[str, str], payers: Mapping[str, str]) -> StackStepOut:
    shown = reduction_out(step, browser=True)
    return StackStepOut(
        lane=shown.lane,
        kind=kinds.get(step.campaign_id, step.kind),
        offer=_named(step.campaign_id),
        amount=shown.amount,
        funders=[
            StackFunderOut(party=one.party, amount=one.amount_minor, id=payers.get(one.id, one.id) or UNSET)
            for one in step.funders
        ],
        lines=shown.lines,
        rule_set=shown.rule_set,
        units=shown.units,
    )


def _withheld(verdict: Withheld, *, currency: str) -> StackWithheldOut:
    figures = {
        "offer" if name == "campaign" else name: _named(str(value)) if name == "campaign" else value
        for name, value in verdict.figures.items()
    }
    return StackWithheldOut(
        kind=verdict.kind,
        offer=_named(verdict.campaign_id or ""),
        code=verdict.code,
        figures=figures,
        message=messages.verdict_sentence(replace(verdict, figures=figures), currency=currency),
        lines=list(verdict.lines) or UNSET,
    )


def _named(offer_id: str) -> str:
    return _OWN_STEPS.get(offer_id, offer_id)
