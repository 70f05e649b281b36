"""Who hears which voice: the query decides. Whoever is barred meets neither the row nor its count."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from apps.voices.sealing import mark_of

if TYPE_CHECKING:
    from apps.accounts.models import User
    from apps.branches.models import Organization


class ReceptionDayQuerySet(models.QuerySet):
    """Public by nature."""

    def coming(self, today: date) -> Self:
        return self.filter(held_on__gte=today, is_cancelled=False)


class MatterQuerySet(models.QuerySet):
    """Visitors' matters."""

    def not_barring(self, user: "User") -> Self:
        """What a user may know of at all, be it as one more in a count."""
        return self.exclude(barred__contains=[mark_of(user.reach.person_id)])

    def visible_to(self, user: "User") -> Self:
        """Whoever received it and whoever handles it."""
        person = user.reach.person_id
        mine = Q(receiver=person) | Q(handler=person) if person else Q(pk__in=())
        return self.not_barring(user).filter(mine)

    def handled_by(self, user: "User") -> Self:
        return self.not_barring(user).filter(handler=user.reach.person_id or 0)

    def owed(self) -> Self:
        """Something is still to be said to the visitor."""
        return self.filter(due_on__isnull=False, erased_on=None)

    def countable(self, user: "User", organization: "Organization") -> Self:
        return self.not_barring(user).filter(organization=organization)

    def to_erase(self, today: date) -> Self:
        return self.filter(retain_until__lte=today, erased_on=None)
