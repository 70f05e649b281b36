"""A backup holds everything but the keys and comes back row by row; what is damaged or foreign is refused in time."""

import json
import os
import random
import shutil
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from psycopg import sql

from apps.core import keyring
from apps.core.backup import archive, making
from apps.core.backup.errors import BackupError
from apps.core.stack.broker import connection_string
from apps.core.stack.postgres import Cluster
from tests.core._places import APP, OWNER, Place

BEHIND = {"django_session", "usersessions_usersession", "cache_entry", "members_importfile"}
# What a restored system changes of its own accord; see the registry.
CHANGED = {"reminders_outsideswitch", "accounts_activationcode", "members_importbatch"}


@pytest.fixture(autouse=True)
def english_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")


@pytest.fixture(scope="module")
def server(django_db_setup: None) -> Iterator[psycopg.Connection]:
    """Where the owner makes databases; those of this module are dropped at the end."""
    with psycopg.connect(
        connection_string(OWNER | {"HOST": settings.DATABASES["default"]["HOST"], "NAME": "postgres"}), autocommit=True
    ) as connection:
        yield connection
        for (name,) in connection.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s", [f"backup\\_{os.getpid()}\\_%"]
        ).fetchall():
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="module")
def make_place(server: psycopg.Connection, tmp_path_factory: pytest.TempPathFactory):
    def make(name: str, like: Place | None = None) -> Place:
        """Empty, or a copy of the database of `like` with its keys and attachments."""
        place = Place(tmp_path_factory.mktemp(name), f"backup_{os.getpid()}_{name}")
        template = sql.SQL("TEMPLATE {}").format(sql.Identifier(like.database)) if like else sql.SQL("")
        server.execute(sql.SQL("CREATE DATABASE {} {}").format(sql.Identifier(place.database), template))
        if like:
            shutil.copytree(like.home, place.home, dirs_exist_ok=True)
        return place

    return make


@pytest.fixture(scope="module")
def source(make_place) -> Place:
    """Migrated by the owner, filled by the application."""
    place = make_place("source")
    place.manage("prepare", ZHIBU_AS_OWNER="1")
    place.run("-m", "tests.core._filled")
    return place


@pytest.fixture(scope="module")
def backup(source: Place) -> Path:
    said = source.manage("backup", "--to", str(source.home / "backups"))
    (file,) = (source.home / "backups").iterdir()
    assert f"{file}: " in said
    assert "The keys are not in it" in said
    assert file.stat().st_mode & 0o777 == 0o600
    return file


def keys_to(source: Place, target: Path) -> None:
    shutil.copytree(source.home / "keys", target / "keys")


@pytest.fixture(scope="module")
def restored(source: Place, backup: Path, make_place) -> Place:
    """Brought back into an empty database and an empty home; the keys came first, from their own file."""
    place = make_place("restored")
    source.manage("backup", "--keys", "--to", str(source.home / "elsewhere"))
    (file,) = (source.home / "elsewhere").iterdir()
    assert "The keys are in" in place.manage("restore", str(file))
    said = place.manage("restore", str(backup))
    assert "Nothing is sent until" in said
    return place


def test_every_row_of_every_table_comes_back(source: Place, restored: Place) -> None:
    before, after = source.rows(), restored.rows()
    assert before.keys() == after.keys()
    kept = before.keys() - BEHIND - CHANGED
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
    for name in ("activities_activityversion", "activities_attachment", "core_auditentry", "duties_dutyperiod"):
        assert before[name][0], name


def test_what_hangs_on_the_tables_comes_back(source: Place, restored: Place) -> None:
    before, after = source.structure(), restored.structure()
    assert "core_auditentry_immutable" in str(before["triggers"])
    for what, rows in before.items():
        # The count of an unlogged table begins anew with the table.
        expected = [row.replace("'members_importfile_id_seq',1", "'members_importfile_id_seq',None") for row in rows]
        assert after[what] == expected, what


def test_the_filed_version_still_cannot_be_changed(restored: Place) -> None:
    with (
        pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="immutable"),
        restored.connect() as connection,
    ):
        connection.execute("UPDATE activities_activityversion SET reason = 'other'")


def test_sessions_uploads_and_codes_stay_behind(source: Place, restored: Place) -> None:
    before, after = source.rows(), restored.rows()
    for name in (
        "django_session",
        "cache_entry",
        "members_importfile",
        "members_importbatch",
        "accounts_activationcode",
    ):
        assert (before[name][0], after[name][0]) == (1, 0), name


