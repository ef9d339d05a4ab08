"""A schedule with every term but the ones a test is about: 12,000.00 over 12 months at 12 % a year, level payments."""

from datetime import date
from decimal import Decimal

from domain.calculators.schedule import calculate_schedule
from domain.calculators.schedule_terms import ScheduleRequest
from domain.calendars import Period
from domain.rounding_profiles import PROFILES

START = date(2026, 11, 21)


def laid_out(*, rounding="emi_half_up", rate_percent="12", tax_percent="0", period=("month", 1), **terms):
    defaults = {"principal_minor": 1_200_000, "term": 12, "method": "annuity", "rate_kind": "annual", "start_on": START}
    return calculate_schedule(
        ScheduleRequest(
            **defaults
            | {
                "profile": PROFILES[rounding] if isinstance(rounding, str) else rounding,
                "rate_percent": Decimal(rate_percent),
                "tax_percent": Decimal(tax_percent),
                "period": Period(*period),
            }
            | terms
        )
    )


def column(answer, name):
    return [getattr(row, f"{name}_minor") for row in answer.rows]
