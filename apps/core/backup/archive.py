"""The file: a zip of the database as SQL, the attachments, and a manifest with the checksum of each."""

import contextlib
import hashlib
import json
import os
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any

from apps.core.backup.errors import BackupError, gettext_noop

FORMAT = 1
PROGRAM = "zhibu"
MANIFEST, DATABASE, MEDIA, KEYS = "manifest.json", "database.sql", "media/", "keys/"
PIECE = 1 << 20
NAME = re.compile(r"zhibu-(\d{4}-\d{2}-\d{2}-\d{6})\.zip")
KEYS_NAME = re.compile(r"zhibu-keys-\d{4}-\d{2}-\d{2}-\d{6}\.zip")


def file_name(now: datetime, *, keys: bool = False) -> str:
    return f"zhibu-{'keys-' if keys else ''}{now:%Y-%m-%d-%H%M%S}.zip"


class Writer:
    """Adds entries and remembers their checksums."""

    def __init__(self, package: zipfile.ZipFile):
        self.package = package
        self.entries: dict[str, dict[str, Any]] = {}

    @contextmanager
    def entry(self, name: str, *, packed: bool) -> Iterator[Callable[[bytes], None]]:
        """Yields what takes the pieces. Pictures are packed already."""
        info = zipfile.ZipInfo(name)
        info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        info.external_attr = 0o600 << 16
        digest, size = hashlib.sha256(), 0
        with self.package.open(info, "w", force_zip64=True) as target:

            def take(piece: bytes) -> None:
                nonlocal size
                digest.update(piece)
                size += len(piece)
                target.write(piece)

            yield take
        self.entries[name] = {"size": size, "sha256": digest.hexdigest()}

    def file(self, name: str, source: IO[bytes], *, packed: bool = False) -> None:
        with self.entry(name, packed=packed) as take:
            while piece := source.read(PIECE):
                take(piece)

    def media(self, folder: Path) -> None:
        """Every file below `folder`. One that is removed meanwhile had no row left."""
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            if name.startswith(".") or not path.is_file() or path.is_symlink():
                continue
            with contextlib.suppress(FileNotFoundError), open(path, "rb") as source:
                self.file(MEDIA + name, source)

    def manifest(self, **said: Any) -> None:
        head = {"program": PROGRAM, "format": FORMAT, **said, "entries": self.entries}
        self.package.writestr(MANIFEST, json.dumps(head, ensure_ascii=False, indent=1), zipfile.ZIP_DEFLATED)


@contextmanager
def written(target: Path) -> Iterator[Writer]:
    """A new file, for its owner's eyes; under its name only once it is whole."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    try:
        descriptor = os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w+b") as file:
            with zipfile.ZipFile(file, "w") as package:
                yield Writer(package)
            file.flush()
            os.fsync(file.fileno())
        part.rename(target)
    finally:
        part.unlink(missing_ok=True)


def damaged(path: Path) -> BackupError:
    text = gettext_noop("%(file)s is damaged or no backup. Nothing has been changed; take another one.")
    return BackupError(text, file=path)


class Reader:
    """A file whose every byte has been checked."""

    def __init__(self, path: Path, package: zipfile.ZipFile, said: dict[str, Any]):
        self.path, self.package, self.said = path, package, said

    def pieces(self, name: str) -> Iterator[bytes]:
        """Checked once more as it is read: a disk that fails fails at any time."""
        digest = hashlib.sha256()
        with self.package.open(name) as source:
            while piece := source.read(PIECE):
                digest.update(piece)
                yield piece
        if digest.hexdigest() != self.said["entries"][name]["sha256"]:
            raise damaged(self.path)

    def names(self, folder: str) -> list[str]:
        return [name for name in self.said["entries"] if name.startswith(folder)]

    def unpack(self, folder: str, target: Path) -> None:
        for name in self.names(folder):
            path = target / name.removeprefix(folder)
            path.parent.mkdir(parents=True, exist_ok=True)
            with open(path, "wb") as file:
                for piece in self.pieces(name):
                    file.write(piece)


@contextmanager
def opened(path: Path) -> Iterator[Reader]:
    """BackupError for a file that is damaged, of another kind, or of a later format; before anything is touched."""
    if not path.is_file():
        raise BackupError(gettext_noop("There is no file %(file)s."), file=path)
    with ExitStack() as stack:
        try:
            package = stack.enter_context(zipfile.ZipFile(path))
            reader = Reader(path, package, _manifest(path, package))
            for name in reader.said["entries"]:
                for _piece in reader.pieces(name):
                    pass
        except BackupError:
            raise
        except Exception as error:  # what broken bytes lead a parser to cannot be listed
            raise damaged(path) from error
        yield reader


def _manifest(path: Path, package: zipfile.ZipFile) -> dict[str, Any]:
    said = json.loads(package.read(MANIFEST))
    if said["program"] != PROGRAM:
        raise damaged(path)
    if said["format"] > FORMAT:
        text = gettext_noop("%(file)s was written by a later version. Install that version first.")
        raise BackupError(text, file=path)
    names = package.namelist()
    if sorted(names) != sorted([MANIFEST, *said["entries"]]) or any(_leads_out(name) for name in names):
        raise damaged(path)
    return said


def _leads_out(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ".." in name.split("/")


def prune(folder: Path, *, now: datetime, days: int) -> list[Path]:
    """Remove backups of the database older than `days` by their names; answers which."""
    oldest = f"{now - timedelta(days=days):%Y-%m-%d-%H%M%S}"
    old = [file for file in folder.iterdir() if (found := NAME.fullmatch(file.name)) and found[1] < oldest]
    for file in old:
        file.unlink()
    return sorted(old)
