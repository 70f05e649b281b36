"""What a person may log where: the rows every view of the log flow and of planning starts from."""

from datetime import date
from functools import cached_property

from django.db.models import Q, QuerySet

from apps.activities.models import ActivityKind, Behaviour
from apps.branches.models import Organization, PartyGroup
from apps.core.http import HtmxRequest


class Desk:
    """A branch as the person keeps it: all of it for the committee, the own group for its leader.

    `groups` is asked of the database where somebody looks at it: most meetings are not of a group.
    """

    def __init__(
        self, organization: Organization, kinds: list[ActivityKind], groups: "QuerySet[PartyGroup]", is_committee: bool
    ) -> None:
        self.organization, self.groups, self.is_committee = organization, groups, is_committee
        self.every_kind = sorted(kinds, key=lambda kind: kind.behaviour == Behaviour.PAPER)  # written once a year: last

    @cached_property
    def kinds(self) -> list[ActivityKind]:
        """What can be logged here: no group meetings where there is no group."""
        return [kind for kind in self.every_kind if self._is_for(kind)]

    def _is_for(self, kind: ActivityKind) -> bool:
        return kind.behaviour != Behaviour.GROUP or bool(self.groups)

    def kind(self, slug: str) -> ActivityKind | None:
        return next((kind for kind in self.every_kind if kind.slug == slug and self._is_for(kind)), None)

    def group(self, public_id: str) -> PartyGroup | None:
        return next((group for group in self.groups if group.public_id == public_id), None)


def logged_by(request: HtmxRequest) -> "Organization.objects":
    """Organizations in which the person logs anything."""
    reach = request.user.reach
    led = PartyGroup.objects.filter(pk__in=reach.leads_groups).values("organization")
    return Organization.objects.filter(Q(pk__in=reach.committee_of) | Q(pk__in=led))


def desk(request: HtmxRequest, organization: Organization) -> Desk:
    """One query, and one for the groups. `organization` comes from a scope already."""
    reach = request.user.reach
    is_committee = organization.pk in reach.committee_of
    kinds = ActivityKind.objects.filter(is_active=True)
    groups = current_groups(organization, request.today)
    if not is_committee:
        kinds, groups = kinds.filter(behaviour=Behaviour.GROUP), groups.filter(pk__in=reach.leads_groups)
    return Desk(organization, list(kinds), groups, is_committee)


def current_groups(organization: Organization, today: date) -> "PartyGroup.objects":
    return PartyGroup.objects.on(today).filter(organization=organization)
