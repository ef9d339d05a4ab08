"""What is given back: whole units of lines, or an amount on units the buyer keeps."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.campaigns.forms.base import AmountField
from portal.plans.shapes import Unit

_MODES: Final = (("units", _("Goods come back")), ("amount", _("The buyer keeps the goods and pays less")))


class RefundForm(forms.Form):
    """One field `unit-<line>` for each line that still has units."""

    mode = forms.ChoiceField(label=_("What happens"), choices=_MODES, widget=forms.RadioSelect, initial="units")
    amount = AmountField(label=_("Amount"))
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, data: Mapping[str, Any] | None = None, *, units: Sequence[Unit], currency: str) -> None:
        super().__init__(data)
        self.units = [unit for unit in units if unit.left > 0]
        amount = self.fields["amount"]
        if isinstance(amount, AmountField):
            amount.currency = currency
        for number, unit in enumerate(self.units):
            choices = [(str(count), str(count)) for count in range(unit.left + 1)]
            only = "1" if len(self.units) == 1 and unit.left == 1 else "0"
            self.fields[f"unit-{number}"] = forms.ChoiceField(
                label=unit.name, choices=choices, required=False, initial=only
            )

    @property
    def unit_rows(self) -> list[tuple[Unit, forms.BoundField]]:
        """Lines with their fields, for the template."""
        return [(unit, self[f"unit-{number}"]) for number, unit in enumerate(self.units)]

    def _chosen(self) -> list[dict[str, Any]]:
        rows = []
        for number, unit in enumerate(self.units):
            count = int(self.cleaned_data.get(f"unit-{number}") or 0)
            if count:
                rows.append({"id": unit.line, "quantity": count})
        return rows

    def clean(self) -> dict[str, Any]:
        """Something must be chosen."""
        cleaned = super().clean() or {}
        if cleaned.get("mode") == "units" and not self._chosen():
            self.add_error(None, gettext("Choose at least one unit that comes back."))
        if cleaned.get("mode") == "amount" and not cleaned.get("amount") and "amount" not in self.errors:
            self.add_error("amount", gettext("Say how much less the buyer pays."))
        return cleaned

    def request(self) -> dict[str, Any]:
        """As the service reads it."""
        done = self.cleaned_data
        asked: dict[str, Any] = {"reason": done["reason"]}
        return asked | ({"lines": self._chosen()} if done["mode"] == "units" else {"amount": done["amount"]})
