"""One definition per number: its name, the sentence readers see, and the rows behind it. A count is the number of those rows.

Pages, reports, Excel and Word read `FIGURES` and nothing else. A share counts rows too: those that fit `counted`, of all.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import BooleanField, Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, When
from django.db.models import Value as Constant
from django.db.models.functions import JSONObject
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from apps.activities.models import Activity, Attendance, Behaviour
from apps.assignments.models import Assignment
from apps.assignments.rules import State as AssignmentState
from apps.branches.models import Membership, Organization
from apps.duties.models import DutyPeriod
from apps.duties.schedule import Span, State

PEOPLE_EXPECTED = (Behaviour.GENERAL, Behaviour.COMMITTEE, Behaviour.GROUP)
ALL = Q()


@dataclass(frozen=True, slots=True)
class Scope:
    """One organization, or all below a path. `under` never serves the figures that are the branch's `own`."""

    organization_id: int | None = None
    path: str | None = None

    @classmethod
    def of(cls, organization: Organization) -> "Scope":
        return cls(organization_id=organization.pk)

    @classmethod
    def under(cls, path: str) -> "Scope":
        return cls(path=path)

    def q(self, at: str, path: str) -> Q:
        if self.organization_id is not None:
            return Q(**{at: self.organization_id})
        return Q(**{f"{path}__within": self.path})


Rows = Callable[[Scope, Span, date], QuerySet]


def _activities(scope: Scope, span: Span, today: date) -> QuerySet:
    here = scope.q("organization", "organization__path")
    return Activity.objects.filter(here).filed().of_span(span.starts_on, span.ends_before)


def _attendances(scope: Scope, span: Span, today: date) -> QuerySet:
    """Each sitting once, whatever was combined in it. Past records taken over name only who came, until they are corrected."""
    filed = Activity.objects.filed().filter(sitting=OuterRef("sitting"), kind__behaviour__in=PEOPLE_EXPECTED)
    filed = filed.exclude(taken_over__isnull=False, version=1)
    return Attendance.objects.filter(
        Exists(filed),
        scope.q("sitting__organization", "sitting__organization__path"),
        is_expected=True,
        sitting__held_on__gte=span.starts_on,
        sitting__held_on__lt=span.ends_before,
    )


def _periods(scope: Scope, span: Span, today: date) -> QuerySet:
    """With the state of the duty board."""
    here = scope.q("organization", "path")
    return DutyPeriod.objects.filter(here, due_on__gte=span.starts_on, due_on__lt=span.ends_before).with_state(today)


def _memberships(scope: Scope, span: Span, today: date) -> QuerySet:
    last = span.ends_before - timedelta(days=1)
    here = scope.q("organization", "organization__path")
    return Membership.objects.on(last).filter(here, is_hosted=False)


def _assignments(scope: Scope, span: Span, today: date) -> QuerySet:
    here = scope.q("organization", "organization__path")
    due = Assignment.objects.filter(here, due_on__gte=span.starts_on, due_on__lt=span.ends_before)
    return due.exclude(state=AssignmentState.CANCELLED)


@dataclass(frozen=True, slots=True)
class Source:
    """Rows of one kind. `at` is the way to the organization; `mark` says by which columns one sees that a row has changed."""

    slug: str
    rows: Rows
    at: str
    mark: tuple[str, ...]


ACTIVITIES = Source("activities", _activities, "organization_id", ("version",))
ATTENDANCES = Source("attendances", _attendances, "sitting__organization_id", ("sitting_id", "status"))
PERIODS = Source("periods", _periods, "organization_id", ("state", "done", "required"))
ASSIGNMENTS = Source("assignments", _assignments, "organization_id", ("state",))
MEMBERSHIPS = Source("memberships", _memberships, "organization_id", ("category",))


@dataclass(frozen=True, slots=True)
class Value:
    """`of` is None for a count; for a share the number of all rows."""

    value: int
    of: int | None = None

    @property
    def percent(self) -> int | None:
        """Rounded down, so that 100 means all. None where there is nothing to divide by."""
        return self.value * 100 // self.of if self.of else None

    def __str__(self) -> str:
        if self.of is None:
            return str(self.value)
        if not self.of:
            return "—"
        return _("%(percent)d%% (%(value)d of %(of)d)") % {"percent": self.percent, "value": self.value, "of": self.of}


