"""Calendar addresses: made, renewed and revoked by whom they belong to, read by whoever has them."""

import hashlib

from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, HttpResponseNotFound
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from apps.branches.models import Organization, Person
from apps.core.http import HtmxRequest
from apps.reminders import feeds
from apps.reminders.services import feeding

WRONG_RATE = {"feed": "30/m/ip"}  # addresses that are none


@login_not_required  # a phone's calendar cannot sign in: the address is the key
@require_safe
def feed(request: HtmxRequest, secret: str) -> HttpResponse:
    """404 for a guessed and for a revoked one alike; who guesses on is let wait."""
    limit = {"app": "reminders", "action": "feed", "config": WRONG_RATE, "limit_get": True}
    if not ratelimit.consume(request, dry_run=True, **limit):
        return _unlogged(HttpResponse("429", status=429, content_type="text/plain"))
    row = feeding.feed_find(secret)
    if row is None:
        ratelimit.consume(request, **limit)
        return _unlogged(HttpResponseNotFound("404", content_type="text/plain"))
    language = row.person.user.language if row.person else ""
    with translation.override(language or settings.LANGUAGE_CODE):
        if row.person:
            data = feeds.ics(feeds.of_person(row.person, request.today), request.today)
        else:
            data = feeds.ics(feeds.of_organization(row.organization, request.today), request.today)
    response = HttpResponse(data, content_type="text/calendar; charset=utf-8")
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["ETag"] = quote_etag(hashlib.sha256(data).hexdigest()[:32])
    return get_conditional_response(request, etag=response.headers["ETag"], response=response)


def _unlogged(response: HttpResponse) -> HttpResponse:
    """The framework writes down addresses that fail, and this one may be somebody's with a closed account."""
    response._has_been_logged = True
    return response


def _me(request: HtmxRequest) -> Person:
    return get_object_or_404(Person, pk=request.user.reach.person_id or 0)


def _led(request: HtmxRequest, organization: str) -> Organization:
    return get_object_or_404(Organization.objects.filter(pk__in=request.user.reach.leader_of), public_id=organization)


@never_cache  # the address is shown this once
@require_POST
def own_issue(request: HtmxRequest) -> HttpResponse:
    """Answers with the address itself: a redirect would have to keep it somewhere."""
    return _shown(request, feeding.feed_issue(of=_me(request), by=request.user), reverse("reminders:settings"))


@require_POST
def own_revoke(request: HtmxRequest) -> HttpResponse:
    return _revoke(request, _me(request), reverse("reminders:settings"))


@never_cache
@require_POST
def branch_issue(request: HtmxRequest, organization: str) -> HttpResponse:
    """As `own_issue`, for all who shall see the branch's meetings."""
    at = _led(request, organization)
    back = reverse("reminders:branch", args=[at.public_id])
    return _shown(request, feeding.feed_issue(of=at, by=request.user), back, at)


@require_POST
def branch_revoke(request: HtmxRequest, organization: str) -> HttpResponse:
    at = _led(request, organization)
    return _revoke(request, at, reverse("reminders:branch", args=[at.public_id]))


def _shown(request: HtmxRequest, secret: str, back: str, organization: Organization | None = None) -> HttpResponse:
    url = request.build_absolute_uri(reverse("reminders:feed", args=[secret]))
    context = {"url": url, "phone_url": "webcal:" + url.partition(":")[2], "back": back, "organization": organization}
    return render(request, "reminders/calendar_address.html", context)


def _revoke(request: HtmxRequest, of: Person | Organization, back: str) -> HttpResponse:
    if feeding.feed_revoke(of=of, by=request.user):
        messages.success(request, _("The calendar address no longer works."))
    return redirect(back)
