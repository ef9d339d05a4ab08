"""Is a draft sound in itself? Contradictions are refused with a pointer; nothing here asks the database."""

from collections.abc import Sequence
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from domain.money import exponent
from domain.rates import PPM, parse_percent
from foundation.errors import InvalidRequest
from foundation.structs import check_years
from promotions import shapes

_INTEREST: Final = frozenset({"interest_free", "interest_voucher"})
_WITHOUT_VALUE: Final = _INTEREST | {"trade_in", "old_item_credit"}
# What goes through these lanes is booked as the government's money and as interest: no other kind may take them.
_LANE_KINDS: Final = {"government": frozenset({"trade_in"}), "interest": _INTEREST}


def refused(at: str, reason: str, detail: str) -> InvalidRequest:
    """A refusal that points at the field."""
    return InvalidRequest(at=at, reason=reason, detail=detail)


def check_draft(draft: shapes.Draft) -> None:
    """Raises InvalidRequest (422 with a pointer) or UnknownCurrency for the first contradiction."""
    exponent(draft.currency)
    _check_name(draft.name)
    _check_window(draft)
    _check_value(draft)
    _check_terms(draft)
    _check_lane(draft)
    if draft.funders is not None:
        _check_funders(draft.funders, at="/funders")
    _check_amounts(draft)
    _check_alerts(draft.alerts or ())
    if draft.kind == "coupon" and not draft.codes:
        raise refused("/codes", "missing_field", "A coupon campaign needs at least one code.")
    if draft.programme is not None and draft.kind != "trade_in":
        raise refused("/programme", "not_for_this_kind", "Only a trade-in campaign names a programme.")


def _check_name(name: shapes.Name) -> None:
    for language, text in (("zh-CN", name.zh), ("en", name.en)):
        if not text.strip():
            raise refused(f"/name/{language}", "blank", "A name needs more than blanks.")


def _check_window(draft: shapes.Draft) -> None:
    check_years(draft, "starts_at", "ends_at")
    if draft.ends_at <= draft.starts_at:
        raise refused("/ends_at", "ends_before_start", "The end must be after the start.")
    if draft.timezone is not None:
        try:
            ZoneInfo(draft.timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise refused("/timezone", "unknown_timezone", "This is no IANA time zone.") from None
    for number, hours in enumerate(draft.weekly_hours or ()):
        if hours.from_ >= hours.to:
            raise refused(f"/weekly_hours/{number}/to", "ends_before_start", "The hours must end after they begin.")


def _check_value(draft: shapes.Draft) -> None:
    value = draft.value
    if value is None:
        if draft.kind not in _WITHOUT_VALUE:
            raise refused("/value", "missing_field", "This kind of campaign needs a value.")
        return
    if draft.kind in _INTEREST or draft.kind == "trade_in":
        raise refused("/value", "not_for_this_kind", "This kind of campaign takes no value.")
    parts = [value.amount, value.percent, value.per_unit, value.steps, value.cheapest_free]
    if sum(part is not None for part in parts) != 1:
        raise refused("/value", "exactly_one", "Give exactly one of amount, percent, per_unit, steps, cheapest_free.")
    if value.percent is not None and not 0 < parse_percent(value.percent) <= PPM:
        raise refused("/value/percent", "out_of_range", "A percentage is above 0 and at most 100.")
    if value.steps is not None:
        _check_steps(value.steps)
    if value.cheapest_free is not None and value.cheapest_free.free >= value.cheapest_free.every:
        raise refused("/value/cheapest_free/free", "out_of_range", "Fewer must be free than are bought.")


def _check_steps(steps: Sequence[shapes.StepIn]) -> None:
    if not steps:
        raise refused("/value/steps", "missing_field", "At least one step is needed.")
    if len({step.from_ for step in steps}) != len(steps):
        raise refused("/value/steps", "duplicate", "Two steps begin at the same amount.")
    for number, step in enumerate(steps):
        if step.off > step.from_:
            raise refused(f"/value/steps/{number}/off", "out_of_range", "A step cannot take off more than was spent.")


def _check_terms(draft: shapes.Draft) -> None:
    terms = draft.terms or []
    if draft.kind in _INTEREST and not terms:
        raise refused("/terms", "missing_field", "An interest-free campaign needs terms.")
    if terms and draft.kind not in _INTEREST:
        raise refused("/terms", "not_for_this_kind", "Only interest campaigns have terms.")
    seen: set[tuple[int, str | None]] = set()
    for number, row in enumerate(terms):
        if not 0 < parse_percent(row.waived_share) <= PPM:
            raise refused(f"/terms/{number}/waived_share", "out_of_range", "Waive more than 0 and at most 100 percent.")
        lenders: list[str | None] = [*(row.lenders or ())] or [None]
        for lender in lenders:
            if (row.term, lender) in seen or (row.term, None) in seen:
                raise refused(f"/terms/{number}/term", "duplicate", "This term stands twice.")
            seen.add((row.term, lender))
        _check_range(row.min_amount, row.max_amount, at=f"/terms/{number}/max_amount")
        if row.funders is not None:
            _check_funders(row.funders, at=f"/terms/{number}/funders")


def _check_lane(draft: shapes.Draft) -> None:
    if draft.lane is None:
        return
    if any((draft.lane == lane) != (draft.kind in kinds) for lane, kinds in _LANE_KINDS.items()):
        raise refused("/lane", "not_for_this_kind", "This kind of campaign cannot go through this lane.")


def _check_funders(funders: Sequence[shapes.FunderIn], *, at: str) -> None:
    """Shares add up to 100 percent; fixed amounts may stand alone or before shares of the rest."""
    if not funders:
        raise refused(at, "missing_field", "Somebody must pay.")
    shared = 0
    for number, funder in enumerate(funders):
        if (funder.share is None) == (funder.amount is None):
            raise refused(f"{at}/{number}", "exactly_one", "A funder has either a share or an amount.")
        if funder.share is not None:
            shared += parse_percent(funder.share)
    if any(funder.share is not None for funder in funders) and shared != PPM:
        raise refused(at, "shares_do_not_add_up", "The shares must add up to 100 percent.")
    named = [(funder.party, funder.id) for funder in funders]
    if len(set(named)) != len(named):
        raise refused(at, "duplicate", "A funder stands twice.")


def _check_amounts(draft: shapes.Draft) -> None:
    _check_range(draft.min_amount, draft.max_amount, at="/max_amount")
    budget = draft.budget
    if budget.total is None:
        return
    for name in ("daily", "per_store", "per_buyer"):
        part = getattr(budget, name)
        if part is not None and part > budget.total:
            raise refused(f"/budget/{name}", "above_total", "A part of the budget cannot be larger than the whole.")


def _check_alerts(alerts: Sequence[shapes.AlertIn]) -> None:
    for number, alert in enumerate(alerts):
        if not 0 < parse_percent(alert.percent) <= PPM:
            raise refused(f"/alerts/{number}/percent", "out_of_range", "A percentage is above 0 and at most 100.")


def _check_range(least: int | None, most: int | None, *, at: str) -> None:
    if least is not None and most is not None and most < least:
        raise refused(at, "below_minimum", "The largest amount is below the smallest.")
