"""Import a roster without a browser, by the same code as the pages."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from apps.accounts.models import User
from apps.branches.models import Organization, Post
from apps.branches.reach import reach_of
from apps.core import clock
from apps.core.errors import RuleBroken
from apps.core.workbook import WorkbookError
from apps.members.importing import batches, files
from apps.members.importing.files import Upload
from apps.members.models import ImportBatch
from apps.members.roster_rows import RosterReading


class Command(BaseCommand):
    help = "Read a roster, say what an import would write, and with --confirm write it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--organization", required=True, metavar="PUBLIC_ID", help="the branch, as in its address")
        parser.add_argument("--by", metavar="USER", help="whose import it is; otherwise the branch secretary's")
        parser.add_argument("--confirm", action="store_true", help="write what has no problem")
        parser.add_argument("--language", default="zh-hans")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(options["language"]):
            self.run(options)

    def run(self, options: dict[str, Any]) -> None:
        now = clock.now()
        branch = Organization.objects.filter(public_id=options["organization"], kind=Organization.Kind.BRANCH).first()
        if branch is None:
            raise CommandError("There is no branch with this public id.")
        user = self.user(branch, options["by"], now.date())
        try:
            upload = Upload(options["file"].read_bytes(), options["file"].name)
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from None
        try:
            batch, reading = batches.start(organization=branch, by=user, now=now, upload=upload)
            if not reading.is_mapped:
                batches.discard(batch=batch, by=user)
                raise CommandError("Some columns are unclear: " + self.unclear(reading) + ". Use the page, which asks.")
            if batch.state == ImportBatch.State.READING:  # a long file: here and now all the same
                batches.prepare(batch, by=user, today=now.date())
            self.report(batch)
            if options["confirm"]:
                self.write(batch, user, now)
            else:
                batches.discard(batch=batch, by=user)
        except (WorkbookError, RuleBroken) as error:
            raise CommandError(str(error)) from None

    def user(self, branch: Organization, name: str | None, today: Any) -> User:
        found = User.objects.filter(is_active=True)
        if name:
            user = found.filter(username=name).first()
        else:
            posts = Post.objects.on(today).filter(organization=branch, kind=Post.Kind.SECRETARY)
            user = found.filter(person__posts__in=posts).first()
        if user is None:
            raise CommandError("Nobody to import for: name a user of the branch committee with --by.")
        user.reach = reach_of(user, today)
        return user

    def unclear(self, reading: RosterReading) -> str:
        if not reading.chosen:
            return "no sheet with a header was found"
        return ", ".join(f"{c.letter} {c.title}" for sheet in reading.chosen for c in sheet.columns.unclear)

    def report(self, batch: ImportBatch) -> None:
        self.stdout.write(
            f"{batch.total} rows: {batch.created} new, {batch.updated} changed, {batch.unchanged} the same, "
            f"{batch.problems} with problems"
        )
        for row in files.plan_of(batch)["rows"]:
            for problem in row["problems"]:
                if row["kind"] in ("problem", "ask"):
                    self.stdout.write(f"  {problem['letter']}{row['number']} {problem['label']}: {problem['message']}")

    def write(self, batch: ImportBatch, user: User, now: Any) -> None:
        ImportBatch.objects.filter(pk=batch.pk).update(state=ImportBatch.State.IMPORTING)
        batch.refresh_from_db()
        batches.run(batch, by=user, now=now)
        if not batch.is_finished:
            raise CommandError("The roster changed in between; nothing was written. Try again.")
        self.stdout.write(f"Written: {batch.created} new, {batch.updated} changed.")
