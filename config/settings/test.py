"""The test suite: the embedded test cluster, plain static files, fast hashes."""

import os
import tempfile
from pathlib import Path

from apps.core.stack.postgres import socket_folder

from .base import *  # noqa: F403
from .base import DATABASES, HOME, MIDDLEWARE

SECRET_KEY = "only-for-tests"  # noqa: S105
ALLOWED_HOSTS = ["*"]

# The owner makes and migrates the test database, the tests run as the application role: tests/conftest.py.
TEST_CLUSTER = None if os.environ.get("DATABASE_URL") else HOME / "postgres-test"
DATABASES["default"]["OPTIONS"] = {}
if TEST_CLUSTER:
    DATABASES["default"]["HOST"] = str(socket_folder(TEST_CLUSTER))

HOME = Path(os.environ.get("ZHIBU_TEST_HOME") or tempfile.mkdtemp(prefix="zhibu-test-"))
KEYRING = HOME / "keys"
MEDIA_ROOT = HOME / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Nothing is collected here; a live server in the tests serves the sources.
MIDDLEWARE = [name for name in MIDDLEWARE if not name.startswith("whitenoise.")]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
SITE_URL = "https://zhibu.example.org/"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
CELERY_TASK_ALWAYS_EAGER = True
DEMO_ALLOWED = True
CLOCK_MAY_BE_SET = True
