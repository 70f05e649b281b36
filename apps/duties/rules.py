"""Who may decide what about a duty. The services refuse on these; pages show or hide by them."""

from typing import TYPE_CHECKING

from apps.branches.models import Organization
from apps.duties.models import DutyPeriod, DutyRule

if TYPE_CHECKING:
    from apps.accounts.models import User


def is_unfulfilled(period: DutyPeriod) -> bool:
    return period.closed_as == DutyPeriod.Closed.OPEN and period.done < period.required


def reviews(user: "User", reviewer: Organization | None) -> bool:
    """`reviewer` is the nearest level above that has staff today; levels above it read, the branch itself asks."""
    return reviewer is not None and reviewer.pk in user.reach.staff_of


def can_waive(user: "User", period: DutyPeriod, reviewer: Organization | None) -> bool:
    return is_unfulfilled(period) and reviews(user, reviewer)


def can_ask_waiver(user: "User", period: DutyPeriod) -> bool:
    return is_unfulfilled(period) and period.organization_id in user.reach.leader_of


def can_explain(user: "User", period: DutyPeriod) -> bool:
    """Asked "generally" or by custom: the branch's own written reason is enough. "Should" and "must" need a waiver."""
    return can_ask_waiver(user, period) and period.rule.may_be_explained


def can_reopen(user: "User", period: DutyPeriod, reviewer: Organization | None) -> bool:
    """Staff what was waived or explained; the branch may take back its own explanation."""
    if period.closed_as == DutyPeriod.Closed.EXPLAINED:
        return reviews(user, reviewer) or period.organization_id in user.reach.leader_of
    return period.closed_as == DutyPeriod.Closed.WAIVED and reviews(user, reviewer)


def can_tailor(user: "User", organization: Organization) -> bool:
    """Tighten, switch off, and add duties for the subtree: the staff of the committee or general branch itself."""
    return not organization.is_branch and organization.pk in user.reach.staff_of


def can_add(user: "User", organization: Organization) -> bool:
    """A branch adds its own (自选动作) through its secretary, a committee for its subtree through its staff."""
    return can_tailor(user, organization) or (organization.is_branch and organization.pk in user.reach.leader_of)


def can_end(user: "User", rule: DutyRule) -> bool:
    """Whoever may set it may end it, but never what holds everywhere."""
    return rule.set_by is not None and can_add(user, rule.set_by)
