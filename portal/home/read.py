"""Gather the home pages from the apps' selectors."""

from datetime import datetime

from portal.access import Seat
from portal.home.page import MerchantHome


def merchant_home(*, seat: Seat, now: datetime) -> MerchantHome:
    """The merchant's home page at an instant."""
    return MerchantHome(
        today=now.date(),
        currency=seat.party.currency,
        timezone=seat.party.timezone,
        plans_today=0,
        sales_minor=0,
        financed_minor=0,
        subsidy_minor=0,
        waived_minor=0,
        waived_by=(),
        waived_bar=(),
        coming=None,
        needs=(),
        campaigns=(),
        chart=None,
        first_steps=(),
    )
