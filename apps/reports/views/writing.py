"""The branch's side: read, edit the words, hand in, take back; the rows behind a number; papers."""

from datetime import timedelta

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.branches.models import Organization
from apps.branches.querysets import within_any
from apps.core.errors import EditConflict, RuleBroken
from apps.core.http import HtmxRequest
from apps.reports import figures, reading, rows, rules
from apps.reports.forms import VersionForm, WordsForm
from apps.reports.models import Report, ReportNote, ReportVersion
from apps.reports.services import writing
from apps.reports.views import WORD, XLSX, download, report_of, title_of, url_of

PAGE = 50


def place(request: HtmxRequest, public_id: str) -> Organization:
    """Where the reader sits on the committee or works above; else 404."""
    reach = request.user.reach
    scope = Q(pk__in=reach.committee_of) | within_any(reach.staff_paths)
    return get_object_or_404(Organization.objects.filter(scope), public_id=public_id)


@require_GET
def report_list(request: HtmxRequest, organization: str) -> HttpResponse:
    """A branch's reports, the newest period first; of a committee those handed in below it, the newest first."""
    here = place(request, organization)
    rows_ = Report.objects.visible_to(request.user).filter(drafted_from__lte=request.today)
    if here.is_branch:
        rows_ = rows_.filter(organization=here).order_by("-ends_before", "months", "-pk")
    else:
        rows_ = rows_.filter(organization__path__within=here.path, submitted_at__isnull=False).order_by("-pk")
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and not here.is_branch:
        rows_ = rows_.filter(pk__lt=int(before[:18]))
    found = list(rows_.select_related("organization")[: PAGE + 1])
    more, found = found[PAGE:], found[:PAGE]
    context = {
        "organization": here,
        "reports": [(report, title_of(report, request.today), url_of(report)) for report in found],
        "next_before": found[-1].pk if more and not here.is_branch else None,
        "reviews": here.pk in request.user.reach.staff_of,
    }
    return render(request, "reports/report_list.html", context)


def _last_versions(report: Report) -> list[ReportVersion]:
    """The last two, the newest first."""
    return (
        list(report.versions.select_related("submitted_by__person").order_by("-number")[:2]) if report.handed_in else []
    )


def _notes(report: Report) -> list[ReportNote]:
    if not report.handed_in:
        return []
    return list(report.notes.select_related("by__person", "organization").order_by("at", "pk"))


def last_return(notes: list[ReportNote]) -> ReportNote | None:
    """The return that still holds: not taken back, not yet answered."""
    holding = None
    for note in notes:
        if note.kind in (ReportNote.Kind.RETURNED, ReportNote.Kind.UNDONE):
            holding = note if note.kind == ReportNote.Kind.RETURNED else None
    return holding


def _shown(request: HtmxRequest, report: Report, notes: list[ReportNote]) -> reading.Reading | None:
    """The draft for the branch, what was handed in for everybody else; None: withdrawn and not this reader's."""
    is_own = report.organization_id in request.user.reach.committee_of
    if report.is_with_branch and is_own:
        said = writing.words(report)
        return reading.of_draft(report, said.plan, said.work, request.today, last_return(notes))
    if report.state == Report.State.WITHDRAWN:
        return None
    versions = _last_versions(report)
    decision = next((note for note in reversed(notes) if note.number == report.handed_in), None)
    return reading.of_version(versions[0], versions[1] if len(versions) > 1 else None, decision)


@require_GET
def report_detail(request: HtmxRequest, organization: str, period: str) -> HttpResponse:
    """Also the check page: what will be handed in, and what is still open."""
    report = report_of(request, organization, period)
    return _page(request, report)


def _page(request: HtmxRequest, report: Report, *, problem: str = "", status: int = 200) -> HttpResponse:
    user, today = request.user, request.today
    notes = _notes(report)
    shown = _shown(request, report, notes)
    is_own = report.organization_id in user.reach.committee_of
    context = {
        "report": report,
        "organization": report.organization,
        "title": title_of(report, today),
        "last_day": report.ends_before - timedelta(days=1),
        "reading": shown,
        "unplaced": reading.unplaced(shown) if shown else [],
        "notes": notes,
        "checks": reading.checks(report.organization, report.span, today) if shown and shown.version is None else [],
        "burden": reading.burden(shown.version) if shown and shown.version else "",
        "waiting": rules.days_waiting(report, today),
        "reviewer": report.reviewer,
        "is_own": is_own,
        "is_over": report.is_over(today),
        "can_write": rules.can_write(user, report),
        "can_submit": rules.can_submit(user, report, today),
        "can_withdraw": rules.can_withdraw(user, report),
        "problem": problem,
    }
    return render(request, "reports/report_detail.html", context, status=status)


