"""The post of secretary changes hands: the end of one post and the beginning of the next, whole or not at all."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.branches import accounts, posts, rules, services
from apps.branches.models import Organization, Person, Post
from apps.core.errors import RuleBroken
from apps.core.models import audit

if TYPE_CHECKING:
    from apps.accounts.models import User

# Whoever stood in for the secretary does so no longer; a deputy who becomes secretary is no longer deputy.
STANDING_IN = (Post.Kind.SECRETARY, Post.Kind.ACTING_SECRETARY)


@dataclass(frozen=True, slots=True)
class HandedOver:
    """`slip` is what a new account needs and is shown this once; None for somebody who has one."""

    post: Post
    ended: list[Post] = field(default_factory=list)
    slip: accounts.Handed | None = None
    is_new: bool = True


def secretary_change(
    *, organization: Organization, starts_on: date, by: "User", today: date, now: datetime, person: Person | None = None,
    new_name: str = "",
) -> HandedOver:  # fmt: skip
    """From `starts_on` (included) `person`, or somebody of a `new_name` in no books yet, is secretary.

    The secretary and acting secretary in office end on the day before. Sent twice it answers as the first time, without a slip.
    Raises RuleBroken as the posts do: not the nearest staff, oneself, a post that began later than `starts_on`.
    """
    try:
        with transaction.atomic():
            return _change(organization, starts_on, by, today, now, person, new_name)
    except IntegrityError as error:
        if "username" in str(error):
            raise RuleBroken(_("Someone is making accounts at this moment. Try once more.")) from None
        raise


def _change(
    organization: Organization,
    starts_on: date,
    by: "User",
    today: date,
    now: datetime,
    person: Person | None,
    new_name: str,
) -> HandedOver:
    if not organization.is_branch or Post.Kind.SECRETARY not in rules.enterable_posts(by, organization, today):
        raise RuleBroken(services.who_enters(Post.Kind.SECRETARY))
    Organization.objects.select_for_update().get(pk=organization.pk)  # two at once: the second one sees the first
    open_posts = list(
        Post.objects.filter(organization=organization, ends_before=None, kind__in=(*STANDING_IN, Post.Kind.DEPUTY))
        .select_related("person", "organization")
        .order_by("pk")
    )
    for post in open_posts:
        same = post.person_id == person.pk if person else post.person.name == new_name
        if post.kind == Post.Kind.SECRETARY and same and post.starts_on == starts_on:
            return HandedOver(post, is_new=False)
    ended = [
        post for post in open_posts if post.kind in STANDING_IN or (person is not None and post.person_id == person.pk)
    ]
    for post in ended:
        services.post_end(post=post, ends_before=starts_on, by=by, today=today)
    begun = posts.post_enter(
        organization=organization, kind=Post.Kind.SECRETARY, starts_on=starts_on, by=by, today=today, person=person,
        new_name=new_name,
    )  # fmt: skip
    audit(by=by, action="secretary_change", subject=begun, organization_id=organization.pk)
    slip = None
    if begun.person.user_id is None:
        # Whoever enters a secretary answers for the account, from the first day or before it.
        (slip,) = accounts.hand_out(people=[begun.person], organization_id=organization.pk, by=by, now=now)
    return HandedOver(begun, ended, slip)