@dataclass(frozen=True, slots=True)
class Figure:
    """`condition` chooses the rows of `source`; `counted` makes it a share: of those, the ones that fit.

    `own`: told on the branch's own page and in its report alone, never beside another branch's.
    """

    slug: str
    name: str | Promise
    definition: str | Promise
    source: Source
    condition: Q = ALL
    counted: Q | None = None
    own: bool = False

    def rows(self, scope: Scope, span: Span, today: date) -> QuerySet:
        """The rows behind the number."""
        return self.source.rows(scope, span, today).filter(self.condition)

    def value(self, scope: Scope, span: Span, today: date) -> Value:
        """By itself, in one query; `values` takes many at once."""
        return values(scope, span, today, [self])[self.slug]

    def count_of(self, value: int, total: int) -> Value:
        return Value(value) if self.counted is None else Value(value, total)


def _held(slug: str, name: Promise) -> Figure:
    definition = gettext_lazy(
        "Filed records of this kind, by the day it was held; a combined meeting counts once for each kind, "
        "a withdrawn record not at all."
    )
    return Figure(f"held_{slug}", name, definition, ACTIVITIES, Q(kind__slug=slug))


OWED = ~Q(state__in=(State.NOT_APPLICABLE, State.WAIVED))

FIGURES: tuple[Figure, ...] = (
    _held("general_meeting", pgettext_lazy("figure", "General meetings held")),
    _held("committee_meeting", pgettext_lazy("figure", "Committee meetings held")),
    _held("group_meeting", pgettext_lazy("figure", "Group meetings held")),
    _held("party_lecture", pgettext_lazy("figure", "Party lectures held")),
    _held("theme_day", pgettext_lazy("figure", "Theme days held")),
    _held("life_meeting", pgettext_lazy("figure", "Life meetings held")),
    Figure(
        "talks",
        pgettext_lazy("figure", "Talks held"),
        gettext_lazy("Filed talks, by the day they took place: the fact alone."),
        ACTIVITIES,
        Q(kind__behaviour=Behaviour.TALK),
    ),
    Figure(
        "attendance",
        pgettext_lazy("figure", "Attendance"),
        gettext_lazy(
            "Of everyone expected at the filed general, committee and group meetings, lectures and theme days of the period, "
            "those present, on site or online; each sitting counts once. Past records of an earlier system are left out."
        ),
        ATTENDANCES,
        counted=Q(status__in=Attendance.PRESENT),
        own=True,
    ),
    Figure(
        "duties_owed",
        pgettext_lazy("figure", "Duties owed"),
        gettext_lazy("Duties whose last day lies in the period, without those waived or not applicable."),
        PERIODS,
        OWED,
    ),
    Figure(
        "duties_done",
        pgettext_lazy("figure", "Duties done"),
        gettext_lazy("Of the duties owed, those that the filed records fulfil, held or recorded late included."),
        PERIODS,
        Q(state=State.DONE),
    ),
    Figure(
        "duties_overdue",
        pgettext_lazy("figure", "Duties overdue"),
        gettext_lazy("Of the duties owed, those not done when the days to enter them had passed."),
        PERIODS,
        Q(state=State.OVERDUE),
    ),
    Figure(
        "duties_explained",
        pgettext_lazy("figure", "Duties explained"),
        gettext_lazy("Of the duties owed, those that the branch closed with its own written reason."),
        PERIODS,
        Q(state=State.EXPLAINED),
    ),
    Figure(
        "assignments_due",
        pgettext_lazy("figure", "Assignments due"),
        gettext_lazy(
            "Assignments of the branch and its members whose day lies in the period, without those called off."
        ),
        ASSIGNMENTS,
        own=True,
    ),
    Figure(
        "assignments_done",
        pgettext_lazy("figure", "Assignments done"),
        gettext_lazy("Of the assignments due, those accepted as done, also after their day."),
        ASSIGNMENTS,
        Q(state=AssignmentState.DONE),
        own=True,
    ),
    Figure(
        "members",
        pgettext_lazy("figure", "Members"),
        gettext_lazy(
            "Members registered in the branch on the last day of the period, probationary ones included, hosted not."
        ),
        MEMBERSHIPS,
    ),
)
BY_SLUG: Mapping[str, Figure] = {figure.slug: figure for figure in FIGURES}


def _aggregates(figures: Iterable[Figure]) -> dict[str, Any]:
    wanted: dict[str, Any] = {}
    for figure in figures:
        wanted[f"all_{figure.slug}"] = Count("pk", filter=figure.condition) if figure.condition else Count("pk")
        if figure.counted is not None:
            wanted[f"hit_{figure.slug}"] = Count("pk", filter=figure.condition & figure.counted)
    return wanted


def _value(figure: Figure, row: Mapping[str, int]) -> Value:
    total = row[f"all_{figure.slug}"]
    return figure.count_of(total if figure.counted is None else row[f"hit_{figure.slug}"], total)


def _by_source(figures: Iterable[Figure]) -> dict[str, list[Figure]]:
    grouped: dict[str, list[Figure]] = {}
    for figure in figures:
        grouped.setdefault(figure.source.slug, []).append(figure)
    return grouped


