"""What reminders put into the menus."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.core.navigation import MenuLink


def links(request: HttpRequest) -> Iterator[MenuLink]:
    reach = request.user.reach
    if reach.person_id:
        yield MenuLink(_("Reminders"), reverse("reminders:list"), "schedule")
    if reach.is_administrator:
        yield MenuLink(_("Messages going out"), reverse("reminders:outbox"))
