"""Whether the whole system is alive, for a machine that watches it."""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.reminders import heartbeat


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 and nothing else while all is well; 503 and the names of what is silent. No figures, no versions, no reasons."""
    try:
        silent = heartbeat.silent()
    except DatabaseError:
        silent = ["database"]
    return JsonResponse({"status": "stale" if silent else "ok", "stale": silent}, status=503 if silent else 200)
