"""Language, text size, and the pages for when something went wrong."""

import logging
import secrets

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from apps.core.shell import TEXT_COOKIE, TEXT_SIZES

logger = logging.getLogger(__name__)
YEAR = 365 * 24 * 3600
# Never shown again, not even to the person who typed it.
SECRET_WORDS = ("password", "token", "code", "secret", "csrf")
LONGEST_ECHO = 20_000


def _back(request: HttpRequest) -> HttpResponse:
    to = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(to, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return redirect(to if safe else "/")


def _remember(request: HttpRequest, response: HttpResponse, *, cookie: str, field: str, value: str) -> HttpResponse:
    """On this device by cookie; for a signed-in person also with the account, if accounts keep `field`."""
    response.set_cookie(
        cookie, value, max_age=YEAR, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
    )
    user = request.user
    if user.is_authenticated and hasattr(user, field) and getattr(user, field) != value:
        setattr(user, field, value)
        user.save(update_fields=[field])
    return response


@login_not_required  # who cannot read the sign-in page cannot sign in
@require_POST
def language_set(request: HttpRequest) -> HttpResponse:
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        return HttpResponseBadRequest()
    return _remember(request, _back(request), cookie=settings.LANGUAGE_COOKIE_NAME, field="language", value=language)


@login_not_required  # as above
@require_POST
def text_size_set(request: HttpRequest) -> HttpResponse:
    size = request.POST.get("size", "")
    if size not in TEXT_SIZES:
        return HttpResponseBadRequest()
    return _remember(request, _back(request), cookie=TEXT_COOKIE, field="text_size", value=size)


@login_not_required  # the session may be what has expired
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Shows what was typed, to be copied. It does not offer to send it again: the request may be forged."""
    typed = [
        value[:LONGEST_ECHO]
        for name, values in request.POST.lists()
        if not any(word in name.lower() for word in SECRET_WORDS)
        for value in values
        if len(value.strip()) > 1 and not value.isdigit()
    ]
    return render(request, "core/csrf_failure.html", {"typed": typed}, status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "400.html", status=400)


def server_error(request: HttpRequest) -> HttpResponse:
    """The number on the page stands in the log, next to the traceback. Nothing here may need the database."""
    reference = secrets.token_hex(4).upper()
    logger.error("Reference %s: the error at %s %s", reference, request.method, request.path)
    return render(None, "500.html", {"reference": reference}, status=500)


@require_GET
def styleguide(request: HttpRequest) -> HttpResponse:
    if not settings.DEMO_ALLOWED:
        raise Http404
    from apps.core.styleguide import sample  # only where it is looked at

    return render(request, "core/styleguide.html", sample(request))
