"""From what people typed to what is priced: a campaign's draft becomes the canonical document of a version."""

from datetime import UTC

import msgspec

from domain import offers
from domain.rates import parse_percent
from foundation import ids
from promotions import amounts, documents, drafts, shapes
from promotions.documents import BudgetRules, Document, SharedLimit
from promotions.models import Campaign

compile_campaign = documents.compile_campaign
minor_of = amounts.minor_of

LANE_OF: dict[str, offers.Lane] = {
    "interest_free": "interest",
    "interest_voucher": "interest",
    "instant_discount": "merchant",
    "spend_and_save": "merchant",
    "coupon": "merchant",
    "brand_rebate": "brand",
    "platform_coupon": "platform",
    "carrier_discount": "carrier",
    "old_item_credit": "old_item",
    "trade_in": "government",
}


def document_of(campaign: Campaign, *, number: int) -> str:
    """The canonical JSON of a campaign's draft as version `number`. Raises InvalidAmount, UnknownCurrency."""
    draft = drafts.draft_of(campaign)
    document = Document(
        currency=draft.currency,
        timezone=draft.timezone or campaign.timezone,
        offer=_offer(campaign=campaign, draft=draft, number=number),
        budget=_budget(draft),
    )
    return documents.canonical(document)


def _budget(draft: shapes.Draft) -> BudgetRules:
    budget, limits = draft.budget, draft.limits
    shared = budget.shared_cap
    return BudgetRules(
        total_minor=budget.total,
        daily_minor=budget.daily,
        store_minor=budget.per_store,
        buyer_minor=budget.per_buyer,
        shared=SharedLimit(name=shared.name, minor=shared.amount) if shared else None,
        uses_total=limits.uses_total,
        uses_per_buyer=limits.uses_per_buyer,
        uses_per_serial=limits.uses_per_serial,
    )


def _offer(*, campaign: Campaign, draft: shapes.Draft, number: int) -> offers.Offer:
    mode, _, most = draft.group_mode.partition(":")
    return offers.Offer(
        campaign_id=ids.public_id("cam", campaign.id),
        version=number,
        kind=draft.kind,
        lane=draft.lane or LANE_OF[draft.kind],
        name_zh=draft.name.zh,
        name_en=draft.name.en,
        starts_at=draft.starts_at.astimezone(UTC),
        ends_at=draft.ends_at.astimezone(UTC),
        weekly_hours=tuple(_hours(row) for row in draft.weekly_hours or ()),
        include=_scope(draft.scope.include),
        exclude=_scope(draft.scope.exclude),
        group=draft.group,
        group_mode=msgspec.convert(mode, offers.GroupMode),
        group_limit=int(most) if most else None,
        priority=draft.priority,
        exclusions=frozenset(draft.exclusions or ()),
        base=draft.base,
        value=_value(draft.value) if draft.value else None,
        cap_minor=draft.cap,
        min_minor=draft.min_amount,
        max_minor=draft.max_amount,
        min_quantity=draft.min_quantity,
        max_units=draft.max_units,
        codes=frozenset(draft.codes or ()),
        funders=_funders(draft.funders),
        terms=tuple(sorted((_term(row) for row in draft.terms or ()), key=lambda row: row.term)),
        with_trade_in=draft.with_trade_in,
        when_short=draft.when_short,
        programme=draft.programme,
    )


def _hours(row: shapes.HoursIn) -> offers.WeeklyHours:
    return offers.WeeklyHours(
        days=tuple(sorted(set(row.days))), from_minute=_minute(row.from_), to_minute=_minute(row.to)
    )


def _minute(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def _scope(part: shapes.ScopePart) -> offers.Scope:
    return offers.Scope(
        skus=frozenset(part.skus),
        categories=frozenset(part.categories),
        brands=frozenset(part.brands),
        stores=frozenset(part.stores),
        regions=frozenset(part.regions),
        channels=frozenset(part.channels),
        buyer_groups=frozenset(part.buyer_groups),
    )


def _value(value: shapes.ValueIn) -> offers.Value:
    free = value.cheapest_free
    return offers.Value(
        amount_minor=value.amount,
        percent_ppm=None if value.percent is None else parse_percent(value.percent),
        per_unit_minor=value.per_unit,
        steps=tuple(
            offers.Step(from_minor=step.from_, off_minor=step.off)
            for step in sorted(value.steps or (), key=lambda step: step.from_)
        ),
        cheapest_free_every=free.every if free else None,
        cheapest_free_count=free.free if free else None,
    )


def _term(row: shapes.TermIn) -> offers.TermOffer:
    return offers.TermOffer(
        term=row.term,
        waived_share_ppm=parse_percent(row.waived_share),
        lenders=tuple(row.lenders or ()),
        min_minor=row.min_amount,
        max_minor=row.max_amount,
        funders=_funders(row.funders),
    )


def _funders(rows: list[shapes.FunderIn] | None) -> tuple[offers.Funder, ...]:
    return tuple(
        offers.Funder(
            party=row.party,
            id=row.id or "",
            share_ppm=0 if row.share is None else parse_percent(row.share),
            amount_minor=row.amount,
            cap_minor=row.cap,
        )
        for row in rows or ()
    )
