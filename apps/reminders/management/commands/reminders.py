"""Each step of reminders by hand."""

from argparse import ArgumentParser
from datetime import date, datetime, time
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from apps.core import clock
from apps.reminders.schedule import MORNING
from apps.reminders.services import delivering, digesting, owing, switching
from apps.reminders.status import status


class Command(BaseCommand):
    help = "Write down what is owed, say it, send it, or show how it stands."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("step", choices=("owe", "say", "deliver", "settle", "status", "hold", "release"))
        parser.add_argument("--today", type=date.fromisoformat, help="as of this day, to catch up or to look ahead")

    def handle(self, *args: Any, **options: Any) -> None:
        now = clock.now()
        if day := options["today"]:
            now = timezone.make_aware(datetime.combine(day, max(now.time(), time(MORNING.hour, MORNING.minute))))
        getattr(self, options["step"])(now)

    def owe(self, now: datetime) -> None:
        self.stdout.write(f"{owing.owe(today=now.date())} new")

    def say(self, now: datetime) -> None:
        done = digesting.run_round(now=now)
        self.stdout.write(
            f"{done.owed} written down, {done.lines} lines in {done.digests} digests, {done.settled} already done, "
            f"{done.nobody} with nobody to tell, round {'closed' if done.is_closed else 'open or quiet'}"
        )

    def deliver(self, now: datetime) -> None:
        done = delivering.deliver(now=now)
        self.stdout.write(
            f"{done.sent} sent, {done.dropped} dropped, {done.again} to be tried again, {done.parked} parked"
        )

    def settle(self, now: datetime) -> None:
        self.stdout.write(f"{owing.settle(today=now.date())} settled")

    def hold(self, now: datetime) -> None:
        switching.hold(reason="by-hand")
        self.stdout.write("Nothing leaves until it is released.")

    def release(self, now: datetime) -> None:
        self.stdout.write(f"Released; {switching.release(by=None)} messages from before stay in the house.")

    def status(self, now: datetime) -> None:
        shown = status(now.date())
        for name in shown.__dataclass_fields__:
            self.stdout.write(f"{name:<15} {getattr(shown, name)}")
