"""The life of a batch: started, columns chosen, planned, answered, confirmed, run, undone, purged."""

import json
from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from apps.branches.models import Organization
from apps.branches.names import clean_name
from apps.branches.reach import reach_of
from apps.branches.rules import enterable_posts
from apps.core.errors import EditConflict, RuleBroken
from apps.core.models import audit
from apps.members import tasks
from apps.members.importing import files, plan, undoing, writing
from apps.members.importing.choices import Choices
from apps.members.importing.files import Gone, Upload
from apps.members.importing.plan import Conditions, Plan
from apps.members.importing.posts import Rights
from apps.members.models import KEPT, ImportBatch, ImportChange, ImportFile
from apps.members.roster_rows import RosterReading, read_roster
from apps.members.roster_values import Reading

if TYPE_CHECKING:
    from apps.accounts.models import User

State = ImportBatch.State
SETTING_UP_DAYS = 31  # after the first import corrections of the same file are still expected
AT_ONCE = 200  # rows that one request may plan and write; more run in the background


class _MovedOn(Exception):
    """The roster has changed since the preview."""


def read(upload: Upload, choices: Choices, today: date) -> RosterReading:
    """WorkbookError where the file cannot be read or the columns contradict each other."""
    return read_roster(
        upload.data,
        upload.name,
        today=today,
        clean=clean_name,
        mapping=choices.mapping,
        sheet=choices.sheets,
        include_hidden=choices.include_hidden,
    )


def start(
    *, organization: Organization, by: "User", now: datetime, upload: Upload
) -> tuple[ImportBatch, RosterReading]:
    """Keep the upload, sealed. It counts from where duties count while the roster is being set up, later from today.

    WorkbookError where the file cannot be read; then nothing is kept.
    """
    _refuse_strangers(by, organization)
    today = now.date()
    reading = read(upload, Choices(), today)
    with transaction.atomic():
        batch = ImportBatch.objects.create(
            organization=organization,
            created_by=by,
            planned_by=by,
            created_at=now,
            file_name=upload.name[:120],
            state=State.TO_CHECK,
            since=_since(organization, today),
            language=translation.get_language(),
            total=len(reading.rows),
            choices=Choices().as_stored(),
        )
        files.keep(batch, ImportFile.Kind.UPLOAD, upload.to_text())
        audit(by=by, action="import_start", subject=batch, organization_id=organization.pk)
    if reading.is_mapped:
        plan_soon(batch, by=by, today=today, reading=reading)
    return batch, reading


def _since(organization: Organization, today: date) -> date:
    """A corrected file belongs to the first import: for a month its people have been there as long as the others."""
    first = (
        organization.imports.filter(state__in=[State.DONE, State.PARTLY_DONE], undone_at=None)
        .order_by("finished_at")
        .values_list("finished_at", flat=True)
        .first()
    )
    is_settled = first is not None and (today - timezone.localtime(first).date()).days >= SETTING_UP_DAYS
    return today if is_settled else min(organization.tracked_from, today)


def choose(*, batch: ImportBatch, by: "User", today: date, choices: Choices, since: date) -> None:
    """Take the user's choices and plan anew. WorkbookError where columns contradict each other; then nothing changes."""
    _refuse_strangers(by, batch.organization)
    reading = read(files.upload_of(batch), choices, today)
    done = ImportBatch.objects.filter(pk=batch.pk, state=State.TO_CHECK).update(
        choices=choices.as_stored(),
        since=since,
        language=translation.get_language(),
        total=len(reading.rows),
        is_stale=False,
        digest="",
        planned_by=by,
    )
    if not done:
        raise EditConflict(_("This import is already under way. Look at its result."))
    batch.refresh_from_db()
    ImportFile.objects.filter(batch=batch, kind=ImportFile.Kind.PLAN).delete()
    if reading.is_mapped:
        plan_soon(batch, by=by, today=today, reading=reading)


