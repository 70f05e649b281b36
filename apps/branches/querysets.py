"""Who may see and change organizations and people: the query decides."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Left, Length

from apps.core.paths import LEVELS, WIDTH
from apps.core.querysets import DatedQuerySet

if TYPE_CHECKING:
    from apps.accounts.models import User

STEP = WIDTH + 1


def within_any(paths: Iterable[str], field: str = "path") -> Q:
    """Any of the subtrees."""
    scope = Q(pk__in=())
    for path in paths:
        scope |= Q(**{f"{field}__within": path})
    return scope


def prefixes_of(field: str) -> list:
    """SQL expressions for the paths above `field`, from the top down, without itself where it is shorter."""
    return [Left(field, STEP * level) for level in range(1, LEVELS)]


class OrganizationQuerySet(models.QuerySet):
    """The tree."""

    def visible_to(self, user: "User") -> Self:
        """Where they belong, the subtrees they work for; the administrator sees the whole tree (and no content)."""
        if user.reach.is_administrator:
            return self.all()
        return self.filter(Q(pk__in=user.reach.branches) | within_any(user.reach.staff_paths))

    def manageable_by(self, user: "User") -> Self:
        """Set up below one's own committee, or as administrator anywhere. Not the own committee itself."""
        if user.reach.is_administrator:
            return self.all()
        return self.filter(within_any(user.reach.staff_paths)).exclude(pk__in=user.reach.staff_of)

    def logged_by(self, user: "User") -> Self:
        """Branches in which the user sits on the committee: where he or she logs and edits."""
        return self.filter(pk__in=user.reach.committee_of)

    def led_by(self, user: "User") -> Self:
        """Branches in which the user is secretary, deputy or acting secretary."""
        return self.filter(pk__in=user.reach.leader_of)

    def active(self, today: date) -> Self:
        return self.filter(Q(dissolved_on=None) | Q(dissolved_on__gt=today))

    def under(self, path: str) -> Self:
        """The organization at `path` and all below it."""
        return self.filter(path__within=path)

    def ancestors_of(self, organization: "models.Model") -> Self:
        """From the top down."""
        return self.filter(path__in=organization.ancestor_paths).order_by("path")


def nearest_staff(user: "User", today: date, path: str = "organization__path") -> Q:
    """Rows of organizations for which the user is staff of the *nearest* level above that has staff today.

    Levels above it see counts and documents, not persons.
    """
    from apps.branches.models import Post

    scope = Q(pk__in=())
    for mine in user.reach.staff_paths:
        between = (
            Post.objects.on(today)
            .filter(kind=Post.Kind.AFFAIRS_WORKER, organization__path__in=prefixes_of(OuterRef(path)))
            .alias(length=Length("organization__path"))
            .filter(length__gt=len(mine), length__lt=Length(OuterRef(path)))
        )
        scope |= Q(**{f"{path}__within": mine}) & ~Q(Exists(between))
    return scope


class PersonQuerySet(models.QuerySet):
    """Records of people: personal data, so the branch committee, the nearest staff, and oneself."""

    def visible_to(self, user: "User", today: date) -> Self:
        reach = user.reach
        scope = Q(pk=reach.person_id) if reach.person_id else Q(pk__in=())
        scope |= Q(organization__in=reach.committee_of)
        if reach.leads_groups:
            from apps.branches.models import Membership

            scope |= Q(pk__in=Membership.objects.on(today).filter(group__in=reach.leads_groups).values("person"))
        return self.filter(scope | nearest_staff(user, today))

    def manageable_by(self, user: "User") -> Self:
        """The branch committee keeps the roster; staff keep the people of their own committee."""
        return self.filter(organization__in=user.reach.committee_of | user.reach.staff_of)

    def matching(self, text: str) -> Self:
        """By characters, full pinyin or initials."""
        text = text.strip()
        keys = "".join(text.lower().replace("'", "").split())  # "zhang san", "xi'an"
        return self.filter(Q(name__icontains=text) | Q(search_keys__contains=keys)) if keys else self


class MembershipQuerySet(DatedQuerySet):
    """Dated membership."""

    def of_branch(self, organization: "models.Model", day: date) -> Self:
        """The roster on `day`, hosted members included."""
        return self.on(day).filter(organization=organization)

    def expected(self, day: date) -> Self:
        """Who ought to attend on `day`: registered here, membership not suspended, not left out by resolution."""
        from apps.branches.models import Membership, NotCounted

        left_out = NotCounted.objects.on(day).filter(person=OuterRef("person"), organization=OuterRef("organization"))
        registered = self.on(day).filter(is_hosted=False).exclude(standing=Membership.Standing.SUSPENDED)
        return registered.exclude(Exists(left_out.exclude(ground=NotCounted.Ground.RETIRED)))

    def in_roster_order(self, day: date) -> Self:
        """Post order, then surname strokes."""
        from apps.branches.models import Post

        order = [Post.Kind.SECRETARY, Post.Kind.DEPUTY, Post.Kind.ACTING_SECRETARY, *Post.COMMITTEE[2:]]
        held = Post.objects.on(day).filter(
            person=OuterRef("person"), organization=OuterRef("organization"), kind__in=order
        )
        ranks = [When(Exists(held.filter(kind=kind)), then=Value(place)) for place, kind in enumerate(order)]
        return self.alias(rank=Case(*ranks, default=Value(len(order)))).order_by(
            "rank", F("person__stroke_key"), "person"
        )


class PostQuerySet(DatedQuerySet):
    """Dated posts."""

    def committee(self) -> Self:
        from apps.branches.models import Post

        return self.filter(kind__in=Post.COMMITTEE)

    def visible_to(self, user: "User") -> Self:
        """Posts are no secret within reach of the organization."""
        from apps.branches.models import Organization

        return self.filter(organization__in=Organization.objects.visible_to(user))