@require_http_methods(["GET", "POST"])
def report_write(request: HtmxRequest, organization: str, period: str) -> HttpResponse:
    """Words only. Whoever may not, or too late, gets the report itself."""
    report = report_of(request, organization, period)
    if report.organization_id not in request.user.reach.committee_of:
        raise Http404
    if not report.is_with_branch:
        return redirect(url_of(report)) if request.method == "GET" else _page(
            request, report, problem=_("It has been handed in; withdraw it first to edit the words."), status=409
        )  # fmt: skip
    status, other = 200, None
    if request.method == "POST":
        form, status = WordsForm(request.POST), 422
        afresh = "afresh" in request.POST
        if form.is_valid():
            said = form.cleaned_data
            try:
                writing.words_save(
                    report=report, by=request.user, now=request.now, version=said["version"],
                    plan=None if afresh else said["plan"], work=None if afresh else said["work"],
                )  # fmt: skip
            except EditConflict as error:
                form.add_error(None, str(error))
                status, report = error.status, report_of(request, organization, period)
                other = writing.words(report)
                form.data = form.data.copy() | {"version": str(report.version)}
            except RuleBroken as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, _("Drafted again from the records.") if afresh else _("Saved."))
                return redirect(url_of(report))
    else:
        drafted = writing.words(report)
        form = WordsForm(initial={"version": report.version, "plan": drafted.plan, "work": drafted.work})
    context = {
        "form": form, "report": report, "organization": report.organization, "title": title_of(report, request.today),
        "note": last_return(_notes(report)) if report.state == Report.State.RETURNED else None, "other": other,
        "is_edited": report.plan is not None or report.work is not None,
    }  # fmt: skip
    return render(request, "reports/report_write.html", context, status=status)


@require_POST
def report_submit(request: HtmxRequest, organization: str, period: str) -> HttpResponse:
    report = report_of(request, organization, period)
    if report.organization_id not in request.user.reach.leader_of:
        return HttpResponse(status=404)
    form = VersionForm(request.POST)
    if not form.is_valid():
        return _page(request, report, problem=_("Look at the report once more before you hand it in."), status=422)
    try:
        writing.report_submit(
            report=report, by=request.user, now=request.now, today=request.today, version=form.cleaned_data["version"]
        )
    except RuleBroken as error:
        return _page(request, report_of(request, organization, period), problem=str(error), status=error.status)
    messages.success(request, _("Handed in. Until somebody above opens it you can withdraw it."))
    return redirect(url_of(report))


@require_POST
def report_withdraw(request: HtmxRequest, organization: str, period: str) -> HttpResponse:
    report = report_of(request, organization, period)
    if report.organization_id not in request.user.reach.leader_of:
        return HttpResponse(status=404)
    try:
        writing.report_withdraw(report=report, by=request.user, now=request.now)
    except RuleBroken as error:
        return _page(request, report_of(request, organization, period), problem=str(error), status=error.status)
    messages.success(request, _("Withdrawn. It is yours again."))
    return redirect(url_of(report))


def _version_shown(request: HtmxRequest, report: Report) -> ReportVersion | None:
    """None: the draft. 404 where neither is this reader's."""
    is_own = report.organization_id in request.user.reach.committee_of
    if report.is_with_branch and is_own:
        return None
    if report.state == Report.State.WITHDRAWN:
        raise Http404
    return report.versions.order_by("-number").first()


@require_GET
def figure_rows(request: HtmxRequest, organization: str, period: str, figure: str) -> HttpResponse:
    """The rows behind one number of the report, as it was handed in or as it stands."""
    report = report_of(request, organization, period)
    if figure not in figures.BY_SLUG:
        raise Http404
    chosen = figures.BY_SLUG[figure]
    version = _version_shown(request, report)
    stored = rows.stored_rows(version.figures, figure) if version else None
    if version and stored is None:
        raise Http404
    if version:
        value = next(value for one, value in figures.read_back(version.figures) if one.slug == figure)
    else:
        value = chosen.value(figures.Scope.of(report.organization), report.span, request.today)
    context = {
        "report": report, "organization": report.organization, "title": title_of(report, request.today),
        "figure": chosen, "value": value, "version": version,
        "behind": rows.behind(chosen, report.organization, report.span, request.today, request.user, stored),
    }  # fmt: skip
    return render(request, "reports/figure_rows.html", context)


def _read(request: HtmxRequest, report: Report) -> reading.Reading:
    shown = _shown(request, report, _notes(report))
    if shown is None:
        raise Http404
    return shown


@require_GET
def report_word(request: HtmxRequest, organization: str, period: str) -> HttpResponse:
    from apps.reports.papers import report_docx

    report = report_of(request, organization, period)
    data, name = report_docx(_read(request, report))
    return download(f"{name}.docx", data, WORD)


@require_GET
def report_excel(request: HtmxRequest, organization: str, period: str) -> HttpResponse:
    from apps.reports.sheets import report_xlsx

    report = report_of(request, organization, period)
    data, name = report_xlsx(_read(request, report))
    return download(f"{name}.xlsx", data, XLSX)
