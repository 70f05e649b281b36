"""`manage.py seed_demo`: believable fictitious data, relative to today."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from apps.branches.models import Organization
from apps.core import clock

SIZES = {"M": 2_000, "H": 100_000, "L": 1_000_000}


class Command(BaseCommand):
    help = "Fill an empty database with a fictitious machine works, or (M, H, L) with many organizations for measuring."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--scale", choices=("S", *SIZES), default="S", help="S: 6 branches; M: 2,000; H: 100,000; L: 1,000,000"
        )
        parser.add_argument("--if-empty", action="store_true", help="do nothing where organizations exist already")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO_ALLOWED:
            raise CommandError("The demonstration has known passwords. These settings refuse it.")
        if Organization.objects.exists():
            if options["if_empty"]:
                return
            raise CommandError("There are organizations already. The demonstration fills only an empty database.")
        from apps.demo import scale, seed

        with transaction.atomic():
            if options["scale"] == "S":
                seed.seed(clock.today())
            else:
                scale.seed(clock.today(), branches=SIZES[options["scale"]])
        self.stdout.write("The demonstration is ready.")
