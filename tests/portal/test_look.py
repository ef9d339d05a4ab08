"""The look: contrast of every pair of tokens in both themes, no raw value elsewhere, nothing inline."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
CSS = ROOT / "static" / "css"
TOKENS = dict(re.findall(r"--([a-z-]+): light-dark\((#[0-9a-f]{6}, #[0-9a-f]{6})\)", (CSS / "tokens.css").read_text()))
TEXT_AA, GRAPHIC_AA = 4.5, 3.0
SURFACES = ("page", "raised", "hover")
TEXTS = [(text, surface) for text in ("text", "muted", "accent", "accent-strong") for surface in (*SURFACES, "sunken")]
TEXTS += [(tone, surface) for tone in ("positive", "warning", "danger", "info") for surface in ("page", "raised")]
TEXTS += [(tone, f"{tone}-soft") for tone in ("positive", "warning", "danger", "info")]
TEXTS += [("text", f"{tone}-soft") for tone in ("positive", "warning", "danger", "info", "accent")]
TEXTS += [("muted", "accent-soft"), ("positive", "accent-soft"), ("accent-strong", "accent-soft")]
TEXTS += [("on-accent", "accent"), ("on-accent", "accent-strong"), ("on-danger", "danger"), ("ribbon-text", "ribbon")]
PARTIES = ("merchant", "brand", "platform", "lender", "government", "carrier", "buyer")
GRAPHICS = [(party, surface) for party in PARTIES for surface in ("raised", "sunken", "page")]
GRAPHICS += [("control-line", surface) for surface in ("page", "raised")] + [("focus", surface) for surface in SURFACES]


def luminance(colour):
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def colours(token):
    return TOKENS[token].split(", ")


def test_the_measure_itself_black_on_white_is_21():
    assert round(contrast("#000000", "#ffffff"), 1) == 21.0


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "surface"), TEXTS)
def test_text_on_its_surface_has_a_contrast_of_4_5(text, surface, theme):
    assert contrast(colours(text)[theme], colours(surface)[theme]) >= TEXT_AA


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("shape", "surface"), GRAPHICS)
def test_bars_and_borders_have_a_contrast_of_3(shape, surface, theme):
    assert contrast(colours(shape)[theme], colours(surface)[theme]) >= GRAPHIC_AA


def test_raw_colours_stand_in_the_tokens_only():
    for path in CSS.glob("*.css"):
        if path.name != "tokens.css":
            assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?!-)|rgba?\(|hsla?\(", path.read_text()) == [], path.name


def test_every_token_that_is_used_exists():
    made = set(re.findall(r"^\s*(--[a-z0-9-]+):", (CSS / "tokens.css").read_text(), flags=re.MULTILINE))
    for path in CSS.glob("*.css"):
        assert set(re.findall(r"var\((--[a-z0-9-]+)\)", path.read_text())) <= made, path.name


def test_no_template_has_inline_code_or_style():
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text()
        assert not re.search(r"\sstyle\s*=", text), path
        assert not re.search(r"\son[a-z]+\s*=", text), path
        assert not re.search(r"<style|<script(?![^>]*\ssrc=)|javascript:|hx-on|hx-vals=.js:", text), path


def test_every_icon_that_is_used_is_drawn():
    drawn = set(re.findall(r'<symbol id="([a-z-]+)"', (ROOT / "static" / "img" / "icons.svg").read_text()))
    used = set()
    for path in (ROOT / "templates").rglob("*.html"):
        used |= set(re.findall(r'\{% icon "([a-z-]+)"|empty_icon="([a-z-]+)"', path.read_text()))
    names = {name for pair in used for name in pair if name}
    for path in (ROOT / "portal").rglob("*.py"):
        names |= set(re.findall(r'icon="([a-z-]+)"', path.read_text()))
    words = (ROOT / "portal" / "states.py").read_text()
    names |= set(re.findall(r'Look\(_\("[^"]+"\), "[a-z]+", "([a-z-]+)"\)', words))
    assert names - drawn == set()


def test_what_others_made_is_listed_with_version_and_licence():
    listed = (ROOT / "static" / "vendor" / "VENDOR.md").read_text()
    for path in (ROOT / "static" / "vendor").iterdir():
        assert path.name == "VENDOR.md" or f"| {path.name} |" in listed, path.name
