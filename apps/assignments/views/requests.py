"""A committee's request to many branches: sent with one form, watched on one page."""

import uuid
from collections import Counter
from collections.abc import Collection
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.assignments import exporting, services, words
from apps.assignments.forms import CancelForm, RequestForm
from apps.assignments.models import Batch
from apps.assignments.rules import AT_WORK, OPEN, State
from apps.branches.models import Organization
from apps.core.errors import RuleBroken
from apps.core.http import HtmxRequest
from apps.core.status import status

PAGE, MOST_SHOWN = 50, 100
OPEN_COUNT = Count("assignments", filter=Q(assignments__state__in=OPEN))


def _committee(request: HtmxRequest, public_id: str) -> Organization:
    return get_object_or_404(Organization.objects.filter(pk__in=request.user.reach.staff_of), public_id=public_id)


def _batch(request: HtmxRequest, organization: str, rollup: str) -> Batch:
    rows = Batch.objects.visible_to(request.user).select_related("organization")
    return get_object_or_404(rows, organization__public_id=organization, public_id=rollup)


@require_GET
def request_list(request: HtmxRequest, organization: str) -> HttpResponse:
    """Newest first, by keyset."""
    at = _committee(request, organization)
    rows = Batch.objects.filter(organization=at)
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 18:
        rows = rows.filter(pk__lt=int(before))
    page = list(rows.annotate(left=OPEN_COUNT).order_by("-pk")[: PAGE + 1])
    for one in page:
        one.due_text = words.due_of(one.due_on, request.today) if one.left else ""
        one.state = State.DOING if one.left else State.DONE
    older = f"?before={page[PAGE - 1].pk}" if len(page) > PAGE else ""
    return render(
        request, "assignments/request_list.html", {"organization": at, "rows": page[:PAGE], "older": older}
    )  # fmt: skip


def _offered(request: HtmxRequest, at: Organization, looked_for: str) -> list[Organization]:
    """The first branches below whose name holds the words, in the order of the tree."""
    rows = Organization.objects.under(at.path).active(request.today).filter(kind=Organization.Kind.BRANCH)
    if looked_for:
        rows = rows.filter(Q(name__icontains=looked_for) | Q(short_name__icontains=looked_for))
    return list(rows.order_by("path")[: MOST_SHOWN + 1])


def _chosen(form: RequestForm, request: HtmxRequest, at: Organization) -> Collection[int] | None:
    """None: every branch below."""
    match form.cleaned_data["to"]:
        case "mine":
            return request.user.reach.follows
        case "some":
            picked = request.POST.getlist("branch")[: MOST_SHOWN * 5]
            below = Organization.objects.under(at.path).filter(public_id__in=picked)
            return list(below.values_list("pk", flat=True))
    return None


@require_http_methods(["GET", "POST"])
def request_new(request: HtmxRequest, organization: str) -> HttpResponse:
    """The button “Find” shows other branches to pick from; what was typed and picked stays."""
    at = _committee(request, organization)
    has_own = bool(request.user.reach.follows)
    code, looked_for = 200, request.POST.get("look", "").strip()[:40]
    form = RequestForm(has_own=has_own, initial={"request_key": uuid.uuid4(), "to": "mine" if has_own else "all"})
    if request.method == "POST" and "find" in request.POST:
        form = RequestForm(has_own=has_own, initial=request.POST.dict() | {"to": "some"})
    elif request.method == "POST":
        form, code = RequestForm(request.POST, has_own=has_own), 422
        if form.is_valid():
            said = {name: form.cleaned_data[name] for name in ("title", "note", "due_on")}
            try:
                batch = services.request_send(
                    organization=at, branches=_chosen(form, request, at), by=request.user, now=request.now,
                    request_key=str(form.cleaned_data["request_key"]), **said,
                )  # fmt: skip
            except RuleBroken as error:
                form.add_error(None, str(error))
                code = error.status
            else:
                sent = ngettext("Sent to %(count)d branch.", "Sent to %(count)d branches.", batch.size)
                messages.success(request, sent % {"count": batch.size})
                return redirect("assignments:request-detail", at.public_id, batch.public_id)
    offered, picked = _offered(request, at, looked_for), set(request.POST.getlist("branch"))
    missing = picked - {one.public_id for one in offered}
    context = {
        "organization": at, "form": form, "offered": offered[:MOST_SHOWN], "more": len(offered) > MOST_SHOWN,
        "picked": picked, "kept": sorted(missing), "look": looked_for,
    }  # fmt: skip
    return render(request, "assignments/request_new.html", context, status=code)


