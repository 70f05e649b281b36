"""What the branches app puts into menus and home pages."""

from collections.abc import Iterator
from datetime import date
from heapq import nsmallest

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.branches import notes
from apps.branches.models import Organization, Post
from apps.branches.reach import Place as OwnPlace
from apps.core.days import distance, near_day
from apps.core.http import HtmxRequest
from apps.core.navigation import MenuLink, NavItem, Place
from apps.core.todo import Section, Todo

AT_MOST = 20  # elections on one home page


def place_of(request: HttpRequest) -> OwnPlace | None:
    """Which of the user's places a page is about: the one in the address, else the first."""
    own = request.user.reach.places if request.user.is_authenticated else ()
    match = request.resolver_match
    named = (match.kwargs.get("organization") or match.kwargs.get("place") or "") if match else ""
    return next((place for place in own if place.public_id == named), own[0] if own else None)


def places(request: HttpRequest) -> Iterator[Place]:
    """Several make a switch in the top bar; each leads to the home page of its own address."""
    here = place_of(request)
    for place in request.user.reach.places:
        yield Place(place.name, reverse("core:place-home", args=[place.public_id]), active=place == here)


def entries(request: HttpRequest) -> Iterator[NavItem]:
    if not request.user.is_authenticated:
        return
    reach, match = request.user.reach, request.resolver_match
    in_tree = bool(match) and match.view_name.startswith("branches:")
    if reach.is_administrator or reach.staff_of:
        yield NavItem(_("Structure"), reverse("branches:organization-list"), "branches", in_tree, order=30)
    elif here := place_of(request):
        url = reverse("branches:organization-detail", args=[here.public_id])
        yield NavItem(_("About the branch"), url, "branches", in_tree, order=90, extra=True)


def own_account(request: HttpRequest) -> Iterator[MenuLink]:
    yield MenuLink(_("Settings"), reverse("accounts:settings-detail"), "settings")
    yield MenuLink(_("Signed-in browsers"), reverse("accounts:session-list"), "lock")


def led_branches(request: HtmxRequest) -> list[tuple[Organization, notes.Facts]]:
    """Where the reader is secretary, deputy or acting secretary, with what is known of each. Asked once a request."""
    if not hasattr(request, "led_branches"):
        led = request.user.reach.leader_of
        rows = Organization.objects.active(request.today).filter(pk__in=led)
        request.led_branches = notes.with_facts(rows, request.today) if led else []
    return request.led_branches


def elections(request: HtmxRequest, place: str) -> Iterator[Todo]:
    """Half a year before a term ends: to the branch's leaders and to the nearest staff above, who remind it (art. 21)."""
    user, today = request.user, request.today
    until = notes.months_later(today, notes.NOTICE_MONTHS)
    due = [
        row
        for row, _facts in led_branches(request)
        if row.election_due_on and row.election_due_on <= until and row.branch_type != Organization.BranchType.TEMPORARY
    ]
    if user.reach.staff_of:
        known = {row.pk for row in due}
        due += [row for row in _ending_below(request, until) if row.pk not in known]
    for row in nsmallest(AT_MOST, due, key=lambda row: (row.election_due_on, row.path)):
        if place and row.pk in user.reach.leader_of and row.public_id != place:
            continue
        yield Todo(
            section=Section.MINE if row.pk in user.reach.leader_of else Section.OTHERS,
            title=_("Election at %(name)s") % {"name": row},
            url=reverse("branches:organization-detail", args=[row.public_id]),
            due_on=row.election_due_on,
            when=f"{near_day(row.election_due_on, today)} {distance(row.election_due_on, today)}",
            detail=notes.article(21),
        )


def _ending_below(request: HtmxRequest, until: date) -> QuerySet:
    """Nearest by the tree's usual depth: below one's own committee, or below a level there that has no staff of its own. Asked
    by parents and sorted by the caller, it costs what is near and never walks the subtree of a national committee.
    """
    reach, today = request.user.reach, request.today
    staffed = Post.objects.on(today).filter(kind=Post.Kind.AFFAIRS_WORKER, organization=OuterRef("pk"))
    below = Organization.objects.filter(parent__in=reach.staff_of).exclude(kind=Organization.Kind.BRANCH)
    levels = {*reach.staff_of, *below.exclude(Exists(staffed)).values_list("pk", flat=True)}
    ending = Organization.objects.active(today).filter(parent__in=levels, election_due_on__lte=until)
    return ending.exclude(branch_type=Organization.BranchType.TEMPORARY)
