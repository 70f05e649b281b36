"""Who may see, work on and close what is to be put right: the queries decide."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, Value, When

from apps.branches.models import Organization, Post
from apps.branches.querysets import nearest_staff, prefixes_of, within_any
from apps.duties.querysets import EqualsAny

if TYPE_CHECKING:
    from apps.accounts.models import User


def posts_held(user: "User", today: date, kind: object) -> models.QuerySet:
    """Posts of the user, in force today, at the organization of the outer row."""
    rows = Post.objects.on(today).filter(person=user.reach.person_id, organization=OuterRef("organization_id"))
    return rows.filter(kind)


class RectificationQuerySet(models.QuerySet):
    """Rows of the ledger."""

    def visible_to(self, user: "User", today: date) -> Self:
        """The committee its branch, staff their subtree, members the rows they own, a team its branch on its days.

        Who holds a post that owns a row sits on the committee of its branch.
        """
        reach = user.reach
        scope = Q(organization__in=reach.committee_of) | within_any(reach.staff_paths)
        if reach.person_id:
            scope |= Q(owner=reach.person_id) | Q(organization__in=looked_at(user, today).values("branch"))
        return self.filter(scope)

    def manageable_by(self, user: "User", today: date) -> Self:
        """Writes measures and progress, asks for closing: the branch committee, and the owner."""
        scope = Q(organization__in=user.reach.committee_of)
        if user.reach.person_id:
            scope |= Q(owner=user.reach.person_id)
        return self.filter(scope)

    def assignable_by(self, user: "User") -> Self:
        """Says who puts it right: the branch committee."""
        return self.filter(organization__in=user.reach.committee_of)

    def checkable_by(self, user: "User", today: date) -> Self:
        """Accepts, returns, opens again, changes what was found. Never who is or ever was the owner.

        Found from above: staff of the organization that checks; where it has none any more, or the branch has moved away, the
        nearest level that has; and the team of a visit of theirs, on its days. None of them closes for a branch on whose
        committee he or she sits. Found by the branch itself: its
        discipline member, its leaders, or the nearest staff above.
        """
        reach = user.reach
        if not reach.person_id:
            return self.none()
        nearest = nearest_staff(user, today, "path")
        staffed = Post.objects.on(today).filter(
            kind=Post.Kind.AFFAIRS_WORKER, organization=OuterRef("checking_id"),
            organization__path__in=prefixes_of(OuterRef("path")),
        )  # fmt: skip
        above = Q(checking__in=reach.staff_of) & within_any(reach.staff_paths)
        above |= Q(checking__isnull=False) & ~Exists(staffed) & nearest
        team = looked_at(user, today).filter(branch=OuterRef("organization_id"), organization=OuterRef("checking_id"))
        above |= Q(checking__isnull=False) & Exists(team)
        discipline = Exists(posts_held(user, today, Q(kind=Post.Kind.DISCIPLINE_MEMBER)))
        own = Q(checking=None) & (Q(organization__in=reach.leader_of) | nearest)
        if reach.committee_of:
            own |= Q(checking=None, organization__in=reach.committee_of) & discipline
        above &= ~Q(organization__in=reach.committee_of)
        return self.filter(above | own).exclude(_owner_ever(user))

    def under(self, path: str) -> Self:
        return self.filter(path__within=path)

    def working(self) -> Self:
        """The branch has something to do."""
        return self.filter(state__in=self.model.WORKING)

    def unfinished(self) -> Self:
        """Neither closed nor kept up: carried from year to year by being so."""
        return self.filter(state__in=self.model.UNFINISHED)

    def overdue(self, today: date) -> Self:
        return self.working().filter(due_on__lt=today)

    def in_ledger_order(self, year: int) -> Self:
        """Unfinished first, those of earlier years on top; then what is kept up; closed rows last. `rank` says which."""
        unfinished = Q(state__in=self.model.UNFINISHED)
        rank = Case(
            When(unfinished & Q(found_on__lt=date(year, 1, 1)), then=Value(0)),
            When(unfinished, then=Value(1)),
            When(state="ongoing", then=Value(2)),
            default=Value(3),
            output_field=IntegerField(),
        )
        return self.annotate(rank=rank).order_by("rank", "order_on", "pk")


def looked_at(user: "User", today: date) -> models.QuerySet:
    """Visits from above on whose team the user is today."""
    from apps.supervision.models import Visit

    return Visit.objects.of_team(user, today).exclude(organization=F("branch"))


def owned_by(user: "User", today: date) -> Q:
    """The owner in person, or whoever holds the owner's post today. For a few rows: it is no index condition."""
    if not user.reach.person_id:
        return Q(pk__in=())
    scope = Q(owner=user.reach.person_id)
    if user.reach.committee_of or user.reach.leads_groups:
        scope |= ~Q(owner_post="") & Exists(posts_held(user, today, Q(kind=OuterRef("owner_post"))))
    return scope


def _owner_ever(user: "User") -> Q:
    """Named as the owner at any time, or in a post that was named, at any time since it was found."""
    held = Post.objects.filter(
        Q(ends_before=None) | Q(ends_before__gt=OuterRef("found_on")),
        EqualsAny(F("kind"), OuterRef("owner_posts_ever")),
        person=user.reach.person_id,
        organization=OuterRef("organization_id"),
    )
    return Q(owners_ever__contains=[user.reach.person_id]) | (~Q(owner_posts_ever=[]) & Exists(held))


def ledgers_of(user: "User") -> models.QuerySet:
    """Organizations whose ledger the user may open."""
    reach = user.reach
    return Organization.objects.filter(Q(pk__in=reach.committee_of) | within_any(reach.staff_paths))
