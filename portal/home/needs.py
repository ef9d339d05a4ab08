"""What waits for the person who looks: approvals, budgets that run out, missing documents, statements."""

from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal import formats
from portal.access import Seat
from portal.home.page import Need
from promotions.selectors import desk
from promotions.selectors.campaigns import CampaignView
from settlements.selectors import claim_desk
from settlements.selectors import desk as money

_ALMOST_GONE: Final = 10  # a tenth of the budget
_MOST: Final = 5


def name_of(view: CampaignView) -> str:
    """A campaign's name in the page's language."""
    return formats.name(view.draft.name.zh, view.draft.name.en)


def of_merchant(*, seat: Seat, running: list[CampaignView]) -> tuple[Need, ...]:
    """In the order of how soon it hurts."""
    return (*_budgets(running), *_approvals(seat), *_statements(seat), *_documents(seat))


def _budgets(running: list[CampaignView]) -> list[Need]:
    found = []
    for view in running:
        if view.left is None:
            continue
        whole = view.left + view.held + view.committed
        if view.left * _ALMOST_GONE > whole:
            continue
        text = _("%(name)s has %(left)s of its budget left.") % {
            "name": name_of(view),
            "left": formats.money(view.left, view.draft.currency),
        }
        found.append(
            Need(
                icon="alert",
                tone="danger" if view.left == 0 else "warning",
                text=text,
                url=reverse("portal:campaign", kwargs={"campaign_id": view.public_id}),
                action=_("Look at it"),
            )
        )
    return found


def _approvals(seat: Seat) -> list[Need]:
    if not seat.may("campaigns:approve"):
        return []
    waiting = desk.campaign_page(tenant_id=seat.party.id, states=("in_review",), limit=_MOST)
    return [
        Need(
            icon="clock",
            tone="warning",
            text=_("%(name)s waits for approval.") % {"name": name_of(view)},
            url=reverse("portal:campaign", kwargs={"campaign_id": view.public_id}),
            action=_("Check it"),
        )
        for view in waiting
        if seat.person_id not in {view.made_by_id, view.submitted_by_id}
    ]


def _statements(seat: Seat) -> list[Need]:
    if not seat.may("statements:approve"):
        return []
    count = money.waiting_for_approval(party_id=seat.party.id)
    if not count:
        return []
    text = ngettext("%(count)d statement waits for approval.", "%(count)d statements wait for approval.", count)
    return [
        Need(
            icon="coins",
            tone="warning",
            text=text % {"count": count},
            url=f"{reverse('portal:statements')}?state=in_review",
            action=_("Check them"),
        )
    ]


def _documents(seat: Seat) -> list[Need]:
    if not seat.may("claims:read"):
        return []
    collecting = next(
        (row for row in claim_desk.claim_groups(tenant_id=seat.party.id) if row.state == "collecting"), None
    )
    if collecting is None:
        return []
    text = ngettext(
        "%(count)d trade-in claim still collects documents, %(amount)s.",
        "%(count)d trade-in claims still collect documents, %(amount)s.",
        collecting.count,
    )
    return [
        Need(
            icon="swap",
            tone="warning",
            text=text
            % {"count": collecting.count, "amount": formats.money(collecting.amount_minor, seat.party.currency)},
            url=f"{reverse('portal:claims')}?state=collecting",
            action=_("See what is missing"),
        )
    ]
