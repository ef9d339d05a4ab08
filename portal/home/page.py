"""What the merchant's and the brand's home pages show, as values."""

from datetime import date, datetime

from msgspec import Struct

from portal.charts import Segment, TermChart
from portal.words import Text


class FunderFigure(Struct, frozen=True, kw_only=True):
    """What one party paid."""

    kind: str
    name: str
    amount_minor: int


class Coming(Struct, frozen=True, kw_only=True):
    """The money on its way: the open day's movements of the merchant's accounts, as one sentence."""

    day: date
    net_minor: int
    sales_minor: int
    own_subsidy_minor: int
    service_fee_minor: int
    other_minor: int
    government_minor: int

    @property
    def other_size(self) -> int:
        """The other movements without their sign."""
        return abs(self.other_minor)


class Need(Struct, frozen=True, kw_only=True):
    """Something a person should look at."""

    icon: str
    tone: str
    text: str
    url: str
    action: Text


class RunningCampaign(Struct, frozen=True, kw_only=True):
    """A running campaign and its budget."""

    id: str
    name: str
    kind: str
    state: str
    ends_at: datetime
    days_left: int
    limit_minor: int | None
    held_minor: int
    committed_minor: int
    left_minor: int | None
    bar: tuple[Segment, ...]
    plans_today: int
    cost_per_plan_minor: int | None


class FirstStep(Struct, frozen=True, kw_only=True):
    """A step of the first-run list."""

    text: Text
    url: str
    done: bool


class MerchantHome(Struct, frozen=True, kw_only=True):
    """The merchant's home page."""

    today: date
    currency: str
    timezone: str
    plans_today: int
    sales_minor: int
    financed_minor: int
    subsidy_minor: int
    waived_minor: int
    waived_by: tuple[FunderFigure, ...]
    waived_bar: tuple[Segment, ...]
    coming: Coming | None
    needs: tuple[Need, ...]
    campaigns: tuple[RunningCampaign, ...]
    chart: TermChart | None
    first_steps: tuple[FirstStep, ...]
