"""Sealed values open only where they belong, whole, and with the right key."""

import os
import secrets
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

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
    keyring.make_first(ring)
    old = keyring.seal("before", bound_to="x")
    mark = keyring.fingerprint("1", purpose="p")
    (ring / f"0002-{secrets.token_hex(4)}.key").write_bytes(secrets.token_bytes(32))
    keyring._ring.cache_clear()
    assert keyring.unseal(old, bound_to="x") == "before"
    assert keyring.seal("after", bound_to="x")[:4] != old[:4]
    assert keyring.fingerprint("1", purpose="p") == mark


def test_the_first_key_is_made_for_its_owner_alone(ring: Path) -> None:
    assert keyring.make_first(ring)
    assert not keyring.make_first(ring)
    (file,) = ring.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert ring.stat().st_mode & 0o777 == 0o700
    keyring.check()


def test_several_at_once_make_one_first_key(ring: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    together = Barrier(8)

    def slowly(length: int) -> bytes:
        time.sleep(0.05)  # long enough for all of them to have looked
        return os.urandom(length)

    monkeypatch.setattr(keyring.secrets, "token_bytes", slowly)

    def start(_number: int) -> bool:
        together.wait()
        return keyring.make_first(ring)

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(start, range(8)))
    assert sum(made) == 1
    assert len(keyring.keys_in(ring)) == 1


def test_nothing_is_left_half_by_one_that_died_while_making_it(ring: Path) -> None:
    ring.mkdir()
    (ring / "first.new").write_bytes(b"half")
    assert keyring.make_first(ring)
    assert len(keyring.keys_in(ring)) == 1


@pytest.mark.parametrize("use", [lambda: keyring.seal("x", bound_to="y"), keyring.check])
def test_an_empty_ring_is_refused_and_not_filled(ring: Path, use) -> None:
    ring.mkdir()
    with pytest.raises(ImproperlyConfigured, match=r"There is no key in .*manage\.py prepare"):
        use()
    assert not any(ring.iterdir())


def test_a_damaged_key_refuses_to_start(ring: Path) -> None:
    ring.mkdir()
    (ring / "0001-0a0b0c0d.key").write_bytes(b"short")
    with pytest.raises(ImproperlyConfigured, match="damaged"):
        keyring.check()
