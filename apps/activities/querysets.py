"""Who may see and change records of activities."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from apps.branches.querysets import within_any

if TYPE_CHECKING:
    from apps.accounts.models import User

OPEN_TO_MEMBERS = ("general",)  # behaviours whose filed minutes every member of the branch reads


def answer_counts() -> dict[str, Coalesce]:
    """Annotations for rows with a `sitting`: `asked`, `answered` and `cannot`."""
    from apps.activities.models import Invitation

    def number(rows: models.QuerySet) -> Coalesce:
        counted = rows.filter(sitting=OuterRef("sitting")).order_by().values("sitting").values(n=Count("*"))
        return Coalesce(Subquery(counted), 0)

    rows = Invitation.objects.all()
    return {
        "asked": number(rows), "answered": number(rows.exclude(answer="")), "cannot": number(rows.filter(answer="cannot"))
    }  # fmt: skip


class ActivityQuerySet(models.QuerySet):
    """Records."""

    def visible_to(self, user: "User") -> Self:
        """The committee all of its branch; members the filed records of general meetings, lectures, theme days and of their
        own group; the people of a talk that talk; staff the filed records of their subtree; nobody else.
        """
        reach = user.reach
        scope = Q(organization__in=reach.committee_of)
        filed = Q(state__in=("filed", "withdrawn"))
        scope |= filed & Q(organization__in=reach.member_of, kind__behaviour__in=OPEN_TO_MEMBERS)
        scope |= filed & Q(group__in=reach.group_of, kind__behaviour="group")
        scope |= Q(group__in=reach.leads_groups, kind__behaviour="group")
        if reach.person_id:
            talks = self.model.objects.filter(
                state="filed", kind__behaviour="talk", sitting__attendances__person=reach.person_id
            )
            scope |= Q(pk__in=talks.values("pk"))
        return self.filter(scope | (filed & within_any(reach.staff_paths, "organization__path")))

    def manageable_by(self, user: "User") -> Self:
        """The branch committee logs and edits; a group leader the meetings of the own group."""
        reach = user.reach
        return self.filter(
            Q(organization__in=reach.committee_of) | Q(group__in=reach.leads_groups, kind__behaviour="group")
        )

    def with_answers(self) -> Self:
        """`asked`, `answered` and `cannot`: how many people were invited to the sitting, and what they said."""
        return self.annotate(**answer_counts())

    def filed(self) -> Self:
        return self.filter(state="filed")

    def of_span(self, starts_on: date, ends_before: date) -> Self:
        return self.filter(held_on__gte=starts_on, held_on__lt=ends_before)


class SittingQuerySet(models.QuerySet):
    """Gatherings."""

    def visible_to(self, user: "User") -> Self:
        """Those with an activity in reach, and those one is invited to."""
        from apps.activities.models import Activity

        seen = Activity.objects.visible_to(user).values("sitting")
        invited = Q(invitations__person=user.reach.person_id) if user.reach.person_id else Q(pk__in=())
        return self.filter(Q(pk__in=seen) | invited).distinct()

    def manageable_by(self, user: "User") -> Self:
        return self.filter(Q(organization__in=user.reach.committee_of) | Q(group__in=user.reach.leads_groups))
