"""One row with its way: measures, progress, proof, and what its checker decides."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.activities.views.files import sent
from apps.core.errors import RuleBroken
from apps.core.http import HtmxRequest
from apps.supervision import rules
from apps.supervision.forms import AssignForm, ChangeForm, ProgressForm, SentenceForm, people_of
from apps.supervision.models import Proof, Rectification
from apps.supervision.services import ledger, proofs

RELATED = (
    "organization", "owner", "lead", "checking", "created_by__person", "asked_by__person", "closed_by__person",
)  # fmt: skip
FACTS = ("problem", "category", "basis", "goal", "nature", "due_on")


def _row(request: HtmxRequest, organization: str, rectification: str) -> Rectification:
    """The row with what the reader may do: `can_work`, `can_assign`, `can_check`."""
    rows, user, today = Rectification.objects, request.user, request.today
    one = OuterRef("pk")
    seen = rows.visible_to(user, today).select_related(*RELATED).annotate(
        can_work=Exists(rows.manageable_by(user, today).filter(pk=one)),
        can_assign=Exists(rows.assignable_by(user).filter(pk=one)),
        can_check=Exists(rows.checkable_by(user, today).filter(pk=one)),
    )  # fmt: skip
    return get_object_or_404(seen, organization__public_id=organization, public_id=rectification)


@require_GET
def rectification_detail(request: HtmxRequest, organization: str, rectification: str) -> HttpResponse:
    return _page(request, _row(request, organization, rectification))


def _page(
    request: HtmxRequest, row: Rectification, *, form: Form | None = None, step: str = "", status: int = 200
) -> HttpResponse:
    """`form` with its errors belongs to `step`."""
    working = row.can_work and rules.may("measures", row.state)
    assigning = row.can_assign and rules.may("assign", row.state)
    context: dict[str, Any] = {
        "organization": row.organization,
        "row": row,
        "is_late": rules.is_overdue(row, request.today),
        "measures": list(row.measures.all()),
        "steps": list(row.steps.select_related("by__person")),
        "proofs": list(row.proofs.all()),
        "form": form,
        "step": step,
        "is_working": working,
        "may_note": row.can_work and rules.may("progress", row.state),
        "may_remove": row.can_work and rules.may("proof", row.state),
        "is_assigning": assigning,
        "is_deciding": row.can_check and rules.may("return", row.state),
        "may_close": row.can_check and row.state == Rectification.State.ONGOING,
        "may_reopen": row.can_check and rules.may("reopen", row.state),
        "may_change": row.can_check and rules.may("change", row.state),
        "sees_ledger": row.organization_id in request.user.reach.committee_of
        or any(row.path.startswith(path) for path in request.user.reach.staff_paths),
        "request_key": uuid.uuid4(),
        "new_measures": request.POST.get("new", "")[:3000] if step == "measures" else "",
    }
    if assigning:
        context["assign_form"] = form if step == "assign" else _assign_form(request, row)
    if context["may_note"]:
        initial = {"on": request.today, "request_key": uuid.uuid4()}
        context["progress_form"] = form if step == "progress" else ProgressForm(initial=initial)
    return render(request, "supervision/rectification_detail.html", context, status=status)


def _assign_form(request: HtmxRequest, row: Rectification, data: Any = None) -> AssignForm:
    owner = f"person:{row.owner.public_id}" if row.owner else f"post:{row.owner_post}" if row.owner_post else ""
    lead = f"person:{row.lead.public_id}" if row.lead else ""
    initial = {"owner": owner, "lead": lead, "version": row.version}
    return AssignForm(data, people=people_of(row.organization, request.today), initial=initial)


def _took(
    request: HtmxRequest, row: Rectification, form: Form, step: str, take: Callable[[], Any], done: str
) -> HttpResponse:
    """Form → one service → back to the row; with errors the same page, nothing typed is lost."""
    status = 422
    if form.is_valid():
        try:
            take()
        except RuleBroken as error:
            form.add_error(None, str(error))
            status = error.status
        else:
            messages.success(request, done)
            return _back(row)
    return _page(request, row, form=form, step=step, status=status)


def _back(row: Rectification) -> HttpResponse:
    return redirect("supervision:rectification-detail", row.organization.public_id, row.public_id)


def _allowed(row: Rectification, name: str) -> Rectification:
    if not getattr(row, name):
        raise Http404
    return row


@require_POST
def rectification_assign(request: HtmxRequest, organization: str, rectification: str) -> HttpResponse:
    row = _allowed(_row(request, organization, rectification), "can_assign")
    form = _assign_form(request, row, request.POST)

    def take() -> None:
        owner, owner_post = form.cleaned_data["owner"]
        lead = form.cleaned_data["lead"][0] if form.cleaned_data["lead"] else None
        ledger.owner_set(
            row=row, by=request.user, now=request.now, version=form.cleaned_data["version"], owner=owner, owner_post=owner_post,
            lead=lead,
        )  # fmt: skip

    return _took(request, row, form, "assign", take, _("Saved."))


@require_POST
def rectification_measures(request: HtmxRequest, organization: str, rectification: str) -> HttpResponse:
    """New measures, one a line, and those that are done."""
    row = _allowed(_row(request, organization, rectification), "can_work")
    form = SentenceForm({"text": ""})
    new = request.POST.get("new", "")[:5000].splitlines()
    done = [
        int(value)
        for value in request.POST.getlist("done")[:50]
        if value.isascii() and value.isdecimal() and len(value) < 5
    ]

    def take() -> None:
        if any(line.strip() for line in new):
            key = request.POST.get("request_key", "")[:36] or None
            ledger.measures_add(row=row, by=request.user, now=request.now, texts=new, request_key=key)
        if done:
            ledger.measures_done(row=row, by=request.user, now=request.now, done=done)
        if not done and not any(line.strip() for line in new):
            raise RuleBroken(_("Write a measure, or tick one that is done."))

    return _took(request, row, form, "measures", take, _("Saved."))


@require_POST
def rectification_progress(request: HtmxRequest, organization: str, rectification: str) -> HttpResponse:
    """One dated line with its photos; a file that fails says why, the line is kept."""
    row = _allowed(_row(request, organization, rectification), "can_work")
    form = ProgressForm(request.POST)

    def take() -> None:
        data = form.cleaned_data
        ledger.progress_note(
            row=row, by=request.user, now=request.now, text=data["text"], on=data["on"], request_key=data["request_key"] or None
        )  # fmt: skip
        for file in request.FILES.getlist("files")[:20]:
            try:
                proofs.proof_add(
                    row=row, by=request.user, today=request.today, name=file.name or "", content=file, size=file.size or 0
                )  # fmt: skip
            except RuleBroken as error:
                messages.error(request, str(error))

    return _took(request, row, form, "progress", take, _("Noted."))


@require_POST
def rectification_ask(request: HtmxRequest, organization: str, rectification: str) -> HttpResponse:
    row = _allowed(_row(request, organization, rectification), "can_work")
    form = SentenceForm(request.POST)

    def take() -> None:
        ledger.closing_ask(row=row, by=request.user, now=request.now, text=form.cleaned_data["text"])

    return _took(request, row, form, "ask", take, _("Asked. Whoever checks it answers here."))


@require_POST
def rectification_decide(request: HtmxRequest, organization: str, rectification: str) -> HttpResponse:
    """The checker accepts, returns with a reason, or opens it again."""
    row = _allowed(_row(request, organization, rectification), "can_check")
    form, step = SentenceForm(request.POST), request.POST.get("decision", "")

    def take() -> None:
        text = form.cleaned_data["text"]
        if step == "accept":
            ledger.closing_accept(row=row, by=request.user, now=request.now, text=text)
        elif step == "return":
            ledger.closing_return(row=row, by=request.user, now=request.now, reason=text)
        elif step == "reopen":
            ledger.row_reopen(row=row, by=request.user, now=request.now, reason=text)
        else:
            raise RuleBroken(_("Choose what to do."))

    done = {
        "accept": _("Accepted."),
        "return": _("Returned to the branch."),
        "reopen": _("It is open again."),
    }  # fmt: skip
    return _took(request, row, form, step, take, done.get(step, ""))


@require_http_methods(["GET", "POST"])
def rectification_change(request: HtmxRequest, organization: str, rectification: str) -> HttpResponse:
    row = _allowed(_row(request, organization, rectification), "can_check")
    initial = {name: getattr(row, name) for name in FACTS} | {"version": row.version}
    form, status = ChangeForm(request.POST or None, initial=initial), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            try:
                ledger.facts_change(
                    row=row, by=request.user, now=request.now, version=data["version"], reason=data["reason"],
                    facts={name: data[name] for name in FACTS},
                )  # fmt: skip
            except RuleBroken as error:
                form.add_error(None, str(error))
                status = error.status
            else:
                messages.success(request, _("Saved."))
                return _back(row)
    context = {"organization": row.organization, "row": row, "form": form}
    return render(request, "supervision/rectification_change.html", context, status=status)


def _proof(request: HtmxRequest, organization: str, proof: str) -> Proof:
    seen = Rectification.objects.visible_to(request.user, request.today)
    rows = Proof.objects.filter(rectification__in=seen, rectification__organization__public_id=organization)
    return get_object_or_404(rows.select_related("rectification__organization"), public_id=proof)


@require_GET
def proof_detail(request: HtmxRequest, organization: str, proof: str) -> HttpResponse:
    """The file itself: a picture is shown, anything else downloaded."""
    one = _proof(request, organization, proof)
    return sent(one.file, one.content_type, one.name, download=not one.content_type.startswith("image/"))


@require_GET
def proof_thumb(request: HtmxRequest, organization: str, proof: str) -> HttpResponse:
    one = _proof(request, organization, proof)
    if not one.thumbnail:
        raise Http404
    return sent(one.thumbnail, "image/jpeg")


@require_POST
def proof_remove(request: HtmxRequest, organization: str, proof: str) -> HttpResponse:
    one = _proof(request, organization, proof)
    _allowed(_row(request, organization, one.rectification.public_id), "can_work")
    try:
        proofs.proof_remove(proof=one, by=request.user, today=request.today)
    except RuleBroken as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("“%(name)s” is removed.") % {"name": one.name})
    args = [one.rectification.organization.public_id, one.rectification.public_id]
    return redirect(reverse("supervision:rectification-detail", args=args) + "#proof")
