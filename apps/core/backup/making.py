"""A backup made, and a backup brought back."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import psycopg
from django.conf import settings
from django.db import transaction

from apps.core import keyring
from apps.core.backup import archive, database, keys, registry
from apps.core.backup.errors import BackupError, gettext_noop

LONGEST_KEPT = 90  # days; what was erased in the system is gone from every backup after this long
NEW, OLD = ".restore-new", ".restore-old"  # beside the attachments, so that a rename is enough; no backup has them


class Made(NamedTuple):
    file: Path
    rows: int
    attachments: int
    pruned: list[Path]


def make(*, folder: Path, now: datetime, keep_days: int = LONGEST_KEPT) -> Made:
    """Database and attachments of one moment into a file in `folder`; older ones are removed once it stands."""
    if not 1 <= keep_days <= LONGEST_KEPT:
        raise BackupError(gettext_noop("Backups are kept 1 to %(days)d days."), days=LONGEST_KEPT)
    _apart(folder, archive.KEYS_NAME)
    target = folder / archive.file_name(now)
    with database.connect() as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        snapshot = connection.execute("SELECT pg_export_snapshot()").fetchone()
        said = database.describe(connection)
        with archive.written(target) as writer:
            with writer.entry(archive.DATABASE, packed=True) as take:
                database.dump(take, left_out=said["left_out"], snapshot=snapshot[0] if snapshot else "")
            # After the rows: a file that a row speaks of is there, unless it was removed since.
            writer.media(Path(settings.MEDIA_ROOT))
            writer.manifest(holds="data", made_at=now.isoformat(), keys=keyring.marks(Path(settings.KEYRING)), **said)
            attachments = sum(name.startswith(archive.MEDIA) for name in writer.entries)
    return Made(target, sum(said["tables"].values()), attachments, archive.prune(folder, now=now, days=keep_days))


def make_of_keys(*, folder: Path, now: datetime) -> Path:
    """The keys into a file of their own, never beside a backup of the data."""
    _apart(folder, archive.NAME)
    ring = Path(settings.KEYRING)
    marks = keyring.marks(ring)
    if not marks:
        raise BackupError(gettext_noop("There is no key in %(folder)s yet."), folder=ring)
    target = folder / archive.file_name(now, keys=True)
    with archive.written(target) as writer:
        for path in sorted(ring.glob("*.key")):
            with open(path, "rb") as source:
                writer.file(archive.KEYS + path.name, source)
        writer.manifest(holds="keys", made_at=now.isoformat(), keys=marks)
    return target


def _apart(folder: Path, others: "archive.re.Pattern[str]") -> None:
    """Whoever finds both reads everything."""
    ring = Path(settings.KEYRING).resolve()
    has_others = folder.exists() and any(others.fullmatch(file.name) for file in folder.iterdir())
    if has_others or folder.resolve().is_relative_to(ring):
        text = gettext_noop("Keys and data are kept apart: choose another folder than %(folder)s.")
        raise BackupError(text, folder=folder)


# --- Back -----------------------------------------------------------------------------------------------------------------


def bring_back(reader: archive.Reader, *, replace: bool, without_keys: bool) -> None:
    """Rows, then attachments. Nothing is sent from here on until somebody releases it."""
    said = reader.said
    database.refuse_later_version(said["migrations"])
    if not without_keys:
        keys.compare([keyring.Mark(*mark) for mark in said["keys"]], Path(settings.KEYRING))
    with database.connect() as connection:
        database.refuse_strangers(connection)
        if database.has_data(connection) and not replace:
            raise BackupError(gettext_noop("There are data here already. --replace puts the backup in their place."))
    with _attachments(reader) as put_in_place:
        database.load(reader.pieces(archive.DATABASE), tables=said["tables"])
        put_in_place()


def open_again(*, now: datetime, without_keys: bool) -> None:
    """Bring the tables to this version, and let every app do what it must before anybody works here."""
    owner = os.environ | {"ZHIBU_AS_OWNER": "1"}
    command = [sys.executable, settings.BASE_DIR / "manage.py", "prepare"]
    command += ["--without-keys"] if without_keys else []
    if subprocess.run(command, env=owner, check=False).returncode:
        text = gettext_noop(
            "The data are back, but the database could not be prepared; the reason stands above. Put it right and run "
            "this command again with --replace."
        )
        raise BackupError(text)
    with transaction.atomic():
        for step in registry.afterwards:
            step(now)


@contextmanager
def _attachments(reader: archive.Reader) -> "Iterator[object]":
    """Unpacked aside first; what was there goes once the new ones are in place."""
    media = Path(settings.MEDIA_ROOT)
    media.mkdir(parents=True, exist_ok=True)
    fresh, former = media / NEW, media / OLD
    for left_over in (fresh, former):
        shutil.rmtree(left_over, ignore_errors=True)
    fresh.mkdir()
    try:
        reader.unpack(archive.MEDIA, fresh)

        def put_in_place() -> None:
            former.mkdir()
            for path in media.iterdir():
                if path not in (fresh, former):
                    path.rename(former / path.name)
            for path in fresh.iterdir():
                path.rename(media / path.name)

        yield put_in_place
    finally:
        for left_over in (fresh, former):
            shutil.rmtree(left_over, ignore_errors=True)


def bring_back_keys(reader: archive.Reader, *, now: datetime, replace: bool) -> Path | None:
    """See keys.put_back."""
    files = {name.removeprefix(archive.KEYS): b"".join(reader.pieces(name)) for name in reader.names(archive.KEYS)}
    if any("/" in name or not name.endswith(".key") for name in files):
        raise archive.damaged(reader.path)
    return keys.put_back(files, Path(settings.KEYRING), now=now, replace=replace)
