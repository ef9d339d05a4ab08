"""Step 4, stacking: what it goes together with, and who comes first."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.campaigns.forms.base import StepForm
from promotions.shapes import Draft

_INTEREST: Final = ("interest_free", "interest_voucher", "trade_in")


class StackingForm(StepForm):
    """Lanes keep their order; a group says which of its members may apply together."""

    with_trade_in = forms.BooleanField(
        label=_("Together with the government's trade-in subsidy"), required=False, initial=True
    )
    base = forms.ChoiceField(
        label=_("A percentage is taken of"),
        choices=(("running", _("the price after the offers before it")), ("list", _("the list price"))),
    )
    group = forms.CharField(
        label=_("Group"), required=False, max_length=64, help_text=_("Campaigns of one group compete with each other.")
    )
    group_mode = forms.ChoiceField(
        label=_("In the group"),
        choices=(
            ("best", _("the best for the buyer")),
            ("first", _("the first by priority")),
            ("all", _("all of them")),
            ("at_most:2", _("at most two")),
        ),
    )
    priority = forms.IntegerField(
        label=_("Priority"),
        required=False,
        min_value=-1_000_000,
        max_value=1_000_000,
        help_text=_("Larger comes first."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    exclusions = forms.MultipleChoiceField(
        label=_("Never together with"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def build(self) -> None:
        """Price offers have a base, the subsidy does not exclude itself; other campaigns can be excluded."""
        if self.kind in _INTEREST:
            del self.fields["base"]
        if self.kind == "trade_in":
            del self.fields["with_trade_in"]
        field = self.fields["exclusions"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = list(self.around.campaigns)
        mode = self.draft.group_mode if self.draft is not None else "best"
        modes = self.fields["group_mode"]
        if isinstance(modes, forms.ChoiceField) and mode not in dict(_plain(modes)):
            modes.choices = [*_plain(modes), (mode, mode)]

    def read(self, draft: Draft) -> dict[str, Any]:
        """Fields of a draft."""
        return {
            "with_trade_in": draft.with_trade_in,
            "base": draft.base,
            "group": draft.group or "",
            "group_mode": draft.group_mode,
            "priority": draft.priority,
            "exclusions": draft.exclusions or [],
        }

    def change(self) -> dict[str, Any]:
        """Parts of a draft."""
        done = self.cleaned_data
        parts: dict[str, Any] = {
            "group": done["group"] or None,
            "group_mode": done["group_mode"],
            "priority": done["priority"] or 0,
            "exclusions": done["exclusions"] or None,
        }
        parts.update({name: done[name] for name in ("with_trade_in", "base") if name in self.fields})
        return parts


def _plain(field: forms.ChoiceField) -> list[tuple[str, Any]]:
    choices: Any = field.choices
    return [(str(code), word) for code, word in choices]
