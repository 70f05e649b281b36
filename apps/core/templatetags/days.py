"""Days in templates: `{{ day|long_day }}`, `{{ day|near_day:today }}`. An empty value prints the dash of empty values.

An instant is read in the zone of business dates.
"""

from collections.abc import Callable
from datetime import date

from django.template import Library

from apps.core import days

register = Library()
EMPTY = "—"


def _filter(write: Callable[[date], str]) -> None:
    register.filter(write.__name__, lambda day: write(day) if day else EMPTY, expects_localtime=True)


for write in (days.long_day, days.short_day, days.weekday, days.month_name):
    _filter(write)


@register.filter(expects_localtime=True)
def near_day(day: date | None, today: date) -> str:
    return days.near_day(day, today) if day else EMPTY


@register.filter
def distance(day: date | None, today: date) -> str:
    return days.distance(day, today) if day else ""
