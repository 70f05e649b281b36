"""A visitor's matter: registered, moved on, handed over, read. Names and words never leave the sealed fields."""

import secrets
from collections.abc import Collection, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from apps.branches.models import Organization, Person
from apps.core.days import long_day
from apps.core.errors import EditConflict, RuleBroken
from apps.core.ids import token
from apps.core.models import audit
from apps.reminders.working_days import working_days
from apps.voices import people, sealing, terms
from apps.voices.models import Matter, MatterEvent
from apps.voices.progress import Category, Event, Progress, Refused, Step, follow, standing, start
from apps.voices.services.terms import terms_of
from apps.voices.terms import Terms

if TYPE_CHECKING:
    from apps.accounts.models import User

CODE_LENGTH = 12
HAND_OVER, RECUSE, TAKE_OVER, NEW_CODE, SATISFACTION = "hand_over", "recuse", "take_over", "new_code", "satisfaction"
DIGITS = 4
NOTHING = {"name": "", "contact": "", "about": "", "words": "", "concerned": []}


@transaction.atomic
def matter_register(
    *, organization: Organization, by: "User", today: date, received_on: date, way: str, category: str, words: str,
    handler: Person, submission: UUID, name: str = "", contact: str = "", about: str = "", count: int = 1,
    is_forwarded: bool = False, concerned: Sequence[Person] = (),
) -> tuple[Matter, str]:  # fmt: skip
    """Returns the matter and the receipt code, which is stored as a mark only. A form sent twice: the matter, and no code."""
    if not people.may_receive(by, organization):
        raise RuleBroken(_("Only those who receive visitors here can register a matter."))
    number, known = _number(organization, received_on, submission)
    if known and known.receiver_id == by.reach.person_id:
        return known, ""
    if known:
        raise RuleBroken(_("This form has been sent already: open it anew."))
    if received_on > today or (today - received_on).days > 366:
        raise RuleBroken(_("The day of receipt is within the last year and not ahead."))
    barred = sealing.marks_of(person.pk for person in concerned)
    if sealing.mark_of(by.reach.person_id) in barred:
        raise RuleBroken(_("What concerns yourself is received by someone else: name the level above to the visitor."))
    _check_handler(organization, handler, barred, today)
    limits = terms_of(organization)
    first = start(received_on, limits)
    code, key = token(CODE_LENGTH), token(12)
    objection = None
    if is_forwarded:
        objection = terms.working_days_after(received_on, limits[terms.OBJECTION], working_days(received_on))
    matter = Matter.objects.create(
        public_id=key, organization=organization, number=number, received_on=received_on,
        way=way, category=category, people=count, is_forwarded=is_forwarded,
        objection_due_on=objection, promised={term: limits[term] for term in terms.TERMS},
        state=first.state, due_on=first.due_on, receiver_id=by.reach.person_id, handler=handler, barred=barred,
        identity_sealed=sealing.sealed("identity", key, {"name": name, "contact": contact, "about": about}),
        words_sealed=sealing.sealed("words", key, {"words": words, "concerned": [one.name for one in concerned]}),
        code_hash=sealing.code_mark(code), submission=submission,
        retain_until=terms.months_after(received_on, limits[terms.RETENTION]),
    )  # fmt: skip
    audit(by=by, action="matter_registered", subject=matter, organization_id=organization.pk)
    return matter, code


def _number(organization: Organization, day: date, submission: UUID) -> tuple[str, Matter | None]:
    """A number still free, and what the same form has registered before; one query, as a rule."""
    digits = DIGITS
    while True:
        number = f"{day.year}-{10 ** (digits - 1) + secrets.randbelow(9 * 10 ** (digits - 1))}"
        taken = Q(organization=organization, number=number)
        found = list(Matter.objects.filter(taken | Q(submission=submission)))
        if known := next((one for one in found if one.submission == submission), None):
            return number, known
        if not found:
            return number, None
        digits = min(digits + 1, 6)


