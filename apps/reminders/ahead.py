"""What will be said to whom, when and why, on the coming days: computed, not stored, so that it is what would happen."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import BigIntegerField, CharField, F, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast

from apps.branches.models import Organization
from apps.core.sources import COLUMNS, OWED, Line, private, sources, steps
from apps.reminders import asking, recipients
from apps.reminders.models import Reminder
from apps.reminders.schedule import reach
from apps.reminders.working_days import WorkingDays, working_days

DAYS = 14
CATCH_UP = timedelta(days=450)
NEW = ""  # in place of a state: not written down yet


@dataclass(frozen=True, slots=True)
class Coming:
    """`day`: of the digest. `heard_by`: names and the reason (`DigestLine.Reason`); empty where nobody has an account."""

    day: date
    line: Line
    step: str
    step_on: date
    heard_by: tuple[tuple[str, str], ...]
    nudged: bool = False
    is_paused: bool = False  # in the app alone: a request for a waiver waits


def coming(
    organization: Organization, today: date, *, days: int = DAYS, groups: Iterable[int] | None = None
) -> list[Coming]:
    """The steps of one branch (or of these groups) that are not said yet, in order; what waits for the next digest first.

    As things stand: what is done meanwhile falls away, who holds the post on that day hears it. One query each for the days off,
    the steps and the people, and one for each source among them.
    """
    calendar = working_days(today)
    found = _steps(organization, calendar, today, today + timedelta(days=days))
    if groups is not None:
        found = [one for one in found if one.group_id in set(groups)]
    texts = asking.lines(found, today)
    found = _still_owed(found, texts, today)
    late = {one.pk for one in found if one.step in ("overdue", "repeat") or _line(one, texts).is_late}
    told, names = recipients.resolve_with_names(found, today, late, [organization])
    first = calendar.on_or_after(today)
    rows = [
        Coming(
            day=max(first, calendar.on_or_before(one.step_on)),
            line=_line(one, texts),
            step=one.step,
            step_on=one.step_on,
            heard_by=tuple((names[person], why) for person, why in told[one.pk]),
            nudged=one.nudged_by_id is not None,
            is_paused=_line(one, texts).is_paused,
        )
        for one in found
    ]
    return sorted(rows, key=lambda row: (row.day, row.line.due_on or date.max, row.step_on))


def _line(one: Reminder, texts: dict[tuple[str, int], Line]) -> Line:
    return texts[one.source, one.source_id]


def _still_owed(found: list[Reminder], texts: dict[tuple[str, int], Line], today: date) -> list[Reminder]:
    """Of what is written down, a step of today or before must be owed now; what the sources gave is owed on its day."""
    found = [one for one in found if (one.source, one.source_id) in texts]
    asked = [one for one in found if one.state != NEW and one.step_on <= today]
    owed = asking.still_owed([one for one in asked if _line(one, texts).is_owed is None], today)
    done = {one.pk for one in asked if not _line(one, texts).is_owed and one.pk not in owed}
    return [one for one in found if one.pk not in done]


def _steps(organization: Organization, calendar: WorkingDays, today: date, until: date) -> list[Reminder]:
    """What is written down and waits, and what the sources will owe by each working day up to `until`. Not stored: the ids are
    only there to name them in the questions. One query.
    """
    known: set[tuple] = set()
    waiting, owed = [], []
    for source, state, nudged_by, *values in _rows(organization, calendar, today, until):
        columns = dict(zip(COLUMNS, values, strict=True))
        key = (source, *(columns[name] for name in ("source_id", "step", "organization", "group", "person")))
        ids = {f"{name}_id": columns[name] for name in ("organization", "group", "person")}
        same = {name: columns[name] for name in ("source_id", "step", "step_on", "due_on")}
        one = Reminder(
            source=source,
            state=state,
            nudged_by_id=nudged_by,
            branch=organization,
            path=columns["place"],
            **same,
            **ids,
        )
        if state == NEW:
            owed.append((key, one))
            continue
        known.add(key)
        if state == Reminder.State.WAITING:
            waiting.append(one)
    fresh = {key: one for key, one in reversed(owed) if key not in known}
    found = waiting + list(fresh.values())
    for number, one in enumerate(found, start=1):
        one.pk = -number
    return found


def _rows(organization: Organization, calendar: WorkingDays, today: date, until: date) -> QuerySet:
    secret = private()
    written = Reminder.objects.filter(Q(step_on__gte=today - CATCH_UP) | Q(state="waiting"), branch=organization)
    written = written.exclude(source__in=secret)
    own = {name: f"{name}_id" for name in ("branch", "organization", "group", "person")}
    same = {name: name for name in ("source_id", "step", "step_on", "due_on")}
    sets = [
        _with(rows.filter(**{OWED + "branch": organization.pk}), Value(source.slug), Value(NEW), Value(None))
        for day in _days(calendar, today, until)
        for source in sources
        if source.slug not in secret
        for rows in source.owed(day)
    ]
    return _with(steps(written, place="path", **own, **same), F("source"), F("state"), F("nudged_by_id")).union(*sets)


def _with(rows: QuerySet, source: Combinable, state: Combinable, nudged_by: Combinable) -> QuerySet:
    """Of what `steps` gave, the columns behind who asks, how it stands and who nudged."""
    more = {
        OWED + "source": Cast(source, CharField()),
        OWED + "state": Cast(state, CharField()),
        OWED + "nudged_by": Cast(nudged_by, BigIntegerField()),
    }
    return rows.annotate(**more).values_list(*more, *(OWED + name for name in COLUMNS))


def _days(calendar: WorkingDays, today: date, until: date) -> Iterator[date]:
    """For each round up to `until` the last day whose steps it says."""
    day = calendar.on_or_after(today)
    while day <= until:
        yield reach(day, calendar)
        day = calendar.after(day)
