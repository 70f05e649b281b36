"""Who hears which voice: the query decides. Whoever is barred meets neither the row nor its count."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from apps.voices.sealing import author_mark, mark_of

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


class SituationReportQuerySet(models.QuerySet):
    """Reports upward."""

    def not_barring(self, user: "User") -> Self:
        return self.exclude(barred__contains=[mark_of(user.reach.person_id)])

    def written_by(self, user: "User") -> Self:
        """One's own; what was written on behalf of the committee also belongs to those who lead the branch now."""
        mine = Q(author_mark=author_mark(user.reach.person_id))
        return self.filter(mine | Q(on_behalf=True, organization__in=user.reach.leader_of)).not_barring(user)

    def received_by(self, user: "User") -> Self:
        """Named as recipient, and still in a receiving post of the level it has reached."""
        reach = user.reach
        here = Q(routed_to__in=reach.staff_of | reach.leader_of, recipients__person=reach.person_id or 0)
        return self.not_barring(user).filter(here)

    def visible_to(self, user: "User") -> Self:
        both = Q(pk__in=self.written_by(user).values("pk")) | Q(pk__in=self.received_by(user).values("pk"))
        return self.filter(both)

    def owed(self) -> Self:
        return self.filter(due_on__isnull=False, erased_on=None)

    def to_erase(self, today: date) -> Self:
        return self.filter(retain_until__lte=today, erased_on=None)


class SuggestionQuerySet(models.QuerySet):
    """The box is opened by the committee; what is answered publicly is for everyone in the branch."""

    def visible_to(self, user: "User") -> Self:
        """What the reader may open whole; the public part stands on the list of the branch."""
        reach = user.reach
        own = Q(author_mark=author_mark(reach.person_id)) if reach.person_id else Q(pk__in=())
        return self.filter(own | Q(organization__in=reach.committee_of))

    def written_by(self, user: "User") -> Self:
        person = user.reach.person_id
        return self.filter(author_mark=author_mark(person)) if person else self.none()

    def owed(self) -> Self:
        return self.filter(state="open", erased_on=None)

    def published(self) -> Self:
        return self.filter(state="public")

    def to_erase(self, today: date) -> Self:
        return self.filter(retain_until__lte=today, erased_on=None)


class PracticalHelpQuerySet(models.QuerySet):
    """Needs of people: the branch committee and whoever does it."""

    def visible_to(self, user: "User") -> Self:
        reach = user.reach
        mine = Q(owner=reach.person_id) if reach.person_id else Q(pk__in=())
        return self.filter(mine | Q(organization__in=reach.committee_of))

    def owed(self) -> Self:
        return self.filter(done_on=None, erased_on=None)

    def published(self) -> Self:
        return self.filter(done_on__isnull=False).exclude(public_line="")

    def to_erase(self, today: date) -> Self:
        return self.filter(retain_until__lte=today, erased_on=None)