def test_nothing_is_sent_until_it_is_released(source: Place, restored: Place) -> None:
    query = "SELECT is_held, reason, released_at FROM reminders_outsideswitch"
    assert source.ask(query) == [(False, "", None)]
    assert restored.ask(query) == [(True, "restore", None)]


def test_attachments_come_back_and_keys_are_not_in_the_file(source: Place, restored: Place, backup: Path) -> None:
    files = {
        path.relative_to(source.home): path.read_bytes()
        for path in (source.home / "media").rglob("*")
        if path.is_file()
    }
    assert len(files) == 2  # the picture and its small copy
    assert {path: (restored.home / path).read_bytes() for path in files} == files
    assert not [path for path in (restored.home / "media").iterdir() if path.name.startswith(".")]
    everything = b"".join(zipfile.ZipFile(backup).read(name) for name in zipfile.ZipFile(backup).namelist())
    for key in (source.home / "keys").glob("*.key"):
        assert key.read_bytes() not in everything
    assert b"sealed bytes of an upload" not in everything
    assert b"7365616c6564206279746573" not in everything  # the same as SQL writes it


def test_a_sealed_number_opens_again(restored: Place) -> None:
    program = (
        "import django; django.setup(); from apps.branches.models import Person; from apps.members.services import *;"
        "from apps.core import keyring; p = Person.objects.exclude(id_number_sealed=None).get();"
        "print(keyring.unseal(p.id_number_sealed, bound_to=f'person:{p.public_id}:id_number'))"
    )
    assert "19900512" in restored.run("-c", program)


def test_data_are_replaced_only_when_told_so(source: Place, backup: Path, make_place) -> None:
    place = make_place("busy", like=source)
    with place.connect() as connection:
        connection.execute("UPDATE branches_organization SET short_name = 'renamed since'")
        connection.execute("CREATE TABLE left_over (id int REFERENCES branches_organization)")  # of some later version
    (place.home / "media" / "later.txt").write_text("added since")
    said = place.manage("restore", str(backup), fails=True)
    assert "There are data here already" in said
    assert place.ask("SELECT DISTINCT short_name FROM branches_organization") == [("renamed since",)]
    place.manage("restore", str(backup), "--replace")
    assert place.rows()["branches_organization"] == source.rows()["branches_organization"]
    assert "left_over" not in place.rows()
    assert not (place.home / "media" / "later.txt").exists()


def test_a_failure_in_the_middle_leaves_what_was_there(source: Place, backup: Path, make_place, tmp_path: Path) -> None:
    """Rows that are not as many as the manifest says, found at the very end."""
    place = make_place("unlucky", like=source)
    wrong = tmp_path / "wrong.zip"
    rewrite(backup, wrong, lambda said: said["tables"].update(core_auditentry=said["tables"]["core_auditentry"] + 1))
    before = place.rows()
    said = place.manage("restore", str(wrong), "--replace", fails=True)
    assert "rows are missing in core_auditentry" in said
    assert place.rows() == before
    assert len(list((place.home / "media").rglob("*.jpg"))) == 2


@pytest.mark.parametrize("role", [OWNER, APP], ids=["owner", "application"])
def test_nobody_else_may_be_at_the_database(source: Place, backup: Path, make_place, role: dict) -> None:
    place = make_place(f"occupied_{role['USER']}")
    keys_to(source, place.home)
    with place.connect(role):
        assert "1 connections are open: stop web, worker and beat first" in place.manage(
            "restore", str(backup), fails=True
        )
    assert place.rows() == {}


def test_an_older_version_is_brought_up_to_this_one(source: Place, make_place) -> None:
    """From before reports and reminders: their tables are made, and it is held although there was no switch."""
    old, new = make_place("old", like=source), make_place("upgraded")
    for app in ("reports", "reminders"):
        old.manage("migrate", app, "zero", ZHIBU_AS_OWNER="1")
    assert not any(name.startswith(("reports_", "reminders_")) for name in old.rows())
    shutil.rmtree(old.home / "backups", ignore_errors=True)
    old.manage("backup")
    (file,) = (old.home / "backups").iterdir()
    keys_to(source, new.home)
    new.manage("restore", str(file))
    assert new.rows().keys() == source.rows().keys()
    assert new.rows()["branches_person"] == source.rows()["branches_person"]
    assert new.structure()["rights"] == source.structure()["rights"]
    assert new.ask("SELECT is_held FROM reminders_outsideswitch") == [(True,)]


