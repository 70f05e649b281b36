"""Who sees and who works on a visit."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from apps.branches.models import Post
from apps.branches.querysets import within_any

if TYPE_CHECKING:
    from apps.accounts.models import User


class VisitQuerySet(models.QuerySet):
    """Visits."""

    def visible_to(self, user: "User", today: date) -> Self:
        """The staff of the level that looks and of those above it; the team on its days; the committee of the branch once it is
        closed. A branch's own look is its committee's until it is closed, then also of the staff above.
        """
        reach = user.reach
        closed = Q(state="closed")
        own = Q(organization=F("branch"))
        scope = within_any(reach.staff_paths, "organization__path") & (closed | ~own)
        scope |= Q(branch__in=reach.committee_of) & (closed | own)
        return self.filter(scope | self._on_the_team(user, today))

    def manageable_by(self, user: "User", today: date) -> Self:
        """Writes and closes it: staff of the level that looks, the team on its days; of a branch's own look its discipline
        member and its leaders. Nobody looks from above at a branch on whose committee he or she sits.
        """
        reach = user.reach
        discipline = Post.objects.on(today).filter(
            person=reach.person_id, organization=OuterRef("organization_id"), kind=Post.Kind.DISCIPLINE_MEMBER
        )
        own = Q(organization=F("branch")) & (
            Q(organization__in=reach.leader_of) | (Q(organization__in=reach.committee_of) & Exists(discipline))
        )
        above = Q(organization__in=reach.staff_of) | self._on_the_team(user, today)
        return self.filter(own | (above & (~Q(branch__in=reach.committee_of) | Q(organization=F("branch")))))

    def _on_the_team(self, user: "User", today: date) -> Q:
        """A member of the team, on the days of the visit and no other."""
        from apps.supervision.models import VisitMember

        if not user.reach.person_id:
            return Q(pk__in=())
        member = VisitMember.objects.filter(visit=OuterRef("pk"), person=user.reach.person_id)
        return Q(starts_on__lte=today, ends_on__gte=today) & ~Q(state="cancelled") & Exists(member)

    def of_team(self, user: "User", today: date) -> Self:
        return self.filter(self._on_the_team(user, today))
