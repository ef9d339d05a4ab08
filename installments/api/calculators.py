"""POST /v1/calculators/…: what an integrator checks before the first quote. Any key, no scope; nothing is stored."""

from domain.calculators.exact import InvalidRate
from domain.calculators.moments import TooManyFlows
from domain.calculators.rebate import InvalidSettlement
from domain.calculators.schedule_terms import InvalidSchedule
from domain.calculators.trade_in import ReductionsExceedPrice
from domain.calendars import DateOutOfRange, InvalidPeriod
from domain.money import InvalidWeights, UnknownCurrency
from domain.rounding_profiles import UnknownRoundingProfile
from foundation.api import BROWSER_KEYS, Call, Endpoint, Route
from installments.services import calculators, stacks
from installments.services.calculator_in import AllocateIn, AnnualCostIn, RebateIn, ScheduleIn, SubsidyIn
from installments.services.calculator_out import AllocateOut, AnnualCostOut, RebateOut, ScheduleOut, SubsidyOut
from installments.services.catalogue import CatalogueStale
from installments.services.stack_in import StackIn
from installments.services.stack_out import StackOut

TAG = "Calculators"


class Schedule(Endpoint):
    """Lay a loan out."""

    tag = TAG

    @Route(
        body=ScheduleIn,
        returns=ScheduleOut,
        keys=BROWSER_KEYS,
        errors=(
            InvalidSchedule,
            InvalidRate,
            InvalidPeriod,
            UnknownRoundingProfile,
            UnknownCurrency,
            DateOutOfRange,
        ),
    )
    def post(self, _call: Call, *, body: ScheduleIn) -> ScheduleOut:
        """Every payment of a loan, dated and rounded as a lender rounds, and what it costs a year."""
        return calculators.schedule(body)


class AnnualCost(Endpoint):
    """What borrowing costs a year."""

    tag = TAG

    @Route(body=AnnualCostIn, returns=AnnualCostOut, keys=BROWSER_KEYS, errors=(TooManyFlows, DateOutOfRange))
    def post(self, _call: Call, *, body: AnnualCostIn) -> AnnualCostOut:
        """The annual cost of advances repaid by payments, by the convention of a country."""
        return calculators.annual_cost(body)


class TradeIn(Endpoint):
    """The government's subsidy."""

    tag = TAG

    @Route(body=SubsidyIn, returns=SubsidyOut, keys=BROWSER_KEYS, errors=(ReductionsExceedPrice,))
    def post(self, call: Call, *, body: SubsidyIn) -> SubsidyOut:
        """The trade-in subsidy of one unit, by the rules of the day and place of its sale."""
        return calculators.trade_in(caller=call.caller, request=body)


class Rebate(Endpoint):
    """Early settlement."""

    tag = TAG

    @Route(body=RebateIn, returns=RebateOut, keys=BROWSER_KEYS, errors=(InvalidSettlement, InvalidRate, DateOutOfRange))
    def post(self, _call: Call, *, body: RebateIn) -> RebateOut:
        """How much interest is given back when a loan ends before its time, and what settles it."""
        return calculators.rebate(body)


class Allocate(Endpoint):
    """Share an amount."""

    tag = TAG

    @Route(body=AllocateIn, returns=AllocateOut, keys=BROWSER_KEYS, errors=(InvalidWeights,))
    def post(self, _call: Call, *, body: AllocateIn) -> AllocateOut:
        """Share an amount by weights so that the parts re-add, with the remainder's owner named."""
        return calculators.allocate(body)


class Stack(Endpoint):
    """Try offers."""

    tag = TAG

    @Route(body=StackIn, returns=StackOut, keys=BROWSER_KEYS, errors=(UnknownCurrency, CatalogueStale))
    def post(self, call: Call, *, body: StackIn) -> StackOut:
        """What a basket costs with offers that are no campaigns yet: amounts, waterfall, and why any did not apply."""
        return stacks.stack(caller=call.caller, request=body, now=call.now)
