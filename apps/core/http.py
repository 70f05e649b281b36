"""What our middleware adds to a request."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

if TYPE_CHECKING:
    from apps.accounts.models import User


class HtmxRequest(HttpRequest):
    """`now` and `today` were asked once of the clock; `user` carries its reach."""

    user: "User"  # type: ignore[assignment]
    htmx: HtmxDetails
    now: datetime
    today: date
