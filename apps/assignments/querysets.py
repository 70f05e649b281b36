"""Who may see and change assignments."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from apps.assignments.rules import AT_WORK, OPEN, State

if TYPE_CHECKING:
    from apps.accounts.models import User


class AssignmentQuerySet(models.QuerySet):
    """Assignments."""

    def visible_to(self, user: "User") -> Self:
        """One's own; the branch committee all of its branch; staff what their own committee asked for."""
        reach = user.reach
        scope = Q(organization__in=reach.committee_of) | Q(given_by_organization__in=reach.staff_of)
        if reach.person_id and reach.branches:
            scope |= Q(assignee=reach.person_id, organization__in=reach.branches)
        return self.filter(scope)

    def manageable_by(self, user: "User") -> Self:
        """Who gave it: the leaders of the branch, or the staff of the committee that asked."""
        reach = user.reach
        return self.filter(Q(given_by_organization__in=reach.leader_of | reach.staff_of))

    def mine(self, user: "User") -> Self:
        """For the person, and what is for the branch itself where the person leads it."""
        reach = user.reach
        scope = Q(assignee=None, organization__in=reach.leader_of)
        if reach.person_id:
            scope |= Q(assignee=reach.person_id, organization__in=reach.branches)
        return self.filter(scope)

    def open(self) -> Self:
        return self.filter(state__in=OPEN)

    def at_work(self) -> Self:
        """It is the turn of whoever is to do it."""
        return self.filter(state__in=AT_WORK)

    def waiting_for_giver(self) -> Self:
        """Handed in, declined, or a later day asked for."""
        asked = Q(asked_due_on__isnull=False, state__in=AT_WORK)
        return self.filter(Q(state__in=(State.SUBMITTED, State.DECLINED)) | asked)

    def overdue(self, today: date) -> Self:
        """Past its day, and whoever is to do it has not handed it in."""
        return self.open().exclude(state=State.SUBMITTED).filter(due_on__lt=today)

    def of_branch(self, organization: int) -> Self:
        return self.filter(organization=organization)


class BatchQuerySet(models.QuerySet):
    """Requests to many branches."""

    def visible_to(self, user: "User") -> Self:
        """The staff of the committee that asked."""
        return self.filter(organization__in=user.reach.staff_of)
