"""Seal everything stored anew with the newest key."""

from typing import Any

from django.core.management.base import BaseCommand

from apps.core import resealing


class Command(BaseCommand):
    help = "After a new key: seal everything anew with it, while people work. May be stopped and begun again."

    def handle(self, *args: Any, **options: Any) -> None:
        refused = 0
        for done in resealing.reseal():
            refused += len(done.refused)
            self.stdout.write(f"{done.column.model}.{done.column.field}: {done.sealed}")
            if done.refused:
                places = ", ".join(map(str, done.refused[:20]))
                self.stderr.write(f"  {len(done.refused)} did not open and stay as they are: {places}")
        if refused:
            raise SystemExit(1)
