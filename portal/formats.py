"""Money, rates, dates and counts as people read them, in the language of the page."""

from datetime import date, datetime, tzinfo
from decimal import Decimal
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_compact_currency, format_currency, format_decimal
from django.utils import translation

from domain.money import exponent

_PPM_TO_PERCENT: Final = Decimal(10_000)
_PLAIN_SIGNS: Final = {"CN¥": "¥"}


@cache
def _locale(language: str) -> Locale:
    return Locale.parse("zh_Hans_CN" if language.startswith("zh") else "en_GB")


def locale() -> Locale:
    """Babel's locale of the active language."""
    return _locale(translation.get_language() or "zh-hans")


def is_chinese() -> bool:
    """Whether the page is in Chinese."""
    return locale().language == "zh"


def decimal_of(minor: int, currency: str) -> Decimal:
    """Minor units as an exact decimal: 41662 CNY is 416.62."""
    return Decimal(minor).scaleb(-exponent(currency))


def money(minor: int | None, currency: str) -> str:
    """`¥92,300.18`, always with the currency and all its decimals; nothing is a dash."""
    if minor is None:
        return "–"
    text = format_currency(abs(decimal_of(minor, currency)), currency, locale=locale())
    for long, short in _PLAIN_SIGNS.items():
        text = text.replace(long, short)
    return f"−{text}" if minor < 0 else text


def short_money(minor: int, currency: str) -> str:
    """An axis label: `¥12万`, `¥120K`."""
    text = format_compact_currency(decimal_of(minor, currency), currency, locale=locale(), fraction_digits=1)
    for long, short in _PLAIN_SIGNS.items():
        text = text.replace(long, short)
    return text.replace(".0", "")


def percent(ppm: int, *, places: int = 2) -> str:
    """A rate in parts per million as a percentage without idle zeros: 600000 is `60%`, 72500 is `7.25%`."""
    text = f"{Decimal(ppm) / _PPM_TO_PERCENT:.{places}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return f"{text}%"


def count(number: int) -> str:
    """A count with its thousands set apart."""
    return format_decimal(number, locale=locale())


def zone(name: str) -> tzinfo:
    """A time zone by its name."""
    return ZoneInfo(name)


def day(value: date | None) -> str:
    """A date: `2026年11月24日`, `24 Nov 2026`."""
    return "–" if value is None else format_date(value, format="medium", locale=locale())


def short_day(value: date) -> str:
    """A date inside the year: `11月24日`, `24 Nov`."""
    return format_date(value, format="M月d日" if is_chinese() else "d MMM", locale=locale())


def moment(value: datetime | None, timezone: str) -> str:
    """An instant in a zone, to the minute."""
    if value is None:
        return "–"
    local = value.astimezone(ZoneInfo(timezone))
    pattern = "y年M月d日 HH:mm" if is_chinese() else "d MMM y, HH:mm"
    return format_datetime(local, format=pattern, locale=locale())


def name(zh: str, en: str) -> str:
    """Of a pair of names the one of the page's language, or the other when it is empty."""
    return (zh or en) if is_chinese() else (en or zh)
