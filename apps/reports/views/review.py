"""The queue of the level above: read, check, decide, take back. Each button is a form; keys only press them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.branches import liaisons
from apps.branches.models import Organization
from apps.core.errors import RuleBroken
from apps.core.http import HtmxRequest
from apps.reports import periods, reading, rules
from apps.reports.forms import OpinionForm, ReturnForm, SentenceForm
from apps.reports.models import CannedReason, Report, ReportNote
from apps.reports.services import reviewing
from apps.reports.todos import reported_for
from apps.reports.views import title_of

MOST_SHOWN = 100
SENTENCES = {
    "approved": (gettext_lazy("Complete and in order."), gettext_lazy("In order; keep going like this.")),
    "returned": (
        gettext_lazy("Please add why the meeting was not held."),
        gettext_lazy("Please say more about what was done after the decision."),
    ),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the queue."""

    report: Report
    title: str
    waiting: str
    url: str
    is_here: bool = False


def committee_of(request: HtmxRequest, public_id: str) -> Organization:
    """The queue belongs to the staff of this very committee; higher levels read reports, they do not review them."""
    return get_object_or_404(Organization.objects.filter(pk__in=request.user.reach.staff_of), public_id=public_id)


def _url(
    request: HtmxRequest, committee: Organization, report: Report | None = None, name: str = "review-detail"
) -> str:
    tail = "?whose=all" if request.GET.get("whose") == "all" else ""
    if report is None:
        return reverse("reports:review-queue", args=[committee.public_id]) + tail
    return reverse(f"reports:{name}", args=[committee.public_id, report.organization.public_id, report.code]) + tail


def _reports(request: HtmxRequest, committee: Organization) -> "Report.objects":
    rows = Report.objects.filter(organization__path__within=committee.path)
    return rows.reviewable_by(request.user, request.today).select_related("organization")


def _queue(request: HtmxRequest, committee: Organization) -> list[Report]:
    _whose, follows = liaisons.whose(request)
    rows = _reports(request, committee).waiting().in_queue_order()
    if follows is not None:
        rows = rows.filter(organization__in=follows)
    return list(rows[:MOST_SHOWN])


def _one(request: HtmxRequest, committee: Organization, place: str, period: str) -> Report:
    """Whatever its state, so that one just withdrawn can be spoken of."""
    found = periods.parse(period)
    if found is None:
        raise Http404
    starts_on, months = found
    rows = _reports(request, committee).filter(submitted_at__isnull=False)
    return get_object_or_404(rows, organization__public_id=place, months=months, starts_on=starts_on)


def _after(queue: Sequence[Report], report: Report) -> Report | None:
    """The one that takes its place."""
    place = next((place for place, one in enumerate(queue) if one.pk == report.pk), None)
    rest = [one for one in queue if one.pk != report.pk]
    if not rest:
        return None
    return rest[place % len(rest)] if place is not None else rest[0]


@require_GET
def review_queue(request: HtmxRequest, organization: str) -> HttpResponse:
    """Opens the first one."""
    committee = committee_of(request, organization)
    queue = _queue(request, committee)
    return _page(request, committee, queue, queue[0] if queue else None)


@require_GET
def review_detail(request: HtmxRequest, organization: str, place: str, period: str) -> HttpResponse:
    committee = committee_of(request, organization)
    queue = _queue(request, committee)
    chosen = next((one for one in queue if (one.organization.public_id, one.code) == (place, period)), None)
    if chosen is None:
        chosen = _one(request, committee, place, period)
        if chosen.state != Report.State.SUBMITTED:
            messages.info(request, _gone(chosen))
            return redirect(_url(request, committee))
        queue = [chosen, *queue]
    return _page(request, committee, queue, chosen)


def _gone(report: Report) -> str:
    if report.state == Report.State.WITHDRAWN:
        return _("The branch has withdrawn this report.")
    return _("This report has been decided about.")


