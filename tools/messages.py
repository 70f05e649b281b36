"""Translations: `python -m tools.messages compile` or `check`."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from apps.core.stack.catalogs import compile_catalogs

ROOT = Path(__file__).resolve().parents[1]
LOCALE = ROOT / "locale"
CHINESE = LOCALE / "zh_Hans" / "LC_MESSAGES" / "django.po"
SOURCES = ("apps", "config", "templates")


def read(path: Path, locale: str | None = None) -> Catalog:
    with open(path, "rb") as file:
        return read_po(file, locale=locale, abort_invalid=True)


def key(message: Message) -> tuple[str, str | None]:
    return (message.id if isinstance(message.id, str) else message.id[0], message.context)


def faults(catalog: Catalog) -> Iterator[str]:
    """What a reader would see: English left over, a guess of the tools, a placeholder that fails."""
    for message in catalog:
        if not message.id:
            continue
        name = key(message)[0]
        texts = [message.string] if isinstance(message.string, str) else list(message.string)
        if not texts or not all(texts):
            yield f"not translated: {name!r}"
        if message.fuzzy:
            yield f"fuzzy: {name!r}"
        for error in message.check(catalog):
            yield f"{error}: {name!r}"


def sources() -> Catalog:
    """All strings of the sources, by Django's own extraction (needs xgettext)."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    import django
    from django.conf import settings
    from django.core.management import call_command

    django.setup()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)  # makemessages writes beside the sources: show it a copy made of links
        for name in SOURCES:
            (place / name).symlink_to(ROOT / name)
        merged = place / CHINESE.relative_to(ROOT)
        merged.parent.mkdir(parents=True)
        shutil.copy(CHINESE, merged)  # for its head, which says how many plurals there are
        settings.LOCALE_PATHS = [place / "locale"]
        os.chdir(place)
        call_command("makemessages", locale=["zh_Hans"], symlinks=True, verbosity=0)
        os.chdir(ROOT)
        return read(merged, "zh_Hans")


def check() -> int:
    if not CHINESE.exists():
        print(f"{CHINESE.relative_to(ROOT)} is missing")
        return 1
    catalog = read(CHINESE, "zh_Hans")
    found = list(faults(catalog))
    if shutil.which("xgettext"):
        known = {key(message) for message in catalog}
        found += [f"not in the catalog: {key(message)[0]!r}" for message in sources() if key(message) not in known]
    else:
        print("xgettext is not installed: strings of the sources were not compared with the catalog.")
    print(*found, sep="\n", end="\n" if found else "")
    return 1 if found else 0


def main(verb: str) -> int:
    if verb == "compile":
        for path in compile_catalogs(LOCALE):
            print(f"compiled {path.relative_to(ROOT)}")
        return 0
    if verb == "check":
        return check()
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) == 2 else ""))
