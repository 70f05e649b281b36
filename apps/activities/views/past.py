"""Past records from a workbook: choose, look, confirm. In between the lines travel in the page; see core.carried."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.activities import rules
from apps.activities.forms import PastConfirmForm, PastImportForm
from apps.activities.importing.plan import ELSEWHERE, NEW, PROBLEM, SAME, importable_kinds, make_plan
from apps.activities.importing.reading import Line, Problem, read, sheets_of
from apps.activities.importing.words import template
from apps.activities.importing.writing import file_past
from apps.activities.views.records import readable
from apps.branches.models import Organization
from apps.core import carried
from apps.core.errors import EditConflict, RuleBroken
from apps.core.http import HtmxRequest
from apps.core.workbook import WorkbookError

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _at(request: HtmxRequest, organization: str) -> Organization:
    at = get_object_or_404(readable(request), public_id=organization)
    if not rules.can_take_over(request.user, at, request.today):
        raise Http404
    return at


def _start(
    request: HtmxRequest, at: Organization, form: PastImportForm, *, fault: str = "", status: int = 200
) -> HttpResponse:
    context = {"organization": at, "form": form, "fault": fault, "kinds": importable_kinds()}
    return render(request, "activities/past_start.html", context, status=status)


@require_http_methods(["GET", "POST"])
def past_start(request: HtmxRequest, organization: str) -> HttpResponse:
    """POST reads the file and shows what it would do; nothing is written."""
    at = _at(request, organization)
    if request.method != "POST":
        return _start(request, at, PastImportForm())
    form = PastImportForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            found = read(sheets_of(form.cleaned_data["file"].read(), form.cleaned_data["file"].name), request.today)
        except WorkbookError as error:
            form.add_error("file", str(error))
        else:
            if not found.fault:
                return _preview(request, at, found.lines, found.skipped, found.unread)
            form.add_error("file", found.fault)
    return _start(request, at, form, status=422)


def _preview(
    request: HtmxRequest, at: Organization, lines: list[Line], skipped: list[Problem], unread: list[str], *,
    fault: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    plan = make_plan(lines, at)
    content = {
        "lines": [line.dump() for line in lines], "skipped": [[row.cell, row.message] for row in skipped], "unread": unread,
        "digest": plan.digest,
    }  # fmt: skip
    packed = carried.pack(content, bound_to=_bound_to(request, at), now=request.now)
    if len(packed) > carried.LARGEST:
        form = PastImportForm()
        too_much = _("This is too much text for one go. Divide the file into two.")
        return _start(request, at, form, fault=too_much, status=422)
    return render(request, "activities/past_preview.html", {
        "organization": at, "plan": plan, "skipped": skipped, "unread": unread, "fault": fault,
        "confirm": PastConfirmForm(initial={"lines": packed}), "writes": plan.count(NEW), "count_same": plan.count(SAME),
        "count_elsewhere": plan.count(ELSEWHERE), "count_problem": plan.count(PROBLEM),
    }, status=status)  # fmt: skip


def _bound_to(request: HtmxRequest, at: Organization) -> str:
    return f"past_import:{request.user.pk}:{at.pk}"


@require_POST
def past_confirm(request: HtmxRequest, organization: str) -> HttpResponse:
    """Files what was shown, or shows again if the branch has moved on meanwhile."""
    at = _at(request, organization)
    form = PastConfirmForm(request.POST)
    try:
        if not form.is_valid():
            raise carried.OutOfDate
        kept = carried.unpack(form.cleaned_data["lines"], bound_to=_bound_to(request, at), now=request.now)
    except carried.OutOfDate:
        fault = _("This preview is out of date. Choose the file again; nothing has been written.")
        return _start(request, at, PastImportForm(), fault=fault, status=422)
    lines = [Line.load(line) for line in kept["lines"]]
    try:
        number = file_past(organization=at, lines=lines, digest=kept["digest"], by=request.user, now=request.now)
    except (EditConflict, RuleBroken) as error:
        skipped = [Problem(cell, message) for cell, message in kept["skipped"]]
        return _preview(request, at, lines, skipped, kept["unread"], fault=str(error), status=error.status)
    done = ngettext("%(number)d past record is filed.", "%(number)d past records are filed.", number)
    messages.success(request, done % {"number": number})
    return redirect("activities:activity-list", organization)


@require_GET
def past_template(request: HtmxRequest, organization: str) -> HttpResponse:
    """The workbook to fill in."""
    _at(request, organization)
    response = HttpResponse(template([kind.name_zh for kind in importable_kinds()]), content_type=XLSX)
    response["Content-Disposition"] = "attachment; filename*=UTF-8''%E5%BE%80%E6%9C%9F%E8%AE%B0%E5%BD%95.xlsx"
    return response
