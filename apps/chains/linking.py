"""Notes what was made of what, and leads from each thing to the whole way."""

from collections.abc import Iterator

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.chains.kinds import MOST, ids_by_kind, stops
from apps.chains.models import Link
from apps.core.http import HtmxRequest
from apps.core.navigation import MenuLink
from apps.core.related import Thing


def offer(request: HtmxRequest, thing: Thing) -> Iterator[MenuLink]:
    url = reverse("chains:chain-detail", args=[thing.organization.public_id, thing.kind, thing.public_id])
    yield MenuLink(_("The whole way"), url, "chevron-right")


def note(request: HtmxRequest, origin: str, result: str) -> None:
    """Only from what this person may open; a made-up key leaves no trace."""
    if origin != result and stops(request, ids_by_kind([origin])):
        Link.objects.get_or_create(
            origin=origin, result=result, defaults={"made_on": request.today, "made_by": request.user}
        )


def connected(keys: list[str]) -> list[str]:
    """All that hangs together with these, in whatever direction; one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE reached(key) AS (SELECT unnest(%s::text[]) UNION "
            "SELECT CASE WHEN l.origin = r.key THEN l.result ELSE l.origin END FROM reached r "
            "JOIN chains_link l ON l.origin = r.key OR l.result = r.key) SELECT key FROM reached LIMIT %s",
            [keys, MOST],
        )
        return [row[0] for row in cursor.fetchall()]
