"""Who follows which branches of a committee."""

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.branches import liaisons, rules
from apps.branches.models import Liaison, Organization
from apps.branches.views import refuse_unless, visible
from apps.core import paths
from apps.core.errors import RuleBroken
from apps.core.http import HtmxRequest

PAGE = 50


@require_http_methods(["GET", "POST"])
def liaison_list(request: HtmxRequest, organization: str) -> HttpResponse:
    """One staff member at a time, a page of branches with a box each; saved page by page."""
    at = visible(request, organization)
    refuse_unless(rules.can_assign_liaisons(request.user, at))
    given, today = request.POST if request.method == "POST" else request.GET, request.today
    staff = liaisons.staff_of(at, today)
    own = next((one for one in staff if one.pk == request.user.reach.person_id), staff[0] if staff else None)
    person = next((one for one in staff if one.public_id == given.get("person", "")), own)
    after = paths.typed(given.get("after", ""))
    url = reverse("branches:liaison-list", args=[at.public_id])
    for one in staff:
        one.tab_url, one.is_shown = f"{url}?person={one.public_id}", one == person
    fault = ""
    if request.method == "POST":
        refuse_unless(person is not None)
        try:
            liaisons.liaisons_set(
                organization=at, person=person, shown=_ids(given.getlist("shown")), chosen=_ids(given.getlist("follow")),
                by=request.user, today=today,
            )  # fmt: skip
        except RuleBroken as error:
            fault = str(error)
        else:
            messages.success(request, _("Saved."))
            return redirect(f"{url}?person={person.public_id}&after={paths.typed(given.get('next', '')) or after}")
    following = Liaison.objects.on(today).select_related("person")
    branches = (
        Organization.objects.under(at.path)
        .active(today)
        .filter(kind=Organization.Kind.BRANCH, path__gt=after)
        .order_by("path")
        .prefetch_related(Prefetch("liaisons", following, to_attr="followers"))
    )
    rows = list(branches[: PAGE + 1])
    shown = rows[:PAGE]
    for row in shown:
        row.is_followed = person is not None and any(each.person_id == person.pk for each in row.followers)
        row.others = "、".join(
            each.person.name for each in row.followers if person is None or each.person_id != person.pk
        )
    context = {
        "organization": at, "staff": staff, "person": person, "rows": shown, "after": after, "fault": fault,
        "next": shown[-1].path if len(rows) > PAGE else "", "url": url,
    }  # fmt: skip
    return render(request, "branches/liaison_list.html", context, status=422 if fault else 200)


def _ids(texts: list[str]) -> set[int]:
    return {int(text) for text in texts[: 2 * PAGE] if text.isdecimal() and len(text) < 19}
