"""Assignments given by hand."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from apps.assignments.models import Assignment, AssignmentEvent
from apps.assignments.rules import Act
from apps.assignments.services.acting import check_member
from apps.branches.models import Organization, Person
from apps.core.errors import RuleBroken

if TYPE_CHECKING:
    from apps.accounts.models import User


@transaction.atomic
def assignment_give(
    *, organization: Organization, assignee: Person, title: str, by: "User", now: datetime, note: str = "",
    due_on: date | None = None, request_key: str | None = None,
) -> Assignment:  # fmt: skip
    """A leader of the branch to a member. The second press of the button finds the first one's row."""
    if organization.pk not in by.reach.leader_of:
        raise RuleBroken(_("Only the secretary or the deputy gives assignments."))
    check_member(organization, assignee, now.date())
    if due_on and due_on < now.date():
        raise RuleBroken(_("Give a day that is still to come."))
    values = {
        "source": Assignment.Source.BY_HAND, "organization": organization, "assignee": assignee, "title": title,
        "note": note, "due_on": due_on, "given_by": by, "given_by_organization": organization,
    }  # fmt: skip
    if not request_key:
        one, created = Assignment.objects.create(**values), True
    else:
        one, created = Assignment.objects.get_or_create(request_key=request_key, defaults=values)
        if one.given_by_id != by.pk:
            raise RuleBroken(_("Open the page again."))
    if created:
        AssignmentEvent.objects.create(assignment=one, act=Act.GIVE, by=by, at=now)
    return one