def _check_handler(organization: Organization, handler: Person, barred: Collection[str], today: date) -> None:
    if sealing.mark_of(handler.pk) in barred:
        raise RuleBroken(_("%(name)s is concerned and cannot handle it (arts 28 and 30).") % {"name": handler.name})
    if handler not in people.line_of(organization, today).handlers:
        raise RuleBroken(_("Choose somebody of the committee or the level above who has an account."))


def limits_of(matter: Matter) -> Terms:
    return Terms(matter.promised)


def progress_of(matter: Matter, events: Sequence[MatterEvent]) -> Progress:
    """Derived from what happened; equals the stored state and day."""
    known = set(Step)
    steps = [Event(Step(one.step), one.on, one.days) for one in events if one.step in known]
    return standing(
        matter.received_on, Category(matter.category), steps, limits_of(matter), is_forwarded=matter.is_forwarded
    )


@transaction.atomic
def matter_move(
    *, matter: Matter, by: "User", today: date, step: Step, on: date, version: int, words: str, days: int = 0,
    to: str = "", receipt: str = "",
) -> None:  # fmt: skip
    """One step of `progress`. `to` and `receipt`: where it is passed on, and the number of the receipt from there."""
    matter = _mine(matter, by, version)
    if on > today:
        raise RuleBroken(_("This day is still ahead: write down what has happened."))
    if step == Step.PASS_ON:
        _check_receiver_of_accusation(matter, to)
    if step == Step.OBJECT and matter.objection_due_on and on > matter.objection_due_on:
        raise RuleBroken(_("An objection is possible within 5 working days of receipt (art. 23)."))
    before = progress_of(matter, list(matter.events.all()))
    try:
        after = follow(
            before, Category(matter.category), Event(step, on, days), limits_of(matter),
            is_forwarded=matter.is_forwarded,
        )  # fmt: skip
    except Refused as refused:
        raise RuleBroken(_refusal(refused.why, matter, before)) from None
    _event(matter, by, step, on, {"words": words, "to": to, "receipt": receipt}, days)
    matter.state, matter.due_on = after.state, after.due_on
    matter.version += 1
    matter.save(update_fields=["state", "due_on", "version"])
    audit(by=by, action=f"matter_{step}", subject=matter, organization_id=matter.organization_id)


def _refusal(why: str, matter: Matter, before: Progress) -> str:
    if why == "order":
        return _("This day lies before what happened last.")
    if why == "late" and before.until:
        return _("The time to ask for it ended on %(day)s.") % {"day": long_day(before.until)}
    if why == "days":
        return _("An extension is from 1 to %(days)d days (art. 34).") % {"days": limits_of(matter)[terms.EXTENSION]}
    if why == "overdue":
        return _("The day has passed: an extension is told before it.")
    return _("This step does not fit the state of the matter: look at it again.")


def _check_receiver_of_accusation(matter: Matter, to: str) -> None:
    """Art. 30: never to whom it is about; a name in the address is enough to stop."""
    kept = sealing.opened("words", matter.public_id, matter.words_sealed) or {}
    if any(name and name in to for name in kept.get("concerned", ())):
        raise RuleBroken(_("It must not be passed to the person it is about (art. 30)."))


def _mine(matter: Matter, by: "User", version: int | None = None) -> Matter:
    """Locked, as it is now, if the user handles it."""
    row = Matter.objects.select_for_update(of=("self",)).handled_by(by).filter(pk=matter.pk, erased_on=None).first()
    if row is None:
        raise RuleBroken(_("Only whoever handles the matter can do this."))
    if version is not None and row.version != version:
        raise EditConflict(_("This has changed meanwhile: look at it again."))
    return row


def _event(matter: Matter, by: "User", step: str, on: date, said: dict[str, Any], days: int = 0) -> None:
    key = token(12)
    said = {name: text for name, text in said.items() if text}
    MatterEvent.objects.create(
        matter=matter, key=key, step=step, on=on, days=days, by_id=by.reach.person_id,
        words_sealed=sealing.sealed("event", key, said) if said else None,
    )  # fmt: skip


