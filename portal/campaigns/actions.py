"""What can be done with a campaign: every button, who may press it, and what is asked before."""

from typing import Final

from django.utils.translation import gettext_lazy as _
from msgspec import Struct

from domain.campaign_states import CampaignMove, IllegalMove, move
from portal import words
from portal.access import Seat
from promotions.selectors.campaigns import CampaignView


class Action(Struct, frozen=True, kw_only=True):
    """A button: what it does, what the person is asked before."""

    code: str
    word: words.Text
    question: words.Text
    tone: str = ""
    note: bool = False


_ACTIONS: Final[tuple[tuple[CampaignMove, str, Action], ...]] = (
    (
        CampaignMove.SUBMIT,
        "campaigns:write",
        Action(
            code="submit",
            word=_("Submit for review"),
            question=_("A colleague checks it before it can go live. Co-funders are asked for their share."),
            tone="main",
        ),
    ),
    (
        CampaignMove.APPROVE,
        "campaigns:approve",
        Action(
            code="approve",
            word=_("Approve"),
            question=_("You confirm that terms, funders and budget are right. The maker cannot do this."),
            tone="main",
        ),
    ),
    (
        CampaignMove.RETURN_TO_DRAFT,
        "campaigns:approve",
        Action(
            code="return",
            word=_("Send back"),
            question=_("It becomes a draft again. Say what has to change."),
            note=True,
        ),
    ),
    (
        CampaignMove.LAUNCH,
        "campaigns:launch",
        Action(
            code="launch",
            word=_("Launch"),
            question=_("Buyers get it from its start on, until its end or until the budget is used up."),
            tone="main",
        ),
    ),
    (
        CampaignMove.PAUSE,
        "campaigns:launch",
        Action(
            code="pause",
            word=_("Pause"),
            question=_("New quotes no longer get it. Plans already signed stay as they are."),
        ),
    ),
    (
        CampaignMove.RESUME,
        "campaigns:launch",
        Action(code="resume", word=_("Resume"), question=_("Buyers get it again."), tone="main"),
    ),
    (
        CampaignMove.END,
        "campaigns:launch",
        Action(code="end", word=_("End"), question=_("It ends for ever. A clone can start a new one."), tone="danger"),
    ),
)
_APPROVE_CHANGE: Final = Action(
    code="approve", word=_("Approve the change"), question=_("The new version is priced from now on."), tone="main"
)
CLONE: Final = Action(code="clone", word=_("Clone"), question=_("A new draft with the same settings."))


def actions_of(seat: Seat, view: CampaignView) -> tuple[Action, ...]:
    """What the table of moves and the role allow now. Maker and checker are told apart when it is done."""
    found = []
    for step, permission, action in _ACTIONS:
        if not seat.may(permission):
            continue
        try:
            move(view.state, step)
        except IllegalMove:
            continue
        found.append(action)
    if view.pending_version is not None and seat.may("campaigns:approve"):
        found.insert(0, _APPROVE_CHANGE)
    if seat.may("campaigns:write"):
        found.append(CLONE)
    return tuple(found)
