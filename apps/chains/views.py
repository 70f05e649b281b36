"""One page: the whole way of one thing, with who has it and since when."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from apps.chains.reading import whole_way
from apps.core.http import HtmxRequest


@never_cache
@require_GET
def chain_detail(request: HtmxRequest, organization: str, kind: str, thing: str) -> HttpResponse:
    stops = whole_way(request, kind, thing)
    here = next((stop for stop in stops if stop.key == f"{kind}:{thing}"), None)
    if here is None or f"/b/{organization}/" not in here.url:
        raise Http404
    lines = [(stop, stop.days(request.today), stop.is_late(request.today)) for stop in stops]
    return render(request, "chains/chain_detail.html", {"here": here, "lines": lines})
