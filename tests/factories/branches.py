"""Organizations, people, posts and accounts."""

from datetime import date
from itertools import count
from typing import Any

from apps.accounts.models import User
from apps.branches import services
from apps.branches.models import Membership, Organization, PartyGroup, Person, Post
from apps.branches.reach import reach_of

TODAY = date(2026, 3, 18)  # a Wednesday in the first quarter; tests that need another day pass it
SINCE = date(2024, 1, 1)
NAMES = [
    "王建国",
    "李芳",
    "张强",
    "刘洋",
    "陈静",
    "赵军",
    "孙丽",
    "周敏",
    "吴磊",
    "郑洁",
    "冯涛",
    "褚兰",
    "卫东",
    "蒋欣",
    "沈一鸣",
    "韩小雪",
]
_serial = count(1)


def organization(
    parent: Organization | None = None, kind: str = "branch", name: str = "", **fields: Any
) -> Organization:
    fields.setdefault("tracked_from", SINCE)
    return services.organization_create(
        by=None, today=TODAY, parent=parent, kind=kind, name=name or f"第{next(_serial)}组织", **fields
    )


def person(at: Organization, name: str = "", **fields: Any) -> Person:
    return services.person_create(organization=at, name=name or NAMES[next(_serial) % len(NAMES)], by=None, **fields)


def member(
    branch: Organization, name: str = "", category: str = Membership.Category.FULL, starts_on: date = SINCE,
    group: PartyGroup | None = None, **fields: Any,
) -> Person:  # fmt: skip
    """A person with a membership."""
    someone = person(branch, name)
    services.membership_start(
        person=someone, organization=branch, category=category, starts_on=starts_on, by=None, group=group, **fields
    )
    return someone


def post(someone: Person, kind: str, at: Organization | None = None, starts_on: date = SINCE, **fields: Any) -> Post:
    return services.post_start(
        person=someone,
        organization=at or someone.organization,
        kind=kind,
        starts_on=starts_on,
        by=None,
        today=TODAY,
        **fields,
    )


def account(someone: Person | None = None, username: str = "", today: date = TODAY, **fields: Any) -> User:
    """A user who can sign in; `reach` is set as the middleware would."""
    user = User.objects.create_user(username or f"user{next(_serial)}", "a-long-password", **fields)
    if someone is not None:
        someone.user = user
        someone.save(update_fields=["user"])
    user.reach = reach_of(user, today)
    return user
