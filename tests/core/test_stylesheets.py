"""Colours and sizes stand in tokens.css alone, and every pair that meets on a page can be read."""

import re

import pytest

from tests.core.stylesheets import SHEETS, TOKENS, contrast

STYLES = ["done", "progress", "review", "soon", "overdue", "returned", "late", "neutral", "archived"]
# Paper is measured in points and millimetres and printed in black.
OTHERS = {name: text for name, text in SHEETS.items() if name not in ("tokens.css", "print.css")}
PAIRS = [
    *[(f"color-{style}", f"tint-{style}", 4.5) for style in STYLES],
    *[(f"color-{style}", "color-paper-0", 4.5) for style in STYLES],
    *[(ink, paper, 4.5) for ink in ("color-ink-900", "color-ink-700", "color-ink-600", "color-action-600", "color-action-700")
      for paper in ("color-paper-0", "color-paper-50", "color-paper-100")],
    ("color-ink-500", "color-paper-0", 4.5),
    ("color-ink-500", "color-paper-50", 4.5),
    ("color-on-action", "color-action-600", 4.5),
    ("color-action-700", "color-action-50", 4.5),
    ("color-line-500", "color-paper-0", 3),
    ("color-line-500", "color-paper-50", 3),
    ("color-on-heat-light", "tint-heat-2", 4.5),
    ("color-on-heat-dark", "tint-heat-3", 4.5),
]  # fmt: skip


@pytest.mark.parametrize(("text", "ground", "least"), PAIRS)
def test_contrast(text, ground, least):
    assert contrast(TOKENS[f"--{text}"], TOKENS[f"--{ground}"]) >= least


@pytest.mark.parametrize("name", OTHERS)
def test_colours_stand_in_the_tokens(name):
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(|oklch\(", OTHERS[name]) == []


@pytest.mark.parametrize("name", SHEETS)
def test_every_token_that_is_used_exists(name):
    assert set(re.findall(r"var\((--[\w-]+)", SHEETS[name])) - TOKENS.keys() == set()


@pytest.mark.parametrize("name", OTHERS)
def test_rules_stand_in_a_layer(name):
    """A rule outside the layers would win over every page."""
    without_comments = re.sub(r"/\*.*?\*/", "", OTHERS[name], flags=re.DOTALL)
    assert re.match(r"\s*@layer (base|components|pages) \{", without_comments)
    assert without_comments.rstrip().endswith("}")
    assert without_comments.count("@layer") == 1


@pytest.mark.parametrize("size", ["large", "xlarge"])
def test_large_text_changes_values_only(size):
    block = re.search(rf':root\[data-text="{size}"\] \{{(.*?)\}}', SHEETS["tokens.css"], re.DOTALL)
    names = re.findall(r"^\s*([\w-]+):", block[1], re.MULTILINE)
    assert [name for name in names if not name.startswith("--")] == ["font-size"]
    assert {name for name in names if name.startswith("--")} <= TOKENS.keys()
    assert not any("data-text" in text for text in OTHERS.values())


def test_targets_are_large_enough_for_a_thumb():
    sizes = re.findall(r"--size-target: (\d+)px", SHEETS["tokens.css"])
    assert [int(size) for size in sizes] == [48, 60, 60]


def test_first_load_is_light():
    """The style sheets' share of a first load, before compression; a page has at most two sheets of its own."""
    sizes = {name: len(text.encode()) for name, text in SHEETS.items()}
    own = sorted((size for name, size in sizes.items() if name.startswith("pages/")), reverse=True)[:2]
    assert sum(size for name, size in sizes.items() if not name.startswith("pages/")) + sum(own) < 74_000
