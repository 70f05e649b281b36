"""What a secretary hands over: everything open in one branch on one day, for the page and for the paper alike."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Case, Count, DateField, Exists, Min, OuterRef, Q, Subquery, Value, When
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from apps.activities.models import Activity
from apps.assignments import words as tasks
from apps.assignments.models import Assignment
from apps.branches.models import Membership, NotCounted, Organization, PartyGroup, Person, Post
from apps.branches.notes import months_later
from apps.branches.querysets import nearest_staff
from apps.core.days import distance, long_day, month_name, near_day
from apps.core.http import HtmxRequest
from apps.core.status import status
from apps.core.together import Row as Found
from apps.core.together import Set, ask
from apps.duties import words
from apps.duties.models import DutyPeriod, DutyRule
from apps.duties.rulebook import Rulebook
from apps.duties.schedule import days_late
from apps.duties.vocabulary import AppliesIf, Owner
from apps.reports.models import Report
from apps.supervision.models import Rectification
from apps.voices.models import PracticalHelp, Suggestion

AHEAD = timedelta(days=90)
STILL_READS = timedelta(days=30)  # the old secretary, after the last day in office
MOST = 100  # rows a section
HANDS_OVER = (Post.Kind.SECRETARY, Post.Kind.ACTING_SECRETARY)


@dataclass(frozen=True, slots=True)
class Row:
    """`when` is a day in words, `detail` what more there is to say; `url` where it is done."""

    title: str
    when: str = ""
    detail: str = ""
    url: str = ""
    due_on: date | None = None


@dataclass(slots=True)
class Section:
    """`nothing` is what stands there instead of rows."""

    title: str
    nothing: str
    rows: list[Row] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Pack:
    organization: Organization
    today: date
    secretaries: list[Post]  # of the last ninety days and those entered for later, the first one first
    sections: list[Section]


def readable(request: HtmxRequest) -> "Organization.objects":
    """Branches whose pack the reader may open: the leaders, who was or will be secretary, and the nearest staff.

    Each carries `is_nearest` (may change the secretary) and `has_groups`.
    """
    reach, today = request.user.reach, request.today
    near = nearest_staff(request.user, today, path="path")
    recent = Q(ends_before=None) | Q(ends_before__gt=today - STILL_READS)
    own = Post.objects.filter(recent, organization=OuterRef("pk"), kind__in=HANDS_OVER, person=reach.person_id or 0)
    return (
        Organization.objects.filter(Q(pk__in=reach.leader_of) | near | Exists(own), kind=Organization.Kind.BRANCH)
        .annotate(
            is_nearest=Case(When(near, then=Value(True)), default=Value(False)),
            has_groups=Exists(PartyGroup.objects.on(today).filter(organization=OuterRef("pk"))),
        )
    )  # fmt: skip


def build(organization: Organization, today: date) -> Pack:
    """Seven queries, whatever stands open. `organization` comes from `readable`."""
    posts = list(
        Post.objects.filter(Q(ends_before=None) | Q(ends_before__gt=today - AHEAD), organization=organization)
        .select_related("person")
        .order_by("starts_on", "pk")
    )
    meetings = list(
        Activity.objects.filter(organization=organization, state__in=Activity.OPEN)
        .select_related("kind", "group", "sitting")
        .order_by("held_on", "pk")[: 2 * MOST]
    )
    more = _gathered(organization, today)
    sections = [
        Section(_("Duties that are open"), _("Nothing is open."), list(_duties(organization, today))),
        Section(
            _("Drafts and minutes to be finished"),
            _("Nothing is begun."),
            list(_unfinished(organization, meetings, today)),
        ),
        Section(pgettext("handover", "Assignments that are open"), _("Nothing is open."), more["assignment"]),
        Section(_("What is to be put right"), _("Nothing is open."), more["rectification"]),
        Section(_("Promised to people"), _("Nothing is promised."), more["promise"]),
        Section(_("Reports on their way"), _("No report is open."), more["report"]),
        Section(
            _("People and terms near a date"), _("Nobody is near a date."), list(_people(organization, posts, today))
        ),
        Section(
            _("Dates of the next 90 days"),
            _("Nothing is planned."),
            sorted(_dates(organization, posts, meetings, today), key=lambda row: row.due_on or today)[:MOST],
        ),
        Section(_("Where the papers are"), _("Nothing is filed yet."), list(_papers(organization))),
    ]
    return Pack(organization, today, [post for post in posts if post.kind in HANDS_OVER], sections)


def _duties(organization: Organization, today: date) -> Iterator[Row]:
    """What is due first on top; of more than MOST the latest ones."""
    periods = list(
        DutyPeriod.objects.filter(organization=organization, starts_on__lte=today)
        .unfulfilled()
        .filter(required__gt=0)
        .with_state(today)
        .with_request()
        .select_related("rule__set_by", "group")
        .order_by("-due_on", "-rule__order", "-pk")[: MOST + 1]
    )
    if len(periods) > MOST:
        periods.pop()
        board = reverse("duties:board-detail", args=[organization.public_id])
        yield Row(_("Earlier ones stand on the duty board"), url=board)
    periods.reverse()
    for period in periods:
        late = days_late(today, period.due)
        words_late = ngettext("%(days)d day late", "%(days)d days late", late) % {"days": late}
        details = [words_late if late else str(status("duty", period.state).label)]
        if period.required > 1:
            details.append(_("%(done)d of %(required)d") % {"done": period.done, "required": period.required})
        if period.asked:
            details.append(_("waiver asked for"))
        url = reverse("duties:period-detail", args=[organization.public_id, period.pk])
        yield Row(
            words.title_of(period, today), words.until(period.due_on, today.year), " · ".join(details), url, period.due_on
        )  # fmt: skip


def _unfinished(organization: Organization, meetings: list[Activity], today: date) -> Iterator[Row]:
    """Held and not filed. What is only planned stands among the dates."""
    for one in meetings:
        if one.state == Activity.State.SCHEDULED and one.held_on >= today:
            continue
        state = Activity.State.MINUTES_DUE if one.state == Activity.State.SCHEDULED else one.state
        url = reverse("activities:activity-detail", args=[organization.public_id, one.public_id])
        yield Row(one.title, near_day(one.held_on, today), str(status("meeting", state).label), url, one.held_on)


def _gathered(organization: Organization, today: date) -> dict[str, list[Row]]:
    """What other apps keep open, what is due first on top: one query. Of what people said only that there is something."""
    at = organization.public_id
    assigned = {name: name for name in ("public_id", "title", "state", "assignee_id")} | {"name": "assignee__name"}
    problem = {"key": "public_id", "problem": "problem", "state": "state", "owner": "owner__name", "post": "owner_post"}
    report = {"months": "months", "starts_on": "starts_on", "state": "state"}
    sets = [
        ("assignment", Set(Assignment.objects.of_branch(organization.pk).open(), values=assigned, most=MOST)),
        ("rectification", Set(Rectification.objects.filter(
            organization=organization, state__in=Rectification.UNFINISHED), values=problem, most=MOST)),
        ("help", Set(PracticalHelp.objects.owed().filter(organization=organization), values={"key": "public_id"}, most=MOST)),
        ("suggestion", Set(Suggestion.objects.owed().filter(organization=organization), values={"key": "public_id"}, most=MOST)),
        ("report", Set(Report.objects.filter(organization=organization, drafted_from__lte=today).exclude(
            state=Report.State.APPROVED), values=report, most=MOST)),
    ]  # fmt: skip
    say = {"assignment": _assignment, "rectification": _rectification, "report": _report}
    rows: dict[str, list[Row]] = {name: [] for name in ("assignment", "rectification", "promise", "report")}
    for sort, one in ask(sets):
        if sort in PROMISES:
            title, page = PROMISES[sort]
            rows["promise"].append(
                Row(str(title), _until(one, today), "", reverse(page, args=[at, one.values["key"]]), one.due_on)
            )
        else:
            rows[sort].append(say[sort](at, one, today))
    for found in rows.values():
        found.sort(key=lambda row: row.due_on or date.max)
    return rows


PROMISES = {
    "help": (gettext_lazy("Practical help"), "voices:help-detail"),
    "suggestion": (gettext_lazy("Suggestion in the box"), "voices:suggestion-detail"),
}


def _until(one: Found, today: date) -> str:
    return words.until(one.due_on, today.year) if one.due_on else ""


def _assignment(at: str, found: Found, today: date) -> Row:
    """Of the branch or of one of its members."""
    said = dict(found.values)
    name = said.pop("name")
    one = Assignment(due_on=found.due_on, **said)
    one.assignee = Person(pk=one.assignee_id, name=name) if one.assignee_id else None
    details = [tasks.whose(one), str(status("assignment", one.state).label)]
    url = reverse("assignments:assignment-detail", args=[at, one.public_id])
    return Row(one.title, tasks.due(one, today), " · ".join(details), url, one.due_on)


def _rectification(at: str, found: Found, today: date) -> Row:
    said = found.values
    owner = said["owner"] or (str(Post.Kind(said["post"]).label) if said["post"] else "")
    details = filter(None, [owner, str(status("rectification", said["state"]).label)])
    url = reverse("supervision:rectification-detail", args=[at, said["key"]])
    return Row(said["problem"], _until(found, today), " · ".join(details), url, found.due_on)


def _report(at: str, found: Found, today: date) -> Row:
    """To be written, returned, or handed in and not answered."""
    said, starts_on = found.values, date.fromisoformat(found.values["starts_on"])
    title = _("Report for %(period)s") % {"period": words.period_label(said["months"], starts_on, starts_on.year)}
    return Row(title, _until(found, today), str(status("report", said["state"]).label), due_on=found.due_on)


def _people(organization: Organization, posts: list[Post], today: date) -> Iterator[Row]:
    until = today + AHEAD
    counted_again = NotCounted.objects.on(today).filter(
        person=OuterRef("person"), organization=organization, ends_before__lte=until
    )
    rows = (
        Membership.objects.on(today)
        .filter(organization=organization, is_hosted=False)
        .annotate(counts_from=Subquery(counted_again.values("ends_before")[:1], output_field=DateField()))
        .filter(Q(category=Membership.Category.PROBATIONARY) | Q(counts_from__isnull=False))
        .select_related("person")
        .order_by("person__stroke_key", "pk")[:MOST]
    )
    for row in rows:
        person = row.person
        url = reverse("members:person-detail", args=[organization.public_id, person.public_id])
        if row.category == Membership.Category.PROBATIONARY and person.admitted_on:
            ends = months_later(person.admitted_on, 12)
            when = month_name(ends) if person.admitted_precision == "month" else long_day(ends)
            yield Row(
                _("%(name)s: the year of probation ends") % {"name": person}, when,
                distance(ends, today) if person.admitted_precision == "day" else "", url, ends,
            )  # fmt: skip
        elif row.category == Membership.Category.PROBATIONARY:
            yield Row(_("%(name)s: on probation, the day of admission is not entered") % {"name": person}, url=url)
        if row.counts_from:
            text = _("%(name)s counts again among those expected") % {"name": person}
            yield Row(text, long_day(row.counts_from), "", url, row.counts_from)
    here = reverse("branches:organization-detail", args=[organization.public_id])
    for post in posts:
        if post.ends_before and today < post.ends_before <= until:
            text = _("%(post)s %(name)s: last day in office") % {"post": post.get_kind_display(), "name": post.person}
            yield Row(text, long_day(post.last_day), "", here, post.last_day)
    due = organization.election_due_on
    if due and organization.branch_type != Organization.BranchType.TEMPORARY and due <= months_later(today, 6):
        yield Row(_("The term of the committee ends"), long_day(due), distance(due, today), here, due)


def _dates(organization: Organization, posts: list[Post], meetings: list[Activity], today: date) -> Iterator[Row]:
    """Meetings that are planned, and the duties that will fall due, laid out already or not."""
    until = today + AHEAD
    for one in meetings:
        if one.state == Activity.State.SCHEDULED and today <= one.held_on <= until:
            url = reverse("activities:activity-detail", args=[organization.public_id, one.public_id])
            yield Row(one.title, near_day(one.held_on, today), one.where, url, one.held_on)
    if organization.dissolved_on and organization.dissolved_on <= today:
        return
    book = Rulebook(tuple(DutyRule.objects.periodic().over(organization.path)))
    has_committee = any(post.kind in Post.COMMITTEE and post.is_current(today) for post in posts)
    board = reverse("duties:board-detail", args=[organization.public_id])
    for rule in book.of(organization.path, today):
        if not _owes(rule, organization, has_committee=has_committee):
            continue
        for period in rule.cadence.periods(max(today, organization.tracked_from), until):
            if period.starts_on > today and period.due_on <= until:  # what runs already stands among the open duties
                title = words.duty_title(rule, period.starts_on, period.for_year, today)
                yield Row(title, words.until(period.due_on, today.year), "", board, period.due_on)


def _owes(rule: DutyRule, organization: Organization, *, has_committee: bool) -> bool:
    if rule.owner == Owner.GROUP:
        return organization.has_groups
    if rule.applies_if == AppliesIf.HAS_COMMITTEE:
        return has_committee
    if rule.applies_if == AppliesIf.NOT_TEMPORARY:
        return organization.branch_type != Organization.BranchType.TEMPORARY
    return True


def _papers(organization: Organization) -> Iterator[Row]:
    filed = Activity.objects.filter(organization=organization, state=Activity.State.FILED).aggregate(
        records=Count("pk", distinct=True), files=Count("attachments"), first=Min("held_on")
    )
    if not filed["records"]:
        return
    records = ngettext("%(number)d record filed here", "%(number)d records filed here", filed["records"])
    files = ngettext("%(number)d file with them", "%(number)d files with them", filed["files"])
    yield Row(
        records % {"number": filed["records"]}, _("since %(day)s") % {"day": long_day(filed["first"])},
        files % {"number": filed["files"]}, reverse("activities:activity-list", args=[organization.public_id]),
    )  # fmt: skip
