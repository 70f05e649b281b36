"""What is planned in the branches of a committee: kind, time and place, as on a notice board; no talks and no names."""

from datetime import date, timedelta

from django.db.models import QuerySet

from apps.activities.models import Activity, Behaviour

WEEK = timedelta(days=7)


def coming(path: str, today: date, follows: frozenset[int] | None) -> QuerySet[Activity]:
    """Scheduled from today on, the next one first."""
    rows = (
        Activity.objects.filter(state=Activity.State.SCHEDULED, held_on__gte=today, organization__path__within=path)
        .exclude(kind__behaviour=Behaviour.TALK)
        .select_related("kind", "group", "organization", "sitting")
        .order_by("held_on", "pk")
    )
    return rows if follows is None else rows.filter(organization__in=follows)
