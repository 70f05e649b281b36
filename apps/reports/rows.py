"""The rows behind a number, as a reader may see them: what stood there when it was handed in, and what has changed since."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.activities.models import Activity, Behaviour, Sitting
from apps.assignments.models import Assignment
from apps.branches.models import Membership, Organization, Person
from apps.core import days
from apps.duties.models import DutyPeriod
from apps.duties.schedule import Span
from apps.duties.words import title_of
from apps.reports.figures import Figure, Scope, mark_of

if TYPE_CHECKING:
    from apps.accounts.models import User


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the page. `status` is the state of a duty, or of what `domain` says, as it stood."""

    text: str
    url: str = ""
    status: str = ""
    domain: str = "duty"
    is_changed: bool = False


@dataclass(frozen=True, slots=True)
class Behind:
    """`added` rows would be counted today and were not there; `hidden` rows are not this reader's to see."""

    rows: Sequence[Row]
    added: int = 0
    hidden: int = 0


Stored = Sequence[tuple[int, str]]


def current(figure: Figure, organization: Organization, span: Span, today: date) -> dict[int, str]:
    """Row id → mark, as things stand."""
    rows = figure.rows(Scope.of(organization), span, today).order_by("pk").values("pk", *figure.source.mark)
    return {row["pk"]: mark_of(figure.source, row) for row in rows}


def behind(
    figure: Figure, organization: Organization, span: Span, today: date, user: "User", stored: Stored | None
) -> Behind:
    """`stored` is None before it is handed in: then the rows are those of now. At most three queries."""
    now = current(figure, organization, span, today)
    shown = dict(stored) if stored is not None else now
    changed = {pk for pk, mark in shown.items() if now.get(pk) != mark}
    read = {
        "activities": _activities, "attendances": _attendances, "periods": _periods,
        "assignments": _assignments, "memberships": _memberships,
    }[figure.source.slug]  # fmt: skip
    rows, hidden = read(organization, shown, changed, user, today)
    return Behind(rows, added=len(now.keys() - shown.keys()), hidden=hidden)


def _activities(
    organization: Organization, shown: Mapping[int, str], changed: set[int], user: "User", today: date
) -> tuple[list[Row], int]:
    """A talk is its date alone, whoever looks."""
    found = Activity.objects.filter(pk__in=shown).select_related("kind", "group").order_by("held_on", "pk")
    rows = []
    for one in found:
        is_talk = one.kind.behaviour == Behaviour.TALK
        text = f"{days.near_day(one.held_on, today)} {one.title}"
        if one.topic and not is_talk:
            text += f" · {one.topic}"
        url = "" if is_talk else reverse("activities:activity-detail", args=[organization.public_id, one.public_id])
        rows.append(Row(text, url, is_changed=one.pk in changed))
    return rows, 0


def _attendances(
    organization: Organization, shown: Mapping[int, str], changed: set[int], user: "User", today: date
) -> tuple[list[Row], int]:
    """By sitting and without names: how many came of how many expected."""
    sums: dict[int, list[int]] = {}
    touched: set[int] = set()
    for pk, mark in shown.items():
        sitting, _space, status = mark.partition(" ")
        line = sums.setdefault(int(sitting), [0, 0])
        line[0] += status in ("present", "online")
        line[1] += 1
        if pk in changed:
            touched.add(int(sitting))
    rows = []
    for sitting in Sitting.objects.filter(pk__in=sums).prefetch_related("activities__kind").order_by("held_on", "pk"):
        here, of = sums[sitting.pk]
        words = _("%(here)d of %(of)d") % {"here": here, "of": of}
        rows.append(Row(
            f"{days.near_day(sitting.held_on, today)} {sitting.kinds_text} · {words}",
            reverse("activities:activity-detail", args=[organization.public_id, _shown_activity(sitting).public_id]),
            is_changed=sitting.pk in touched,
        ))  # fmt: skip
    return rows, 0


def _shown_activity(sitting: Sitting) -> Activity:
    return min(sitting.activities.all(), key=lambda one: one.pk)


def _periods(
    organization: Organization, shown: Mapping[int, str], changed: set[int], user: "User", today: date
) -> tuple[list[Row], int]:
    found = (
        DutyPeriod.objects.filter(pk__in=shown).select_related("rule", "group").order_by("due_on", "rule__order", "pk")
    )
    return [
        Row(
            title_of(period, today),
            reverse("duties:period-detail", args=[organization.public_id, period.pk]),
            status=shown[period.pk].split(" ")[0],
            is_changed=period.pk in changed,
        )
        for period in found
    ], 0


def _assignments(
    organization: Organization, shown: Mapping[int, str], changed: set[int], user: "User", today: date
) -> tuple[list[Row], int]:
    """For the committee of the branch, and for who asked; to others the number alone. `status` says how it stood."""
    found = Assignment.objects.filter(pk__in=shown).visible_to(user).order_by("due_on", "pk")
    rows = [
        Row(
            one.title,
            reverse("assignments:assignment-detail", args=[organization.public_id, one.public_id]),
            status=shown[one.pk],
            domain="assignment",
            is_changed=one.pk in changed,
        )
        for one in found
    ]
    return rows, len(shown) - len(rows)


def _memberships(
    organization: Organization, shown: Mapping[int, str], changed: set[int], user: "User", today: date
) -> tuple[list[Row], int]:
    """Names for the branch and the nearest staff; above that the number alone."""
    people = Person.objects.visible_to(user, today).values("pk")
    found = Membership.objects.filter(pk__in=shown, person__in=people).select_related("person")
    rows = [
        Row(
            f"{one.person.name} · {one.get_category_display()}",
            reverse("members:person-detail", args=[organization.public_id, one.person.public_id]),
            is_changed=one.pk in changed,
        )
        for one in found.order_by(F("person__stroke_key"), "pk")
    ]
    return rows, len(shown) - len(rows)


def stored_rows(figures: Iterable[Mapping[str, Any]], slug: str) -> Stored | None:
    """Of a snapshot; None where it has no such figure."""
    return next(([(pk, mark) for pk, mark in one["rows"]] for one in figures if one["slug"] == slug), None)
