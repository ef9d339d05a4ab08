"""Step 3, budget and limits: how much may be given away, to whom, and how often."""

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.campaigns.forms.base import AmountField, StepForm
from promotions.shapes import Draft

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

_BUDGETS: Final = {
    "budget_total": "total",
    "budget_daily": "daily",
    "budget_per_store": "per_store",
    "budget_per_buyer": "per_buyer",
}
_COUNTS: Final = ("uses_total", "uses_per_buyer", "uses_per_serial")


def _count(label: "_StrPromise") -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=1,
        max_value=1_000_000_000,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class LimitsForm(StepForm):
    """A campaign without a total budget can be a draft, but never live."""

    budget_total = AmountField(
        label=_("Total budget"),
        required=True,
        help_text=_("All funders together. When it is used up the offer stops by itself."),
    )
    budget_daily = AmountField(label=_("Per day"))
    budget_per_store = AmountField(label=_("Per store"))
    budget_per_buyer = AmountField(label=_("Per buyer"))
    min_amount = AmountField(label=_("Order from"))
    max_amount = AmountField(label=_("Order up to"))
    uses_total = _count(_("Uses in all"))
    uses_per_buyer = _count(_("Uses per buyer"))
    uses_per_serial = _count(_("Uses per serial number"))
    when_short = forms.ChoiceField(
        label=_("When the rest of a budget is too small"),
        choices=(("refuse", _("do not offer it")), ("trim", _("offer what is left"))),
    )

    def fresh(self) -> dict[str, Any]:
        """Refuse is the safe default."""
        return {"when_short": "refuse"}

    def read(self, draft: Draft) -> dict[str, Any]:
        """Fields of a draft."""
        start: dict[str, Any] = {name: getattr(draft.budget, part) for name, part in _BUDGETS.items()}
        start.update({name: getattr(draft.limits, name) for name in _COUNTS})
        return start | {
            "min_amount": draft.min_amount,
            "max_amount": draft.max_amount,
            "when_short": draft.when_short,
        }

    def clean(self) -> dict[str, Any]:
        """A part is not larger than the whole."""
        cleaned = super().clean() or {}
        total = cleaned.get("budget_total")
        for name in _BUDGETS:
            part = cleaned.get(name)
            if total and part and part > total:
                self.add_error(name, gettext("This is more than the total budget."))
        least, most = cleaned.get("min_amount"), cleaned.get("max_amount")
        if least and most and most < least:
            self.add_error("max_amount", gettext("The largest amount is below the smallest."))
        return cleaned

    def change(self) -> dict[str, Any]:
        """Parts of a draft; a limit shared between campaigns stays."""
        done = self.cleaned_data
        budget: dict[str, Any] = {part: done[name] for name, part in _BUDGETS.items()}
        shared = self.draft.budget.shared_cap if self.draft is not None else None
        if shared is not None:
            budget["shared_cap"] = {"name": shared.name, "amount": shared.amount}
        return {
            "budget": budget,
            "limits": {name: done[name] for name in _COUNTS},
            "min_amount": done["min_amount"],
            "max_amount": done["max_amount"],
            "when_short": done["when_short"],
        }
