"""Files what the plan says: whole or not at all, with a fixed number of statements.

Past records owe and remind of nothing: no invitations, no decisions that could become assignments (what was decided stands in the
notes), and nobody listens but those who count.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from apps.activities import registry
from apps.activities.importing.plan import LONGEST_ITEM, LONGEST_TITLE, MOST_ITEMS, Plan, Step, make_plan
from apps.activities.importing.reading import Line
from apps.activities.models import Activity, ActivityVersion, AgendaItem, Attendance, Sitting
from apps.activities.services.snapshots import snapshot
from apps.branches.models import Organization
from apps.core.errors import EditConflict, RuleBroken
from apps.core.models import audit

if TYPE_CHECKING:
    from apps.accounts.models import User


@transaction.atomic
def file_past(*, organization: Organization, lines: list[Line], digest: str, by: "User", now: datetime) -> int:
    """How many records were filed. EditConflict where the branch is no longer as the preview showed it."""
    Organization.objects.select_for_update(of=["self"]).get(
        pk=organization.pk
    )  # the second of two finds the first one's rows
    plan = make_plan(lines, organization)
    if plan.digest != digest:
        raise EditConflict(
            _("Something has changed since you looked, or it has been imported already. Look once more.")
        )
    if not plan.new:
        raise RuleBroken(_("There is nothing to write."))
    _write(plan, organization, by, now)
    audit(by=by, action="past_import", subject=organization, organization_id=organization.pk, note=str(len(plan.new)))
    return len(plan.new)


def _write(plan: Plan, organization: Organization, by: "User", now: datetime) -> None:
    steps = plan.new
    sittings = Sitting.objects.bulk_create(_sitting(step, organization, by) for step in steps)
    activities = Activity.objects.bulk_create(
        _activity(step, sitting, organization, by, now) for step, sitting in zip(steps, sittings, strict=True)
    )
    people = [
        Attendance(
            sitting=sitting, person=one.person, status=Attendance.Status.PRESENT, is_expected=one.is_expected,
            can_vote=one.can_vote,
        )
        for step, sitting in zip(steps, sittings, strict=True) for one in step.people
    ]  # fmt: skip
    items = [
        AgendaItem(activity=activity, order=place, title=text[:LONGEST_ITEM], notes=text if len(text) > LONGEST_ITEM else "")
        for step, activity in zip(steps, activities, strict=True)
        for place, text in enumerate(items_of(step), 1)
    ]  # fmt: skip
    Attendance.objects.bulk_create(people)
    AgendaItem.objects.bulk_create(items)
    there: dict[int, list[Attendance]] = {}
    agenda: dict[int, list[AgendaItem]] = {}
    for row in people:
        there.setdefault(row.sitting_id, []).append(row)
    for item in items:
        agenda.setdefault(item.activity_id, []).append(item)
    versions = ActivityVersion.objects.bulk_create(
        ActivityVersion(
            activity=one, number=1, state=Activity.State.FILED, kind=one.kind, organization=organization, group=one.group,
            held_on=one.held_on, for_year=one.for_year, filed_by=by, filed_at=now,
            snapshot=snapshot(one, one.sitting, there.get(one.sitting_id, []), agenda.get(one.pk, []), []),
        )
        for one in activities
    )  # fmt: skip
    registry.on_past_filed(versions)


def _sitting(step: Step, organization: Organization, by: "User") -> Sitting:
    begins, ends = step.at("begins"), step.at("ends")
    long = step.line.count("minutes_long")
    if begins and long and not ends:
        last = begins.hour * 60 + begins.minute + long
        ends = begins.replace(hour=last // 60, minute=last % 60) if begins and last < 24 * 60 else None
    return Sitting(
        organization=organization, group=step.group, held_on=step.held_on, starts_at=begins, ends_at=ends,
        place=step.line.text("place"), chair=step.chair, minute_taker=step.minute_taker, guests=step.line.list("guests"),
        created_by=by,
    )  # fmt: skip


def _activity(step: Step, sitting: Sitting, organization: Organization, by: "User", now: datetime) -> Activity:
    return Activity(
        sitting=sitting, organization=organization, group=step.group, kind=step.kind, held_on=step.held_on,
        state=Activity.State.FILED, topic=step.title[:LONGEST_TITLE], lecturer=step.line.text("lecturer"),
        minutes=minutes_of(step), for_year=step.for_year, filed_at=now, filed_by=by, created_by=by, taken_over=step.kept,
    )  # fmt: skip


def items_of(step: Step) -> list[str]:
    items = [line.strip() for line in step.line.text("topics").splitlines() if line.strip()]
    return items if len(items) <= MOST_ITEMS else []


def minutes_of(step: Step) -> str:
    """In Chinese, as the papers are: what has no place of its own in a record stands in the notes."""
    line, parts = step.line, []
    if len(step.title) > LONGEST_TITLE:
        parts.append(step.title)
    if line.text("topics") and not items_of(step):
        parts.append(f"议题：\n{line.text('topics')}")
    if line.text("content"):
        parts.append(line.text("content"))
    if line.text("resolution"):
        parts.append(f"决议：\n{line.text('resolution')}")
    return "\n\n".join(parts)
