"""`check --deploy` under the production settings, with an environment like a server's. Reads no database."""

import os
import secrets
import sys
import tempfile

os.environ |= {
    "DJANGO_SETTINGS_MODULE": "config.settings.prod",
    "SECRET_KEY": secrets.token_urlsafe(60),
    "ALLOWED_HOSTS": "zhibu.example",
    "DATABASE_URL": "postgres://zhibu_app:unused@database.example/zhibu",
    "CELERY_BROKER_URL": "redis://broker.example/0",
    "ZHIBU_HOME": tempfile.mkdtemp(),
}
os.environ.pop("ZHIBU_NOW", None)


def main() -> None:
    from django.core.management import execute_from_command_line

    execute_from_command_line([sys.argv[0], "check", "--deploy", "--fail-level", "WARNING"])


if __name__ == "__main__":
    main()
