"""A folder of keys that is not the database's stops the preparing step, and nothing is made in its place."""

from pathlib import Path

import pytest
from django.core.management import CommandError

from apps.core import key_marks, keyring
from apps.core.models import KeyMark

pytestmark = pytest.mark.django_db


@pytest.fixture
def ring(tmp_path: Path, settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    settings.KEYRING = tmp_path / "keys"
    return settings.KEYRING


def known() -> list[tuple[str, str]]:
    return sorted(KeyMark.objects.values_list("key_id", "check_value"))


def test_a_new_system_gets_its_first_key_once(ring: Path) -> None:
    key_marks.settle()
    (mark,) = keyring.marks(ring)
    assert known() == [tuple(mark)]
    key_marks.settle()
    assert known() == [tuple(mark)] == keyring.marks(ring)


def test_keys_that_were_there_before_the_database_are_kept_and_noted(ring: Path) -> None:
    """A new database beside an old keyring, or a system from before marks were kept."""
    keyring.make_first(ring)
    before = keyring.marks(ring)
    key_marks.settle()
    assert known() == before == keyring.marks(ring)


def test_a_second_key_is_noted(ring: Path) -> None:
    key_marks.settle()
    (ring / "0002-0a0b0c0d.key").write_bytes(b"n" * 32)
    key_marks.settle()
    assert known() == sorted(keyring.marks(ring))
    assert len(known()) == 2


def emptied(ring: Path) -> None:
    for file in ring.glob("*.key"):
        file.unlink()


def replaced(ring: Path) -> None:
    emptied(ring)
    (ring / "0001-0a0b0c0d.key").write_bytes(b"n" * 32)


def second_one_lost(ring: Path) -> None:
    (ring / "0002-0a0b0c0d.key").write_bytes(b"n" * 32)
    key_marks.settle()
    (ring / "0002-0a0b0c0d.key").unlink()


@pytest.mark.parametrize("lose", [emptied, replaced, second_one_lost])
def test_a_key_that_is_missing_is_said_and_none_is_made(ring: Path, lose) -> None:
    key_marks.settle()
    lose(ring)
    before, files = known(), sorted(ring.iterdir())
    with pytest.raises(CommandError, match=r"The key [0-9a-f]{8}, which sealed data .*--without-keys"):
        key_marks.settle()
    assert (known(), sorted(ring.iterdir())) == (before, files)


@pytest.mark.parametrize("lose", [emptied, replaced, second_one_lost])
def test_keys_lost_for_good_can_be_given_up(ring: Path, lose) -> None:
    key_marks.settle()
    lose(ring)
    key_marks.settle(without_keys=True)
    assert known() == sorted(keyring.marks(ring))
    assert len(known()) == 1
    key_marks.settle()


@pytest.mark.parametrize("without_keys", [False, True])
def test_another_key_under_the_same_name_is_refused(ring: Path, without_keys: bool) -> None:
    key_marks.settle()
    (file,) = ring.glob("*.key")
    file.write_bytes(b"n" * 32)
    with pytest.raises(CommandError, match="same name, other content"):
        key_marks.settle(without_keys=without_keys)
