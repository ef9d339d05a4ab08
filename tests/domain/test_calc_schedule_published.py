"""The schedule calculator against other people's schedules: shops, a core banking system, spreadsheets, gateways."""

from decimal import Decimal

import pytest

from tests.domain.cases import as_published, parameters, schedules
from tests.domain.schedules_laid_out import column, laid_out

# Spreadsheets do not round rows; in units this small the rounding of ours is beyond their decimals.
UNIT = 10**18


def unrounded(request):
    given = {key: request[key] for key in request if key != "principal"}
    return laid_out(principal_minor=request["principal"] * UNIT, **given)


@pytest.mark.parametrize("case", parameters([*schedules.FINERACT, *schedules.SHOPS]))
def test_published_schedules_are_met_row_by_row(case):
    answer = laid_out(**case.request)

    assert list(zip(column(answer, "principal"), column(answer, "fee"), strict=True)) == case.rows


@pytest.mark.parametrize("case", parameters(schedules.SPREADSHEETS))
def test_the_spreadsheets_payment_functions_are_met_to_the_last_digit(case):
    row = unrounded(case.request).rows[case.row - 1]

    assert as_published(Decimal(getattr(row, f"{case.column}_minor")) / UNIT, case.published) == case.published


@pytest.mark.parametrize("case", parameters(schedules.CUMULATED))
def test_the_spreadsheets_cumulative_functions_are_met_to_the_last_digit(case):
    rows = column(unrounded(case.request), case.column)[case.first - 1 : case.last]

    assert as_published(Decimal(sum(rows)) / UNIT, case.published) == case.published


@pytest.mark.parametrize("case", parameters(schedules.NO_COST))
def test_the_gateways_no_cost_discounts_are_met_to_the_last_digit(case):
    answer = laid_out(**case.request)

    assert answer.discount_minor == case.discount
    assert answer.installment_minor == case.installment
    assert (answer.totals.tax_minor, answer.totals.amount_minor) == (case.tax, case.total)
