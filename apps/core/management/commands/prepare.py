"""What a new version needs before it serves."""

import os
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from apps.core import clock, key_marks
from apps.core.backup import registry
from apps.core.stack.broker import EMBEDDED
from apps.core.stack.catalogs import compile_catalogs


class Command(BaseCommand):
    help = (
        "Compile translations, migrate, look at the keys, make cache table and queue, collect static files. "
        "Run with ZHIBU_AS_OWNER=1."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--without-keys", action="store_true", help="give up keys that are lost for good")

    def handle(self, *args: Any, **options: Any) -> None:
        built = os.environ.get("ZHIBU_BUILT") == "1"  # an image: its files are ready, and not ours to write
        if not built:
            compile_catalogs(settings.BASE_DIR / "locale")
        call_command("migrate", interactive=False, verbosity=0)
        key_marks.settle(without_keys=options["without_keys"])
        for step in registry.as_owner:
            step(clock.now())
        call_command("createcachetable", verbosity=0)
        if settings.CELERY_BROKER_URL == EMBEDDED:
            from apps.core.stack import queue

            queue.install(owner=settings.OWNER_DATABASE, application=settings.APP_DATABASE)
        if not built:
            call_command("collectstatic", interactive=False, verbosity=0)
