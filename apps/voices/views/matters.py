"""Visitors' matters: one's own as rows, all others as figures."""

from datetime import date
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.branches.models import Organization
from apps.core.errors import RuleBroken
from apps.core.http import HtmxRequest
from apps.voices import people, sealing, words
from apps.voices.forms import HandOverForm, MatterForm, SatisfactionForm, StepForm
from apps.voices.models import Matter
from apps.voices.progress import Category, Step, fits
from apps.voices.services import matters
from apps.voices.views import around, place

PAGE = 30
NOTHING_SAID = {"words": "", "to": "", "receipt": ""}
SECRET = ("name", "contact", "about", "words", "to", "receipt", "concerned")


@require_GET
def matter_list(request: HtmxRequest, organization: str) -> HttpResponse:
    here = place(request, organization)
    mine = Matter.objects.visible_to(request.user).filter(organization=here).order_by("-received_on", "-pk")
    page = list(_before(mine, request.GET.get("before", ""))[: PAGE + 1])
    may_take_over = here.pk in (request.user.reach.leader_of if here.is_branch else request.user.reach.staff_of)
    context = around(request, here, "matters") | {
        "matters": page[:PAGE],
        "older": f"?before={page[PAGE - 1].received_on}.{page[PAGE - 1].pk}" if len(page) > PAGE else "",
        "counts": _counts(here, request),
        "year": request.today.year,
        "orphans": matters.orphans(here, request.user, request.today).count() if may_take_over else 0,
    }
    return render(request, "voices/matter_list.html", context)


def _before(rows: Any, at: str) -> Any:
    """A page goes on below the row named `2026-03-01.17`; anything else is the beginning."""
    day, _dot, pk = at.partition(".")
    try:
        return rows.filter(Q(received_on__lt=date.fromisoformat(day)) | Q(received_on=day, pk__lt=int(pk)))
    except (ValueError, ValidationError, OverflowError):
        return rows


def _counts(here: Organization, request: HtmxRequest) -> list[dict[str, Any]]:
    """Of this year by category; what the reader may not know of is not in them."""
    rows = Matter.objects.countable(request.user, here).filter(received_on__year=request.today.year)
    open_now = Q(due_on__isnull=False)
    found = {
        row["category"]: row
        for row in rows.values("category").annotate(
            all=Count("pk"), open=Count("pk", filter=open_now),
            late=Count("pk", filter=open_now & Q(due_on__lt=request.today)),
        )
    }  # fmt: skip
    nothing = {"all": 0, "open": 0, "late": 0}
    return [{"label": label, **found.get(value, nothing)} for value, label in Matter.Category.choices]


@sensitive_post_parameters(*SECRET)
@never_cache
@require_http_methods(["GET", "POST"])
def matter_add(request: HtmxRequest, organization: str) -> HttpResponse:
    here = place(request, organization)
    if not people.may_receive(request.user, here):
        raise Http404
    line = people.line_of(here, request.today)
    offered = {"line": line.everyone, "handlers": line.handlers}
    initial = {"submission": uuid4(), "received_on": request.today, "handler": _own_key(request, offered["handlers"])}
    form, status = MatterForm(initial=initial, **offered), 200
    if request.method == "POST":
        form, status = MatterForm(request.POST, **offered), 422
        if form.is_valid():
            try:
                matter, code = matters.matter_register(
                    organization=here, by=request.user, today=request.today, **form.cleaned_data
                )
            except RuleBroken as error:
                form.add_error(None, str(error))
            else:
                _keep_once(request, matter, code)
                return redirect("voices:matter-detail", organization, matter.public_id)
    return render(request, "voices/matter_add.html", around(request, here, "matters") | {"form": form}, status=status)


def _own_key(request: HtmxRequest, handlers: list) -> str:
    return next((one.public_id for one in handlers if one.pk == request.user.reach.person_id), "")


def _keep_once(request: HtmxRequest, matter: Matter, code: str) -> None:
    """Sealed in the session until the next page has shown it."""
    if code:
        request.session[f"receipt:{matter.public_id}"] = sealing.sealed("receipt", matter.public_id, code).hex()


def _take_once(request: HtmxRequest, matter: Matter) -> str:
    kept = request.session.pop(f"receipt:{matter.public_id}", "")
    code = sealing.opened("receipt", matter.public_id, bytes.fromhex(kept)) if kept else ""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def matter_of(request: HtmxRequest, organization: str, public_id: str) -> Matter:
    rows = Matter.objects.visible_to(request.user).select_related("organization", "receiver", "handler")
    return get_object_or_404(rows, organization__public_id=organization, public_id=public_id)


