"""What one has been reminded of, and how one wants to be."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from apps.core.http import HtmxRequest
from apps.reminders import writing
from apps.reminders.forms import PreferenceForm
from apps.reminders.models import Digest, DigestLine, Preference

MOST = 100  # of what is still open; nobody has that much


@require_GET
def reminder_list(request: HtmxRequest) -> HttpResponse:
    """What one was told and still owes. What is done has gone from it."""
    mine = Digest.objects.visible_to(request.user)
    lines = (
        DigestLine.objects.filter(digest__in=mine).exclude(reminder__state="settled").select_related("reminder__branch")
    )
    said = writing.said_of(list(lines.order_by("-pk")[:MOST]), request.today)
    return render(request, "reminders/reminder_list.html", {"said": said})


@require_http_methods(["GET", "POST"])
def preferences(request: HtmxRequest) -> HttpResponse:
    """Only for a person: an account without one is never reminded."""
    person = request.user.reach.person_id
    if person is None:
        raise Http404
    row = Preference.objects.filter(person=person).first() or Preference(person_id=person)
    form, status = PreferenceForm(request.POST or None, instance=row), 200
    if request.method == "POST":
        if form.is_valid():
            Preference.objects.update_or_create(person_id=person, defaults=form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("reminders:settings")
        status = 422
    return render(request, "reminders/settings.html", {"form": form}, status=status)
