"""Step 2, where and when: the window, the hours of the week, and what is covered."""

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation import clock
from portal import words
from portal.campaigns.forms.base import ListField, StepForm
from promotions.shapes import Draft

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

_LOCAL: Final = "%Y-%m-%dT%H:%M"
_DAYS: Final = tuple((str(number), word) for number, word in enumerate(words.WEEKDAYS, start=1))
DEFAULT_DAYS: Final = 30


def _moment_field(label: "_StrPromise") -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        input_formats=[_LOCAL, "%Y-%m-%dT%H:%M:%S"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_LOCAL),
    )


def default_window(*, timezone: str, now: datetime) -> tuple[datetime, datetime]:
    """From tomorrow's midnight in the merchant's zone, for thirty days."""
    zone = ZoneInfo(timezone)
    tomorrow = (now.astimezone(zone) + timedelta(days=1)).date()
    start = datetime.combine(tomorrow, time(), zone)
    return start, datetime.combine(tomorrow + timedelta(days=DEFAULT_DAYS), time(), zone)


class _Boxes(forms.MultipleChoiceField):
    """Several of a few, as boxes to tick."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - Django's field options
        super().__init__(required=False, widget=forms.CheckboxSelectMultiple, **options)


class WhereForm(StepForm):
    """An empty set does not restrict."""

    starts_at = _moment_field(_("Starts"))
    ends_at = _moment_field(_("Ends"))
    days = _Boxes(label=_("Only on"), choices=_DAYS)
    hours_from = forms.TimeField(
        label=_("From"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    hours_to = forms.TimeField(
        label=_("To"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    channels = _Boxes(label=_("Channels"), choices=tuple(words.CHANNELS.items()))
    stores = _Boxes(label=_("Stores"))
    regions = ListField(label=_("Regions"), help_text=_("Codes such as CN-SH. Empty: everywhere."))
    categories = _Boxes(label=_("Categories"), choices=tuple(words.CATEGORIES.items()))
    more_categories = ListField(label=_("Other categories"))
    brands = ListField(label=_("Brands"), help_text=_("Brand codes of your goods. Empty: every brand."))
    skus = ListField(label=_("Articles (SKU)"))
    buyer_groups = ListField(label=_("Buyer groups"))
    without_categories = ListField(label=_("Not for these categories"))
    without_skus = ListField(label=_("Not for these articles"))

    def build(self) -> None:
        """The merchant's own stores."""
        field = self.fields["stores"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = list(self.around.stores)

    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.around.timezone)

    def read(self, draft: Draft) -> dict[str, Any]:
        """Fields of a draft."""
        include, exclude = draft.scope.include, draft.scope.exclude
        start: dict[str, Any] = {
            "starts_at": draft.starts_at.astimezone(self._zone()).strftime(_LOCAL),
            "ends_at": draft.ends_at.astimezone(self._zone()).strftime(_LOCAL),
            "channels": include.channels,
            "stores": include.stores,
            "regions": include.regions,
            "categories": [code for code in include.categories if code in words.CATEGORIES],
            "more_categories": [code for code in include.categories if code not in words.CATEGORIES],
            "brands": include.brands,
            "skus": include.skus,
            "buyer_groups": include.buyer_groups,
            "without_categories": exclude.categories,
            "without_skus": exclude.skus,
        }
        for hours in (draft.weekly_hours or ())[:1]:
            start |= {"days": [str(day) for day in hours.days], "hours_from": hours.from_, "hours_to": hours.to}
            if hours.to == "24:00":
                start["hours_to"] = None
        return start

    def clean_starts_at(self) -> datetime:
        """In the merchant's zone."""
        return self._placed("starts_at")

    def clean_ends_at(self) -> datetime:
        """In the merchant's zone."""
        return self._placed("ends_at")

    def _placed(self, name: str) -> datetime:
        value: datetime = self.cleaned_data[name]
        return value.replace(tzinfo=self._zone())

    def clean(self) -> dict[str, Any]:
        """The end is after the start and not in the past; hours end after they begin."""
        cleaned = super().clean() or {}
        start, end = cleaned.get("starts_at"), cleaned.get("ends_at")
        if start and end and end <= start:
            self.add_error("ends_at", gettext("The end must be after the start."))
        elif end and end <= clock.now():
            self.add_error("ends_at", gettext("The end has already passed."))
        first, last = cleaned.get("hours_from"), cleaned.get("hours_to")
        if first and last and last <= first:
            self.add_error("hours_to", gettext("The hours must end after they begin."))
        return cleaned

    def change(self) -> dict[str, Any]:
        """Parts of a draft. An exclusion the form does not show stays."""
        done = self.cleaned_data
        include = {name: done[name] for name in ("channels", "stores", "regions", "brands", "skus", "buyer_groups")}
        include["categories"] = list(dict.fromkeys([*done["categories"], *done["more_categories"]]))
        exclude: dict[str, Any] = {"categories": done["without_categories"], "skus": done["without_skus"]}
        if self.draft is not None:
            kept = self.draft.scope.exclude
            exclude |= {"brands": kept.brands, "stores": kept.stores, "regions": kept.regions}
            exclude |= {"channels": kept.channels, "buyer_groups": kept.buyer_groups}
        return {
            "starts_at": done["starts_at"],
            "ends_at": done["ends_at"],
            "weekly_hours": self._hours(),
            "scope": {"include": include, "exclude": exclude},
        }

    def _hours(self) -> list[dict[str, Any]] | None:
        done = self.cleaned_data
        if not (done["days"] or done["hours_from"] or done["hours_to"]):
            return None
        days = [int(day) for day in done["days"]] or list(range(1, 8))
        first, last = done["hours_from"], done["hours_to"]
        return [{"days": days, "from": f"{first or time():%H:%M}", "to": f"{last:%H:%M}" if last else "24:00"}]
