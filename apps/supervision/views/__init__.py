"""Pages of the ledger and of visits."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header

from apps.branches.models import Organization
from apps.core.http import HtmxRequest
from apps.supervision.querysets import ledgers_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def ledger_place(request: HtmxRequest, public_id: str) -> Organization:
    """An organization whose ledger the reader may open; else 404."""
    return get_object_or_404(ledgers_of(request.user), public_id=public_id)


def file_answer(data: bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=content_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response