def test_the_embedded_server_is_started_for_it_and_stopped_again(source: Place, backup: Path, tmp_path: Path) -> None:
    """A laptop: nothing runs, nothing is there yet but the keys."""
    laptop = Place(tmp_path / "home", "zhibu")
    alone = {"DATABASE_URL": "", "DATABASE_OWNER_URL": "", "CELERY_BROKER_URL": ""}
    laptop.home.mkdir()
    keys_to(source, laptop.home)
    assert "There is no database in" in laptop.manage("backup", fails=True, **alone)
    laptop.manage("restore", str(backup), **alone)
    assert not Cluster(laptop.home / "postgres").is_running()
    laptop.manage("backup", **alone)
    (file,) = (laptop.home / "backups").iterdir()
    with archive.opened(file) as again, archive.opened(backup) as first:
        assert again.said["tables"]["branches_person"] == first.said["tables"]["branches_person"] > 0
        assert again.names(archive.MEDIA) == first.names(archive.MEDIA)
        assert b"pgmq" not in b"".join(again.pieces(archive.DATABASE))  # the queue holds no fact


def rewrite(source: Path, target: Path, change) -> None:
    """The same file with another manifest."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == archive.MANIFEST:
                said = json.loads(data)
                change(said)
                data = json.dumps(said).encode()
            new.writestr(name, data)


def test_a_later_version_is_refused(restored: Place, backup: Path, tmp_path: Path) -> None:
    later = tmp_path / "later.zip"
    rewrite(backup, later, lambda said: said["migrations"]["branches"].append("0999_of_tomorrow"))
    before = restored.rows()
    said = restored.manage("restore", str(later), "--replace", fails=True)
    assert "made by a later version (branches.0999_of_tomorrow is not known here)" in said
    rewrite(backup, later, lambda said: said.update(format=archive.FORMAT + 1))
    assert "written by a later version" in restored.manage("restore", str(later), "--replace", fails=True)
    assert restored.rows() == before


def test_a_damaged_file_is_refused_wherever_the_damage_is(backup: Path, tmp_path: Path) -> None:
    """One bit turned: either the file is refused or, in a byte that says nothing (a time stamp), it reads as before."""
    whole = backup.read_bytes()
    with archive.opened(backup) as reader:
        right = (reader.said, {name: b"".join(reader.pieces(name)) for name in reader.said["entries"]})
    dice, refused = random.Random(7), 0
    for place in [*dice.sample(range(len(whole)), 60), len(whole) // 2]:
        hurt = tmp_path / "hurt.zip"
        hurt.write_bytes(whole[:place] + bytes([whole[place] ^ 16]) + whole[place + 1 :])
        try:
            with archive.opened(hurt) as reader:
                assert (reader.said, {name: b"".join(reader.pieces(name)) for name in reader.said["entries"]}) == right
        except BackupError:
            refused += 1
    assert refused > 50
    for length in (0, 10, len(whole) // 2, len(whole) - 5):
        (tmp_path / "short.zip").write_bytes(whole[:length])
        with pytest.raises(BackupError, match="damaged"), archive.opened(tmp_path / "short.zip"):
            pass


@pytest.mark.parametrize("name", ["../keys/0001-00000000.key", "media/../../x", "/etc/passwd", "media\\..\\x"])
def test_a_file_that_leads_out_of_its_folder_is_refused(tmp_path: Path, name: str) -> None:
    with archive.written(tmp_path / "a.zip") as writer:
        with writer.entry(name, packed=False) as take:
            take(b"x")
        writer.manifest(holds="data")
    with pytest.raises(BackupError, match="damaged"), archive.opened(tmp_path / "a.zip"):
        pass


def test_a_key_that_is_missing_or_another_is_said(source: Place, backup: Path, make_place) -> None:
    place = make_place("keyless")
    (key,) = (source.home / "keys").glob("*.key")
    key_id = key.stem.partition("-")[2]
    assert f"The key {key_id}, which sealed ID numbers" in place.manage("restore", str(backup), fails=True)
    assert not (place.home / "keys").exists()  # none is made on the way
    (place.home / "keys").mkdir()
    (place.home / "keys" / key.name).write_bytes(bytes(32))
    assert "same name, other content" in place.manage("restore", str(backup), fails=True)
    (place.home / "keys" / key.name).write_bytes(key.read_bytes())
    (place.home / "keys" / "0000-0a0b0c0d.key").write_bytes(bytes(32))
    assert "The oldest key in" in place.manage("restore", str(backup), fails=True)
    assert place.rows() == {}
    shutil.rmtree(place.home / "keys")
    place.manage("restore", str(backup), "--without-keys")
    assert [mark for mark in keyring.marks(place.home / "keys") if mark.id == key_id] == []
    assert place.rows()["branches_person"] == source.rows()["branches_person"]


def test_a_system_whose_keys_are_gone_does_not_start(source: Place, make_place) -> None:
    place = make_place("emptied", like=source)
    shutil.rmtree(place.home / "keys")
    said = place.manage("prepare", fails=True, ZHIBU_AS_OWNER="1")
    assert "which sealed data in this database, is not in" in said
    assert not (place.home / "keys").exists()
    for start in (["-c", "import config.wsgi"], ["-m", "celery", "-A", "config", "worker", "-P", "solo"]):
        assert "There is no key in" in place.run(*start, fails=True, DJANGO_SETTINGS_MODULE="config.settings.dev")
    place.manage("prepare", "--without-keys", ZHIBU_AS_OWNER="1")
    assert len(keyring.marks(place.home / "keys")) == 1
    place.run("-c", "import config.wsgi")


MOMENT = datetime(2026, 3, 18, 9, tzinfo=UTC)


@pytest.fixture
def ring(tmp_path: Path, settings) -> Path:
    settings.KEYRING = tmp_path / "keys"
    settings.KEYRING.mkdir()
    (settings.KEYRING / "0001-0a0b0c0d.key").write_bytes(b"k" * 32)
    return settings.KEYRING


def test_keys_come_back_and_others_are_moved_aside(ring: Path, tmp_path: Path, settings) -> None:
    file = making.make_of_keys(folder=tmp_path / "out", now=MOMENT)
    settings.KEYRING = tmp_path / "other"
    settings.KEYRING.mkdir()
    (settings.KEYRING / "0001-11111111.key").write_bytes(b"o" * 32)
    with archive.opened(file) as reader:
        with pytest.raises(BackupError, match="There are other keys"):
            making.bring_back_keys(reader, now=MOMENT, replace=False)
        aside = making.bring_back_keys(reader, now=MOMENT, replace=True)
        assert making.bring_back_keys(reader, now=MOMENT, replace=False) is None  # the same once more
    assert [path.name for path in aside.iterdir()] == ["0001-11111111.key"]
    assert keyring.marks(settings.KEYRING) == keyring.marks(ring)
    assert (settings.KEYRING / "0001-0a0b0c0d.key").stat().st_mode & 0o777 == 0o600


def test_keys_and_data_never_lie_in_one_folder(ring: Path, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / archive.file_name(MOMENT)).write_bytes(b"")
    for folder in (tmp_path / "data", ring, ring / "below"):
        with pytest.raises(BackupError, match="kept apart"):
            making.make_of_keys(folder=folder, now=MOMENT)
    making.make_of_keys(folder=tmp_path / "vault", now=MOMENT)
    with pytest.raises(BackupError, match="kept apart"):
        making.make(folder=tmp_path / "vault", now=MOMENT)


@pytest.mark.parametrize(
    ("days", "gone"), [(90, [91, 400]), (7, [8, 89, 90, 91, 400]), (1, [2, 7, 8, 89, 90, 91, 400])]
)
def test_old_backups_are_removed_and_nothing_else(tmp_path: Path, days: int, gone: list[int]) -> None:
    ages = [0, 1, 2, 7, 8, 89, 90, 91, 400]
    files = {age: tmp_path / archive.file_name(MOMENT - timedelta(days=age)) for age in ages}
    others = [
        tmp_path / name for name in ("zhibu-keys-2020-01-01-000000.zip", "notes.txt", "zhibu-2020-01-01-000000.zip.txt")
    ]
    for file in [*files.values(), *others]:
        file.touch()
    assert archive.prune(tmp_path, now=MOMENT, days=days) == sorted(files[age] for age in gone)
    assert set(tmp_path.iterdir()) == {files[age] for age in ages if age not in gone} | set(others)


@pytest.mark.parametrize("days", [0, 91, -1])
def test_no_backup_is_kept_longer_than_ninety_days(tmp_path: Path, days: int) -> None:
    with pytest.raises(BackupError, match="kept 1 to 90 days"):
        making.make(folder=tmp_path, now=MOMENT, keep_days=days)


def test_a_broken_attempt_leaves_no_half_file(tmp_path: Path) -> None:
    def attempt() -> None:
        with archive.written(tmp_path / "a.zip") as writer:
            writer.manifest(holds="data")
            raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        attempt()
    assert list(tmp_path.iterdir()) == []
