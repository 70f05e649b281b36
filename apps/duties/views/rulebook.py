"""What holds here and by which article; tightening it, adding to it, ending what was set."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.branches.models import Organization
from apps.core.days import long_day
from apps.core.errors import RuleBroken
from apps.core.http import HtmxRequest
from apps.duties import rules, words
from apps.duties.forms import DutyForm, OverrideForm
from apps.duties.models import DutyRule
from apps.duties.rulebook import Rulebook
from apps.duties.services import tailoring
from apps.duties.views import place


def _book(organization: Organization) -> Rulebook:
    return Rulebook(tuple(DutyRule.objects.over(organization.path)))


@require_GET
def rule_list(request: HtmxRequest, organization: str) -> HttpResponse:
    """What is owed from today on, what will change, what is switched off, and what the catalogue knows besides."""
    at = place(request, organization)
    book = _book(at)
    user = request.user
    tailors = rules.can_tailor(user, at)
    rows = []
    for slug in book.by_slug:
        rule = book.holding(slug, at.path, request.today)
        coming = [row for row in book.by_slug[slug] if row.valid_from > request.today and (row.is_active or row.set_by)]
        if (rule is None and not coming) or (rule is not None and rule.set_by is None and not rule.is_active):
            continue
        shown = rule or coming[0]
        rows.append(
            {
                "rule": shown,
                "often": words.cadence_words(shown),
                "coming": [row for row in coming if row is not shown],
                "begins": shown.valid_from if rule is None else None,
                "can_tighten": tailors and shown.is_active and shown.set_by_id != at.pk,
                "can_end": shown.set_by_id == at.pk and shown.valid_before is None and rules.can_end(user, shown),
            }
        )
    rows.sort(key=lambda row: (row["rule"].order, row["rule"].pk))
    context = {
        "organization": at,
        "rows": rows,
        "waiting": [rule for rule in book.rules if rule.set_by is None and not rule.is_active],
        "can_add": rules.can_add(user, at),
    }
    return render(request, "duties/rule_list.html", context)


@require_http_methods(["GET", "POST"])
def rule_override(request: HtmxRequest, organization: str, slug: str) -> HttpResponse:
    """First a preview of whom it hits, then the same form once more to confirm. Nothing is written before."""
    at = place(request, organization)
    if not rules.can_tailor(request.user, at):
        raise Http404
    rule = _book(at).holding(slug, at.path, request.today)
    if rule is None or not rule.is_active:
        raise Http404
    given = request.POST if request.method == "POST" else None
    form, status, preview = OverrideForm(given, rule=rule), 422 if given is not None else 200, None
    if given is not None and form.is_valid():
        values: dict[str, Any] = form.cleaned_data | {"is_active": "switch_off" not in given}
        if not values["is_active"]:
            values |= {"times": rule.times, "grace_days": rule.grace_days, "window": rule.window}
        try:
            if "confirm" in given:
                done = tailoring.rule_override(
                    organization=at, slug=slug, by=request.user, today=request.today, **values
                )
                messages.success(request, _("Holds from %(day)s.") % {"day": long_day(done.rule.valid_from)})
                return redirect("duties:rule-list", organization)
            preview = tailoring.override_preview(organization=at, slug=slug, today=request.today, **values)
            status = 200
        except RuleBroken as error:
            form.add_error(None, str(error))
            status = error.status
    context = {
        "organization": at,
        "rule": rule,
        "often": words.cadence_words(rule),
        "form": form,
        "preview": preview,
        "preview_often": words.cadence_words(preview.rule) if preview else "",
        "list_url": reverse("duties:rule-list", args=[organization]),
    }
    return render(request, "duties/rule_override.html", context, status=status)


@require_http_methods(["GET", "POST"])
def rule_add(request: HtmxRequest, organization: str) -> HttpResponse:
    at = place(request, organization)
    if not rules.can_add(request.user, at):
        raise Http404
    form, status = DutyForm(request.POST or None), 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            rule = tailoring.duty_add(organization=at, by=request.user, today=request.today, **form.cleaned_data)
        except RuleBroken as error:
            form.add_error(None, str(error))
            status = error.status
        else:
            words_ = {"duty": rule.name, "day": long_day(rule.valid_from)}
            messages.success(request, _("“%(duty)s” is owed from %(day)s.") % words_)
            return redirect("duties:rule-list", organization)
    context = {"organization": at, "form": form, "list_url": reverse("duties:rule-list", args=[organization])}
    return render(request, "duties/rule_add.html", context, status=status)


@require_POST
def rule_end(request: HtmxRequest, organization: str, pk: int) -> HttpResponse:
    at = place(request, organization)
    rule = get_object_or_404(DutyRule.objects.select_related("set_by"), pk=pk, set_by=at)
    if not rules.can_end(request.user, rule):
        raise Http404
    day = tailoring.rule_end(rule=rule, by=request.user, today=request.today)
    text = _("“%(duty)s” ends; from %(day)s it is as the level above has it.")
    messages.success(request, text % {"duty": rule, "day": long_day(day)})
    return redirect("duties:rule-list", organization)
