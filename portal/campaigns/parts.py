"""What the campaign pages share."""

from portal.access import Seat
from promotions.services.campaigns import Actor


def actor(seat: Seat) -> Actor:
    """The person behind the seat. In the portal maker and checker are always two people, sandbox or not."""
    return Actor(person_id=seat.person_id, livemode=seat.party.livemode, may_launch=False)
