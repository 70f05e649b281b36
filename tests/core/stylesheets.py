"""Reads the stylesheets as the tests need them."""

import re
from pathlib import Path

CSS = Path(__file__).resolve().parents[2] / "static" / "css"
SHEETS = {path.relative_to(CSS).as_posix(): path.read_text() for path in sorted(CSS.rglob("*.css"))}
# The first block, before large text and high contrast.
TOKENS = dict(re.findall(r"(--[\w-]+):\s*([^;]+);", SHEETS["tokens.css"].split("@media")[0]))


def luminance(colour: str) -> float:
    """Relative luminance by the formula of WCAG."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)
