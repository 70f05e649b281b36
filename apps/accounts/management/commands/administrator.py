"""The first administrator, or one who lost the way in: there is nobody to ask but the machine itself."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from apps.accounts import services
from apps.accounts.models import User
from apps.core import clock
from apps.core.models import audit


class Command(BaseCommand):
    help = "Make the account an administrator's (it is opened where there is none) and print a code for its activation."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    @transaction.atomic
    def handle(self, *args: Any, username: str, **options: Any) -> None:
        username = username.strip().lower()
        user = User.objects.filter(username=username).first()
        if user is None:
            user = User.objects.create_user(username)
        elif not user.is_active:
            raise CommandError(f"The account {username} is closed.")
        if not user.is_administrator:
            user.is_administrator = True
            user.save(update_fields=["is_administrator"])
            audit(by=None, action="administrator_make", subject=user)
        slip = services.code_issue(user=user, by=None, now=clock.now())
        self.stdout.write(f"{user.username}  {services.code_shown(slip.code)}  /activate/")
