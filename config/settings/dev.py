"""One machine, this machine: `make run`."""

import os

from .base import *  # noqa: F403
from .base import HOME

DEBUG = False


def secret_key() -> str:
    """Made on first start and kept in ZHIBU_HOME, so that sign-ins survive a restart."""
    if given := os.environ.get("SECRET_KEY"):
        return given
    HOME.mkdir(parents=True, exist_ok=True)
    path = HOME / "secret-key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    from django.core.management.utils import get_random_secret_key

    with os.fdopen(descriptor, "w") as file:
        file.write(key := get_random_secret_key())
    return key


SECRET_KEY = secret_key()
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *filter(None, os.environ.get("ALLOWED_HOSTS", "").split(","))]
DEMO_ALLOWED = True
CLOCK_MAY_BE_SET = True
