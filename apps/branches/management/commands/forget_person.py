"""Forget one person, at his or her request."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.branches.forgetting import forget_again, person_forget
from apps.branches.models import Membership, Person
from apps.core import clock


class Command(BaseCommand):
    help = "Take a person's name and data out of every table; records and numbers stay. Run with ZHIBU_AS_OWNER=1."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("person", nargs="?", help="the last part of the address of the person's page")
        parser.add_argument("--again", action="store_true", help="everybody on the list who has a name again")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.AS_OWNER:
            raise CommandError("Run it as the owner: ZHIBU_AS_OWNER=1 manage.py forget_person …")
        today = clock.today()
        if options["again"]:
            self.stdout.write(f"{forget_again(today)} forgotten again.")
            return
        person = Person.objects.filter(public_id=options["person"] or "").first()
        if person is None:
            raise CommandError("There is no such person. The key is the last part of the address of the person's page.")
        if Membership.objects.on(today).filter(person=person).exists():
            raise CommandError("This person is a member today. End the membership first; a member's record is kept.")
        self.stdout.write(f"Forgotten; {person_forget(person=person, today=today)} other rows held the name.")
