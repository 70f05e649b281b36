"""Everything that hangs together with one thing, in the order in which it came."""

from apps.chains.kinds import KINDS, Stop
from apps.chains.linking import connected
from apps.core.http import HtmxRequest
from apps.supervision.models import Finding


def whole_way(request: HtmxRequest, kind: str, public_id: str) -> list[Stop]:
    """Empty where the reader may not open the thing itself. Findings tie visits to rows of the ledger without a link.

    Four queries beside one for each kind of thing on the way.
    """
    own = KINDS[kind](request, [public_id]) if kind in KINDS else []
    if not own:
        return []
    seeds = [own[0].key]
    if kind == "visit":
        seeds += [f"rectification:{row}" for row in _rows_of([public_id])]
    by_kind: dict[str, list[str]] = {}
    for key in connected(seeds):
        name, _colon, one = key.partition(":")
        by_kind.setdefault(name, []).append(one)
    if rows := by_kind.get("rectification"):
        by_kind["visit"] = [*by_kind.get("visit", []), *_visits_of(rows)]
    if by_kind[kind] == [public_id]:  # known already
        del by_kind[kind]
    else:
        own = []
    stops = [stop for name, ids in by_kind.items() if name in KINDS for stop in KINDS[name](request, ids)] + own
    return sorted(stops, key=lambda stop: (stop.began_on, list(KINDS).index(stop.domain), stop.key))


def _rows_of(visits: list[str]) -> list[str]:
    found = Finding.objects.filter(visit__public_id__in=visits).order_by("order")
    return list(found.values_list("row__public_id", flat=True))


def _visits_of(rows: list[str]) -> list[str]:
    found = Finding.objects.filter(row__public_id__in=rows).order_by("visit").distinct()
    return list(found.values_list("visit__public_id", flat=True))
