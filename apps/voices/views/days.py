"""Reception days: for the branch, and for everyone who has its link."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.branches.models import Organization
from apps.core.errors import RuleBroken
from apps.core.http import HtmxRequest
from apps.voices.forms import ReceptionDayForm, TermsForm
from apps.voices.models import ReceptionDay
from apps.voices.people import may_receive
from apps.voices.services import days, terms
from apps.voices.terms import TERMS
from apps.voices.views import around, place

AHEAD = 12  # days shown


@require_GET
def day_list(request: HtmxRequest, organization: str) -> HttpResponse:
    here = place(request, organization, members=True)
    coming = ReceptionDay.objects.coming(request.today).filter(organization=here)[:AHEAD]
    link = request.build_absolute_uri(reverse("voices:public-days", args=[here.public_id]))
    context = around(request, here, "days") | {"days": coming, "link": link}
    return render(request, "voices/day_list.html", context)


@require_http_methods(["GET", "POST"])
def day_add(request: HtmxRequest, organization: str) -> HttpResponse:
    here = place(request, organization)
    if not may_receive(request.user, here):
        raise Http404
    form, status = ReceptionDayForm(initial={"place": here.usual_place}), 200
    if request.method == "POST":
        form, status = ReceptionDayForm(request.POST), 422
        if form.is_valid():
            try:
                days.day_publish(organization=here, by=request.user, today=request.today, **form.cleaned_data)
            except RuleBroken as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, _("Published."))
                return redirect("voices:day-list", organization)
    return render(request, "voices/day_add.html", around(request, here, "days") | {"form": form}, status=status)


@require_POST
def day_cancel(request: HtmxRequest, organization: str, pk: int) -> HttpResponse:
    here = place(request, organization)
    if not may_receive(request.user, here):
        raise Http404
    day = get_object_or_404(ReceptionDay.objects.select_related("organization"), organization=here, pk=pk)
    days.day_cancel(day=day, by=request.user)
    messages.success(request, _("Called off. It is no longer shown."))
    return redirect("voices:day-list", organization)


@login_not_required  # a visitor has no account
@require_GET
def public_days(request: HtmxRequest, door: str) -> HttpResponse:
    """Only of organizations that have published a day; no address tells whether another one exists."""
    known = Organization.objects.active(request.today).filter(reception_days__is_cancelled=False).distinct()
    here = get_object_or_404(known, public_id=door)
    coming = ReceptionDay.objects.coming(request.today).filter(organization=here)[:AHEAD]
    return render(request, "voices/public_days.html", {"organization": here, "days": coming})


@require_http_methods(["GET", "POST"])
def terms_edit(request: HtmxRequest, organization: str) -> HttpResponse:
    """The table of days with its articles: read by those who count, changed by those who receive."""
    here = place(request, organization)
    if request.method == "POST" and not may_receive(request.user, here):
        raise Http404
    chosen = terms.terms_of(here)
    form, status = TermsForm(terms=chosen), 200
    if request.method == "POST":
        form, status = TermsForm(request.POST, terms=chosen), 422
        if form.is_valid():
            try:
                terms.terms_choose(organization=here, by=request.user, chosen=form.cleaned_data)
            except RuleBroken as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, _("Saved. It holds for what is received from now on."))
                return redirect("voices:terms-edit", organization)
    rows = [
        {"term": term, "days": chosen[key], "field": form[key] if term.is_open else None} for key, term in TERMS.items()
    ]
    return render(request, "voices/terms.html", around(request, here, "terms") | {"form": form, "rows": rows},
                  status=status)  # fmt: skip