def values(scope: Scope, span: Span, today: date, figures: Iterable[Figure] = FIGURES) -> dict[str, Value]:
    """Every figure of one scope, by slug: one query, a line of it for each kind of rows."""
    figures = list(figures)
    groups = _by_source(figures)
    sets = [
        group[0].source.rows(scope, span, today).order_by()
        .values(counted_in=Constant(slug, output_field=CharField())).annotate(numbers=JSONObject(**_aggregates(group)))
        .values_list("counted_in", "numbers")
        for slug, group in groups.items()
    ]  # fmt: skip
    found: dict[str, Value] = {}
    for slug, numbers in sets[0].union(*sets[1:], all=True) if sets[1:] else sets[0]:
        found |= {figure.slug: _value(figure, numbers) for figure in groups[slug]}
    return {figure.slug: found[figure.slug] for figure in figures}


def values_by_organization(
    scope: Scope, span: Span, today: date, figures: Iterable[Figure], organizations: Iterable[int]
) -> dict[int, dict[str, Value]]:
    """The same for several organizations of a scope; one without rows is left out. Not for the branch's own figures."""
    figures = list(figures)
    if any(figure.own for figure in figures):
        raise ValueError("a figure of the branch's own is not put beside another branch's")
    found: dict[int, dict[str, Value]] = {}
    ids = list(organizations)
    for group in _by_source(figures).values():
        source = group[0].source
        rows = source.rows(scope, span, today).filter(**{f"{source.at}__in": ids}).order_by()
        for row in rows.values(place=F(source.at)).annotate(**_aggregates(group)):
            found.setdefault(row["place"], {}).update({figure.slug: _value(figure, row) for figure in group})
    return found


def snapshot(scope: Scope, span: Span, today: date, figures: Iterable[Figure] = FIGURES) -> list[dict[str, Any]]:
    """Values and rows as they stand now, as stored with a report: one query. The values are counted from the rows themselves."""
    figures = list(figures)
    groups = _by_source(figures)
    sets = [_flagged(group, scope, span, today) for group in groups.values()]
    read: dict[str, list[dict[str, Any]]] = {slug: [] for slug in groups}
    for slug, pk, columns in sets[0].union(*sets[1:], all=True).order_by("id_") if sets[1:] else sets[0]:
        read[slug].append({"pk": pk, **columns})
    taken = []
    for figure in figures:
        mine = [row for row in read[figure.source.slug] if row[f"in_{figure.slug}"]]
        hits = mine if figure.counted is None else [row for row in mine if row[f"hit_{figure.slug}"]]
        taken.append({
            "slug": figure.slug,
            "value": len(hits),
            "of": None if figure.counted is None else len(mine),
            "rows": [[row["pk"], mark_of(figure.source, row)] for row in mine],
        })  # fmt: skip
    order = {figure.slug: place for place, figure in enumerate(FIGURES)}
    return sorted(taken, key=lambda row: order[row["slug"]])


def _flagged(figures: list[Figure], scope: Scope, span: Span, today: date) -> QuerySet:
    """Rows of these figures' one source: what marks them, and in which figures they count."""
    source = figures[0].source
    columns: dict[str, Any] = {name: name for name in source.mark}
    for figure in figures:
        columns[f"in_{figure.slug}"] = _flag(figure.condition)
        if figure.counted is not None:
            columns[f"hit_{figure.slug}"] = _flag(figure.condition & figure.counted)
    rows = source.rows(scope, span, today).order_by("pk")
    named = rows.annotate(
        counted_in=Constant(source.slug, output_field=CharField()), columns_=JSONObject(**columns), id_=F("pk")
    )
    return named.order_by("id_").values_list("counted_in", "id_", "columns_")


def mark_of(source: Source, row: Mapping[str, Any]) -> str:
    return " ".join(str(row[name]) for name in source.mark)


def _flag(condition: Q) -> Any:
    if not condition:
        return Constant(True)
    return Case(When(condition, then=Constant(True)), default=Constant(False), output_field=BooleanField())


def read_back(stored: Iterable[Mapping[str, Any]]) -> list[tuple[Figure, Value]]:
    """Figures of a snapshot in their order; one that the program no longer knows is left out."""
    return [(BY_SLUG[row["slug"]], Value(row["value"], row["of"])) for row in stored if row["slug"] in BY_SLUG]


def now(scope: Scope, span: Span, today: date) -> list[tuple[Figure, Value]]:
    """As `read_back`, of the records as they stand."""
    found = values(scope, span, today)
    return [(figure, found[figure.slug]) for figure in FIGURES]
