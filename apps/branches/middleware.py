"""Reach, once per request."""

from collections.abc import Callable

from django.http import HttpResponse

from apps.branches.reach import reach_of
from apps.core.http import HtmxRequest


class ReachMiddleware:
    """`request.user.reach`: one query for a signed-in user, none for anyone else."""

    def __init__(self, get_response: Callable[[HtmxRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HtmxRequest) -> HttpResponse:
        request.user.reach = reach_of(request.user, request.today)
        return self.get_response(request)
