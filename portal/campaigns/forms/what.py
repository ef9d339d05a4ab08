"""Step 1, what: the name, the terms or the value, and who pays."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from domain.rates import PPM, parse_percent
from portal.campaigns.forms.base import AmountField, EditorContext, ListField, PercentField, StepForm
from promotions.shapes import Draft

VALUED: Final = frozenset(
    {"instant_discount", "coupon", "brand_rebate", "platform_coupon", "carrier_discount", "old_item_credit"}
)
SHARED: Final = ("merchant", "brand", "platform")
STEP_ROWS: Final = range(1, 5)
_MODES: Final = (
    ("amount", _("an amount off")),
    ("percent", _("a percentage off")),
    ("per_unit", _("an amount off each unit")),
)


class WhatForm(StepForm):
    """Fields that a kind does not have are taken away in `build`."""

    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=60)
    name_en = forms.CharField(label=_("Name in English"), max_length=60)
    mode = forms.ChoiceField(label=_("The buyer gets"), choices=_MODES, initial="amount")
    amount = AmountField(label=_("Amount"))
    percent = PercentField(label=_("Percent"))
    cap = AmountField(label=_("At most per order"), help_text=_("Leave empty for no ceiling."))
    codes = ListField(
        label=_("Coupon codes"), widget=forms.Textarea(attrs={"rows": 2}), help_text=_("Separate several with commas.")
    )
    programme = forms.ChoiceField(label=_("Government programme"))
    share_merchant = PercentField(label=_("Merchant"))
    share_brand = PercentField(label=_("Brand"))
    brand = forms.ChoiceField(label=_("Which brand"), required=False)
    share_platform = PercentField(label=_("Platform"))

    def build(self) -> None:
        """Add the rows of terms or steps; drop what the kind does not know."""
        if self.kind == "interest_free":
            self._add_terms()
        if self.kind == "spend_and_save":
            for row in STEP_ROWS:
                self.fields[f"from_{row}"] = AmountField(label=pgettext_lazy("spend and save", "Spend"))
                self.fields[f"off_{row}"] = AmountField(label=pgettext_lazy("spend and save", "Save"))
        dropped = [] if self.kind in VALUED else ["mode", "amount", "percent", "cap"]
        dropped += [] if self.kind == "coupon" else ["codes"]
        dropped += [] if self.has_funders else ["share_merchant", "share_brand", "brand", "share_platform"]
        if self.kind == "trade_in":
            self._choices("programme", self.around.programmes)
        else:
            dropped += ["programme"]
        if self.has_funders:
            self._choices("brand", (("", "–"), *self.around.brands))
        for name in dropped:
            del self.fields[name]

    def _choices(self, name: str, choices: tuple[tuple[str, str], ...]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(choices)

    def _add_terms(self) -> None:
        for term in self.around.terms:
            self.fields[f"term_{term}"] = forms.BooleanField(label=str(term), required=False)
            self.fields[f"waived_{term}"] = PercentField(label=_("Waived"))

    @property
    def term_rows(self) -> list[tuple[int, forms.BoundField, forms.BoundField]]:
        """Terms with their two fields, for the template."""
        if self.kind != "interest_free":
            return []
        return [(term, self[f"term_{term}"], self[f"waived_{term}"]) for term in self.around.terms]

    @property
    def step_rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Steps with their two fields, for the template."""
        return [(self[f"from_{row}"], self[f"off_{row}"]) for row in STEP_ROWS] if self.kind == "spend_and_save" else []

    @property
    def has_value(self) -> bool:
        """Whether the kind takes an amount or a percentage off."""
        return self.kind in VALUED

    @property
    def has_funders(self) -> bool:
        """Whether shares are chosen here: not for the government's programme, nor for fixed amounts set by the API."""
        return self.kind != "trade_in" and not self.has_special_funders

    @property
    def has_special_funders(self) -> bool:
        """Funders that these fields cannot say: other parties, fixed amounts, caps. They stay as they are."""
        funders = (self.draft.funders or ()) if self.draft is not None and self.kind != "trade_in" else ()
        return any(row.party not in SHARED or row.amount is not None or row.cap is not None for row in funders)

    def fresh(self) -> dict[str, Any]:
        """A new campaign is the merchant's own, except that a brand rebate is the brand's."""
        payer = {"brand_rebate": "brand", "platform_coupon": "platform"}.get(self.kind, "merchant")
        start: dict[str, Any] = {f"share_{payer}": "100"}
        if payer == "brand" and self.around.brands:
            start["brand"] = self.around.brands[0][0]
        for term in self.around.terms:
            start[f"waived_{term}"] = "100"
            start[f"term_{term}"] = term in {3, 6, 12}
        return start

    def read(self, draft: Draft) -> dict[str, Any]:
        """Fields of a draft."""
        start: dict[str, Any] = {"name_zh": draft.name.zh, "name_en": draft.name.en, "cap": draft.cap}
        start.update({"codes": draft.codes or [], "programme": draft.programme})
        chosen = {row.term: row.waived_share for row in draft.terms or ()}
        for term in self.around.terms:
            start[f"term_{term}"] = term in chosen
            start[f"waived_{term}"] = chosen.get(term, "100")
        for funder in draft.funders or ():
            start[f"share_{funder.party}"] = funder.share
            if funder.party == "brand":
                start["brand"] = funder.id
        return start | _value_fields(draft)

    def clean(self) -> dict[str, Any]:
        """What only several fields together can tell."""
        cleaned = super().clean() or {}
        if self.kind == "interest_free" and not any(cleaned.get(f"term_{term}") for term in self.around.terms):
            self.add_error(None, gettext("Choose at least one term."))
        if self.kind in VALUED:
            wanted = "percent" if cleaned.get("mode") == "percent" else "amount"
            if not cleaned.get(wanted) and wanted not in self.errors:
                self.add_error(wanted, gettext("Say how much is taken off."))
        if self.kind == "spend_and_save" and not self._steps(cleaned):
            self.add_error(None, gettext("Give at least one step: spend so much, save so much."))
        if self.kind == "coupon" and not cleaned.get("codes"):
            self.add_error("codes", gettext("Give at least one code."))
        if self.has_funders:
            self._check_shares(cleaned)
        return cleaned

    def _check_shares(self, cleaned: dict[str, Any]) -> None:
        if any(f"share_{party}" in self.errors for party in SHARED):
            return
        if sum(parse_percent(cleaned.get(f"share_{party}") or "0") for party in SHARED) != PPM:
            self.add_error("share_merchant", gettext("The shares must add up to 100%."))
        if cleaned.get("share_brand") and parse_percent(cleaned["share_brand"]) and not cleaned.get("brand"):
            self.add_error("brand", gettext("Say which brand pays this share."))

    @staticmethod
    def _steps(cleaned: dict[str, Any]) -> list[dict[str, int]]:
        rows = [(cleaned.get(f"from_{row}"), cleaned.get(f"off_{row}")) for row in STEP_ROWS]
        return [{"from": least, "off": off} for least, off in rows if least and off]

    def change(self) -> dict[str, Any]:
        """Parts of a draft."""
        done = self.cleaned_data
        parts: dict[str, Any] = {"name": {"zh-CN": done["name_zh"], "en": done["name_en"]}}
        if self.kind == "interest_free":
            parts["terms"] = self._terms()
        if self.kind in VALUED:
            parts["value"] = {done["mode"]: done["percent" if done["mode"] == "percent" else "amount"]}
            parts["cap"] = done["cap"]
        if self.kind == "spend_and_save":
            parts["value"] = {"steps": self._steps(done)}
        if self.kind == "coupon":
            parts["codes"] = done["codes"]
        if self.has_funders:
            parts["funders"] = _funders(done, self.around)
        return parts

    def _terms(self) -> list[dict[str, Any]]:
        """The chosen terms; what the form does not show of a term (limits, lenders, funders) stays."""
        done = self.cleaned_data
        kept = {row.term: row for row in (self.draft.terms if self.draft and self.draft.terms else ())}
        rows = []
        for term in self.around.terms:
            if not done.get(f"term_{term}"):
                continue
            row: dict[str, Any] = {"term": term, "waived_share": done[f"waived_{term}"] or "100"}
            if term in kept:
                row |= {"lenders": kept[term].lenders, "min_amount": kept[term].min_amount}
                row |= {"max_amount": kept[term].max_amount}
            rows.append(row)
        return rows


def _value_fields(draft: Draft) -> dict[str, Any]:
    value = draft.value
    if value is None:
        return {}
    start: dict[str, Any] = {}
    if value.percent is not None:
        start |= {"mode": "percent", "percent": value.percent}
    elif value.per_unit is not None:
        start |= {"mode": "per_unit", "amount": value.per_unit}
    elif value.amount is not None:
        start |= {"mode": "amount", "amount": value.amount}
    for row, step in zip(STEP_ROWS, value.steps or (), strict=False):
        start |= {f"from_{row}": step.from_, f"off_{row}": step.off}
    return start


def _funders(done: dict[str, Any], around: EditorContext) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for party in SHARED:
        share = done.get(f"share_{party}")
        if share and parse_percent(share):
            row: dict[str, Any] = {"party": party, "share": share}
            if party == "brand":
                row["id"] = done["brand"]
            if party == "platform" and around.platforms:
                row["id"] = around.platforms[0][0]
            rows.append(row)
    return rows
