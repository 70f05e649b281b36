"""The folder that holds a system's data, and the lock on it."""

import fcntl
import os
from pathlib import Path

from django.core.management import CommandError

from apps.core.stack.words import gettext as _


def hold_home(home: Path) -> int:
    """Two stacks on one home would fight over the same data. The kernel lets go when the process ends."""
    home.mkdir(parents=True, exist_ok=True)
    lock = os.open(home / "up.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        pid = os.read(lock, 20).decode().strip()
        text = _("Zhibu is already running in %(home)s (process %(pid)s). Stop it, or set another ZHIBU_HOME.")
        raise CommandError(text % {"home": home, "pid": pid}) from None
    os.ftruncate(lock, 0)
    os.write(lock, f"{os.getpid()}\n".encode())
    return lock
