"""In which state is an action allowed, and to whom. Services refuse on these; pages show or hide by them."""

from datetime import date
from typing import TYPE_CHECKING

from apps.activities.models import Activity, ActivityKind, Behaviour
from apps.branches.models import Organization
from apps.branches.rules import reviewer_of

if TYPE_CHECKING:
    from apps.accounts.models import User

State = Activity.State

# Action: the states it may start from, the state it leads to (None: stays).
ACTIONS: dict[str, tuple[frozenset[str], str | None]] = {
    "save": (frozenset(Activity.OPEN), None),
    "file": (frozenset(Activity.OPEN), State.FILED),
    "discard": (frozenset({State.DRAFT}), None),
    "move": (frozenset({State.SCHEDULED, State.MINUTES_DUE}), State.SCHEDULED),
    "cancel": (frozenset({State.SCHEDULED, State.MINUTES_DUE}), State.CANCELLED),
    "correct": (frozenset({State.FILED}), State.FILED),
    "withdraw": (frozenset({State.FILED}), State.WITHDRAWN),
    "sign": (frozenset({State.FILED}), None),
}
BACK_PERIODS = 2  # an overdue period can be made good for at most two periods, or to the year's end


def may(action: str, activity: Activity) -> bool:
    return activity.state in ACTIONS[action][0]


def can_log(user: "User", organization_id: int, kind: ActivityKind, group_id: int | None) -> bool:
    """The branch committee logs all kinds; a group leader the meetings of the own group."""
    if organization_id in user.reach.committee_of:
        return True
    return kind.behaviour == Behaviour.GROUP and group_id is not None and group_id in user.reach.leads_groups


def can_edit(user: "User", activity: Activity) -> bool:
    return can_log(user, activity.organization_id, activity.kind, activity.group_id)


def can_take_over(user: "User", organization: Organization, today: date) -> bool:
    """Import past records: the branch's secretary, or the nearest staff above it. One query for staff, none for others."""
    if not organization.is_branch:
        return False
    if organization.pk in user.reach.leader_of:
        return True
    nearest = reviewer_of(organization, today) if user.reach.staff_of else None
    return nearest is not None and nearest.pk in user.reach.staff_of


def shown_state(activity: Activity, today: date) -> str:
    """A meeting whose day has passed waits for its minutes: derived, so that no night job has to say it."""
    if activity.state == State.SCHEDULED and activity.held_on < today:
        return State.MINUTES_DUE
    return activity.state