def plan_soon(batch: ImportBatch, *, by: "User", today: date, reading: RosterReading | None = None) -> None:
    """Now, or in the background where that takes longer than a page should."""
    if batch.total <= AT_ONCE:
        prepare(batch, by=by, today=today, reading=reading)
        return
    ImportBatch.objects.filter(pk=batch.pk).update(state=State.READING, progress=0)
    batch.state = State.READING
    tasks.prepare_import.delay_on_commit(batch.pk)


def prepare(
    batch: ImportBatch,
    *,
    by: "User",
    today: date,
    reading: RosterReading | None = None,
    progress: Callable[[int], None] = lambda done: None,
) -> Plan:
    """Compare with the roster and keep what the preview shows. Writes nothing to the roster."""
    choices = Choices.of(batch.choices)
    reading = reading or read(files.upload_of(batch), choices, today)
    with translation.override(batch.language):
        made = plan.build(reading, conditions(batch, by, today), progress)
        shown = plan.as_shown(made, reading, batch.language)
    with transaction.atomic():
        files.keep(batch, ImportFile.Kind.PLAN, json.dumps(shown, ensure_ascii=False))
        ImportBatch.objects.filter(pk=batch.pk, state__in=[State.READING, State.TO_CHECK]).update(
            state=State.TO_CHECK, digest=made.digest, **_counts(made)
        )
    batch.refresh_from_db()
    return made


def _counts(made: Plan) -> dict[str, int]:
    counts = made.counts()
    return {
        "created": counts[plan.NEW],
        "updated": counts[plan.UPDATE],
        "unchanged": counts[plan.SAME],
        "problems": counts[plan.PROBLEM] + counts[plan.QUESTION],
        "left_out": counts[plan.LEFT_OUT],
    }


def conditions(batch: ImportBatch, by: "User", today: date) -> Conditions:
    """`by` may come from a worker, without the reach a request brings."""
    by.reach = getattr(by, "reach", None) or reach_of(by, today)
    rights = Rights(enterable_posts(by, batch.organization, today), by.reach.person_id)
    reading = Reading(today=today, clean=clean_name)
    return Conditions(batch.organization, Choices.of(batch.choices), batch.since, reading, rights)


def confirm(*, batch: ImportBatch, by: "User", now: datetime, digest: str) -> None:
    """Write what the preview showed; `digest` is the one it carried. Once: a second confirmation is an EditConflict."""
    _refuse_strangers(by, batch.organization)
    if batch.planned_by_id != by.pk and batch.state == State.TO_CHECK:
        ImportBatch.objects.filter(pk=batch.pk, state=State.TO_CHECK).update(planned_by=by, digest="")
        batch.refresh_from_db()
        plan_soon(batch, by=by, today=now.date())
        raise EditConflict(_("Somebody else made this preview. Look at it once more."))
    with transaction.atomic():  # at once: an error in writing leaves the batch to be checked
        mine = ImportBatch.objects.filter(pk=batch.pk, state=State.TO_CHECK, digest=digest, is_stale=False).exclude(
            digest=""
        )
        if not mine.update(state=State.IMPORTING, progress=0):
            raise EditConflict(_("This preview is no longer current. Look at it once more."))
        batch.refresh_from_db()
        if batch.total <= AT_ONCE:
            run(batch, by=by, now=now)
        else:
            tasks.run_import.delay_on_commit(batch.pk)
    batch.refresh_from_db()


def run(batch: ImportBatch, *, by: "User", now: datetime, progress: Callable[[int], None] = lambda done: None) -> None:
    """The confirmed batch, whole or not at all. If the roster is no longer as previewed: back to the preview."""
    if batch.state != State.IMPORTING:
        return
    try:
        with transaction.atomic():
            Organization.objects.select_for_update(of=["self"]).get(pk=batch.organization_id)
            # A message may come twice; the second waits at the lock and finds the work done.
            if ImportBatch.objects.get(pk=batch.pk).state != State.IMPORTING:
                return
            reading = read(files.upload_of(batch), Choices.of(batch.choices), now.date())
            with translation.override(batch.language):
                made = plan.build(reading, conditions(batch, by, now.date()), progress)
            if made.digest != batch.digest:
                raise _MovedOn
            writing.write(made, batch=batch, by=by, today=now.date())
            counts = _counts(made)
            is_whole = not (counts["problems"] or counts["left_out"])
            ImportBatch.objects.filter(pk=batch.pk).update(
                state=State.DONE if is_whole else State.PARTLY_DONE, finished_at=now, progress=batch.total, **counts
            )
            audit(by=by, action="import_run", subject=batch, organization_id=batch.organization_id)
    except (_MovedOn, IntegrityError, Gone) as error:
        if isinstance(error, IntegrityError) and "id_number_hash" not in str(error):
            raise
        # An ID number may have been taken by another branch in between: the next preview says so at its row.
        ImportBatch.objects.filter(pk=batch.pk, state=State.IMPORTING).update(state=State.TO_CHECK, is_stale=True)
    batch.refresh_from_db()


