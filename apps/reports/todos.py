"""Rows of the home page: a branch sees its own report, staff how many wait for them. One query each."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import CharField, F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from apps.branches.reach import Place
from apps.core.http import HtmxRequest
from apps.core.todo import Action, Section, Todo
from apps.duties.words import until
from apps.reports import periods
from apps.reports.models import Report, ReportNote
from apps.reports.rules import days_waiting

LONG_PAST = timedelta(days=100)
DECIDED_SHOWN = timedelta(days=7)
MOST_COUNTED = 200


def todos(request: HtmxRequest, place: str) -> Iterator[Todo]:
    """A report is handed in by those who lead; the rest of the committee finds it in the menu."""
    reach = request.user.reach
    here = next((one for one in reach.places if one.public_id == place), None)
    if here is None:
        return
    if here.organization_id in reach.leader_of:
        yield from _of_branch(request, here)
    elif here.organization_id in reach.staff_of:
        yield from _of_staff(request, here)


def _of_branch(request: HtmxRequest, here: Place) -> Iterator[Todo]:
    today = request.today
    reason = ReportNote.objects.filter(report=OuterRef("pk"), kind=ReportNote.Kind.RETURNED).order_by("-at", "-pk")
    rows = (
        Report.objects.filter(organization=here.organization_id, drafted_from__lte=today, due_on__gte=today - LONG_PAST)
        .exclude(state=Report.State.APPROVED)
        .with_reviewer(today)
        .annotate(reason=Subquery(reason.values("text")[:1], output_field=CharField()))
        .order_by("due_on", "months")
    )
    for report in rows:
        title = periods.report_title(report.months, report.starts_on, today)
        url = reverse("reports:report-detail", args=[here.public_id, report.code])
        if report.state == Report.State.SUBMITTED:
            yield _waiting(report, title, url, today)
            continue
        returned = report.state == Report.State.RETURNED
        detail = report.reason if returned else "" if report.is_over(today) else _("still being drafted")
        yield Todo(
            section=Section.MINE,
            title=title,
            url=url,
            due_on=report.due_on,
            when=until(report.due_on, today.year),
            detail=detail if detail or returned else _("drafted from the records"),
            domain="report",
            status=report.state,
            actions=(Action(pgettext("report", "Revise") if returned else pgettext("report", "Check"), url),),
        )


def _waiting(report: Report, title: str, url: str, today: date) -> Todo:
    reviewer = report.reviewer or _("Nobody above has staff yet")
    return Todo(
        section=Section.OTHERS,
        title=_("%(reviewer)s · reviews %(report)s") % {"reviewer": reviewer, "report": title},
        url=url,
        due_on=timezone.localdate(report.submitted_at),
        when=reported_for(days_waiting(report, today)),
        domain="report",
        status=report.state,
    )


def _of_staff(request: HtmxRequest, here: Place) -> Iterator[Todo]:
    """One row a kind of report, and one for what went back a week ago and has not come again."""
    today = request.today
    week_ago = request.now - DECIDED_SHOWN
    rows = (
        Report.objects.filter(Q(state="submitted") | Q(state="returned", reviewed_at__lte=week_ago))
        .filter(organization__path__within=here.path)
        .reviewable_by(request.user, today)
        .annotate(since=F("submitted_at"))
        .order_by("submitted_at")
        .values_list("months", "state", "since")[:MOST_COUNTED]
    )
    queue = reverse("reports:review-queue", args=[here.public_id])
    waiting, back, oldest = Counter(), 0, {}
    for months, state, since in rows:
        if state == Report.State.RETURNED:
            back += 1
            continue
        waiting[months] += 1
        oldest.setdefault(months, timezone.localdate(since))
    for months, count in sorted(waiting.items()):
        yield Todo(
            section=Section.MINE,
            title=KINDS[months](count) % {"count": count},
            url=queue,
            due_on=oldest[months],
            when=_("the oldest: %(waiting)s") % {"waiting": reported_for((today - oldest[months]).days)},
            domain="report",
            status=Report.State.SUBMITTED,
            actions=(Action(_("Begin the review"), queue),),
        )
    if back:
        yield Todo(
            section=Section.OTHERS,
            title=ngettext(
                "%(count)d returned report has not come back", "%(count)d returned reports have not come back", back
            )
            % {"count": back},
            url=reverse("reports:report-list", args=[here.public_id]),
            when=_("for over a week"),
            domain="report",
            status=Report.State.RETURNED,
        )


KINDS = {
    1: lambda n: ngettext("%(count)d monthly report to review", "%(count)d monthly reports to review", n),
    3: lambda n: ngettext("%(count)d quarterly report to review", "%(count)d quarterly reports to review", n),
    6: lambda n: ngettext("%(count)d half-year report to review", "%(count)d half-year reports to review", n),
    12: lambda n: ngettext("%(count)d yearly report to review", "%(count)d yearly reports to review", n),
}


def reported_for(waited: int) -> str:
    """“已报3天”; the same words for both sides."""
    if waited == 0:
        return _("reported today")
    return ngettext("reported %(days)d day ago", "reported %(days)d days ago", waited) % {"days": waited}
