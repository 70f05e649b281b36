"""The words of the command line, in the terminal's language: English if it says so, else Chinese. Standard library only."""

import gettext as catalogs
import os
from pathlib import Path

LOCALE = Path(__file__).resolve().parents[3] / "locale"


def terminal_speaks_english() -> bool:
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(variable):
            return value.startswith("en")
    return False


def gettext(text: str) -> str:
    """Looked up anew each time: the catalog may have been compiled a moment ago, and a command says few words."""
    if terminal_speaks_english():
        return text
    return catalogs.translation("django", LOCALE, ["zh_Hans"], fallback=True).gettext(text)