def _page(
    request: HtmxRequest, committee: Organization, queue: list[Report], report: Report | None, *, status: int = 200,
    opinion: OpinionForm | None = None, back: ReturnForm | None = None, problem: str = "",
) -> HttpResponse:  # fmt: skip
    today, whose = request.today, liaisons.whose(request)[0]
    entries = [
        Entry(
            one,
            title_of(one, today),
            reported_for(rules.days_waiting(one, today)),
            _url(request, committee, one),
            is_here=report is not None and one.pk == report.pk,
        )
        for one in queue
    ]
    place = next((place for place, one in enumerate(entries) if one.is_here), None)
    context = {
        "organization": committee, "entries": entries, "report": report, "problem": problem, "whose": whose,
        "position": None if place is None else place + 1, "undo": _undoable(request, committee),
        "before_url": entries[place - 1].url if place else "",
        "after_url": entries[place + 1].url if place is not None and place + 1 < len(entries) else "",
        "all_url": reverse("reports:review-queue", args=[committee.public_id]) + "?whose=all",
        "mine_url": reverse("reports:review-queue", args=[committee.public_id]),
    }  # fmt: skip
    if report is not None:
        reviewing.reading_begins(report=report, now=request.now)
        context |= _opened(request, committee, report)
        context["opinion"] = opinion or OpinionForm(initial={"version": report.version})
        context["back"] = context["form"] = back or ReturnForm(initial={"version": report.version}, lines=[])
        context["typed"] = {key: text for key, text in back.data.items() if key.startswith("passage-")} if back else {}
    return render(request, "reports/review_queue.html", context, status=status)


def _opened(request: HtmxRequest, committee: Organization, report: Report) -> dict:
    versions = list(report.versions.select_related("submitted_by__person").order_by("-number")[:2])
    notes = list(report.notes.select_related("by__person", "organization").order_by("at", "pk"))
    asked = next((note for note in reversed(notes) if note.kind == ReportNote.Kind.RETURNED), None)
    before = versions[1] if len(versions) > 1 else None
    versions[0].report = report
    shown = reading.of_version(versions[0], before, asked if asked and asked.number < report.handed_in else None)
    sentences = {"approved": list(SENTENCES["approved"]), "returned": list(SENTENCES["returned"])}
    own: dict[str, list[str]] = {}
    for one in CannedReason.objects.filter(organization=committee):
        own.setdefault(one.use, []).append(one.text)
    return {
        "title": title_of(report, request.today), "reading": shown, "notes": notes, "asked": shown.note, "version": versions[0],
        "unplaced": reading.unplaced(shown), "checks": reading.checks(report.organization, report.span, request.today),
        "sentences": sentences | own, "has_before": before is not None, "burden": reading.burden(versions[0]),
        "waiting": reported_for(rules.days_waiting(report, request.today)),
        **{f"{name}_url": _url(request, committee, report, f"review-{name}") for name in ("approve", "return", "aside")},
    }  # fmt: skip


def _undoable(request: HtmxRequest, committee: Organization) -> dict | None:
    """The last decision of this person, for ten minutes."""
    decided = Report.objects.filter(
        reviewed_by=request.user, reviewed_for=committee, reviewed_at__gt=request.now - rules.UNDO_FOR,
        state__in=(Report.State.APPROVED, Report.State.RETURNED),
    )  # fmt: skip
    report = decided.select_related("organization").order_by("-reviewed_at").first()
    if report is None:
        return None
    words = _("Approved: %(branch)s, %(report)s.") if report.state == Report.State.APPROVED else _(
        "Returned: %(branch)s, %(report)s."
    )  # fmt: skip
    return {
        "text": words % {"branch": report.organization, "report": title_of(report, request.today)},
        "url": _url(request, committee, report, "review-undo"),
        "seconds": int((report.reviewed_at + rules.UNDO_FOR - request.now).total_seconds()),
    }


def _conflict(
    request: HtmxRequest, committee: Organization, report: Report, error: RuleBroken, **forms
) -> HttpResponse:  # noqa: ANN003
    """The page again, with what was typed where the report is still there."""
    queue = _queue(request, committee)
    fresh = next((one for one in queue if one.pk == report.pk), None)
    shown = fresh or (queue[0] if queue else None)
    return _page(request, committee, queue, shown, status=error.status, problem=str(error), **(forms if fresh else {}))


