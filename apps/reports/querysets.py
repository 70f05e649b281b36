"""Who sees which report, who may write it, and whose turn it is to review."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import CharField, F, OuterRef, Q, Subquery

from apps.branches.querysets import nearest_staff, prefixes_of, within_any

if TYPE_CHECKING:
    from apps.accounts.models import User


class ReportQuerySet(models.QuerySet):
    """Reports."""

    def visible_to(self, user: "User") -> Self:
        """The branch committee its own; staff what was ever handed in below them, and what they themselves reviewed."""
        reach = user.reach
        handed_in = Q(submitted_at__isnull=False)
        below = within_any(reach.staff_paths, "organization__path") | Q(reviewed_for__in=reach.staff_of)
        return self.filter(Q(organization__in=reach.committee_of) | (handed_in & below))

    def manageable_by(self, user: "User") -> Self:
        """The branch committee edits the words; only its leaders hand it in."""
        return self.filter(organization__in=user.reach.committee_of)

    def waiting(self) -> Self:
        return self.filter(state="submitted")

    def reviewable_by(self, user: "User", today: date) -> Self:
        """For which the user is staff of the nearest level above that has staff today."""
        return self.filter(nearest_staff(user, today))

    def in_queue_order(self) -> Self:
        """Handed in again after a return first, then the oldest; what was put aside last."""
        from apps.reports.models import ReportNote

        before = ReportNote.objects.filter(report=OuterRef("pk"), number__lt=OuterRef("handed_in"))
        return self.annotate(came_back=models.Exists(before.filter(kind=ReportNote.Kind.RETURNED))).order_by(
            F("put_aside_at").asc(nulls_first=True), F("came_back").desc(), "submitted_at", "pk"
        )

    def with_reviewer(self, today: date) -> Self:
        """`reviewer`: the name of the nearest level above that has staff today; None where nobody has."""
        from apps.branches.models import Post

        staffed = Post.objects.on(today).filter(
            kind=Post.Kind.AFFAIRS_WORKER, organization__path__in=prefixes_of(OuterRef("organization__path"))
        )
        own = staffed.exclude(organization__path=OuterRef("organization__path"))
        name = own.order_by("-organization__path").values("organization__name")[:1]
        return self.annotate(reviewer=Subquery(name, output_field=CharField()))
