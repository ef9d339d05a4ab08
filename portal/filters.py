"""What a filter of a list may say."""

from datetime import date
from typing import TYPE_CHECKING, Final

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from foundation.structs import FIRST_YEAR, LAST_YEAR

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

FIRST_DAY: Final = date(FIRST_YEAR, 1, 1)
LAST_DAY: Final = date(LAST_YEAR, 12, 31)


def day_field(label: "_StrPromise") -> forms.DateField:
    """A day that may be left out. One outside 1900 to 2999 is an error of the field: no zone leads past the calendar."""
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        validators=[MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)],
    )
