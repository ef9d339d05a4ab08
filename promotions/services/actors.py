"""Who moves a campaign, as far as campaigns care."""

from uuid import UUID

from msgspec import Struct

from foundation.caller import Caller, KeyKind
from promotions.services.errors import CheckerIsMaker, LaunchNotAllowed, PersonRequired


class Actor(Struct, frozen=True, kw_only=True):
    """A person, or the key that acts for one. `may_launch` is the scope campaigns:launch."""

    person_id: UUID | None
    livemode: bool = False
    may_launch: bool = False
    kind: KeyKind = "secret"

    @property
    def launches_alone(self) -> bool:
        """Whether one call may carry a campaign from draft to live: in test mode only."""
        return self.may_launch and not self.livemode and self.kind == "secret"

    def require_launches_alone(self) -> None:
        """Raises LaunchNotAllowed."""
        if not self.launches_alone:
            raise LaunchNotAllowed

    def require_other_than(self, *makers: UUID | None) -> None:
        """Maker is never checker. Raises PersonRequired, CheckerIsMaker."""
        if self.person_id is None:
            raise PersonRequired
        if self.person_id in makers:
            raise CheckerIsMaker


def actor_of(caller: Caller) -> Actor:
    """The actor behind an API key."""
    return Actor(
        person_id=caller.person_id,
        livemode=caller.livemode,
        may_launch="campaigns:launch" in caller.scopes or "*" in caller.scopes,
        kind=caller.kind,
    )
