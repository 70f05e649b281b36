"""What a person may log where: the rows every view of the log flow and of planning starts from."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from apps.activities.models import ActivityKind, Behaviour
from apps.branches.models import Organization, PartyGroup
from apps.core.http import HtmxRequest


@dataclass(frozen=True, slots=True)
class Desk:
    """A branch as the person keeps it: all of it for the committee, the own group for its leader."""

    organization: Organization
    kinds: list[ActivityKind]
    groups: list[PartyGroup]
    is_committee: bool

    def kind(self, slug: str) -> ActivityKind | None:
        return next((kind for kind in self.kinds if kind.slug == slug), None)

    def group(self, public_id: str) -> PartyGroup | None:
        return next((group for group in self.groups if group.public_id == public_id), None)


def logged_by(request: HtmxRequest) -> "Organization.objects":
    """Organizations in which the person logs anything."""
    reach = request.user.reach
    led = PartyGroup.objects.filter(pk__in=reach.leads_groups).values("organization")
    return Organization.objects.filter(Q(pk__in=reach.committee_of) | Q(pk__in=led))


def desk(request: HtmxRequest, organization: Organization) -> Desk:
    """Two queries. `organization` comes from a scope already."""
    reach = request.user.reach
    is_committee = organization.pk in reach.committee_of
    kinds = ActivityKind.objects.filter(is_active=True)
    groups = current_groups(organization, request.today)
    if not is_committee:
        kinds, groups = kinds.filter(behaviour=Behaviour.GROUP), groups.filter(pk__in=reach.leads_groups)
    found = list(groups)
    logged = [kind for kind in kinds if found or kind.behaviour != Behaviour.GROUP]
    logged.sort(key=lambda kind: kind.behaviour == Behaviour.PAPER)  # written once a year: last
    return Desk(organization, logged, found, is_committee)


def current_groups(organization: Organization, today: date) -> "PartyGroup.objects":
    return PartyGroup.objects.on(today).filter(organization=organization)
