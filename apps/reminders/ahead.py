"""What will be said to whom, when and why, on the coming days: computed, not stored, so that it is what would happen."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from apps.branches.models import Organization, Person
from apps.core.sources import COLUMNS, OWED, Line, private, sources
from apps.reminders import asking, recipients
from apps.reminders.models import Reminder
from apps.reminders.schedule import reach
from apps.reminders.working_days import WorkingDays, working_days

DAYS = 14
CATCH_UP = timedelta(days=450)


@dataclass(frozen=True, slots=True)
class Coming:
    """`day`: of the digest. `heard_by`: people and the reason (`DigestLine.Reason`); empty where nobody has an account."""

    day: date
    line: Line
    step: str
    step_on: date
    heard_by: tuple[tuple[Person, str], ...]
    nudged: bool = False
    is_paused: bool = False  # in the app alone: a request for a waiver waits


def coming(
    organization: Organization, today: date, *, days: int = DAYS, groups: Iterable[int] | None = None
) -> list[Coming]:
    """The steps of one branch (or of these groups) that are not said yet, in order; what waits for the next digest first.

    As things stand: what is done meanwhile falls away, who holds the post on that day hears it. The number of queries depends on
    the sources, not on the rows.
    """
    calendar = working_days(today)
    found = _steps(organization, today, calendar, today + timedelta(days=days))
    if groups is not None:
        found = [(day, one) for day, one in found if one.group_id in set(groups)]
    reminders = [one for _, one in found]
    for number, one in enumerate(reminders, start=1):
        one.pk = -number  # not stored: only so that the questions below can name them
    texts = asking.lines(reminders, today)
    late = asking.overdue(reminders, today) | {one.pk for one in reminders if one.step in ("overdue", "repeat")}
    told, paused = recipients.resolve(reminders, today, late), asking.paused(reminders)
    people = Person.objects.in_bulk({person for heard in told.values() for person, _ in heard})
    return [
        Coming(
            day=day,
            line=texts[one.source, one.source_id],
            step=one.step,
            step_on=one.step_on,
            heard_by=tuple((people[person], why) for person, why in told[one.pk] if person in people),
            nudged=one.nudged_by_id is not None,
            is_paused=one.pk in paused,
        )
        for day, one in found
        if (one.source, one.source_id) in texts
    ]


def _steps(organization: Organization, today: date, calendar: WorkingDays, until: date) -> list[tuple[date, Reminder]]:
    """What is written down and waits, and what the sources will owe by each working day up to `until`."""
    first = calendar.on_or_after(today)
    secret = private()
    waiting = list(
        Reminder.objects.waiting().filter(branch=organization).exclude(source__in=secret).select_related("branch")
    )
    owed = asking.still_owed(waiting, today)
    found = [one for one in waiting if one.pk in owed or one.step_on > today]
    known = set(
        Reminder.objects.filter(branch=organization, step_on__gte=today - CATCH_UP).values_list(
            "source", "source_id", "step", "organization_id", "group_id", "person_id"
        )
    )
    days, day = [], first
    while day <= until:
        days.append(reach(day, calendar))
        day = calendar.after(day)
    for source in (one for one in sources if one.slug not in secret):
        sets = [rows.filter(**{OWED + "branch": organization.pk}) for day in days for rows in source.owed(day)]
        for row in sets[0].union(*sets[1:]) if sets else ():
            columns = dict(zip(COLUMNS, row, strict=True))
            key = (source.slug, *(columns[name] for name in ("source_id", "step", "organization", "group", "person")))
            if key not in known:
                known.add(key)
                found.append(_reminder(source.slug, columns))
    steps = [(max(first, calendar.on_or_before(one.step_on)), one) for one in found]
    return sorted(steps, key=lambda step: (step[0], step[1].due_on or date.max, step[1].step_on))


def _reminder(slug: str, columns: dict[str, Any]) -> Reminder:
    ids = {f"{name}_id": columns[name] for name in ("branch", "organization", "group", "person")}
    same = {name: columns[name] for name in ("source_id", "step", "step_on", "due_on")}
    return Reminder(source=slug, path=columns["place"], **same, **ids)
