"""`docs/money.md` is run: its examples give what they show, and its text quotes no figure that they do not show."""

import doctest
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "money.md").read_text("utf-8")
BLOCK = re.compile(r"```pycon\n(.*?)```", re.DOTALL)
AMOUNT = re.compile(r"\b\d{1,3}(?:,\d{3})*\.\d{2}\b")


@pytest.fixture
def at_the_root(monkeypatch):
    monkeypatch.chdir(ROOT)


@pytest.mark.usefixtures("at_the_root")
def test_the_examples_of_the_money_page_give_what_they_show():
    text = "\n".join(BLOCK.findall(PAGE))
    told = []

    examples = doctest.DocTestParser().get_doctest(text, {}, "docs/money.md", "docs/money.md", 0)
    result = doctest.DocTestRunner(verbose=False).run(examples, out=told.append)

    assert result.failed == 0, "".join(told)
    assert result.attempted > 50


def figures(code):
    """Every whole number of the examples, and every number they print as text."""
    numbers = {number.replace("_", "") for number in re.findall(r"\b\d[\d_]*\b", code)}
    return numbers | set(re.findall(r"\d+\.\d+", code))


@pytest.mark.parametrize("quoted", sorted(set(AMOUNT.findall(BLOCK.sub("", PAGE)))))
def test_every_amount_and_percentage_in_the_text_is_one_of_the_examples(quoted):
    shown = figures("\n".join(BLOCK.findall(PAGE)))

    minor = str(int(re.sub(r"[,.]", "", quoted)))

    assert quoted in shown or minor in shown
