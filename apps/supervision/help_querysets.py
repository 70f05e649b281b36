"""Who sees a plan of help: the committee of the branch and its line above, nobody beside."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from apps.branches.querysets import within_any

if TYPE_CHECKING:
    from apps.accounts.models import User


class HelpPlanQuerySet(models.QuerySet):
    """Plans."""

    def visible_to(self, user: "User") -> Self:
        reach = user.reach
        return self.filter(Q(organization__in=reach.committee_of) | within_any(reach.staff_paths, "organization__path"))

    def noted_by(self, user: "User") -> Self:
        """Progress is noted by the branch's leaders and the staff of the committee that set the plan up."""
        return self.filter(Q(organization__in=user.reach.leader_of) | self._set_by(user))

    def manageable_by(self, user: "User") -> Self:
        """Reviewed and concluded by the committee that set it up; not by somebody who leads the branch."""
        return self.filter(self._set_by(user)).exclude(organization__in=user.reach.committee_of)

    def _set_by(self, user: "User") -> Q:
        return Q(set_by__in=user.reach.staff_of) & within_any(user.reach.staff_paths, "organization__path")

    def active(self) -> Self:
        return self.filter(lifted_on=None)
