"""The life of a campaign: draft > in_review > scheduled > live > (paused | exhausted) > ended > archived."""

from enum import StrEnum

from domain.states import IllegalMove, step

__all__ = ["CampaignMove", "CampaignState", "IllegalMove", "move"]


class CampaignState(StrEnum):
    """Spelled as stored and as in the API."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    SCHEDULED = "scheduled"
    LIVE = "live"
    PAUSED = "paused"
    EXHAUSTED = "exhausted"
    ENDED = "ended"
    ARCHIVED = "archived"


class CampaignMove(StrEnum):
    """What can happen to a campaign. `return_to_draft` is the checker's no; `replenish` is money coming back to a
    budget that was spent (a refund, a raised budget)."""

    SUBMIT = "submit"
    RETURN_TO_DRAFT = "return_to_draft"
    APPROVE = "approve"
    LAUNCH = "launch"
    PAUSE = "pause"
    RESUME = "resume"
    EXHAUST = "exhaust"
    REPLENISH = "replenish"
    END = "end"
    ARCHIVE = "archive"


_S = CampaignState
_TABLE: dict[CampaignMove, tuple[frozenset[CampaignState], CampaignState]] = {
    CampaignMove.SUBMIT: (frozenset({_S.DRAFT}), _S.IN_REVIEW),
    CampaignMove.RETURN_TO_DRAFT: (frozenset({_S.IN_REVIEW}), _S.DRAFT),
    CampaignMove.APPROVE: (frozenset({_S.IN_REVIEW}), _S.SCHEDULED),
    CampaignMove.LAUNCH: (frozenset({_S.SCHEDULED}), _S.LIVE),
    CampaignMove.PAUSE: (frozenset({_S.LIVE}), _S.PAUSED),
    CampaignMove.RESUME: (frozenset({_S.PAUSED}), _S.LIVE),
    CampaignMove.EXHAUST: (frozenset({_S.LIVE}), _S.EXHAUSTED),
    CampaignMove.REPLENISH: (frozenset({_S.EXHAUSTED}), _S.LIVE),
    # A campaign that was approved and never launched can be called off: it ends without having been live.
    CampaignMove.END: (frozenset({_S.SCHEDULED, _S.LIVE, _S.PAUSED, _S.EXHAUSTED}), _S.ENDED),
    CampaignMove.ARCHIVE: (frozenset({_S.ENDED}), _S.ARCHIVED),
}


def move(state: str, by: CampaignMove) -> CampaignState:
    """`move("live", CampaignMove.PAUSE)` is `paused`. Raises IllegalMove."""
    return step(noun="campaign", table=_TABLE, state=state, by=by)
