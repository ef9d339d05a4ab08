"""Refusals of campaigns, their budgets and co-funders."""

from domain.errors import DomainError


class CampaignIncomplete(DomainError):
    """The campaign lacks something without which it may not go live: budget, end, owner, funders or terms."""

    code = "campaign_incomplete"
    status = 422

    def __init__(self, *, at: str, reason: str, detail: str) -> None:
        """`at` points at what is missing."""
        super().__init__(missing=reason)
        self.at = at
        self.reason = reason
        self.detail = detail


class CheckerIsMaker(DomainError):
    """Whoever made or submitted a campaign cannot approve it; another person must."""

    code = "checker_is_maker"
    status = 403


class PersonRequired(DomainError):
    """An approval needs a person: this API key acts for nobody."""

    code = "person_required"
    status = 403


class LaunchNotAllowed(DomainError):
    """`launch: true` is for secret test keys with the scope campaigns:launch."""

    code = "launch_not_allowed"
    status = 403


class FunderNotAccepted(DomainError):
    """A co-funder has not accepted this version of the campaign."""

    code = "funder_not_accepted"


class FunderDeclined(DomainError):
    """A co-funder declined this version of the campaign; change it and ask again."""

    code = "funder_declined"


class AlreadyDecided(DomainError):
    """The co-funder has already decided on this version."""

    code = "already_decided"


class WindowOver(DomainError):
    """The campaign's end has passed."""

    code = "window_over"


class NothingPending(DomainError):
    """No change of this campaign waits for approval."""

    code = "nothing_pending"


class BudgetBelowSpent(DomainError):
    """The new limit is below what is already held and committed."""

    code = "budget_below_spent"


class BudgetExhausted(DomainError):
    """The campaign's budget does not reach for this purchase."""

    code = "budget_exhausted"


class BuyerCapReached(DomainError):
    """This buyer has used up what the campaign gives one buyer."""

    code = "buyer_cap_reached"


class BudgetMoveRefused(DomainError):
    """The plan has nothing held, or not so much committed, in this campaign."""

    code = "budget_move_refused"