def _detail(request: HtmxRequest, matter: Matter, status: int = 200, **more: Any) -> HttpResponse:
    events = list(matter.events.select_related("by"))
    handles = matter.handler_id == request.user.reach.person_id and matter.erased_on is None
    progress = matters.progress_of(matter, events)
    category = Category(matter.category)
    possible = [step for step in Step if handles and fits(progress, category, step, is_forwarded=matter.is_forwarded)]
    others = [
        one for one in (people.line_of(matter.organization, request.today).handlers if handles else ())
        if one.pk != matter.handler_id and sealing.mark_of(one.pk) not in matter.barred
    ]  # fmt: skip
    forms = [
        {
            "step": step,
            "say": words.STEPS[step],
            "form": more["form"] if more.get("step") == step else StepForm(
                step=step, today=request.today, initial={"version": matter.version}, prefix=None, auto_id=f"{step}_%s"
            ),
            "is_open": more.get("step") == step,
        }
        for step in possible
    ]  # fmt: skip
    history = [
        {
            "event": one,
            "say": words.STEPS[one.step],
            "said": NOTHING_SAID | (sealing.opened("event", one.key, one.words_sealed) or {}),
        }
        for one in events
    ]
    context = around(request, matter.organization, "matters") | {
        "matter": matter,
        "read": matters.matter_read(matter=matter, by=request.user),
        "progress": progress,
        "history": history,
        "handles": handles,
        "forms": forms,
        "hand_over": HandOverForm(handlers=others, initial={"version": matter.version}, auto_id="over_%s"),
        "satisfaction": SatisfactionForm(initial={"satisfaction": matter.satisfaction}, auto_id="said_%s"),
        "may_ask": handles and not progress.is_open,
        "code": _take_once(request, matter),
        "form": None,
    }
    return render(request, "voices/matter_detail.html", context | more, status=status)


@never_cache
@require_GET
def matter_detail(request: HtmxRequest, organization: str, matter: str) -> HttpResponse:
    place(request, organization)
    return _detail(request, matter_of(request, organization, matter))


def _handled(request: HtmxRequest, organization: str, public_id: str) -> Matter:
    place(request, organization)
    matter = matter_of(request, organization, public_id)
    if matter.handler_id != request.user.reach.person_id or matter.erased_on:
        raise Http404
    return matter


@sensitive_post_parameters(*SECRET)
@require_POST
def matter_step(request: HtmxRequest, organization: str, matter: str, step: str) -> HttpResponse:
    """One address for each step; an unknown one is no page."""
    row = _handled(request, organization, matter)
    if step not in set(Step):
        raise Http404
    form = StepForm(request.POST, step=Step(step), today=request.today, auto_id=f"{step}_%s")
    status = 422
    if form.is_valid():
        try:
            matters.matter_move(
                matter=row, by=request.user, today=request.today, step=Step(step), **form.cleaned_data
            )  # fmt: skip
        except RuleBroken as error:
            form.add_error(None, str(error))
            status = error.status
            row = matter_of(request, organization, matter)
        else:
            messages.success(request, _("Noted."))
            return redirect("voices:matter-detail", organization, matter)
    return _detail(request, row, status, form=form, step=step)


@require_POST
def matter_hand_over(request: HtmxRequest, organization: str, matter: str) -> HttpResponse:
    row = _handled(request, organization, matter)
    form = HandOverForm(
        request.POST, handlers=people.line_of(row.organization, request.today).handlers, auto_id="over_%s"
    )  # fmt: skip
    status = 422
    if form.is_valid():
        try:
            matters.matter_hand_over(matter=row, by=request.user, today=request.today, **form.cleaned_data)
        except RuleBroken as error:
            form.add_error(None, str(error))
            status = error.status
        else:
            messages.success(request, _("Handed over."))
            return redirect("voices:matter-list", organization)
    return _detail(request, row, status, form=form, hand_over=form)


@require_POST
def matter_satisfaction(request: HtmxRequest, organization: str, matter: str) -> HttpResponse:
    row = _handled(request, organization, matter)
    form, status = SatisfactionForm(request.POST, auto_id="said_%s"), 422
    if form.is_valid():
        try:
            matters.satisfaction_note(matter=row, by=request.user, today=request.today, **form.cleaned_data)
        except RuleBroken as error:
            form.add_error(None, str(error))
            status = error.status
        else:
            messages.success(request, _("Noted."))
            return redirect("voices:matter-detail", organization, matter)
    return _detail(request, row, status, form=form, satisfaction=form)


@never_cache
@require_POST
def code_renew(request: HtmxRequest, organization: str, matter: str) -> HttpResponse:
    row = _handled(request, organization, matter)
    _keep_once(request, row, matters.code_renew(matter=row, by=request.user, today=request.today))
    return redirect("voices:matter-detail", organization, matter)


@require_POST
def matters_take_over(request: HtmxRequest, organization: str) -> HttpResponse:
    here = place(request, organization)
    try:
        matters.matters_take_over(organization=here, by=request.user, today=request.today)
    except RuleBroken:
        raise Http404 from None
    messages.success(request, _("Taken over."))
    return redirect("voices:matter-list", organization)
