"""Files with a record. Their reach is the record's."""

from django.contrib import messages
from django.db.models.fields.files import FieldFile
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.activities import services
from apps.activities.log import kept
from apps.activities.models import Activity, Attachment
from apps.core.errors import RuleBroken
from apps.core.http import HtmxRequest

SAFE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, max-age=86400, immutable",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def _readable(request: HtmxRequest, organization: str, attachment: str) -> Attachment:
    seen = Activity.objects.visible_to(request.user)
    rows = Attachment.objects.filter(activity__in=seen, activity__organization__public_id=organization)
    return get_object_or_404(rows, public_id=attachment)


def sent(file: FieldFile, content_type: str, name: str = "", *, download: bool = False) -> HttpResponse:
    """At most 10 MB, so it is read at once."""
    try:
        with file.open("rb") as opened:
            response = HttpResponse(opened.read(), content_type=content_type)
    except FileNotFoundError:
        raise Http404 from None
    for header, value in SAFE_HEADERS.items():
        response.headers[header] = value
    if disposition := content_disposition_header(download, name):
        response.headers["Content-Disposition"] = disposition
    return response


@require_GET
def attachment_detail(request: HtmxRequest, organization: str, attachment: str) -> HttpResponse:
    """The file itself: a picture is shown, anything else downloaded."""
    one = _readable(request, organization, attachment)
    is_picture = one.content_type.startswith("image/")
    return sent(one.file, one.content_type, one.name, download=not is_picture)


@require_GET
def attachment_thumb(request: HtmxRequest, organization: str, attachment: str) -> HttpResponse:
    one = _readable(request, organization, attachment)
    if not one.thumbnail:
        raise Http404
    return sent(one.thumbnail, "image/jpeg")


def _kept_record(request: HtmxRequest, organization: str, activity: str) -> Activity:
    mine = Activity.objects.manageable_by(request.user).select_related("organization", "kind", "group")
    return get_object_or_404(mine, organization__public_id=organization, public_id=activity)


@require_POST
def attachment_add(request: HtmxRequest, organization: str, activity: str) -> HttpResponse:
    """From the log flow (with everything typed so far) or from the record page; each file that fails says why."""
    one = _kept_record(request, organization, activity)
    _draft_kept(request, one)
    problems = [] if request.FILES else [_("Choose a file first.")]
    for file in request.FILES.getlist("files")[:20]:
        try:
            services.attachment_add(
                activity=one, by=request.user, name=file.name or "", content=file, size=file.size or 0
            )
        except RuleBroken as error:
            problems.append(str(error))
    if request.htmx:
        context = {
            "attachments": one.attachments.all(),
            "organization": one.organization,
            "activity": one,
            "problems": problems,
        }
        return render(request, "activities/_uploaded.html", context, status=422 if problems else 200)
    for problem in problems:
        messages.error(request, problem)
    return _back(one)


def _draft_kept(request: HtmxRequest, one: Activity) -> None:
    """Without scripts the upload button sends the whole form: what was typed is not lost on the way."""
    version = request.POST.get("version", "")
    if version.isdigit() and one.state in Activity.OPEN:
        try:
            services.draft_save(
                activity=one, by=request.user, now=request.now, version=int(version[:9]), typed=kept(request.POST)
            )
        except RuleBroken as error:
            messages.error(request, str(error))


def _back(one: Activity) -> HttpResponse:
    if one.state in Activity.OPEN:
        url = reverse("activities:log-edit", args=[one.organization.public_id, one.public_id])
        return redirect(f"{url}?step=3#files")
    return redirect(reverse("activities:activity-detail", args=[one.organization.public_id, one.public_id]) + "#files")


@require_POST
def attachment_remove(request: HtmxRequest, organization: str, activity: str) -> HttpResponse:
    one = _kept_record(request, organization, activity)
    _draft_kept(request, one)
    file = get_object_or_404(one.attachments.select_related("activity__kind"), public_id=request.POST.get("remove", ""))
    services.attachment_remove(attachment=file, by=request.user)
    messages.success(request, _("“%(name)s” is removed.") % {"name": file.name})
    return _back(one)
