"""Who may do what to organizations and posts. The service refuses on these; pages show or hide by them."""

from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from apps.branches.models import Organization, Person, Post
from apps.core.errors import RuleBroken
from apps.core.paths import ancestors

if TYPE_CHECKING:
    from apps.accounts.models import User

BY_SUPERIOR = (Post.Kind.SECRETARY, Post.Kind.DEPUTY)
BY_SECRETARY = (
    Post.Kind.ORGANIZATION_MEMBER, Post.Kind.PUBLICITY_MEMBER, Post.Kind.DISCIPLINE_MEMBER, Post.Kind.COMMITTEE_MEMBER,
    Post.Kind.GROUP_LEADER,
)  # fmt: skip


def reviewer_of(organization: Organization, today: date) -> Organization | None:
    """The nearest level above that has an affairs worker today: it reviews, waives and enters secretaries. One query."""
    staffed = Post.objects.on(today).filter(
        kind=Post.Kind.AFFAIRS_WORKER, organization__path__in=ancestors(organization.path)
    )
    post = staffed.select_related("organization").order_by("-organization__path").first()
    return post.organization if post else None


def enterable_posts(user: "User", organization: Organization, today: date) -> tuple[Post.Kind, ...]:
    """Which posts the user may enter or end here: this is the permission system.

    Staff of a committee or general branch: the administrator. Secretary, deputy and acting secretary: the nearest superior's
    staff. Committee members and group leaders: the secretary. For oneself: nobody (see `can_enter_post`).
    """
    kinds: tuple[Post.Kind, ...] = ()
    if user.reach.is_administrator and not organization.is_branch:
        kinds += (Post.Kind.AFFAIRS_WORKER,)
    if user.reach.staff_paths:
        reviewer = reviewer_of(organization, today)
        if reviewer and reviewer.pk in user.reach.staff_of:
            kinds += (*BY_SUPERIOR, Post.Kind.ACTING_SECRETARY)
    if organization.pk in user.reach.leader_of:
        kinds += BY_SECRETARY
    return kinds


def can_enter_post(user: "User", organization: Organization, kind: str, person: Person, today: date) -> bool:
    """Nobody enters or ends a post for themselves."""
    return person.pk != user.reach.person_id and kind in enterable_posts(user, organization, today)


def can_set_up(user: "User", parent: Organization | None) -> bool:
    """An organization is made by the staff of a level above it, or by the administrator; a top one by the administrator."""
    if user.reach.is_administrator:
        return True
    return parent is not None and any(parent.path.startswith(path) for path in user.reach.staff_paths)


def can_manage(user: "User", organization: Organization) -> bool:
    """Change, move or dissolve: staff of a level above, or the administrator. Nobody their own committee."""
    return user.reach.is_administrator or any(path in user.reach.staff_paths for path in ancestors(organization.path))


def can_group(user: "User", organization: Organization) -> bool:
    """Divide a branch into groups: its secretary, or the staff above."""
    return organization.is_branch and (organization.pk in user.reach.leader_of or can_manage(user, organization))


def can_assign_liaisons(user: "User", organization: Organization) -> bool:
    """Who follows which branches: staff of that committee among themselves, or the administrator. It permits nothing."""
    return not organization.is_branch and (user.reach.is_administrator or organization.pk in user.reach.staff_of)


def can_leave_out(user: "User", organization: Organization) -> bool:
    """Enter a resolution that leaves a member uncounted: the branch's own secretary."""
    return organization.pk in user.reach.leader_of


def who_groups() -> str:
    """One sentence that says whom to ask."""
    return _("Groups are entered by the branch secretary or the staff above.")


def who_leaves_out() -> str:
    """One sentence that says whom to ask."""
    return _("The branch secretary enters who is not counted.")


def check_parent(kind: str, parent: Organization | None) -> None:
    """Committee > general branch > branch; a level may be absent. RuleBroken says what does not fit."""
    if parent is None:
        if kind == Organization.Kind.BRANCH:
            raise RuleBroken(_("A branch needs a committee or general branch above it."))
        return
    if parent.is_branch or (kind == Organization.Kind.COMMITTEE and parent.kind != kind):
        raise RuleBroken(_("“%(parent)s” cannot have an organization of this kind below it.") % {"parent": parent})
    if parent.dissolved_on:
        raise RuleBroken(_("“%(parent)s” has been dissolved.") % {"parent": parent})