@require_POST
def review_approve(request: HtmxRequest, organization: str, place: str, period: str) -> HttpResponse:
    committee = committee_of(request, organization)
    report = _one(request, committee, place, period)
    form = OpinionForm(request.POST)
    if not form.is_valid():
        return _conflict(request, committee, report, RuleBroken(_first_error(form)), opinion=form)
    return _decide(
        request, committee, report, form.cleaned_data["version"], "approved", form.cleaned_data["opinion"], opinion=form
    )


@require_POST
def review_return(request: HtmxRequest, organization: str, place: str, period: str) -> HttpResponse:
    committee = committee_of(request, organization)
    report = _one(request, committee, place, period)
    version = report.versions.order_by("-number").first()
    form = ReturnForm(request.POST, lines=[*reading.block("plan", version.plan), *reading.block("work", version.work)])
    if not form.is_valid():
        return _conflict(request, committee, report, RuleBroken(_first_error(form)), back=form)
    said = form.cleaned_data
    return _decide(
        request, committee, report, said["version"], "returned", said["reason"], passages=said["passages"], back=form
    )


def _first_error(form: OpinionForm | ReturnForm) -> str:
    return next(str(error) for errors in form.errors.values() for error in errors)


def _decide(
    request: HtmxRequest, committee: Organization, report: Report, version: int, kind: str, text: str, *,
    passages: Sequence[dict] = (), **forms,  # noqa: ANN003
) -> HttpResponse:  # fmt: skip
    queue = _queue(request, committee)
    try:
        reviewing.report_decide(
            report=report, by=request.user, now=request.now, today=request.today, version=version, kind=kind, text=text,
            passages=passages,
        )  # fmt: skip
    except RuleBroken as error:
        return _conflict(request, committee, report, error, **forms)
    following = _after(queue, report)
    return redirect(_url(request, committee, following))


@require_POST
def review_aside(request: HtmxRequest, organization: str, place: str, period: str) -> HttpResponse:
    committee = committee_of(request, organization)
    report = _one(request, committee, place, period)
    queue = _queue(request, committee)
    try:
        reviewing.report_put_aside(report=report, by=request.user, now=request.now, today=request.today)
    except RuleBroken as error:
        return _conflict(request, committee, report, error)
    return redirect(_url(request, committee, _after(queue, report) if report.put_aside_at else report))


@require_POST
def review_undo(request: HtmxRequest, organization: str, place: str, period: str) -> HttpResponse:
    committee = committee_of(request, organization)
    report = _one(request, committee, place, period)
    try:
        reviewing.decision_undo(report=report, by=request.user, now=request.now, today=request.today)
    except RuleBroken as error:
        return _conflict(request, committee, report, error)
    messages.success(request, _("Taken back. It waits for you again."))
    return redirect(_url(request, committee, report))


@require_http_methods(["GET", "POST"])
def sentence_list(request: HtmxRequest, organization: str) -> HttpResponse:
    """The sentences that the staff of this committee choose from."""
    committee = committee_of(request, organization)
    form, status = SentenceForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                reviewing.sentence_add(
                    organization=committee,
                    by=request.user,
                    use=form.cleaned_data["use"],
                    text=form.cleaned_data["text"],
                )
            except RuleBroken as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, _("Added."))
                return redirect("reports:sentence-list", committee.public_id)
    context = {
        "organization": committee, "form": form, "sentences": list(CannedReason.objects.filter(organization=committee)),
        "back": reverse("reports:review-queue", args=[committee.public_id]),
    }  # fmt: skip
    return render(request, "reports/sentence_list.html", context, status=status)


@require_POST
def sentence_remove(request: HtmxRequest, organization: str, sentence: str) -> HttpResponse:
    committee = committee_of(request, organization)
    one = get_object_or_404(CannedReason, organization=committee, public_id=sentence)
    reviewing.sentence_remove(sentence=one, by=request.user)
    messages.success(request, _("Removed."))
    return redirect("reports:sentence-list", committee.public_id)
