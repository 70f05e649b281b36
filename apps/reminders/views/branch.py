"""A branch's reminders: what comes next and to whom, its calendar address, its group robots."""

from collections.abc import Iterable
from datetime import date

from allauth.core.internal import ratelimit
from django.contrib import messages
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.branches.models import Membership, Organization
from apps.core.errors import RuleBroken
from apps.core.http import HtmxRequest
from apps.reminders import ahead
from apps.reminders.channels import Refused, Unreachable
from apps.reminders.forms import RobotForm
from apps.reminders.models import DigestLine, FeedToken, Robot
from apps.reminders.services import connecting
from apps.reminders.words import why_now

TEST_RATE = {"robot-test": "6/5m/user"}


@require_GET
def branch_detail(request: HtmxRequest, organization: str) -> HttpResponse:
    """For its committee. Who leads connects robots and hands out the calendar."""
    kept = Organization.objects.filter(pk__in=request.user.reach.committee_of)
    at = get_object_or_404(_with_members(kept, request.today), public_id=organization)
    return render(request, "reminders/branch_detail.html", {
        "organization": at, "is_led": at.pk in request.user.reach.leader_of,
        "rows": _rows(ahead.coming(at, request.today)), "days": ahead.DAYS,
        "no_account": at.members - at.with_account, "no_mail": at.with_account - at.with_mail,
        "robots": Robot.objects.filter(organization=at, removed_at=None), "has_feed": at.has_feed,
    })  # fmt: skip


def _with_members(organizations: QuerySet, today: date) -> QuerySet:
    """How many members there are, have an account and a confirmed address; whether there is a calendar."""
    has_account = Q(person__user__is_active=True)
    has_mail = has_account & Q(person__user__email_confirmed_at__isnull=False) & ~Q(person__user__email="")
    mine = Membership.objects.on(today).filter(organization=OuterRef("pk")).order_by().values("organization")

    def count(which: Q) -> Coalesce:
        return Coalesce(Subquery(mine.annotate(count=Count("pk", which)).values("count")), 0)

    feeds = FeedToken.objects.filter(organization=OuterRef("pk"), revoked_at=None)
    return organizations.annotate(
        members=count(Q()), with_account=count(has_account), with_mail=count(has_mail), has_feed=Exists(feeds)
    )


def _rows(coming: Iterable[ahead.Coming]) -> list[dict]:
    """One thing said to many on one day is one row; people stand behind why they hear it."""
    rows: dict[tuple, dict] = {}
    for one in coming:
        why = _("somebody asked for it") if one.nudged else why_now(one.step)
        key = (one.day, one.line.title, one.line.when, one.line.url, why)
        row = rows.setdefault(key, {"coming": one, "why": why, "people": {}})
        for name, reason in one.heard_by:
            names = row["people"].setdefault(DigestLine.Reason(reason).label, [])
            if name not in names:
                names.append(name)
    return list(rows.values())


def _led(request: HtmxRequest, organization: str) -> Organization:
    return get_object_or_404(Organization.objects.filter(pk__in=request.user.reach.leader_of), public_id=organization)


@sensitive_post_parameters("url")
@require_http_methods(["GET", "POST"])
def robot_create(request: HtmxRequest, organization: str) -> HttpResponse:
    at, status = _led(request, organization), 200
    form = RobotForm(request.POST or None)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                connecting.robot_add(organization=at, by=request.user, **form.cleaned_data)
            except RuleBroken as broken:
                form.add_error("url", str(broken))
            else:
                messages.success(
                    request, _("Connected. The next invitation to a meeting of the whole branch goes there.")
                )
                return redirect("reminders:branch", at.public_id)
    return render(request, "reminders/robot_form.html", {"form": form, "organization": at}, status=status)


@require_POST
def robot_remove(request: HtmxRequest, organization: str, pk: int) -> HttpResponse:
    robot = get_object_or_404(Robot.objects.manageable_by(request.user), organization__public_id=organization, pk=pk)
    connecting.robot_remove(robot=robot, by=request.user)
    messages.success(request, _("%(name)s is no longer connected.") % {"name": robot.name})
    return redirect("reminders:branch", organization)


@require_POST
def robot_test(request: HtmxRequest, organization: str, pk: int) -> HttpResponse:
    """Says at once whether the platform takes a message; nothing is written down."""
    robots_here = Robot.objects.manageable_by(request.user).select_related("organization")
    robot = get_object_or_404(robots_here, organization__public_id=organization, pk=pk)
    limit = {"app": "reminders", "action": "robot-test", "config": TEST_RATE}
    if not ratelimit.consume(request, user=request.user, **limit):
        messages.error(request, _("That is many tests. Try again in a few minutes."))
        return redirect("reminders:branch", organization)
    from apps.reminders.channels import robots

    try:
        robots.try_out(robot)
    except Unreachable as problem:
        messages.error(
            request,
            _("%(name)s cannot be reached at the moment (%(code)s).") % {"name": robot.name, "code": problem.code},
        )
    except Refused as problem:
        messages.error(
            request,
            _("%(name)s did not take the test message (%(code)s). Check the robot on its platform, or connect it anew.")
            % {"name": robot.name, "code": problem.code},
        )
    else:
        messages.success(request, _("%(name)s took the test message. Look into the group.") % {"name": robot.name})
    return redirect("reminders:branch", organization)
