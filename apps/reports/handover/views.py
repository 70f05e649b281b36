"""The post of secretary changes hands, and the pack that goes with it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from apps.branches import posts
from apps.branches.models import Organization, Post
from apps.branches.views import refuse_unless
from apps.branches.views.accounts import slips_context
from apps.core.days import long_day
from apps.core.errors import EditConflict, RuleBroken
from apps.core.http import HtmxRequest
from apps.reports.handover.forms import HandoverForm
from apps.reports.handover.pack import build, readable
from apps.reports.handover.services import STANDING_IN, HandedOver, secretary_change

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _branch(request: HtmxRequest, public_id: str) -> Organization:
    return get_object_or_404(readable(request), public_id=public_id)


@require_GET
def handover_pack(request: HtmxRequest, organization: str) -> HttpResponse:
    """Rows lead to where they are done for those who still, or already, work there."""
    at = _branch(request, organization)
    works_here = at.is_nearest or at.pk in request.user.reach.committee_of
    context = {"organization": at, "pack": build(at, request.today), "works_here": works_here}
    return render(request, "reports/handover_pack.html", context)


@require_GET
def handover_paper(request: HtmxRequest, organization: str) -> HttpResponse:
    from apps.reports.handover.paper import handover_docx  # the Word library is large: loaded where a paper is made

    at = _branch(request, organization)
    with translation.override("zh-hans"):
        data = handover_docx(build(at, request.today))
    response = HttpResponse(data, content_type=DOCX)
    name = f"{at.name} 书记工作交接清单 {request.today:%Y-%m-%d}.docx"
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


@never_cache  # a new account's code is shown this once
@require_http_methods(["GET", "POST"])
def handover_change(request: HtmxRequest, organization: str) -> HttpResponse:
    """Old and new in one form. A slip is answered directly: a redirect would have to keep the code somewhere."""
    at = _branch(request, organization)
    refuse_unless(at.is_nearest)
    today = request.today
    in_office = list(
        Post.objects.filter(organization=at, kind__in=STANDING_IN, ends_before=None)
        .select_related("person")
        .order_by("pk")
    )
    people = posts.candidates(request.user, at, today)
    form, status = HandoverForm(request.POST or None, people=people, initial={"starts_on": today}), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                done = secretary_change(
                    organization=at, by=request.user, today=today, now=request.now, **form.cleaned_data
                )
            except (RuleBroken, EditConflict) as error:
                form.add_error(None, str(error))
                status = error.status
            else:
                return _done(request, at, done)
    context = {"organization": at, "form": form, "in_office": in_office}
    return render(request, "reports/handover_change.html", context, status=status)


def _done(request: HtmxRequest, at: Organization, done: HandedOver) -> HttpResponse:
    words = {"name": done.post.person, "day": long_day(done.post.starts_on)}
    text = _("%(name)s is secretary from %(day)s.") % words
    if done.slip is None:
        messages.success(request, text)
        return redirect("reports:handover-pack", at.public_id)
    context = {"organization": at, "done": done, "text": text} | slips_context(request, [done.slip])
    return render(request, "reports/handover_done.html", context)
