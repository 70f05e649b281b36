"""Who may see what was said and sent."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from apps.core.sources import private

if TYPE_CHECKING:
    from apps.accounts.models import User


class ReminderQuerySet(models.QuerySet):
    """Steps."""

    def visible_to(self, user: "User") -> Self:
        """The branch committee those of its branch, a group leader those of the group, everybody their own."""
        reach = user.reach
        scope = Q(branch__in=reach.committee_of) | Q(group__in=reach.leads_groups)
        scope &= ~Q(source__in=private())
        return self.filter(scope | Q(person=reach.person_id) if reach.person_id else scope)

    def waiting(self) -> Self:
        return self.filter(state="waiting")

    def settle(self) -> int:
        """Silence from now on."""
        return self.exclude(state="settled").update(state="settled", settled_at=Now())


class DigestQuerySet(models.QuerySet):
    """What one was told is one's own."""

    def visible_to(self, user: "User") -> Self:
        return self.filter(person=user.reach.person_id) if user.reach.person_id else self.none()


class DeliveryQuerySet(models.QuerySet):
    """Outside messages: state, attempts and code; the administrator sees no content."""

    def visible_to(self, user: "User") -> Self:
        return self.all() if user.reach.is_administrator else self.none()

    def given_up(self) -> Self:
        """Parked ones first, then what was discarded; each the newest first."""
        return self.filter(state__in=("parked", "discarded")).order_by("-state", "-pk")

    def under_way(self) -> Self:
        return self.filter(state__in=("waiting", "sending"))


class RobotQuerySet(models.QuerySet):
    """Robots belong to a branch."""

    def manageable_by(self, user: "User") -> Self:
        """Where the user leads."""
        return self.filter(organization__in=user.reach.leader_of, removed_at=None)
