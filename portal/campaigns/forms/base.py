"""What the steps share: fields for money, percentages and lists, and whom a campaign may name."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from msgspec import Struct

from domain.errors import DomainError
from domain.money import InvalidAmount, format_decimal, parse_decimal
from domain.rates import PPM, parse_percent
from promotions.shapes import Draft

Choice = tuple[str, str]


class EditorContext(Struct, frozen=True, kw_only=True):
    """Whom and what the merchant's campaigns may name; choices are (public id or code, name)."""

    tenant_id: UUID
    currency: str
    timezone: str
    brands: tuple[Choice, ...]
    platforms: tuple[Choice, ...]
    programmes: tuple[Choice, ...]
    carriers: tuple[Choice, ...]
    lenders: tuple[Choice, ...]
    stores: tuple[Choice, ...]
    campaigns: tuple[Choice, ...]
    terms: tuple[int, ...]


class AmountField(forms.CharField):
    """An amount a person types, `1,000.50`; cleaned to minor units of the form's currency."""

    currency = "CNY"

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - Django's field options
        options.setdefault("required", False)
        options.setdefault("max_length", 24)
        super().__init__(**options)
        self.widget.attrs.update({"inputmode": "decimal", "autocomplete": "off"})

    def clean(self, value: Any) -> int | None:  # noqa: ANN401 - as Django calls it
        """Minor units, or None when empty."""
        text = str(super().clean(value)).replace(",", "").replace("，", "").replace(" ", "")
        if not text:
            return None
        try:
            minor = parse_decimal(text=text, currency=self.currency)
        except InvalidAmount:
            raise ValidationError(gettext("Write an amount such as 1000.50."), code="invalid") from None
        if minor <= 0:
            raise ValidationError(gettext("The amount must be above zero."), code="invalid")
        return minor

    def prepare_value(self, value: Any) -> Any:  # noqa: ANN401 - as Django calls it
        """Minor units as what a person types; what was typed stays as it is."""
        return format_decimal(minor=value, currency=self.currency) if isinstance(value, int) else value


class PercentField(forms.CharField):
    """A percentage, `60` or `12.5`; kept as text."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - Django's field options
        options.setdefault("required", False)
        options.setdefault("max_length", 8)
        super().__init__(**options)
        self.widget.attrs.update({"inputmode": "decimal", "autocomplete": "off"})

    def clean(self, value: Any) -> str:  # noqa: ANN401 - as Django calls it
        """The percentage without a sign, or an empty text."""
        text = str(super().clean(value)).rstrip("%％ ")
        if not text:
            return ""
        try:
            parts = parse_percent(text)
        except DomainError as error:
            raise ValidationError(gettext("Write a percentage such as 60 or 12.5."), code="invalid") from error
        if parts > PPM:
            raise ValidationError(gettext("A percentage is at most 100."), code="invalid")
        return text


class ListField(forms.CharField):
    """Codes separated by commas, spaces or new lines."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - Django's field options
        options.setdefault("required", False)
        options.setdefault("max_length", 8_000)
        super().__init__(**options)
        self.widget.attrs.update({"autocomplete": "off"})

    def clean(self, value: Any) -> list[str]:  # noqa: ANN401 - as Django calls it
        """The codes, each once."""
        text = str(super().clean(value))
        for sign in ",，;；\n\r\t":
            text = text.replace(sign, " ")
        return list(dict.fromkeys(text.split()))

    def prepare_value(self, value: Any) -> Any:  # noqa: ANN401 - as Django calls it
        """A list as text."""
        return ", ".join(value) if isinstance(value, list | tuple) else value


class StepForm(forms.Form):
    """One step. `read` gives the fields of a draft, `change` the parts of a draft that the fields say."""

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, around: EditorContext, kind: str, draft: Draft | None
    ) -> None:
        self.around = around
        self.kind = kind
        self.draft = draft
        super().__init__(data, initial=self.read(draft) if draft is not None else self.fresh())
        self.build()
        for field in self.fields.values():
            if isinstance(field, AmountField):
                field.currency = around.currency

    def build(self) -> None:
        """Fit the fields to the kind of campaign."""

    def fresh(self) -> dict[str, Any]:
        """Initial values of a new campaign."""
        return {}

    def read(self, draft: Draft) -> dict[str, Any]:
        """Initial values of a draft."""
        raise NotImplementedError

    def change(self) -> dict[str, Any]:
        """The cleaned fields as parts of a draft, spelled as in promotions/shapes."""
        raise NotImplementedError
