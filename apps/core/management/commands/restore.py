"""A backup back into an empty system, or in the place of what is there."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandError
from django.core.management.base import BaseCommand
from django.utils import timezone

from apps.core.backup import archive, database, making
from apps.core.backup.errors import BackupError
from apps.core.stack.catalogs import compile_catalogs
from apps.core.stack.words import gettext as _


class Command(BaseCommand):
    help = "Restore a backup of the data or of the keys. Web, worker and beat must be stopped."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--replace", action="store_true", help="in the place of the data, or keys, that are there")
        parser.add_argument("--without-keys", action="store_true", help="although sealed values will not open")

    def handle(self, *args: Any, **options: Any) -> None:
        compile_catalogs(settings.BASE_DIR / "locale")
        now = timezone.localtime()
        try:
            with archive.opened(options["file"]) as reader:
                if reader.said["holds"] == "keys":
                    self.keys(reader, now, options["replace"])
                    return
                with database.at_hand(may_be_new=True):
                    making.bring_back(reader, replace=options["replace"], without_keys=options["without_keys"])
                    making.open_again(now=now, without_keys=options["without_keys"])
        except (BackupError, OSError) as error:
            raise CommandError(str(error)) from error
        said = reader.said
        values = {"at": said["made_at"][:16].replace("T", " "), "rows": sum(said["tables"].values())}
        self.stdout.write(_("Restored as of %(at)s: %(rows)d rows.") % values)
        self.stdout.write(
            _(
                "Nothing is sent until an administrator releases it under “Messages going out”, or manage.py reminders release."
            )
        )

    def keys(self, reader: archive.Reader, now: Any, replace: bool) -> None:
        aside = making.bring_back_keys(reader, now=now, replace=replace)
        self.stdout.write(_("The keys are in %(folder)s.") % {"folder": settings.KEYRING})
        if aside:
            self.stdout.write(_("Those that were there lie in %(folder)s.") % {"folder": aside})
