"""Everything that hangs together with one thing, in the order in which it came."""

from apps.chains.kinds import Stop, ids_by_kind, stops
from apps.chains.linking import connected
from apps.core.http import HtmxRequest
from apps.supervision.models import Finding


def whole_way(request: HtmxRequest, kind: str, public_id: str) -> list[Stop]:
    """Empty where the reader may not open the thing itself. Findings tie visits to rows of the ledger without a link.

    Four queries at most, five from a visit.
    """
    own = stops(request, {kind: [public_id]})
    if not own:
        return []
    seeds = [own[0].key]
    if kind == "visit":
        seeds += [f"rectification:{row}" for row in _rows_of([public_id])]
    wanted = ids_by_kind(connected(seeds))
    if rows := wanted.get("rectification"):
        wanted["visit"] = [*wanted.get("visit", []), *_visits_of(rows)]
    return stops(request, wanted)


def _rows_of(visits: list[str]) -> list[str]:
    found = Finding.objects.filter(visit__public_id__in=visits).order_by("order")
    return list(found.values_list("row__public_id", flat=True))


def _visits_of(rows: list[str]) -> list[str]:
    found = Finding.objects.filter(row__public_id__in=rows).order_by("visit").distinct()
    return list(found.values_list("visit__public_id", flat=True))
