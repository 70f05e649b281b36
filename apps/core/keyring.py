"""Keys outside the database: texts and numbers that must not be readable in a dump.

A sealed value is `key id (4 bytes) · nonce (12) · AES-256-GCM ciphertext`; the row it belongs to is bound in as associated
data, so that a value moved to another row does not open. Keys live one per file in `settings.KEYRING` (mode 0600); the name of
the newest file seals, all of them open.
"""

import fcntl
import hashlib
import hmac
import os
import secrets
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

ID_LENGTH, NONCE_LENGTH, KEY_LENGTH = 4, 12, 32


class Sealed(Exception):
    """The value cannot be opened: changed, moved, or its key is not on the ring. Never shown in part."""


class Mark(NamedTuple):
    """A key's id, and a number that tells another key under the same id without saying anything about the key."""

    id: str
    check: str


@lru_cache(maxsize=1)
def _ring(folder: Path) -> dict[bytes, bytes]:
    """Key id → key, oldest first. None is made here: that is the preparing step's, which knows what was sealed."""
    if not (ring := keys_in(folder)):
        raise ImproperlyConfigured(
            f"There is no key in {folder}. Put the keyring back; on a new system, run manage.py prepare."
        )
    return ring


def make_first(folder: Path) -> bool:
    """The first key, where there is none; says whether it was made. Several at once make one, and none is seen half."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if any(folder.glob("*.key")):
            return False
        unfinished = folder / "first.new"
        unfinished.unlink(missing_ok=True)
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as handle:
            handle.write(secrets.token_bytes(KEY_LENGTH))
            handle.flush()
            os.fsync(handle.fileno())
        unfinished.rename(folder / f"0001-{secrets.token_hex(ID_LENGTH)}.key")
        os.fsync(lock)
        return True
    finally:
        os.close(lock)


def keys_in(folder: Path) -> dict[bytes, bytes]:
    """Key id → key, oldest first, of what lies there; nothing is made. A damaged key raises ImproperlyConfigured."""
    ring = {}
    for file in sorted(folder.glob("*.key"), key=lambda file: file.name):
        key = file.read_bytes()
        name = file.stem.partition("-")[2]
        if len(key) != KEY_LENGTH or len(name) != 2 * ID_LENGTH:
            raise ImproperlyConfigured(
                f"The key file {file.name} is damaged. Put the right keyring in place and start again."
            )
        ring[bytes.fromhex(name)] = key
    return ring


def marks(folder: Path) -> list[Mark]:
    """Of the keys that lie there, oldest first."""
    return [
        Mark(key_id.hex(), hmac.new(key, b"zhibu backup", hashlib.sha256).hexdigest()[:32])
        for key_id, key in keys_in(folder).items()
    ]


def _derive(key: bytes, purpose: str) -> bytes:
    return hmac.new(key, purpose.encode(), hashlib.sha256).digest()


def seal(text: str, *, bound_to: str) -> bytes:
    """Encrypt `text` for the row named by `bound_to` (for example "person:17:id_number")."""
    key_id, key = list(_ring(settings.KEYRING).items())[-1]
    nonce = secrets.token_bytes(NONCE_LENGTH)
    return key_id + nonce + AESGCM(_derive(key, "seal")).encrypt(nonce, text.encode(), bound_to.encode())


def unseal(value: bytes, *, bound_to: str) -> str:
    """The text, or Sealed."""
    value = bytes(value)
    key = _ring(settings.KEYRING).get(value[:ID_LENGTH])
    if key is None:
        raise Sealed("no such key")
    nonce, body = value[ID_LENGTH : ID_LENGTH + NONCE_LENGTH], value[ID_LENGTH + NONCE_LENGTH :]
    try:
        return AESGCM(_derive(key, "seal")).decrypt(nonce, body, bound_to.encode()).decode()
    except InvalidTag:
        raise Sealed("changed or moved") from None


def fingerprint(text: str, *, purpose: str) -> bytes:
    """A keyed hash for uniqueness and look-up; made with the oldest key, so that rotation keeps it."""
    key = next(iter(_ring(settings.KEYRING).values()))
    return hmac.new(_derive(key, f"fingerprint:{purpose}"), text.encode(), hashlib.sha256).digest()


def newest() -> bytes:
    """The id of the key that seals now; whatever it sealed begins with it."""
    return list(_ring(settings.KEYRING))[-1]


def check() -> None:
    """Open the ring now, so that a damaged or empty one refuses to start."""
    _ring(settings.KEYRING)
