"""How states look: word, colour and icon, the same words as in the API."""

from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from msgspec import Struct

from portal.words import Text


class Look(Struct, frozen=True):
    """How a state is shown: its word, its tone (a colour) and an icon."""

    word: Text
    tone: str
    icon: str


CAMPAIGN_STATES: Final[dict[str, Look]] = {
    "draft": Look(_("Draft"), "neutral", "pencil"),
    "in_review": Look(_("In review"), "warning", "clock"),
    "scheduled": Look(_("Scheduled"), "info", "calendar"),
    "live": Look(_("Live"), "positive", "play"),
    "paused": Look(_("Paused"), "warning", "pause"),
    "exhausted": Look(_("Budget used up"), "danger", "alert"),
    "ended": Look(_("Ended"), "neutral", "stop"),
    "archived": Look(_("Archived"), "neutral", "box"),
}
PLAN_STATES: Final[dict[str, Look]] = {
    "pending": Look(_("Waiting for lender"), "warning", "clock"),
    "authorised": Look(_("Authorised"), "info", "check"),
    "captured": Look(_("Captured"), "positive", "check"),
    "part_refunded": Look(_("Partly refunded"), "warning", "undo"),
    "refunded": Look(_("Refunded"), "neutral", "undo"),
    "completed": Look(_("Completed"), "positive", "check"),
    "declined": Look(_("Declined"), "danger", "cross"),
    "cancelled": Look(_("Cancelled"), "neutral", "cross"),
    "expired": Look(_("Expired"), "neutral", "clock"),
}
STATEMENT_STATES: Final[dict[str, Look]] = {
    "open": Look(_("Open"), "neutral", "clock"),
    "computing": Look(_("Computing"), "info", "clock"),
    "computed": Look(_("Computed"), "info", "check"),
    "in_review": Look(_("Waiting for approval"), "warning", "clock"),
    "approved": Look(_("Approved"), "positive", "check"),
    "paying": Look(_("Paying"), "info", "clock"),
    "paid": Look(_("Paid"), "positive", "check"),
    "part_paid": Look(_("Partly paid"), "warning", "alert"),
    "failed": Look(_("Failed"), "danger", "alert"),
    "reconciled": Look(_("Reconciled"), "positive", "check"),
    "carried": Look(_("Carried forward"), "neutral", "undo"),
}
CLAIM_STATES: Final[dict[str, Look]] = {
    "collecting": Look(_("Collecting documents"), "warning", "clock"),
    "submitted": Look(_("Submitted"), "info", "upload"),
    "accepted": Look(_("Accepted"), "info", "check"),
    "rejected": Look(_("Rejected"), "danger", "cross"),
    "disputed": Look(_("Disputed"), "warning", "alert"),
    "paid": Look(_("Paid"), "positive", "check"),
    "returned": Look(_("Returned"), "neutral", "undo"),
    "withdrawn": Look(_("Withdrawn"), "neutral", "undo"),
}
SERIAL_STATES: Final[dict[str, Look]] = {
    "free": Look(_("Free"), "neutral", "check"),
    "held": Look(_("Held"), "info", "clock"),
    "locked": Look(_("Locked"), "warning", "lock"),
    "redeemed": Look(_("Redeemed"), "positive", "check"),
    "released": Look(_("Released"), "neutral", "undo"),
}
EXPORT_STATES: Final[dict[str, Look]] = {
    "queued": Look(_("Queued"), "neutral", "clock"),
    "running": Look(_("Running"), "info", "clock"),
    "done": Look(_("Done"), "positive", "check"),
    "failed": Look(_("Failed"), "danger", "alert"),
}
JOB_STATES: Final[dict[str, Look]] = {
    "due": Look(pgettext_lazy("job", "Due"), "neutral", "clock"),
    "sent": Look(_("Queued"), "info", "clock"),
    "running": Look(_("Running"), "info", "play"),
    "done": Look(_("Done"), "positive", "check"),
    "failed": Look(_("Failed"), "danger", "alert"),
}
SHARE_STATES: Final[dict[str, Look]] = {
    "waiting": Look(_("Waiting for an answer"), "warning", "clock"),
    "accepted": Look(_("Accepted"), "positive", "check"),
    "declined": Look(_("Declined"), "danger", "cross"),
}
STATES: Final[dict[str, dict[str, Look]]] = {
    "campaign": CAMPAIGN_STATES,
    "plan": PLAN_STATES,
    "statement": STATEMENT_STATES,
    "claim": CLAIM_STATES,
    "serial": SERIAL_STATES,
    "export": EXPORT_STATES,
    "share": SHARE_STATES,
    "job": JOB_STATES,
}


def look(noun: str, state: str) -> Look:
    """The look of a state; a state nobody told us about is shown by its code."""
    return STATES.get(noun, {}).get(state) or Look(state.replace("_", " "), "neutral", "dot")
