"""For whoever runs the system: counts, codes, what is parked. No content, no names."""

from smtplib import SMTPException

from django.conf import settings
from django.contrib import messages
from django.core.mail import send_mail
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.core.errors import RuleBroken
from apps.core.http import HtmxRequest
from apps.core.models import audit
from apps.reminders.forms import HolidayForm
from apps.reminders.models import Delivery, HolidayOverride
from apps.reminders.services import delivering, switching
from apps.reminders.status import status as status_of

PARKED = 50
LOOPS = {
    "worker": gettext_lazy("the worker"),
    "deliver": gettext_lazy("the sending of messages"),
    "round": gettext_lazy("the round of the day"),
}


def _administrator(request: HtmxRequest) -> None:
    if not request.user.reach.is_administrator:
        raise Http404


@require_GET
def outbox(request: HtmxRequest) -> HttpResponse:
    _administrator(request)
    status = status_of(request.today)
    parked = Delivery.objects.visible_to(request.user).filter(state=Delivery.State.PARKED).order_by("-pk")[:PARKED]
    return render(request, "reminders/outbox.html", {
        "status": status, "silent": [str(LOOPS.get(name, name)) for name in status.silent],
        "parked": parked, "holidays": HolidayOverride.objects.filter(day__gte=request.today)[:100],
        "counts": [(label, status.deliveries.get(value, 0)) for value, label in Delivery.State.choices],
        "codes": sorted(status.codes.items()), "has_server": "smtp" in settings.EMAIL_BACKEND,
    })  # fmt: skip


@require_POST
def delivery_retry(request: HtmxRequest, key: str) -> HttpResponse:
    """Once more, under the same key."""
    delivery = get_object_or_404(Delivery.objects.visible_to(request.user), key=key)
    try:
        delivering.retry(delivery=delivery, by=request.user)
    except RuleBroken as broken:
        messages.error(request, str(broken))
    else:
        messages.success(request, _("It goes out with the next delivery."))
    return redirect("reminders:outbox")


@require_POST
def release(request: HtmxRequest) -> HttpResponse:
    """After a restore: messages may leave again."""
    _administrator(request)
    switching.release(by=request.user)
    messages.success(request, _("Messages leave again."))
    return redirect("reminders:outbox")


@require_POST
def test_mail(request: HtmxRequest) -> HttpResponse:
    """To oneself, at the confirmed address; says what the server said, never the address."""
    _administrator(request)
    user = request.user
    if not (user.email and user.email_confirmed_at):
        messages.error(request, _("Confirm an e-mail address of your own first, under Settings."))
        return redirect("reminders:outbox")
    try:
        send_mail(_("Test mail"), _("This mail shows that messages reach you."), None, [user.email])
    except (SMTPException, OSError) as problem:
        messages.error(request, _("The mail server did not take it: %(problem)s") % {"problem": type(problem).__name__})
    else:
        messages.success(request, _("The mail is on its way to you."))
    return redirect("reminders:outbox")


@require_http_methods(["GET", "POST"])
def holiday_create(request: HtmxRequest) -> HttpResponse:
    """Add a day, or say otherwise of one that is there."""
    _administrator(request)
    form, status = HolidayForm(request.POST or None), 200
    if request.method == "POST":
        if form.is_valid():
            values = {name: form.cleaned_data[name] for name in ("name", "is_working")}
            row, _new = HolidayOverride.objects.update_or_create(
                day=form.cleaned_data["day"], defaults=values | {"entered_by": request.user}
            )
            audit(by=request.user, action="holiday_set", subject=row, fields=["day", "is_working"])
            return redirect("reminders:outbox")
        status = 422
    return render(request, "reminders/holiday_form.html", {"form": form}, status=status)


@require_POST
def holiday_delete(request: HtmxRequest, pk: int) -> HttpResponse:
    """The published calendar counts again."""
    _administrator(request)
    row = get_object_or_404(HolidayOverride, pk=pk)
    audit(by=request.user, action="holiday_delete", subject=row)
    row.delete()
    return redirect("reminders:outbox")
