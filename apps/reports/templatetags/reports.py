"""The field beside a line of a report under review."""

from collections.abc import Mapping
from typing import Any

from django.template import Library

from apps.reports.reading import TextLine

register = Library()


@register.inclusion_tag("reports/_passage.html")
def passage_field(line: TextLine, typed: Mapping[str, str]) -> dict[str, Any]:
    """Belongs to the form of the return, wherever it stands; keeps what was typed when that was refused."""
    return {"line": line, "text": typed.get(f"passage-{line.key}", "")}
