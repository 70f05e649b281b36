"""Compiles the translations in Python, so that no machine needs msgfmt."""

import os
from pathlib import Path


def compile_catalogs(locale: Path) -> list[Path]:
    """Every .po below `locale` that is newer than its .mo; the files written come back."""
    written = []
    for source in sorted(locale.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        from babel.messages.mofile import write_mo  # only where there is something to do
        from babel.messages.pofile import read_po

        with open(source, "rb") as file:
            catalog = read_po(file, locale=source.parts[-3], domain=source.stem)
        fresh = target.with_suffix(f".{os.getpid()}.tmp")  # several processes may start at once
        with open(fresh, "wb") as file:
            write_mo(file, catalog)
        fresh.replace(target)
        written.append(target)
    return written
