"""Gather the home pages from the apps' selectors, in the seat's transaction."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from domain.periods import day_bounds
from installments.selectors import desk as plans
from installments.selectors.plans import DayFigures, figures_of_days
from portal import words
from portal.access import Seat
from portal.campaigns.listing import total_bar
from portal.charts import Part, TermChart, bar, term_chart
from portal.home import needs
from portal.home.page import Coming, FirstStep, FunderFigure, MerchantHome, RunningCampaign
from promotions.selectors import desk
from promotions.selectors.campaigns import CampaignView
from settlements.selectors import books
from settlements.selectors import desk as money
from settlements.selectors.books import BookView

RUNNING: Final = ("live", "paused", "exhausted")
CHART_DAYS: Final = 14
_MOST: Final = 8
# Accounts in which a merchant's own money stands; the government's part is told apart.
_OWN: Final = ("merchant_pending", "merchant_available", "merchant_reserve")


def merchant_home(*, seat: Seat, now: datetime) -> MerchantHome:
    """The merchant's home page at an instant."""
    party = seat.party
    book = books.book(party.book_id)
    today = day_in(book.at(now), party.timezone)
    days = [today - timedelta(days=back) for back in range(CHART_DAYS - 1, -1, -1)]
    figures = figures_of_days(tenant_id=party.id, first=days[0], last=today, timezone=party.timezone)
    day = figures[-1]
    running = desk.campaign_page(tenant_id=party.id, states=RUNNING, limit=_MOST)[:_MOST]
    waived_by = _waived_by(day)
    return MerchantHome(
        today=today,
        currency=party.currency,
        timezone=party.timezone,
        plans_today=day.plans,
        sales_minor=day.payable_minor,
        financed_minor=day.financed_minor,
        subsidy_minor=day.subsidy_minor,
        waived_minor=day.waived_minor,
        waived_by=waived_by,
        waived_bar=bar([Part(row.kind, row.name, row.amount_minor) for row in waived_by]),
        coming=_coming(seat, book),
        needs=needs.of_merchant(seat=seat, running=running),
        campaigns=_campaigns(seat, running, today=today, now=book.at(now)),
        chart=_chart(days, figures),
        first_steps=_first_steps(seat, has_running=bool(running)),
    )


def day_in(instant: datetime, timezone: str) -> date:
    """The local day of an instant."""
    return instant.astimezone(ZoneInfo(timezone)).date()


def _waived_by(day: DayFigures) -> tuple[FunderFigure, ...]:
    return tuple(
        FunderFigure(kind=kind, name=str(words.word(words.PARTY_KINDS, kind)), amount_minor=amount)
        for kind, amount in day.waived_by_funder
        if amount
    )


def _chart(days: list[date], figures: Iterable[DayFigures]) -> TermChart:
    counts = {(row.day, term): count for row in figures for term, count in row.by_term}
    return term_chart(days, counts)


def _coming(seat: Seat, book: BookView) -> Coming | None:
    """The open day's movements of the merchant's own money (early in the morning: yesterday's), as a sentence."""
    day = book.open_day
    rows = money.movements_of_day(party_id=seat.party.id, book_id=book.id, day=day)
    if not rows:
        day = book.open_day - timedelta(days=1)
        rows = money.movements_of_day(party_id=seat.party.id, book_id=book.id, day=day)
    if not rows:
        return None
    sums = {"sale": 0, "lender_fee": 0, "platform_fee": 0, "other": 0}
    government = 0
    for row in rows:
        credit = row.credit_minor if row.credit_purpose in _OWN else 0
        debit = row.debit_minor if row.debit_purpose in _OWN else 0
        kind = row.line_type if row.line_type in sums else "other"
        sums[kind] += credit - debit
        if row.credit_purpose == "merchant_contingent":
            government += row.credit_minor
        if row.debit_purpose == "merchant_contingent":
            government -= row.debit_minor
    return Coming(
        day=day,
        net_minor=sum(sums.values()),
        sales_minor=sums["sale"],
        own_subsidy_minor=-sums["lender_fee"],
        service_fee_minor=-sums["platform_fee"],
        other_minor=sums["other"],
        government_minor=government,
    )


def _campaigns(seat: Seat, running: list[CampaignView], *, today: date, now: datetime) -> tuple[RunningCampaign, ...]:
    start, end = day_bounds(on=today, timezone=seat.party.timezone)
    used = plans.plans_by_campaign(
        tenant_id=seat.party.id, campaign_ids=[view.id for view in running], start=start, end=end
    )
    # What sells stands on top, what is paused below; the list's own order (newest first) decides among equals.
    busiest = sorted(running, key=lambda view: (view.state == "paused", -used.get(view.id, 0)))
    return tuple(_running(view, used.get(view.id, 0), now=now) for view in busiest)


def _running(view: CampaignView, plans_today: int, *, now: datetime) -> RunningCampaign:
    budget = total_bar(view)
    cost = view.held + view.committed
    return RunningCampaign(
        id=view.public_id,
        name=needs.name_of(view),
        kind=view.draft.kind,
        state=view.state,
        ends_at=view.draft.ends_at,
        days_left=max(0, (view.draft.ends_at - now).days),
        limit_minor=budget.limit_minor,
        held_minor=budget.held_minor,
        committed_minor=budget.committed_minor,
        left_minor=budget.left_minor,
        bar=budget.bar,
        plans_today=plans_today,
        cost_per_plan_minor=cost // view.uses if view.uses else None,
    )


def _first_steps(seat: Seat, *, has_running: bool) -> tuple[FirstStep, ...]:
    """Shown until the first campaign is live and the first plan is made."""
    has_plans = plans.any_plan(tenant_id=seat.party.id)
    if has_running and has_plans:
        return ()
    made = bool(desk.named(tenant_id=seat.party.id, limit=1))
    steps = [
        FirstStep(text=_("Make a campaign and see what it costs"), url=reverse("portal:campaign_new"), done=made),
        FirstStep(
            text=_("Have a colleague approve it, then launch it"), url=reverse("portal:campaigns"), done=has_running
        ),
    ]
    if seat.may("keys:write"):
        steps.append(FirstStep(text=_("Connect a till or web shop"), url=reverse("portal:developers"), done=has_plans))
    return tuple(steps)
