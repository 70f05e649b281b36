"""The ledger: of one branch with its years, of a committee over its subtree, by Excel and on paper."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.branches.models import Organization
from apps.core import related
from apps.core.errors import RuleBroken
from apps.core.http import HtmxRequest
from apps.duties.words import year_label
from apps.supervision import exporting, rules
from apps.supervision.forms import AddForm, people_of
from apps.supervision.listing import Filters, Shown, ledger_of_branch, page_of_subtree
from apps.supervision.models import Rectification
from apps.supervision.services import ledger
from apps.supervision.views import XLSX, file_answer, ledger_place

MOST_TO_CHOOSE = 300


@require_GET
def rectification_list(request: HtmxRequest, organization: str) -> HttpResponse:
    at = ledger_place(request, organization)
    return _branch(request, at) if at.is_branch else _subtree(request, at)


def _branch(request: HtmxRequest, at: Organization) -> HttpResponse:
    filters = Filters.of(request.GET, default=Shown.ALL)
    year = filters.year or request.today.year
    seen = Rectification.objects.visible_to(request.user, request.today)
    rows = ledger_of_branch(seen, at, year, filters, request.today)
    context = _context(request, at, rows, filters) | {
        "year": year,
        "year_words": year_label(year),
        "earlier_url": _url(at, filters, year=str(year - 1)) if year > 2000 else "",
        "later_url": _url(at, filters, year=str(year + 1)) if year < request.today.year else "",
        "is_filtered": filters.state != Shown.ALL or bool(filters.source),
        "carried": sum(row.rank == 0 for row in rows),
    }
    return render(request, "supervision/branch_ledger.html", context)


def _subtree(request: HtmxRequest, at: Organization) -> HttpResponse:
    filters = Filters.of(request.GET)
    seen = Rectification.objects.visible_to(request.user, request.today).under(at.path)
    after = request.GET.get("after", "")
    page = page_of_subtree(seen, filters, request.today, after=after)
    context = _context(request, at, page.rows, filters) | {
        "next_url": _url(at, filters, after=page.next_after) if page.next_after else "",
        "first_url": _url(at, filters) if after else "",
        "is_filtered": filters != Filters(),
        "excel_most": exporting.MOST_ROWS,
    }
    return render(request, "supervision/subtree_ledger.html", context)


def _url(at: Organization, filters: Filters, name: str = "supervision:rectification-list", **more: str) -> str:
    query = filters.query(**more)
    return reverse(name, args=[at.public_id]) + (f"?{query}" if query else "")


def _context(request: HtmxRequest, at: Organization, rows: list[Rectification], filters: Filters) -> dict[str, Any]:
    asked = [row.pk for row in rows if row.state == Rectification.State.CLOSURE_REQUESTED]
    mine = Rectification.objects.checkable_by(request.user, request.today).filter(pk__in=asked)
    checkable = set(mine.values_list("pk", flat=True)) if asked else set()
    for number, row in enumerate(rows, 1):
        row.number = number
        row.is_late = rules.is_overdue(row, request.today)
        row.is_mine_to_check = row.pk in checkable
    return {
        "organization": at,
        "rows": rows,
        "filters": filters,
        "states": Shown.choices,
        "sources": Rectification.Source.choices,
        "can_accept": bool(checkable),
        "can_add": _can_add(request, at),
        "excel_url": _url(at, filters, "supervision:rectification-export"),
        "here": request.get_full_path(),
        "printed_at": request.now,
    }


def _can_add(request: HtmxRequest, at: Organization) -> bool:
    """The committee in its own branch; staff below where they work."""
    reach = request.user.reach
    return at.pk in reach.committee_of or any(at.path.startswith(path) for path in reach.staff_paths)


@require_GET
def rectification_export(request: HtmxRequest, organization: str) -> HttpResponse:
    """The rows of the page, all pages of it, in the customary columns."""
    at = ledger_place(request, organization)
    filters = Filters.of(request.GET, default=Shown.ALL if at.is_branch else Shown.UNFINISHED)
    seen = Rectification.objects.visible_to(request.user, request.today)
    name, data = exporting.workbook(seen, at, filters, request.today)
    return file_answer(data, XLSX, name)


@require_POST
def rectification_accept(request: HtmxRequest, organization: str) -> HttpResponse:
    """Accept all that are ticked. It can be opened again, so nothing asks twice."""
    at = ledger_place(request, organization)
    chosen = [value for value in request.POST.getlist("row")[:200] if value.isalnum()]
    rows = Rectification.objects.checkable_by(request.user, request.today).under(at.path).filter(public_id__in=chosen)
    if not chosen:
        messages.error(request, _("Tick the rows first."))
    else:
        done, problems = ledger.accept_many(rows=list(rows.order_by("pk")), by=request.user, now=request.now)
        for problem in problems[:5]:
            messages.error(request, problem)
        if done:
            messages.success(request, ledger.accepted_text(done))
        elif not problems:
            raise Http404
    back = request.POST.get("back", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None) or not back.startswith("/b/"):
        back = _url(at, Filters())
    return redirect(back)


@require_http_methods(["GET", "POST"])
def rectification_add(request: HtmxRequest, organization: str) -> HttpResponse:
    """A branch enters what it found itself, staff what they found in a branch below."""
    at = ledger_place(request, organization)
    if not _can_add(request, at):
        raise Http404
    own = at.pk in request.user.reach.committee_of
    people, branches = (people_of(at, request.today), None) if own else (None, _branches(request, at))
    initial = {"found_on": request.today, "request_key": uuid.uuid4(), "source": _source(request, own=own)}
    form = AddForm(request.POST or None, today=request.today, people=people, branches=branches, initial=initial)
    if branches and len(branches) == 1:
        form.fields["branch"].initial = branches[0].public_id
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                row = _added(request, at, form, own=own)
            except RuleBroken as error:
                form.add_error(None, str(error))
                status = error.status
            else:
                related.made(request, "rectification", row.public_id)
                messages.success(request, _("It stands in the ledger."))
                return redirect("supervision:rectification-detail", row.organization.public_id, row.public_id)
    context = {
        "organization": at,
        "form": form,
        "own": own,
        "too_many": branches is not None and len(branches) >= MOST_TO_CHOOSE,
    }
    return render(request, "supervision/rectification_add.html", context, status=status)


def _source(request: HtmxRequest, *, own: bool) -> str:
    """What a new row begins with: where it comes from, as the form it was reached from says."""
    kind = related.origin_of(request).partition(":")[0]
    said = {
        "situation": "report",
        "survey": "opinions",
        "matter": "opinions",
        "suggestion": "opinions",
        "help": "opinions",
    }
    return said.get(kind, "own_check" if own else "inspection")


def _branches(request: HtmxRequest, at: Organization) -> list[Organization]:
    """Which branches staff may choose: all of a page; with more, they begin at the branch's own ledger."""
    below = Organization.objects.active(request.today).under(at.path).filter(kind=Organization.Kind.BRANCH)
    return list(below.order_by("path")[:MOST_TO_CHOOSE])


def _added(request: HtmxRequest, at: Organization, form: AddForm, *, own: bool) -> Rectification:
    data = form.cleaned_data
    branch = at if own else form.branches[data["branch"]]
    owner, owner_post = data.get("owner") or (None, "")
    return ledger.open(
        organization=branch, checking=ledger.checking_organization(request.user, branch), by=request.user, now=request.now,
        problem=data["problem"], source=data["source"], source_label=data["source_label"], category=data["category"],
        basis=data["basis"], goal=data["goal"], nature=data["nature"], due_on=data["due_on"], found_on=data["found_on"],
        measures=data.get("measures", "").splitlines(), owner=owner, owner_post=owner_post,
        source_key=f"typed:{request.user.pk}:{data['request_key']}",
    )  # fmt: skip
