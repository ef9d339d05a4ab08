"""Sample products for the live preview: prices can be changed, nothing here decides anything."""

from typing import Final

from django.utils.translation import gettext_lazy as _
from msgspec import Struct

from portal.words import Text


class Sample(Struct, frozen=True, kw_only=True):
    """A product to try a campaign on; the price is in the major unit of the merchant's currency."""

    code: str
    word: Text
    category: str
    price: int
    energy_grade: int | None = None


SAMPLES: Final[tuple[Sample, ...]] = (
    Sample(code="phone", word=_("Phone"), category="phone", price=5999),
    Sample(code="phone-mid", word=_("Phone, middle class"), category="phone", price=3999),
    Sample(code="tablet", word=_("Tablet"), category="tablet", price=3299),
    Sample(code="computer", word=_("Computer, grade 1"), category="computer", price=6299, energy_grade=1),
    Sample(code="refrigerator", word=_("Refrigerator, grade 1"), category="refrigerator", price=4599, energy_grade=1),
    Sample(
        code="air-conditioner",
        word=_("Air conditioner, grade 1"),
        category="air_conditioner",
        price=2799,
        energy_grade=1,
    ),
    Sample(code="television", word=_("Television, grade 1"), category="television", price=5499, energy_grade=1),
    Sample(code="other", word=_("Something else"), category="other", price=899),
)
BY_CODE: Final[dict[str, Sample]] = {sample.code: sample for sample in SAMPLES}
