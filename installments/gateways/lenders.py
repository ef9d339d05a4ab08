"""The port to a lender's decision. The sandbox lender decides at once and always alike; remote lenders come behind it."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

REFUSED_PREAPPROVAL = "sandbox_decline"


class Decision(Struct, frozen=True, kw_only=True):
    """What the lender said, as it is kept with the plan."""

    outcome: Literal["approved", "declined"]
    by: str
    reference: str
    preapproval: str | None
    decided_at: datetime
    reason: str = ""


def decide(*, lender_id: str, financed_minor: int, preapproval: str | None, reference: str, now: datetime) -> Decision:
    """Ask a lender whether it finances an amount, in minor units.

    The sandbox approves everything but a pre-approval that begins with `sandbox_decline`: a test can have both answers.
    """
    refused = preapproval is not None and preapproval.startswith(REFUSED_PREAPPROVAL)
    return Decision(
        outcome="declined" if refused else "approved",
        by=lender_id,
        reference=f"sandbox-{reference}-{financed_minor}",
        preapproval=preapproval,
        decided_at=now,
        reason="preapproval_refused" if refused else "",
    )
