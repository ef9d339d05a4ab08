"""Every sentence exists in both languages; the compiled file is the one of the text."""

import ast
import gettext
import io
import re
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}
PLACE = re.compile(r"%\((\w+)\)[sd]")


IN_TEMPLATES = re.compile(
    r"""\b(_|gettext|ngettext|pgettext)\(u?("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')(?:, u?("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'))?"""
)


def said():
    """(file, context, message) of everything the portal says."""
    for path in (ROOT / "portal").rglob("*.py"):
        if "demo" in path.parts:
            continue
        for _line, message, _comments, context in extract("python", io.BytesIO(path.read_bytes()), KEYWORDS):
            yield path, context, message if isinstance(message, str) else message[0]
    for path in (ROOT / "templates").rglob("*.html"):
        for kind, first, second in IN_TEMPLATES.findall(templatize(path.read_text())):
            texts = [ast.literal_eval(text) for text in (first, second) if text]
            yield path, texts[0] if kind == "pgettext" else None, texts[1] if kind == "pgettext" else texts[0]


@pytest.fixture(scope="module")
def catalogue():
    with (FOLDER / "django.po").open("rb") as file:
        return read_po(file, locale="zh_Hans")


def test_every_message_has_a_translation(catalogue):
    known = {
        (entry.context, entry.id if isinstance(entry.id, str) else entry.id[0]): entry
        for entry in catalogue
        if entry.id
    }

    missing = sorted(
        {f"{path.name}: {message}" for path, context, message in said() if (context, message) not in known}
    )
    empty = [
        message
        for message, entry in known.items()
        if not (entry.string if isinstance(entry.string, str) else entry.string[0])
    ]
    fuzzy = [message for message, entry in known.items() if entry.fuzzy]

    assert missing == []
    assert empty == []
    assert fuzzy == []


def test_translations_keep_their_places_and_no_old_message_is_left(catalogue):
    current = {(context, message) for _path, context, message in said()}

    for entry in catalogue:
        if not entry.id:
            continue
        first = entry.id if isinstance(entry.id, str) else entry.id[0]
        text = entry.string if isinstance(entry.string, str) else entry.string[0]
        assert set(PLACE.findall(first)) == set(PLACE.findall(text)), first
        assert (entry.context, first) in current, f"nobody says this any more: {first}"


def test_the_compiled_file_is_up_to_date(catalogue):
    with (FOLDER / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)

    for entry in catalogue:
        if not entry.id:
            continue
        if not isinstance(entry.id, str):
            assert compiled.ngettext(*entry.id, 2) == entry.string[0]
        elif entry.context:
            assert compiled.pgettext(entry.context, entry.id) == entry.string
        else:
            assert compiled.gettext(entry.id) == entry.string


def test_no_visible_text_stands_in_a_template_without_being_translated():
    allowed = {"SHA-256", "EN", "中文", "curl"}
    for path in (ROOT / "templates").rglob("*.html"):
        # These speak both languages at once: there may be no catalogue any more.
        if path.name in {"400.html", "500.html", "403_csrf.html"}:
            continue
        text = re.sub(r"\{%\s*(comment|blocktranslate).*?end\1\s*%\}", "", path.read_text(), flags=re.DOTALL)
        text = re.sub(
            r"\{%\s*block (?:page|plain)_class\s*%\}[a-z-]*|\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<pre.*?</pre>|<[^>]+>",
            "\n",
            text,
            flags=re.DOTALL,
        )
        words = {piece.strip() for piece in text.split("\n")}
        left = {word for word in words if re.search(r"[A-Za-z一-鿿]{2,}", word)} - allowed
        assert left == set(), path
