"""What may be done with an assignment: state × act × role → new state. No clock, no database."""

from collections.abc import Collection, Iterable
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from apps.accounts.models import User
    from apps.assignments.models import Assignment


class State(StrEnum):
    """Where it stands."""

    TODO = "todo"
    DOING = "doing"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    DONE = "done"
    DECLINED = "declined"
    CANCELLED = "cancelled"


class Act(StrEnum):
    """What is done with it. GIVE, CHANGE and LEFT are written by giving it and by a record, never pressed.

    LEFT: the record names somebody who has left, so it goes to the branch.
    """

    GIVE = "give"
    CHANGE = "change"
    LEFT = "left"
    BEGIN = "begin"
    REPORT = "report"
    SUBMIT = "submit"
    FINISH = "finish"
    ACCEPT = "accept"
    RETURN = "return"
    DELEGATE = "delegate"
    DECLINE = "decline"
    ASK = "ask"
    POSTPONE = "postpone"
    REFUSE = "refuse"
    NUDGE = "nudge"
    CANCEL = "cancel"


class Role(StrEnum):
    """ASSIGNEE does it, GIVER gave it, BOTH is one hand for the two, LEADER leads the branch it is for."""

    ASSIGNEE = "assignee"
    GIVER = "giver"
    BOTH = "both"
    LEADER = "leader"


# Declined stays open for the giver: somebody has to be found, or it is called off.
OPEN = (State.TODO, State.DOING, State.SUBMITTED, State.RETURNED, State.DECLINED)
AT_WORK = (State.TODO, State.DOING, State.RETURNED)

TABLE: dict[tuple[State, Act, Role], State] = {
    **{(state, Act.BEGIN, Role.ASSIGNEE): State.DOING for state in (State.TODO, State.RETURNED)},
    **{(state, Act.REPORT, Role.ASSIGNEE): State.DOING for state in AT_WORK},
    **{(state, Act.SUBMIT, Role.ASSIGNEE): State.SUBMITTED for state in AT_WORK},
    **{(state, Act.DECLINE, Role.ASSIGNEE): State.DECLINED for state in AT_WORK},
    **{(state, Act.FINISH, Role.BOTH): State.DONE for state in AT_WORK},
    (State.SUBMITTED, Act.ACCEPT, Role.GIVER): State.DONE,
    (State.SUBMITTED, Act.RETURN, Role.GIVER): State.RETURNED,
    # What a member does for the committee's request, the branch's leaders may send back before the committee reads it.
    (State.SUBMITTED, Act.RETURN, Role.LEADER): State.RETURNED,
    **{(state, Act.ASK, Role.ASSIGNEE): state for state in AT_WORK},
    **{(state, Act.REFUSE, Role.GIVER): state for state in AT_WORK},
    **{(state, Act.NUDGE, Role.GIVER): state for state in AT_WORK},
    **{(state, Act.POSTPONE, Role.GIVER): state for state in (*AT_WORK, State.DECLINED)},
    **{(state, Act.CANCEL, Role.GIVER): State.CANCELLED for state in OPEN},
    **{(state, Act.DELEGATE, Role.LEADER): State.TODO for state in (*AT_WORK, State.DECLINED)},
}
OF_ASSIGNEE = (Act.BEGIN, Act.REPORT, Act.SUBMIT, Act.DECLINE, Act.FINISH, Act.ASK)
NEEDS_TEXT = (Act.REPORT, Act.RETURN, Act.DECLINE, Act.ASK, Act.REFUSE, Act.CANCEL)
TAKES_FILES = (Act.REPORT, Act.SUBMIT, Act.FINISH)
TAKES_DAY = (Act.ASK, Act.POSTPONE)
TAKES_PERSON = (Act.DELEGATE, Act.DECLINE)
# Nobody hands in to oneself, asks oneself or reminds oneself.
NOT_TO_ONESELF = {Act.SUBMIT: Role.BOTH, Act.DECLINE: Role.BOTH, Act.ASK: Role.BOTH, Act.NUDGE: Role.ASSIGNEE}


def after(state: str, act: str, roles: Iterable[Role]) -> State | None:
    """The state the act leads to, or None where it may not be done."""
    found = (TABLE.get((State(state), Act(act), role)) for role in roles)
    return next((new for new in found if new is not None), None)


def is_assignee(user: "User", one: "Assignment") -> bool:
    if one.assignee_id is None:
        return one.organization_id in user.reach.leader_of
    return one.assignee_id == user.reach.person_id and one.organization_id in user.reach.branches


def acts_on_behalf(user: "User", one: "Assignment", *, has_account: bool) -> bool:
    """The leaders of the branch enter what a member without an account has done."""
    return (
        not is_assignee(user, one)
        and one.assignee_id is not None
        and not has_account
        and one.organization_id in user.reach.leader_of
    )


def roles(user: "User", one: "Assignment", *, has_account: bool) -> frozenset[Role]:
    """`has_account`: the assignee can sign in."""
    reach, held = user.reach, set()
    if is_assignee(user, one) or acts_on_behalf(user, one, has_account=has_account):
        held.add(Role.ASSIGNEE)
    if one.given_by_organization_id in reach.leader_of | reach.staff_of:
        held.add(Role.GIVER)
    if {Role.ASSIGNEE, Role.GIVER} <= held:
        held.add(Role.BOTH)
    if one.organization_id in reach.leader_of:
        held.add(Role.LEADER)
    return frozenset(held)


def may(one: "Assignment", act: Act, held: Collection[Role]) -> bool:
    """The table, and what of it makes sense for this one."""
    if after(one.state, act, held) is None or NOT_TO_ONESELF.get(act) in held:
        return False
    return act != Act.REFUSE or one.asked_due_on is not None


def acts(one: "Assignment", held: Collection[Role]) -> list[Act]:
    """What may be pressed, in the order of Act."""
    return [act for act in Act if may(one, act, held)]
