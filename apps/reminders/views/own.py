"""What one has been reminded of, and how one wants to be."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from apps.accounts.models import User
from apps.core.http import HtmxRequest
from apps.reminders import writing
from apps.reminders.forms import PreferenceForm
from apps.reminders.models import Delivery, Digest, DigestLine, FeedToken, Preference

MOST = 100  # of what is still open; nobody has that much


@require_GET
def reminder_list(request: HtmxRequest) -> HttpResponse:
    """What one was told and still owes. What is done has gone from it."""
    mine = Digest.objects.visible_to(request.user)
    lines = (
        DigestLine.objects.filter(digest__in=mine).exclude(reminder__state="settled").select_related("reminder__branch")
    )
    said = writing.said_of(list(lines.order_by("-pk")[:MOST]), request.today)
    kept = next(
        (one for one in request.user.reach.places if one.organization_id in request.user.reach.committee_of), None
    )
    return render(request, "reminders/reminder_list.html", {"said": said, "kept": kept})


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
    context = {
        "form": form,
        "has_feed": FeedToken.objects.filter(person=person, revoked_at=None).exists(),
        "is_refused": _is_refused(request.user),
    }
    return render(request, "reminders/settings.html", context, status=status)


def _is_refused(user: User) -> bool:
    """Whether the last mail to the address as it now is was refused for good. One query, none without an address."""
    if not (user.email and user.email_confirmed_at):
        return False
    mails = Delivery.objects.filter(
        person=user.reach.person_id, channel=Delivery.Channel.MAIL, ended_at__gt=user.email_confirmed_at
    ).exclude(state__in=(Delivery.State.DROPPED, Delivery.State.HELD))
    last = mails.order_by("-ended_at").values_list("last_error", flat=True).first()
    return (last or "").startswith("smtp-5")
