"""Who sees which survey, who keeps it, and who is asked."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

if TYPE_CHECKING:
    from apps.accounts.models import User


class SurveyQuerySet(models.QuerySet):
    """Surveys."""

    def _asked(self, user: "User") -> Q:
        reach = user.reach
        return Q(audience="members", organization__in=reach.member_of) | Q(audience="group", group__in=reach.group_of)

    def visible_to(self, user: "User") -> Self:
        """The branch committee all of its branch; those who were asked, what is open and what was replied to. Nobody else:
        the level above gets no way to a branch's answers.
        """
        asked = self._asked(user) & (Q(state="open") | Q(state="closed", replied_on__isnull=False))
        return self.filter(Q(organization__in=user.reach.committee_of) | asked)

    def manageable_by(self, user: "User") -> Self:
        """The branch committee."""
        return self.filter(organization__in=user.reach.committee_of)

    def answerable_by(self, user: "User", today: date) -> Self:
        """Open today, meant for this person, and not answered yet."""
        if not user.reach.person_id:
            return self.none()
        return self.filter(self._asked(user), state="open", due_on__gte=today).exclude(self._answered(user))

    def _answered(self, user: "User") -> Exists:
        from apps.surveys.models import Participation

        mine = Participation.objects.filter(survey=OuterRef("pk"), person=user.reach.person_id, has_answered=True)
        return Exists(mine)

    def with_answers(self) -> Self:
        """`given`: how many answers there are so far, or there were."""
        from apps.surveys.models import NamedAnswer

        named = NamedAnswer.objects.filter(survey=OuterRef("pk")).order_by().values("survey").values(n=Count("*"))
        return self.annotate(given=Coalesce("result__answers", "box__answers", Subquery(named), 0))

    def with_answered(self, user: "User") -> Self:
        """`has_answered`: whether this person took part."""
        return self.annotate(has_answered=self._answered(user))
