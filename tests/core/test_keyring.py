"""Sealed values open only where they belong, whole, and with the right key."""

import secrets
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from apps.core import keyring


@pytest.fixture
def ring(tmp_path: Path, settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.KEYRING = tmp_path / "keys"
    keyring._ring.cache_clear()
    yield settings.KEYRING
    keyring._ring.cache_clear()


@given(st.text(max_size=200))
def test_what_is_sealed_opens_again(text: str) -> None:
    assert keyring.unseal(keyring.seal(text, bound_to="row:1"), bound_to="row:1") == text


def test_a_value_moved_to_another_row_does_not_open() -> None:
    sealed = keyring.seal("word", bound_to="row:1")
    with pytest.raises(keyring.Sealed):
        keyring.unseal(sealed, bound_to="row:2")


@pytest.mark.parametrize("place", range(24))
def test_one_flipped_bit_is_refused(place: int) -> None:
    sealed = bytearray(keyring.seal("words", bound_to="row:1"))
    sealed[place % len(sealed)] ^= 1
    with pytest.raises(keyring.Sealed):
        keyring.unseal(bytes(sealed), bound_to="row:1")


def test_rotation_seals_with_the_new_key_and_opens_the_old(ring: Path) -> None:
    old = keyring.seal("before", bound_to="x")
    mark = keyring.fingerprint("1", purpose="p")
    (ring / f"0002-{secrets.token_hex(4)}.key").write_bytes(secrets.token_bytes(32))
    keyring._ring.cache_clear()
    assert keyring.unseal(old, bound_to="x") == "before"
    assert keyring.seal("after", bound_to="x")[:4] != old[:4]
    assert keyring.fingerprint("1", purpose="p") == mark


def test_the_first_key_is_made_for_its_owner_alone(ring: Path) -> None:
    keyring.check()
    (file,) = ring.glob("*.key")
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_damaged_key_refuses_to_start(ring: Path) -> None:
    ring.mkdir()
    (ring / "0001-0a0b0c0d.key").write_bytes(b"short")
    with pytest.raises(ImproperlyConfigured, match="damaged"):
        keyring.check()
