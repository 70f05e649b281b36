"""Every change to a login: codes, closing, e-mail address, sign-ins. Who may do it to whom is decided in `branches`."""

import hmac
import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core import signing
from django.db import transaction
from django.db.models import QuerySet
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from apps.accounts.models import ActivationCode, User
from apps.core import ids, keyring
from apps.core.errors import RuleBroken
from apps.core.models import AuditEntry, audit

CODE_DAYS = 14
CODE_LENGTH = 10  # 49 random bits
EMAIL_DAYS = 3
EMAIL_SALT = "accounts.email"


class Slip(NamedTuple):
    """What is handed over: the code is shown this once and never again."""

    user: User
    code: str


def code_hash(user_id: int, code: str) -> bytes:
    """Keyed, and bound to the account: a table of hashes helps nobody."""
    return keyring.fingerprint(f"{user_id}:{code}", purpose="activation_code")


def code_typed(text: str) -> str:
    """The code as it was made, from what people type: blanks, hyphens, capitals, full width."""
    return re.sub(r"[^0-9a-z]", "", unicodedata.normalize("NFKC", text).lower())


def code_shown(code: str) -> str:
    """In two halves, to be read aloud and copied."""
    return f"{code[: CODE_LENGTH // 2]}-{code[CODE_LENGTH // 2 :]}"


@transaction.atomic(savepoint=False)
def codes_issue(
    *,
    users: Iterable[User],
    by: User | None,
    now: datetime,
    organization_id: int | None = None,
    opened: Iterable[User] = (),
) -> list[Slip]:
    """One code for each account. It ends the code before, the password and every sign-in: a lost phone is out at once.

    `opened`: those of them that were made just now. Constant number of statements.
    """
    users, opened = list(users), set(opened)
    if older := [user for user in users if user not in opened]:
        ActivationCode.objects.filter(user__in=older, used_at=None).delete()
    activated = [user for user in users if user.is_activated]
    for user in activated:
        user.set_unusable_password()
    User.objects.bulk_update(activated, ["password"])
    _sessions_delete(UserSession.objects.filter(user__in=activated))
    slips = [Slip(user, ids.token(CODE_LENGTH)) for user in users]
    ActivationCode.objects.bulk_create(
        ActivationCode(
            user=slip.user, code_hash=code_hash(slip.user.pk, slip.code), created_by=by,
            expires_at=now + timedelta(days=CODE_DAYS),
        )
        for slip in slips
    )  # fmt: skip
    AuditEntry.objects.bulk_create(
        AuditEntry(
            actor=by, action="code_issue", subject="accounts.user", subject_id=user.pk, organization_id=organization_id,
            note="opened" if user in opened else "again" if user in activated else "",
        )
        for user in users
    )  # fmt: skip
    return slips


def code_issue(*, user: User, by: User | None, now: datetime, organization_id: int | None = None) -> Slip:
    """See codes_issue."""
    return codes_issue(users=[user], by=by, now=now, organization_id=organization_id)[0]


def code_check(*, username: str, code: str, now: datetime) -> ActivationCode:
    """The open code. RuleBroken says the same, and takes as long, for a wrong name, a wrong code and one that has run out."""
    found = (
        ActivationCode.objects.filter(user__username=username.strip().lower(), user__is_active=True, used_at=None)
        .select_related("user")
        .first()
    )
    typed = code_hash(found.user_id if found else 0, code_typed(code))
    expected = bytes(found.code_hash) if found else bytes(len(typed))
    if not hmac.compare_digest(typed, expected) or found is None or found.expires_at <= now:
        raise RuleBroken(
            _(
                "The user name or the code is not right, or the code has run out. Whoever gave you the slip can make a new one."
            )
        )
    return found


@transaction.atomic
def code_redeem(*, code: ActivationCode, password: str, now: datetime) -> User:
    """Set the password; the code is used up. Two browsers with the same slip: the first one counts."""
    if not ActivationCode.objects.filter(pk=code.pk, used_at=None).update(used_at=now):
        raise RuleBroken(_("This code has just been used. Sign in with the password that was set."))
    code.user.set_password(password)
    code.user.save(update_fields=["password"])
    audit(by=code.user, action="code_redeem", subject=code.user)
    return code.user


