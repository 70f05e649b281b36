"""A visitor asks how the matter stands, with a receipt code and without an account."""

from allauth.core.internal import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from apps.core.http import HtmxRequest
from apps.voices.forms import CodeForm
from apps.voices.services.matters import by_code

RATE = {"receipt_code": "10/m/ip,60/h/ip"}


@login_not_required
@sensitive_post_parameters("code")
@never_cache
@require_http_methods(["GET", "POST"])
def state_ask(request: HtmxRequest) -> HttpResponse:
    """Answers with the page itself: a redirect would carry the code in an address. Every code that opens nothing, whatever
    its shape, gets one and the same answer.
    """
    form, status, matter = CodeForm(), 200, None
    if request.method == "POST":
        form = CodeForm(request.POST)
        if not ratelimit.consume(request, app="allauth.account", action="receipt_code", config=RATE):
            form = CodeForm()
            status = 429
        elif form.is_valid():
            matter = by_code(form.cleaned_data["code"])
            if matter is None:
                form.add_error(None, _("Nothing can be shown for this code. Check it, or ask where you handed it in."))
        if matter is None and status == 200:
            status = 422
    return render(request, "voices/state_ask.html", {"form": form, "matter": matter, "is_blocked": status == 429},
                  status=status)  # fmt: skip
