"""What every page is asked: axe, no sideways scrolling, nothing of the other language, its weight."""

import gzip
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import axe_playwright_python
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.postgres.fields import ArrayField
from django.contrib.staticfiles import finders
from django.db import models

from apps.activities.importing.words import HEADERS as PAST
from apps.branches.importing.words import HEADERS
from apps.members.roster_codes import EDUCATION_WORDS, ETHNIC_GROUPS
from apps.members.roster_columns import ROSTER
from apps.voices import models as voices
from apps.voices import sealing

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN_AXE = """async (tags) => (await axe.run(document, { runOnly: tags, resultTypes: ["violations"] })).violations.map(
    (found) => found.id + ": " + found.nodes.slice(0, 3).map((node) => node.target.join(" ")).join(" | "))"""

# Everything that reaches past the right edge and is not inside something that scrolls by itself, as tables do.
TOO_WIDE = """() => {
    const wide = document.documentElement.scrollWidth, room = document.documentElement.clientWidth;
    if (wide <= room) return [];
    const scrolls = (element) => element && element !== document.body && element !== document.documentElement
        && (/auto|scroll|hidden|clip/.test(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
    const culprits = Array.from(document.body.querySelectorAll("*")).filter((element) => {
        const box = element.getBoundingClientRect();
        return box.width && box.right > room + 1 && !scrolls(element.parentElement);
    });
    return [wide + " px in " + room, ...culprits.slice(-3).map((element) => element.tagName + "." + element.className)];
}"""

# Text and labels in the language of the page; what says that it is in another one is left alone.
TEXTS = """() => {
    const found = [], own = document.documentElement.lang;
    const skip = (element) => element.closest("script, style, template, textarea, noscript, svg")
        || (element.closest("[lang]") || document.documentElement).lang !== own;
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const text = walker.currentNode;
        if (text.data.trim() && !skip(text.parentElement)) found.push(text.data);
    }
    const labels = ["aria-label", "placeholder", "title", "alt", "data-label"];
    document.querySelectorAll(labels.map((name) => `[${name}]`).join()).forEach((element) => {
        if (!skip(element)) labels.forEach((name) => found.push(element.getAttribute(name) || ""));
    });
    return [document.title, ...found].join("\\n");
}"""
LOADED = """() => [performance.getEntriesByType("navigation")[0], ...performance.getEntriesByType("resource")]
    .map((entry) => [new URL(entry.name).pathname, entry.decodedBodySize])"""
LARGEST = {"width": 360, "height": 740}
LATIN = re.compile(r"[A-Za-z]{4,}")
HAN = re.compile(r"[\u4e00-\u9fff]{2,}")
# Programs, files and keys are called what they are called.
ALLOWED = {"Excel", "Word", "English", "Ctrl", "Enter"}
NAMES_OF_THINGS = re.compile(r"https?://\S+|\S*\.(?:xlsx?|docx?|csv|jpe?g|png|pdf)\b")


def axe(page: Any) -> list[str]:
    """Violations of WCAG 2.2 AA, each with the first places."""
    page.evaluate(_axe_script())
    return page.evaluate(RUN_AXE, TAGS)


@cache
def _axe_script() -> str:
    return AXE.read_text()


def largest_on_the_narrowest(page: Any) -> None:
    """The largest text on a phone of 360 px; the size is a token of the root and nothing else."""
    page.set_viewport_size(LARGEST)
    page.evaluate("document.documentElement.dataset.text = 'xlarge'")


def too_wide(page: Any) -> list[str]:
    return page.evaluate(TOO_WIDE)


def weight(page: Any) -> int:
    """Bytes on the line at a first visit: pages are sent as they are, static files packed, as the server does."""
    return sum(_packed(path) or size for path, size in page.evaluate(LOADED))


@cache
def _packed(path: str) -> int:
    file = path.startswith(settings.STATIC_URL) and finders.find(path.removeprefix(settings.STATIC_URL))
    return len(gzip.compress(Path(file).read_bytes())) if file else 0


def english_on(page: Any) -> set[str]:
    """Words of four letters and more on a Chinese page that are neither user names nor names of programs."""
    return set(LATIN.findall(NAMES_OF_THINGS.sub("", page.evaluate(TEXTS)))) - ALLOWED - _usernames()


def _usernames() -> set[str]:
    names = get_user_model().objects.values_list("username", flat=True)
    return {word for name in names for word in LATIN.findall(name)}


def chinese_on(page: Any, stored: str) -> set[str]:
    """Chinese on an English page that is no data: `stored` is everything the database holds."""
    return {words for words in HAN.findall(page.evaluate(TEXTS)) if words not in stored}


def everything_stored() -> str:
    """All text of the database but the Chinese halves of what is kept in both languages, and what stands in people's workbooks:
    headers, the names of national code lists.
    """
    kinds = (models.CharField, models.TextField, models.JSONField, ArrayField)
    headers = [name for table in (ROSTER, HEADERS, PAST) for each in table.fields for name in each.names]
    parts = [*ETHNIC_GROUPS.values(), *EDUCATION_WORDS, *headers]
    for model in apps.get_models():
        names = [field.name for field in model._meta.concrete_fields if isinstance(field, kinds)]
        names = [name for name in names if not name.endswith(("_zh", "_sealed", "path", "password"))]
        if names:
            parts += [str(value) for row in model._default_manager.values_list(*names) for value in row if value]
    return "\n".join([*parts, *_unsealed()])


def _unsealed() -> Iterator[str]:
    """What people said is stored sealed; a page opens it for whoever may read it."""
    purposes = {
        voices.Matter: {"identity_sealed": "identity", "words_sealed": "words"},
        voices.MatterEvent: {"words_sealed": "event"},
        voices.SituationReport: {"words_sealed": "report"},
        voices.ReportEvent: {"words_sealed": "event"},
        voices.Suggestion: {"words_sealed": "suggestion", "answer_sealed": "answer"},
        voices.PracticalHelp: {"need_sealed": "need", "result_sealed": "result"},
    }
    for model, fields in purposes.items():
        for row in model._default_manager.all():
            key = getattr(row, "public_id", "") or row.key
            for field, purpose in fields.items():
                yield json.dumps(sealing.opened(purpose, key, getattr(row, field)), ensure_ascii=False)
