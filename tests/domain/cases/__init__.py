"""Worked cases of other people: tables whose every row names where its numbers were published.

A row that we do not meet stays, with the reason in `unmet`; its test must fail for the reason to stand (strict xfail).
"""

from decimal import Decimal

import pytest


def parameters(rows):
    """The rows of a table as test parameters, each named by its source; rows not met are expected to fail."""
    return [
        pytest.param(row, id=f"{number}-{row.source[:60]}", marks=_marks(row))
        for number, row in enumerate(rows, start=1)
    ]


def _marks(row):
    return [pytest.mark.xfail(strict=True, raises=AssertionError, reason=row.unmet)] if row.unmet else []


def as_published(value, published):
    """A number to as many decimals as were published, halves away from zero, to be compared as text."""
    places = Decimal(published)
    return f"{Decimal(value).quantize(places, rounding='ROUND_HALF_UP'):f}"
