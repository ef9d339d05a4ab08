"""A refusal's code as a sentence for the person at the screen: what is the matter and what to do."""

from typing import Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from domain.errors import DomainError
from portal.words import Text

SENTENCES: Final[dict[str, Text]] = {
    "illegal_move": _("This is not possible in the present state. Reload the page to see where it stands now."),
    "checker_is_maker": _("The person who made or submitted it cannot approve it. Ask a colleague to check it."),
    "maker_is_checker": _("Whoever closed the day cannot approve its statements. Ask a colleague to check it."),
    "forbidden": _("Your role does not allow this."),
    "scope_missing": _("Your role does not allow this."),
    "conflict": _("Somebody else changed this at the same moment. Look again and repeat what is still wanted."),
    "campaign_incomplete": _("Something is missing: a campaign needs a budget, an end and somebody who pays."),
    "person_required": _("An approval needs a person."),
    "funder_declined": _("A co-funder has declined its share. Change the campaign and ask again."),
    "already_decided": _("This was decided already."),
    "window_over": _("The campaign's end has passed. Change its end first."),
    "nothing_pending": _("No change of this campaign waits for approval."),
    "budget_below_spent": _("The new limit is below what is already held and spent."),
    "budget_move_refused": _("The budget has no such amount held or spent."),
    "buyer_cap_reached": _("This buyer has used up what the campaign gives one buyer."),
    "funder_not_accepted": _("A co-funder has not accepted its share yet. The campaign can go live after the yes."),
    "statement_hash_changed": _("The statement is not the one you looked at: its hash is different. Look at it again."),
    "budget_exhausted": _("The budget is used up."),
    "refund_exceeds_captured": _("That is more than can still be refunded."),
    "nothing_to_refund": _("Choose what to refund first."),
    "not_the_open_day": _("This day is closed already."),
    "export_kind_unsupported": _("This file cannot be made in this format."),
    "statement_not_ready": _("The statement is still being computed. Try again in a moment."),
    "day_not_over": _("The open day is not over yet."),
    "catalogue_stale": _("Prices cannot be shown right now, because they could be out of date. Try again in a moment."),
}

REASONS: Final[dict[str, Text]] = {
    "missing_field": _("Something that is needed was left empty."),
    "exactly_one": _("Give exactly one of the possible values."),
    "out_of_range": _("A value is outside what is possible."),
    "shares_do_not_add_up": _("The shares must add up to 100%."),
    "duplicate": _("Something stands twice."),
    "unknown_id": _("Something that was named does not exist here."),
    "above_total": _("A part of the budget cannot be larger than the whole."),
    "below_minimum": _("The largest amount is below the smallest."),
    "ends_before_start": _("The end must be after the start."),
    "not_for_this_kind": _("This kind of campaign does not have that."),
    "currency_mismatch": _("The currency is not the merchant's."),
    "unknown_timezone": _("This time zone does not exist."),
}


def sentence(error: DomainError) -> str:
    """The sentence of a refusal; an unknown code falls back to what its author wrote about it."""
    known = SENTENCES.get(error.code)
    if known is None:
        known = REASONS.get(getattr(error, "reason", ""))
    if known is not None:
        return str(known)
    written = getattr(error, "detail", "") or (type(error).__doc__ or "").strip().split("\n")[0]
    return gettext("Refused: %(why)s (%(code)s)") % {"why": written, "code": error.code}
