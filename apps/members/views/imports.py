"""A roster from a file: choose, name the columns, look, confirm, see the result, take back."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.core.errors import EditConflict, RuleBroken
from apps.core.http import HtmxRequest
from apps.core.workbook import WorkbookError
from apps.members.import_forms import OptionsForm, UploadForm
from apps.members.importing import batches, files, plan, problem_file
from apps.members.importing.choices import Choices
from apps.members.importing.files import Gone
from apps.members.models import ImportBatch
from apps.members.rules import Sight
from apps.members.views import columns
from apps.members.views.roster import download
from apps.members.views.scope import branch_of, sent

State = ImportBatch.State
PAGE = 100


def steps() -> list[str]:
    return [_("File"), _("Columns"), _("Check"), _("Result")]


def batch_of(request: HtmxRequest, organization: str, public_id: str) -> ImportBatch:
    mine = ImportBatch.objects.manageable_by(request.user).select_related(
        "organization", "created_by__person", "undone_by"
    )
    return get_object_or_404(mine, organization__public_id=organization, public_id=public_id)


@require_http_methods(["GET", "POST"])
def import_start(request: HtmxRequest, organization: str) -> HttpResponse:
    branch, __ = branch_of(request, organization, Sight.KEEPER)
    form = UploadForm(sent(request), request.FILES or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                batch, __ = batches.start(organization=branch, by=request.user, now=request.now, upload=form.upload())
            except WorkbookError as error:
                form.add_error("file" if form.cleaned_data["file"] else "pasted", str(error))
            else:
                return redirect("members:import-detail", organization, batch.public_id)
    recent = (
        ImportBatch.objects.manageable_by(request.user)
        .filter(organization=branch)
        .select_related("created_by__person")[:5]
    )
    context = {"organization": branch, "form": form, "recent": recent, "steps": steps()}
    return render(request, "members/import_start.html", context, status=status)


@require_GET
def import_detail(request: HtmxRequest, organization: str, batch: str) -> HttpResponse:
    """Where the batch stands: progress, preview or result."""
    found = batch_of(request, organization, batch)
    if found.state in (State.READING, State.IMPORTING):
        return render(
            request,
            "members/import_progress.html",
            {"organization": found.organization, "batch": found, "steps": steps()},
        )
    if found.is_finished:
        return result(request, found)
    if not found.digest:
        return redirect("members:import-columns", organization, batch)
    return preview(request, found)


def gone(request: HtmxRequest, batch: ImportBatch) -> HttpResponse:
    messages.warning(request, _("The file has been deleted by now. Choose it once more."))
    return redirect("members:import-start", batch.organization.public_id)


@require_http_methods(["GET", "POST"])
def import_columns(request: HtmxRequest, organization: str, batch: str) -> HttpResponse:
    found = batch_of(request, organization, batch)
    if found.state != State.TO_CHECK:
        return redirect("members:import-detail", organization, batch)
    choices = Choices.of(found.choices)
    initial = {"since": found.since, "category": choices.category, "include_hidden": choices.include_hidden}
    form = OptionsForm(sent(request), today=request.today, initial=initial)
    status, trouble = 200, ""
    try:
        if request.method == "POST":
            status = 422
            columns.take(request.POST, choices, batches.read(files.upload_of(found), Choices(), request.today))
            if form.is_valid():
                choices.category, choices.include_hidden = (
                    form.cleaned_data["category"],
                    form.cleaned_data["include_hidden"],
                )
                try:
                    batches.choose(
                        batch=found,
                        by=request.user,
                        today=request.today,
                        choices=choices,
                        since=form.cleaned_data["since"],
                    )
                except WorkbookError as error:
                    trouble = str(error)
                except EditConflict as error:
                    messages.warning(request, str(error))
                    return redirect("members:import-detail", organization, batch)
                else:
                    if found.digest or found.state == State.READING:
                        return redirect("members:import-detail", organization, batch)
                    trouble = _("Say at every open column what it means, and at least which one holds the name.")
        sheets = columns.offered(files.upload_of(found), choices, request.today)
    except Gone:
        return gone(request, found)
    context = {
        "organization": found.organization,
        "batch": found,
        "form": form,
        "sheets": sheets,
        "trouble": trouble,
        "steps": steps(),
        "urls": [reverse("members:import-start", args=[organization])],
    }
    return render(request, "members/import_columns.html", context, status=status)


# --- Preview --------------------------------------------------------------------------------------------------------------


def shown_plan(request: HtmxRequest, batch: ImportBatch) -> dict[str, Any]:
    """In the language the page is read in."""
    shown = files.plan_of(batch)
    if shown["language"] != get_language() and batch.total <= batches.AT_ONCE:
        batch.language = get_language()
        batch.save(update_fields=["language"])
        batches.prepare(batch, by=request.user, today=request.today)
        shown = files.plan_of(batch)
    return shown


def preview(request: HtmxRequest, batch: ImportBatch, status: int = 200) -> HttpResponse:
    try:
        shown = shown_plan(request, batch)
    except Gone:
        return gone(request, batch)
    kinds = {
        "problems": (plan.PROBLEM, plan.QUESTION),
        "new": (plan.NEW,),
        "update": (plan.UPDATE,),
        "same": (plan.SAME,),
        "left": (plan.LEFT_OUT,),
    }
    rows = {name: [row for row in shown["rows"] if row["kind"] in of] for name, of in kinds.items()}
    first = next((name for name in ("problems", "new", "update") if rows[name]), "same")
    view = request.GET.get("show", first)
    if view not in (*rows, "skipped"):
        view = first
    page = Paginator(rows.get(view, []), PAGE).get_page(request.GET.get("page"))
    choices = Choices.of(batch.choices)
    right = set(choices.right)
    for row in page.object_list:
        row["answer"], row["is_right"] = choices.same.get(row["ref"], ""), row["ref"] in right
    labels = [
        ("problems", _("Problems")),
        ("new", _("New")),
        ("update", _("Changed")),
        ("same", _("The same")),
        ("left", _("Left out")),
    ]
    here = reverse("members:import-detail", args=[batch.organization.public_id, batch.public_id])
    tabs = [
        {"label": label, "url": f"{here}?show={name}", "active": name == view, "count": len(rows[name])}
        for name, label in labels
        if rows[name] or name in ("new", "update")
    ]
    if shown["skipped"]:
        url = f"{here}?show=skipped"
        tabs.append({"label": _("Not people"), "url": url, "active": view == "skipped", "count": len(shown["skipped"])})
    ready = batch.created + batch.updated
    context = {
        "organization": batch.organization,
        "batch": batch,
        "view": view,
        "page": page,
        "tabs": tabs,
        "skipped": shown["skipped"],
        "new_groups": shown["new_groups"],
        "hidden": shown["hidden"],
        "ready": ready,
        "steps": steps(),
        "several_sheets": len({row["sheet"] for row in shown["rows"]}) > 1,
        "can_answer": view in ("problems", "new", "update", "left"),
        "import_label": ngettext(
            "Import %(count)s row without problems", "Import %(count)s rows without problems", ready
        )
        % {"count": ready},
        "urls": [
            reverse("members:import-start", args=[batch.organization.public_id]),
            reverse("members:import-columns", args=[batch.organization.public_id, batch.public_id]),
        ],
    }
    return render(request, "members/import_preview.html", context, status=status)


@require_POST
def import_confirm(request: HtmxRequest, organization: str, batch: str) -> HttpResponse:
    """New answers are taken in and shown first; without any, what the preview showed is written."""
    found = batch_of(request, organization, batch)
    target = reverse("members:import-detail", args=[organization, batch])
    if found.state != State.TO_CHECK:
        return redirect(target)
    choices = Choices.of(found.choices)
    changed = take_answers(request, choices)
    try:
        if changed or found.is_stale:
            batches.choose(batch=found, by=request.user, today=request.today, choices=choices, since=found.since)
            if request.POST.get("action") == "import":
                messages.info(request, _("Your answers are taken in. Look once more, then import."))
            return redirect(target)
        if request.POST.get("action") == "import":
            batches.confirm(batch=found, by=request.user, now=request.now, digest=request.POST.get("digest", ""))
    except Gone:
        return gone(request, found)
    except EditConflict as error:
        found.refresh_from_db()
        messages.warning(request, str(error))
        return redirect(target) if found.state != State.TO_CHECK else preview(request, found, status=409)
    if found.is_stale:
        messages.warning(request, _("The roster has changed since this preview. Look at it once more."))
        batches.choose(batch=found, by=request.user, today=request.today, choices=choices, since=found.since)
    return redirect(target)


def take_answers(request: HtmxRequest, choices: Choices) -> bool:
    """Only rows the page showed; whether anything is different now."""
    before = choices.as_stored() | {}
    shown = request.POST.getlist("row")[: 2 * PAGE]
    left, right = set(request.POST.getlist("left_out")), set(request.POST.getlist("right"))
    kept_left = [ref for ref in choices.left_out if ref not in shown]
    kept_right = [ref for ref in choices.right if ref not in shown]
    choices.left_out = sorted({*kept_left, *(ref for ref in shown if ref in left)})
    choices.right = sorted({*kept_right, *(ref for ref in shown if ref in right)})
    same = dict(choices.same)
    for ref in shown:
        if answer := request.POST.get(f"same-{ref}", "")[:12]:
            same[ref] = answer
    choices.same = same
    return choices.as_stored() != before


@require_GET
def import_progress(request: HtmxRequest, organization: str, batch: str) -> HttpResponse:
    """The fragment the progress page asks for every two seconds; when there is something to see, the page moves on."""
    found = batch_of(request, organization, batch)
    response = render(request, "members/_import_progress.html", {"organization": found.organization, "batch": found})
    if found.state not in (State.READING, State.IMPORTING):
        response["HX-Redirect"] = reverse("members:import-detail", args=[organization, batch])
    return response


# --- Result ---------------------------------------------------------------------------------------------------------------


def result(request: HtmxRequest, batch: ImportBatch) -> HttpResponse:
    try:
        shown = files.plan_of(batch)["rows"]
    except Gone:
        shown = []
    rows = [row for row in shown if row["kind"] in (plan.PROBLEM, plan.QUESTION)]
    context = {
        "organization": batch.organization,
        "batch": batch,
        "rows": rows[:PAGE],
        "can_undo": batch.can_be_undone(request.now),
        "has_problem_file": bool(rows),
        "steps": steps(),
        "skipped": batch.changes.filter(was_skipped=True) if batch.undone_at else [],
    }
    return render(request, "members/import_result.html", context)


@require_GET
def import_problems(request: HtmxRequest, organization: str, batch: str) -> HttpResponse:
    found = batch_of(request, organization, batch)
    if found.state in (State.READING, State.IMPORTING):
        raise Http404
    try:
        upload = files.upload_of(found)
        if (
            found.is_finished
        ):  # planned against the roster as it is by now, the rest would be "the same": only words are wanted
            found.language = get_language()
        reading = batches.read(upload, Choices.of(found.choices), request.today)
        made = plan.build(reading, batches.conditions(found, request.user, request.today))
    except Gone:
        return gone(request, found)
    return download(f"有问题的行_{request.today:%Y%m%d}.xlsx", problem_file.workbook(upload, reading, made))


@require_POST
def import_undo(request: HtmxRequest, organization: str, batch: str) -> HttpResponse:
    found = batch_of(request, organization, batch)
    try:
        skipped = batches.undo(batch=found, by=request.user, now=request.now)
    except RuleBroken as error:
        messages.warning(request, str(error))
    else:
        if skipped:
            messages.warning(request, _("Undone, except for people changed since. They are listed below."))
        else:
            messages.success(request, _("The import is undone."))
    return redirect("members:import-detail", organization, batch)


@require_POST
def import_discard(request: HtmxRequest, organization: str, batch: str) -> HttpResponse:
    found = batch_of(request, organization, batch)
    try:
        batches.discard(batch=found, by=request.user)
    except EditConflict as error:
        messages.warning(request, str(error))
        return redirect("members:import-detail", organization, batch)
    messages.info(request, _("Thrown away. Nothing was written."))
    return redirect("members:import-start", organization)
