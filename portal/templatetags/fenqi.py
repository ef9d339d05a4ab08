"""What templates may ask: money, dates, words and icons. No tag reads the database."""

from datetime import date, datetime

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal import formats, states, words

register = template.Library()


@register.filter
def money(minor: int | None, currency: str) -> str:
    """`{{ row.amount_minor|money:row.currency }}`."""
    return formats.money(minor, currency)


@register.filter
def short_money(minor: int, currency: str) -> str:
    """An amount for an axis."""
    return formats.short_money(minor, currency)


@register.filter
def ppm(value: int) -> str:
    """A rate or share in parts per million as a percentage."""
    return formats.percent(value)


@register.filter
def thousands(value: int) -> str:
    """A count, thousands set apart."""
    return formats.count(value)


@register.filter
def day(value: date | None) -> str:
    """A date in the page's language."""
    return formats.day(value)


@register.filter
def short_day(value: date) -> str:
    """A date without its year."""
    return formats.short_day(value)


@register.filter
def moment(value: datetime | None, timezone: str) -> str:
    """An instant in a time zone."""
    return formats.moment(value, timezone)


@register.filter
def kind_word(code: str) -> words.Text:
    """The word for a kind of campaign."""
    return words.word(words.KINDS, code)


@register.filter
def lane_word(code: str) -> words.Text:
    """The word for a lane."""
    return words.word(words.LANES, code)


@register.filter
def party_word(code: str) -> words.Text:
    """The word for a kind of party."""
    return words.word(words.PARTY_KINDS, code)


@register.filter
def role_word(code: str) -> words.Text:
    """The word for a role."""
    return words.word(words.ROLES, code)


@register.filter
def channel_word(code: str) -> words.Text:
    """The word for a sales channel."""
    return words.word(words.CHANNELS, code)


@register.filter
def move_word(code: str) -> words.Text:
    """The word for a move in a history."""
    return words.word(words.MOVES, code)


@register.filter
def line_type_word(code: str) -> words.Text:
    """The word for a kind of statement line."""
    return words.word(words.LINE_TYPES, code)


@register.filter
def export_word(code: str) -> words.Text:
    """The word for a kind of export."""
    return words.word(words.EXPORTS, code)


@register.filter
def permission_word(code: str) -> words.Text:
    """The word for a permission."""
    return words.word(words.PERMISSIONS, code)


@register.filter
def dossier_words(codes: tuple[str, ...]) -> list[str]:
    """The words for the fields of a claim's dossier."""
    return [str(words.word(words.DOSSIER, code)) for code in codes]


@register.filter
def method_word(code: str) -> words.Text:
    """The word for how a lender computes its fee."""
    return words.word(words.METHODS, code)


@register.filter
def job_word(code: str) -> words.Text:
    """The word for a kind of background job."""
    return words.word(words.JOBS, code)


@register.filter
def check_word(code: str) -> words.Text:
    """The word for a check of the system."""
    return words.word(words.CHECKS, code)


@register.filter
def purpose_word(code: str) -> words.Text:
    """The word for what an account is for."""
    return words.word(words.PURPOSES, code)


@register.filter
def category_word(code: str) -> words.Text:
    """The word for a category of goods."""
    return words.word(words.CATEGORIES, code)


@register.simple_tag
def icon(name: str, size: int = 16) -> SafeString:
    """An icon of the sprite; decoration only, the word stands beside it."""
    return format_html(
        '<svg class="icon" width="{0}" height="{0}" aria-hidden="true" focusable="false"><use href="{1}#{2}"></use></svg>',
        size,
        static("img/icons.svg"),
        name,
    )


@register.inclusion_tag("parts/badge.html")
def state(noun: str, code: str) -> dict[str, object]:
    """A state as word, colour and icon."""
    return {"look": states.look(noun, code), "code": code}
