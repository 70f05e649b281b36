"""Pages about reports: what the branch writes, what the level above reviews."""

from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import content_disposition_header

from apps.core.http import HtmxRequest
from apps.reports import periods
from apps.reports.models import Report

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def report_of(request: HtmxRequest, organization: str, period: str) -> Report:
    """In reach, from the day on which it is drafted; with `reviewer`, the name of who reviews it."""
    found = periods.parse(period)
    if found is None:
        raise Http404
    starts_on, months = found
    rows = Report.objects.visible_to(request.user).with_reviewer(request.today).select_related("organization")
    return get_object_or_404(
        rows, organization__public_id=organization, months=months, starts_on=starts_on, drafted_from__lte=request.today
    )


def title_of(report: Report, today: date) -> str:
    return periods.report_title(report.months, report.starts_on, today)


def url_of(report: Report, name: str = "report-detail", *more: str) -> str:
    return reverse(f"reports:{name}", args=[report.organization.public_id, report.code, *more])


def download(name: str, data: bytes, content_type: str) -> HttpResponse:
    response = HttpResponse(data, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Cache-Control"] = "no-store"
    return response
