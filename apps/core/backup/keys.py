"""Which keys a backup's sealed values need, and whether they are here. Nothing in this file makes a key."""

import os
import shutil
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from apps.core import keyring
from apps.core.backup.errors import BackupError, gettext_noop


def compare(needed: Sequence[keyring.Mark], folder: Path) -> None:
    """BackupError where a value sealed in the backup would not open here, or a number would no longer be found."""
    here = keyring.marks(folder)
    known = dict(here)
    for mark in needed:
        if mark.id not in known:
            text = gettext_noop(
                "The key %(id)s, which sealed ID numbers of this backup, is not in %(folder)s. Restore the file of the "
                "keys first, or say --without-keys: then those numbers stay closed."
            )
            raise BackupError(text, id=mark.id, folder=folder)
        if known[mark.id] != mark.check:
            text = gettext_noop("The key %(id)s in %(folder)s is not the one of this backup: same name, other content.")
            raise BackupError(text, id=mark.id, folder=folder)
    if needed and here[0].id != needed[0].id:
        text = gettext_noop(
            "The oldest key in %(folder)s is %(here)s, that of the backup %(needed)s: ID numbers would no longer be found. "
            "Move the keys in that folder aside and restore the file of the keys."
        )
        raise BackupError(text, folder=folder, here=here[0].id, needed=needed[0].id)


def put_back(files: dict[str, bytes], folder: Path, *, now: datetime, replace: bool) -> Path | None:
    """Write key files into the keyring; answers where keys that were there and are others were moved to."""
    there = {file.name: file.read_bytes() for file in folder.glob("*.key")} if folder.exists() else {}
    aside = None
    if any(files.get(name) != content for name, content in there.items()):
        if not replace:
            text = gettext_noop("There are other keys in %(folder)s. --replace moves them aside first.")
            raise BackupError(text, folder=folder)
        aside = folder / f"aside-{now:%Y-%m-%d-%H%M%S}"
        aside.mkdir(mode=0o700)
        for name in there:
            shutil.move(folder / name, aside / name)
        there = {}
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name, content in files.items():
        if name not in there:
            descriptor = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
    return aside