def undo(*, batch: ImportBatch, by: "User", now: datetime) -> int:
    """Take the batch back; answers how many people were skipped because they have been changed since."""
    _refuse_strangers(by, batch.organization)
    with transaction.atomic():
        Organization.objects.select_for_update(of=["self"]).get(pk=batch.organization_id)
        batch.refresh_from_db()
        if not batch.can_be_undone(now):
            raise RuleBroken(_("This import can no longer be undone."))
        __, skipped = undoing.take_back(batch)
        ImportBatch.objects.filter(pk=batch.pk).update(undone_at=now, undone_by=by)
        audit(by=by, action="import_undo", subject=batch, organization_id=batch.organization_id)
    batch.refresh_from_db()
    return len(skipped)


def discard(*, batch: ImportBatch, by: "User") -> None:
    """Throw a batch away that has written nothing, and its upload with it."""
    _refuse_strangers(by, batch.organization)
    if not ImportBatch.objects.filter(pk=batch.pk, state=State.TO_CHECK).delete()[0]:
        raise EditConflict(_("This import is already under way. Look at its result."))
    audit(by=by, action="import_discard", subject=batch, organization_id=batch.organization_id)


def purge(*, now: datetime) -> None:
    """Uploads and previews a day after they came, what an undo needs a day after the import; unfinished batches whole."""
    old = now - KEPT
    ImportFile.objects.filter(batch__created_at__lte=old).delete()
    ImportChange.objects.filter(batch__finished_at__lte=old).delete()
    ImportBatch.objects.filter(created_at__lte=old, finished_at=None).exclude(state=State.IMPORTING).delete()
    ImportBatch.objects.filter(created_at__lte=old, purged_at=None).exclude(finished_at=None).update(
        purged_at=now, choices={}, file_name=""
    )


def resume(*, now: datetime) -> list[int]:
    """Wake what a lost message left lying: the rows say what is owed."""
    waiting = ImportBatch.objects.filter(state__in=[State.READING, State.IMPORTING], created_at__gt=now - 2 * KEPT)
    woken = []
    for batch in waiting:
        task = tasks.prepare_import if batch.state == State.READING else tasks.run_import
        task.delay_on_commit(batch.pk)
        woken.append(batch.pk)
    return woken


def progress_of(batch: ImportBatch) -> Callable[[int], None]:
    """Writes the count on a connection of its own: the page shall see it while the work is still one open transaction."""

    def note(done: int) -> None:
        aside = connection.copy()
        try:
            with aside.cursor() as cursor:
                cursor.execute("UPDATE members_importbatch SET progress = %s WHERE id = %s", [done, batch.pk])
        finally:
            aside.close()

    return note


def _refuse_strangers(by: "User", organization: Organization) -> None:
    if organization.pk not in by.reach.committee_of:
        raise RuleBroken(_("Only the branch committee keeps this roster."))


def background(batch_id: int, step: str, now: datetime) -> None:
    """What a worker does for `step` ("prepare" or "run")."""
    batch = ImportBatch.objects.select_related("organization", "planned_by").filter(pk=batch_id).first()
    if batch is None or batch.planned_by is None:
        return
    given: dict[str, Any] = {"by": batch.planned_by, "progress": progress_of(batch)}
    if step == "prepare" and batch.state == State.READING:
        prepare(batch, today=now.date(), **given)
    elif step == "run":
        run(batch, now=now, **given)
