"""Addresses of calendars: made, renewed, revoked, found. The secret part is shown once and kept as a keyed hash."""

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from apps.branches.models import Organization, Person
from apps.core import keyring
from apps.core.ids import ALPHABET, token
from apps.core.models import audit
from apps.reminders.models import FeedToken

if TYPE_CHECKING:
    from apps.accounts.models import User

LENGTH = 32  # 158 bits


def _hash(secret: str) -> bytes:
    return keyring.fingerprint(secret, purpose="calendar feed")


@transaction.atomic
def feed_issue(*, of: Person | Organization, by: "User") -> str:
    """The secret part of a new address. The one before stops working at once; pressed twice, the last one counts."""
    _lock(of)
    _open(of).update(revoked_at=Now())
    secret = token(LENGTH)
    row = FeedToken.objects.create(**_owner(of), token_hash=_hash(secret), created_by=by)
    audit(by=by, action="feed_issue", subject=row, organization_id=row.organization_id)
    return secret


@transaction.atomic
def feed_revoke(*, of: Person | Organization, by: "User") -> bool:
    """False where there was none."""
    _lock(of)
    row = _open(of).first()
    if row is None:
        return False
    _open(of).update(revoked_at=Now())
    audit(by=by, action="feed_revoke", subject=row, organization_id=row.organization_id)
    return True


def feed_find(secret: str) -> FeedToken | None:
    """By the hash, so that how long it takes says nothing about the secret. A closed account closes its calendar too."""
    if len(secret) != LENGTH or not set(secret) <= set(ALPHABET):
        return None
    rows = FeedToken.objects.filter(Q(person=None) | Q(person__user__is_active=True), revoked_at=None)
    return rows.select_related("person__user", "organization").filter(token_hash=_hash(secret)).first()


def has_feed(of: Person | Organization) -> bool:
    return _open(of).exists()


def _owner(of: Person | Organization) -> dict[str, Person | Organization]:
    return {"person": of} if isinstance(of, Person) else {"organization": of}


def _open(of: Person | Organization) -> QuerySet[FeedToken]:
    return FeedToken.objects.filter(revoked_at=None, **_owner(of))


def _lock(of: Person | Organization) -> None:
    """Two presses one after the other, not at once."""
    if isinstance(of, Person):
        Person.objects.select_for_update().only("pk").get(pk=of.pk)
    else:
        Organization.objects.select_for_update().only("pk").get(pk=of.pk)
