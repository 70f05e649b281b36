"""A meeting was planned, moved or cancelled: the invited hear of it in their next digest, the branch's group by its robots."""

from typing import TYPE_CHECKING

from apps.activities.models import Activity, Behaviour, Invitation
from apps.core import clock
from apps.reminders.models import Delivery, Robot
from apps.reminders.services.owing import tell

if TYPE_CHECKING:
    from apps.activities.models import Sitting


def on_scheduled(sitting: "Sitting", what: str, people: list[int]) -> None:
    """Registered with activities; inside its transaction. Invitations themselves stand on the home page at once."""
    kinds = Activity.objects.filter(sitting=sitting).values_list("kind__behaviour", flat=True)
    behaviours = set(kinds)
    if what in ("moved", "cancelled") and people and Behaviour.TALK not in behaviours:
        asked = Invitation.objects.filter(sitting=sitting, person__in=people).exclude(answer=Invitation.Answer.CANNOT)
        tell(
            source="meeting_change",
            step=f"{what}-{sitting.ics_sequence}",
            people=dict(asked.values_list("pk", "person_id")),
            branch=sitting.organization,
            today=clock.today(),
            due_on=sitting.held_on,
        )
    if what != "invited" and behaviours == {Behaviour.GENERAL}:
        announce(sitting)


def announce(sitting: "Sitting") -> None:
    """One message a robot, whatever happens to the meeting within the minute it is held; more only once that one is out."""
    robots = Robot.objects.filter(organization=sitting.organization_id, removed_at=None)
    Delivery.objects.bulk_create(
        [Delivery(channel=Delivery.Channel.ROBOT, robot=robot, sitting_id=sitting.pk) for robot in robots],
        ignore_conflicts=True,
    )
