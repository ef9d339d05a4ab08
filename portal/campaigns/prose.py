"""A draft in plain sentences: what the maker reads before submitting, and what a co-funder reads before agreeing."""

from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from domain.rates import PPM, parse_percent
from portal import formats, words
from portal.campaigns.forms.base import EditorContext
from promotions import shapes


def review(draft: shapes.Draft, around: EditorContext) -> tuple[str, ...]:
    """One sentence a subject: when, where, what, who pays, how much at most, what it stacks with."""
    sentences = [
        _when(draft),
        _where(draft),
        _what(draft),
        _payers(draft, around),
        _limits(draft),
        _stacking(draft),
    ]
    return tuple(sentence for sentence in sentences if sentence)


def _when(draft: shapes.Draft) -> str:
    zone = draft.timezone or "UTC"
    text = _("From %(start)s to %(end)s (%(zone)s).") % {
        "start": formats.moment(draft.starts_at, zone),
        "end": formats.moment(draft.ends_at, zone),
        "zone": ZoneInfo(zone).key,
    }
    for hours in draft.weekly_hours or ():
        days = _(", ").join(str(words.WEEKDAYS[day - 1]) for day in hours.days)
        text += " " + _("Only on %(days)s, %(first)s to %(last)s.") % {
            "days": days,
            "first": hours.from_,
            "last": hours.to,
        }
    return text


def _where(draft: shapes.Draft) -> str:
    include, exclude = draft.scope.include, draft.scope.exclude
    parts = []
    if include.stores:
        parts.append(
            ngettext("in %(count)d store", "in %(count)d stores", len(include.stores)) % {"count": len(include.stores)}
        )
    else:
        parts.append(_("in all stores"))
    if include.channels:
        parts.append(_(", ").join(str(words.word(words.CHANNELS, code)) for code in include.channels))
    named = (include.regions, include.brands, include.skus, include.buyer_groups)
    parts.extend(_(", ").join(codes) for codes in named if codes)
    goods = [str(words.word(words.CATEGORIES, code)) for code in include.categories]
    parts.append(_(", ").join(goods) if goods else _("all categories"))
    text = _("It covers: %(scope)s.") % {"scope": _("; ").join(parts)}
    left_out = [
        *(str(words.word(words.CATEGORIES, code)) for code in exclude.categories),
        *exclude.skus,
        *exclude.brands,
    ]
    if left_out:
        text += " " + _("Not: %(scope)s.") % {"scope": _(", ").join(left_out)}
    return text


def _money(minor: int, draft: shapes.Draft) -> str:
    return formats.money(minor, draft.currency)


def _what(draft: shapes.Draft) -> str:
    if draft.terms:
        return _terms(draft)
    if draft.kind == "trade_in":
        return _(
            "Buyers who claim it get the government's trade-in subsidy, by the rule set in force on the day of sale."
        )
    return "" if draft.value is None else _value(draft, draft.value)


def _value(draft: shapes.Draft, value: shapes.ValueIn) -> str:
    if value.steps:
        steps = [
            _("spend %(least)s, save %(off)s") % {"least": _money(step.from_, draft), "off": _money(step.off, draft)}
            for step in value.steps
        ]
        return _("Buyers save in steps: %(steps)s.") % {"steps": _("; ").join(steps)}
    if value.percent is not None:
        text = _("Buyers get %(percent)s%% off") % {"percent": value.percent}
    elif value.per_unit is not None:
        text = _("Buyers get %(amount)s off each unit") % {"amount": _money(value.per_unit, draft)}
    else:
        text = _("Buyers get %(amount)s off") % {"amount": _money(value.amount or 0, draft)}
    if draft.cap is not None:
        text += _(", at most %(cap)s an order") % {"cap": _money(draft.cap, draft)}
    if draft.codes:
        text += _(", with the code %(codes)s") % {"codes": _(" or ").join(draft.codes[:5])}
    return text + _(".")


def _terms(draft: shapes.Draft) -> str:
    free = [str(row.term) for row in draft.terms or () if parse_percent(row.waived_share) == PPM]
    part = [row for row in draft.terms or () if str(row.term) not in free]
    sentences = []
    if free:
        sentences.append(_("Buyers pay no interest on %(terms)s periods.") % {"terms": _(", ").join(free)})
    sentences += [
        _("On %(term)d periods %(share)s%% of the interest is waived.") % {"term": row.term, "share": row.waived_share}
        for row in part
    ]
    return " ".join(sentences)


def _payers(draft: shapes.Draft, around: EditorContext) -> str:
    brands = dict(around.brands)
    parts = []
    for row in draft.funders or ():
        who = brands.get(row.id or "") or str(words.word(words.PARTY_KINDS, row.party))
        if row.share is not None:
            parts.append(_("%(who)s pays %(share)s%%") % {"who": who, "share": row.share})
        elif row.amount is not None:
            parts.append(_("%(who)s pays %(amount)s") % {"who": who, "amount": _money(row.amount, draft)})
    return _("%(parts)s of it.") % {"parts": _(", ").join(parts)} if parts else ""


def _limits(draft: shapes.Draft) -> str:
    budget = draft.budget
    if budget.total is None:
        return _("There is no total budget yet: without one it cannot be submitted.")
    parts = [_("%(amount)s in all") % {"amount": _money(budget.total, draft)}]
    for amount, text in (
        (budget.daily, _("%(amount)s a day")),
        (budget.per_store, _("%(amount)s a store")),
        (budget.per_buyer, _("%(amount)s a buyer")),
    ):
        if amount is not None:
            parts.append(text % {"amount": _money(amount, draft)})
    text = _("It costs at most %(parts)s.") % {"parts": _(", ").join(parts)}
    if draft.min_amount is not None:
        text += " " + _("Orders from %(amount)s.") % {"amount": _money(draft.min_amount, draft)}
    if draft.max_amount is not None:
        text += " " + _("Orders up to %(amount)s.") % {"amount": _money(draft.max_amount, draft)}
    if draft.limits.uses_per_buyer is not None:
        text += " " + _("%(count)d times a buyer at most.") % {"count": draft.limits.uses_per_buyer}
    return text


def _stacking(draft: shapes.Draft) -> str:
    parts = []
    if draft.kind != "trade_in":
        parts.append(
            _("It goes together with the trade-in subsidy.")
            if draft.with_trade_in
            else _("It does not go together with the trade-in subsidy.")
        )
    if draft.group:
        parts.append(_("It competes in the group %(group)s.") % {"group": draft.group})
    if draft.exclusions:
        count = len(draft.exclusions)
        parts.append(
            ngettext("It excludes %(count)d other campaign.", "It excludes %(count)d other campaigns.", count)
            % {"count": count}
        )
    return " ".join(parts)