@transaction.atomic
def matter_hand_over(
    *,
    matter: Matter,
    by: "User",
    today: date,
    handler: Person,
    version: int,
    steps_aside: bool = False,
    words: str = "",
) -> None:
    """To another handler. Who steps aside (art. 28) neither sees nor counts it from then on."""
    matter = _mine(matter, by, version)
    if handler.pk == by.reach.person_id:
        raise RuleBroken(_("It is with you already: choose another person."))
    _check_handler(matter.organization, handler, matter.barred, today)
    if steps_aside:
        matter.barred = sorted({*matter.barred, sealing.mark_of(by.reach.person_id)})
    _event(matter, by, RECUSE if steps_aside else HAND_OVER, today, {"words": words})
    matter.handler = handler
    matter.version += 1
    matter.save(update_fields=["handler", "barred", "version"])
    audit(by=by, action="matter_recused" if steps_aside else "matter_handed_over", subject=matter,
          organization_id=matter.organization_id)  # fmt: skip


@transaction.atomic
def matters_take_over(*, organization: Organization, by: "User", today: date) -> int:
    """What is open with somebody who can handle it no more goes to the leader who asks, but for what bars that leader."""
    if organization.pk not in (by.reach.leader_of if organization.is_branch else by.reach.staff_of):
        raise RuleBroken(_("Only whoever leads here can take over what nobody handles."))
    rows = list(orphans(organization, by, today).select_for_update(of=("self",)))
    for matter in rows:
        matter.handler_id = by.reach.person_id
        matter.version += 1
        matter.save(update_fields=["handler", "version"])
        _event(matter, by, TAKE_OVER, today, {})
        audit(by=by, action="matter_taken_over", subject=matter, organization_id=organization.pk)
    return len(rows)


def orphans(organization: Organization, user: "User", today: date) -> Any:
    """Open, and whoever handled it has left the post."""
    active = [person.pk for person in people.line_of(organization, today).handlers]
    return Matter.objects.countable(user, organization).owed().exclude(handler__in=active)


@transaction.atomic
def code_renew(*, matter: Matter, by: "User", today: date) -> str:
    """For a visitor who lost it; the old one opens nothing any more."""
    matter, code = _mine(matter, by), token(CODE_LENGTH)
    matter.code_hash = sealing.code_mark(code)
    matter.save(update_fields=["code_hash"])
    _event(matter, by, NEW_CODE, today, {})
    audit(by=by, action="matter_code_renewed", subject=matter, organization_id=matter.organization_id)
    return code


@transaction.atomic
def satisfaction_note(*, matter: Matter, by: "User", today: date, satisfaction: str) -> None:
    """What the visitor said of the answer, asked by the handler; it may be asked again."""
    matter = _mine(matter, by)
    if matter.due_on is not None:
        raise RuleBroken(_("Answer first, then ask whether the visitor is satisfied."))
    matter.satisfaction = satisfaction
    matter.save(update_fields=["satisfaction"])
    _event(matter, by, SATISFACTION, today, {})
    audit(by=by, action="matter_satisfaction", subject=matter, organization_id=matter.organization_id)


@transaction.atomic
def matter_read(*, matter: Matter, by: "User") -> dict[str, Any]:
    """Names and words, opened for a reader in scope; the audit trail keeps that it was read, and by whom."""
    audit(by=by, action="matter_read", subject=matter, organization_id=matter.organization_id,
          fields=["identity", "words"])  # fmt: skip
    identity = sealing.opened("identity", matter.public_id, matter.identity_sealed) or {}
    return NOTHING | identity | (sealing.opened("words", matter.public_id, matter.words_sealed) or {})


def by_code(code: str) -> Matter | None:
    """One look-up by a keyed mark, whether or not the code is right."""
    return Matter.objects.filter(code_hash=sealing.code_mark(code)).only("state", "due_on", "received_on").first()