@require_GET
def request_detail(request: HtmxRequest, organization: str, rollup: str) -> HttpResponse:
    return _page(request, _batch(request, organization, rollup))


def _page(request: HtmxRequest, batch: Batch, code: int = 200, **more: Any) -> HttpResponse:
    """How many stand where, and the branches as they were asked: in the order of the tree."""
    counts = Counter(dict(batch.assignments.order_by().values_list("state").annotate(Count("pk"))))
    wanted = request.GET.get("state", "")
    wanted = wanted if wanted in set(State) else ""
    rows = batch.assignments.filter(state=wanted) if wanted else batch.assignments.all()
    after = request.GET.get("after", "")
    after = after if after.isascii() and after.isdigit() and len(after) < 18 else ""
    if after:
        rows = rows.filter(pk__gt=int(after))
    page = list(rows.select_related("organization").order_by("pk")[: PAGE + 1])
    for one in page:
        one.due_text = words.due(one, request.today)
    url = reverse("assignments:request-detail", args=[batch.organization.public_id, batch.public_id])
    left = sum(counts[state] for state in OPEN)
    context = {
        "batch": batch, "organization": batch.organization, "rows": page[:PAGE], "wanted": wanted, "url": url, "left": left,
        "counts": [(state.value, status("assignment", state).label, counts[state]) for state in State if counts[state]],
        "at_work": sum(counts[state] for state in AT_WORK), "waits": counts[State.SUBMITTED],
        "due_text": words.due_of(batch.due_on, request.today) if left else "",
        "next_url": f"{url}?state={wanted}&after={page[PAGE - 1].pk}" if len(page) > PAGE else "",
        "first_url": f"{url}?state={wanted}" if after else "",
    }  # fmt: skip
    return render(request, "assignments/request_detail.html", context | more, status=code)


@require_POST
def request_act(request: HtmxRequest, organization: str, rollup: str) -> HttpResponse:
    """One act on many rows: remind all whose turn it is, accept those picked, call off what is open."""
    one, by, now = _batch(request, organization, rollup), request.user, request.now
    match request.POST.get("act"):
        case "nudge":
            count = services.batch_nudge(batch=one, by=by, now=now)
            said = ngettext("%(count)d branch is reminded.", "%(count)d branches are reminded.", count)
        case "accept":
            count = services.batch_accept(batch=one, by=by, now=now, chosen=request.POST.getlist("chosen")[: PAGE * 4])
            said = ngettext("%(count)d assignment is accepted.", "%(count)d assignments are accepted.", count)
        case _:
            form = CancelForm(request.POST)
            if not form.is_valid():
                return _page(request, one, 422, form=form)
            count = services.batch_cancel(batch=one, by=by, now=now, reason=form.cleaned_data["reason"])
            said = ngettext("%(count)d assignment is called off.", "%(count)d assignments are called off.", count)
    messages.success(request, said % {"count": count})
    return redirect("assignments:request-detail", organization, rollup)


@require_GET
def request_export(request: HtmxRequest, organization: str, rollup: str) -> HttpResponse:
    name, data = exporting.workbook(_batch(request, organization, rollup), request.today)
    response = HttpResponse(data, content_type=exporting.XLSX)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response
