"""A list of organizations from Excel: choose, look, confirm. In between the lines travel in the page; see core.carried."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from apps.branches import rules
from apps.branches.forms import ConfirmImportForm, ImportForm
from apps.branches.importing.plan import Plan, make_plan
from apps.branches.importing.reading import Line, Problem, read
from apps.branches.importing.writing import carry_out
from apps.branches.models import Organization
from apps.branches.views import refuse_unless, visible
from apps.branches.views.accounts import slips_context
from apps.core import carried
from apps.core.errors import RuleBroken
from apps.core.http import HtmxRequest
from apps.core.workbook import WorkbookError


def _at(request: HtmxRequest, organization: str) -> Organization:
    at = visible(request, organization)
    refuse_unless(not at.is_branch and rules.can_set_up(request.user, at))
    return at


@require_http_methods(["GET", "POST"])
def import_start(request: HtmxRequest, organization: str) -> HttpResponse:
    """POST reads the file and shows what it would do; nothing is written."""
    at = _at(request, organization)
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    if form.is_valid():
        try:
            found = read(form.sheets(), request.today)
        except WorkbookError as error:
            form.add_error(None, str(error))
        else:
            if not found.fault:
                return _preview(request, at, found.lines, found.skipped)
            form.add_error(None, found.fault)
    status = 422 if request.method == "POST" else 200
    return render(request, "branches/import_start.html", {"organization": at, "form": form, "fault": ""}, status=status)


def _preview(
    request: HtmxRequest,
    at: Organization,
    lines: list[Line],
    skipped: list[Problem],
    *,
    fault: str = "",
    status: int = 200,
) -> HttpResponse:
    plan = make_plan(lines, at, request.user, request.today)
    form = ConfirmImportForm(initial={"lines": _pack(request, at, lines, skipped, plan), "with_slips": True})
    counts = {f"count_{action}": plan.count(action) for action in ("new", "change", "same", "error")}
    context = {
        "organization": at,
        "plan": plan,
        "skipped": skipped,
        "confirm": form,
        "fault": fault,
        "writes": plan.writes,
    }
    context |= counts
    return render(request, "branches/import_preview.html", context, status=status)


def _bound_to(request: HtmxRequest, at: Organization) -> str:
    return f"organization_import:{request.user.pk}:{at.pk}"


def _pack(request: HtmxRequest, at: Organization, lines: list[Line], skipped: list[Problem], plan: Plan) -> str:
    content = {
        "lines": [line.dump() for line in lines],
        "skipped": [[row.cell, row.message] for row in skipped],
        "digest": plan.digest,
    }
    return carried.pack(content, bound_to=_bound_to(request, at), now=request.now)


@never_cache  # the codes of the slips are shown this once
@require_POST
def import_confirm(request: HtmxRequest, organization: str) -> HttpResponse:
    """Writes what was shown, or shows again if the tree has moved on meanwhile."""
    at = _at(request, organization)
    form = ConfirmImportForm(request.POST)
    try:
        if not form.is_valid():
            raise carried.OutOfDate
        kept = carried.unpack(form.cleaned_data["lines"], bound_to=_bound_to(request, at), now=request.now)
    except carried.OutOfDate:
        fault = _("This preview is out of date. Choose the file again; nothing has been written.")
        context = {"organization": at, "form": ImportForm(), "fault": fault}
        return render(request, "branches/import_start.html", context, status=422)
    lines = [Line.load(line) for line in kept["lines"]]
    skipped = [Problem(cell, message) for cell, message in kept["skipped"]]
    plan = make_plan(lines, at, request.user, request.today)
    if plan.digest != kept["digest"]:
        fault = _("Something has changed since you looked, or it has been imported already. Look once more.")
        return _preview(request, at, lines, skipped, fault=fault, status=409)
    try:
        done = carry_out(
            plan=plan, top=at, by=request.user, today=request.today, now=request.now,
            with_slips=form.cleaned_data["with_slips"],
        )  # fmt: skip
    except RuleBroken as error:
        return _preview(request, at, lines, skipped, fault=str(error), status=error.status)
    context = {
        "organization": at, "done": done, "created_number": len(done.created), "changed_number": len(done.changed),
        "entered_number": len(done.entered),
    } | slips_context(request, done.handed)  # fmt: skip
    return render(request, "branches/import_result.html", context)
