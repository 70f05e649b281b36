"""What the night does for voices, by hand: after a restore, before anybody is let in."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from apps.core import clock
from apps.voices.services.erasing import erase_due
from apps.voices.services.reports import reports_follow


class Command(BaseCommand):
    help = (
        "erase: names and words whose day has come. follow: send open situation reports to who holds the posts today."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("step", choices=["erase", "follow"])
        parser.add_argument("--today", type=date.fromisoformat, help="an ISO date, to catch up")

    def handle(self, *args: Any, **options: Any) -> None:
        today = options["today"] or clock.today()
        done = erase_due(today=today) if options["step"] == "erase" else reports_follow(today=today)
        self.stdout.write(str(done))
