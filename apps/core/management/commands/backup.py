"""Everything worth keeping into one file, but the keys; those into another, elsewhere."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandError
from django.core.management.base import BaseCommand
from django.utils import timezone

from apps.core.backup import database, making
from apps.core.backup.errors import BackupError
from apps.core.stack.catalogs import compile_catalogs
from apps.core.stack.words import gettext as _


class Command(BaseCommand):
    help = "Back up database and attachments, while everything runs; or, with --keys, the keys."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", type=Path, metavar="FOLDER", help="default: backups in ZHIBU_HOME")
        parser.add_argument("--keys", action="store_true", help="the keys instead of the data; needs --to")
        parser.add_argument(
            "--keep-days",
            type=int,
            default=making.LONGEST_KEPT,
            metavar="N",
            help="remove older backups (1–90, default 90)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        compile_catalogs(settings.BASE_DIR / "locale")
        now = timezone.localtime()
        try:
            if options["keys"]:
                self.keys(options["to"], now)
            else:
                self.data(options["to"] or settings.HOME / "backups", now, options["keep_days"])
        except (BackupError, OSError) as error:
            raise CommandError(str(error)) from error

    def data(self, folder: Path, now: Any, keep_days: int) -> None:
        with database.at_hand():
            made = making.make(folder=folder, now=now, keep_days=keep_days)
        values = {"file": made.file, "rows": made.rows, "attachments": made.attachments}
        self.stdout.write(_("%(file)s: %(rows)d rows, %(attachments)d files.") % values)
        self.stdout.write(_("The keys are not in it: manage.py backup --keys --to FOLDER, somewhere else."))
        for file in made.pruned:
            self.stdout.write(_("Removed: %(file)s") % {"file": file})

    def keys(self, folder: Path | None, now: Any) -> None:
        if folder is None:
            raise CommandError(_("Say where the keys shall lie: --to FOLDER, apart from the backups."))
        made = making.make_of_keys(folder=folder, now=now)
        self.stdout.write(_("%(file)s: the keys. Whoever has it and a backup reads every ID number.") % {"file": made})
