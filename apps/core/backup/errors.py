"""What goes wrong with a backup and can be put right by whoever runs it."""

from typing import Any

from apps.core.stack.words import gettext as _


class BackupError(Exception):
    """The message is in the terminal's language."""

    def __init__(self, text: str, **values: Any):
        super().__init__(_(text) % values)


def gettext_noop(text: str) -> str:
    """Mark for translation; BackupError looks it up."""
    return text
