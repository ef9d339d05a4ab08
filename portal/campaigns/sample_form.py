"""The sample sale of the preview: what, for how much, where, and with the subsidy or not."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from domain.money import exponent
from portal import words
from portal.campaigns.forms.base import AmountField, EditorContext
from portal.campaigns.samples import BY_CODE, SAMPLES, Sample


class SampleForm(forms.Form):
    """Field names carry the prefix `sample-`, so that both forms can be sent together."""

    prefix = "sample"
    product = forms.ChoiceField(label=_("Sample"), choices=tuple((row.code, row.word) for row in SAMPLES))
    price = AmountField(label=_("Price"), required=True)
    brand_code = forms.CharField(label=_("Brand code"), required=False, max_length=64)
    store = forms.ChoiceField(label=_("Store"), required=False)
    channel = forms.ChoiceField(label=_("Channel"), required=False, choices=tuple(words.CHANNELS.items()))
    region = forms.CharField(label=_("Region"), required=False, max_length=8)
    trade_in = forms.BooleanField(label=_("with trade-in subsidy"), required=False)
    last_product = forms.CharField(required=False, max_length=24, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        around: EditorContext,
        initial: dict[str, Any] | None = None,
    ) -> None:
        self.around = around
        super().__init__(data, initial=initial)
        stores = self.fields["store"]
        if isinstance(stores, forms.ChoiceField):
            stores.choices = [("", "–"), *around.stores]
        amount = self.fields["price"]
        if isinstance(amount, AmountField):
            amount.currency = around.currency

    @property
    def sample(self) -> Sample:
        """The chosen sample."""
        return BY_CODE.get(str(self["product"].value()), SAMPLES[0])


def initial_sample(*, around: EditorContext, brand: str = "", category: str = "", region: str = "") -> dict[str, Any]:
    """A sample that fits the campaign's scope, in the merchant's first store."""
    fitting = next((row for row in SAMPLES if category and row.category == category), SAMPLES[0])
    return {
        "product": fitting.code,
        "last_product": fitting.code,
        "price": fitting.price * 10 ** exponent(around.currency),
        "brand_code": brand,
        "store": around.stores[0][0] if around.stores else "",
        "channel": "pos" if around.stores else "online",
        "region": region,
        "trade_in": True,
    }