def usernames_free(bases: list[str]) -> list[str]:
    """For each base (the pinyin of a name) the base and the next free number: wangjianguo1. One query."""
    taken: dict[str, int] = {}
    if bases:
        pattern = "^(" + "|".join(sorted(map(re.escape, set(bases)))) + ")[0-9]{1,6}$"
        for name in User.objects.filter(username__regex=pattern).values_list("username", flat=True):
            base = name.rstrip("0123456789")
            taken[base] = max(taken.get(base, 0), int(name[len(base) :]))
    names = []
    for base in bases:
        taken[base] = taken.get(base, 0) + 1
        names.append(f"{base}{taken[base]}")
    return names


def users_create(*, bases: list[str], by: User | None) -> list[User]:
    """Accounts without a password, named by `bases`, inside the caller's transaction.

    Raises IntegrityError if another browser took the same names meanwhile.
    """
    users = [User(username=name, created_by=by) for name in usernames_free(bases)]
    for user in users:
        user.set_unusable_password()
    return User.objects.bulk_create(users)


@transaction.atomic
def account_close(*, user: User, by: User | None, organization_id: int | None = None, note: str = "") -> None:
    """No sign-in any more; the records stay. Signed-in browsers are out with their next request."""
    if not User.objects.filter(pk=user.pk, is_active=True).update(is_active=False):
        raise RuleBroken(_("This account is closed already."))
    user.is_active = False
    ActivationCode.objects.filter(user=user, used_at=None).delete()
    sessions_end(user=user)
    audit(by=by, action="account_close", subject=user, organization_id=organization_id, note=note)


@transaction.atomic
def account_reopen(*, user: User, by: User | None, organization_id: int | None = None) -> None:
    """Sign-in works again with the password there was."""
    if not User.objects.filter(pk=user.pk, is_active=False).update(is_active=True):
        raise RuleBroken(_("This account is open already."))
    user.is_active = True
    audit(by=by, action="account_reopen", subject=user, organization_id=organization_id)


def _sessions_delete(rows: "QuerySet[UserSession]") -> int:
    keys = list(rows.values_list("session_key", flat=True))
    if not keys:
        return 0
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(session_key__in=keys).delete()
    return len(keys)


def sessions_end(*, user: User, but: str | None = None) -> int:
    """Sign out everywhere, `but` in the browser with this session key."""
    return _sessions_delete(UserSession.objects.filter(user=user).exclude(session_key=but or ""))


def session_end(*, user: User, pk: int) -> bool:
    """Sign out one browser. False: it is not there any more."""
    return bool(_sessions_delete(UserSession.objects.filter(user=user, pk=pk)))


def _email_state(user: User) -> str:
    """Changes with the address and the password, so that each link works once."""
    return salted_hmac(EMAIL_SALT, f"{user.pk}:{user.email}:{user.email_confirmed_at}:{user.password}").hexdigest()[:20]


def email_token(*, user: User, email: str) -> str:
    """For the link that is sent to `email`: whoever opens it can read mail there. It opens nothing else."""
    return signing.dumps([user.public_id, email, _email_state(user)], salt=EMAIL_SALT, compress=True)


def email_of(token: str) -> tuple[User, str]:
    """The account and the address. RuleBroken for a link that is old, used or changed."""
    try:
        public_id, email, state = signing.loads(token, salt=EMAIL_SALT, max_age=EMAIL_DAYS * 24 * 3600)
        user = User.objects.get(public_id=public_id, is_active=True)
    except (signing.BadSignature, User.DoesNotExist):
        user = None
    if user is None or not hmac.compare_digest(state, _email_state(user)):
        raise RuleBroken(_("This link has run out or was used before. Ask for a new one on your settings page."))
    return user, email


@transaction.atomic
def email_confirm(*, token: str, now: datetime) -> User:
    """From now on mail goes to this address."""
    user, email = email_of(token)
    user.email, user.email_confirmed_at = email, now
    user.save(update_fields=["email", "email_confirmed_at"])
    audit(by=user, action="email_confirm", subject=user, fields=["email"])
    return user


@transaction.atomic
def email_remove(*, user: User) -> None:
    """No mail any more."""
    user.email, user.email_confirmed_at = "", None
    user.save(update_fields=["email", "email_confirmed_at"])
    audit(by=user, action="email_remove", subject=user, fields=["email"])
