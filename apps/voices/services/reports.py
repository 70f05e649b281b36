"""Situation reports: sent around whoever is concerned, acknowledged, passed up, answered."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.branches.models import Organization, Person
from apps.core.errors import EditConflict, RuleBroken
from apps.core.ids import token
from apps.core.models import audit
from apps.reminders.working_days import working_days
from apps.voices import sealing, terms
from apps.voices.models import ReportEvent, ReportRecipient, SituationReport
from apps.voices.routing import route
from apps.voices.services.terms import terms_of

if TYPE_CHECKING:
    from apps.accounts.models import User

ACKNOWLEDGE, PASS_UP, ANSWER, MOVED = "acknowledge", "pass_up", "answer", "moved"
NOTHING = {"words": "", "concerned": []}
State = SituationReport.State


@transaction.atomic
def report_send(
    *, organization: Organization, by: "User", today: date, category: str, words: str, submission: UUID,
    concerned: Sequence[Person] = (), past_branch: bool = False, on_behalf: bool = False,
) -> SituationReport:  # fmt: skip
    """To the nearest level that is not concerned. Sent twice, it is one."""
    if organization.pk not in by.reach.branches or not by.reach.person_id:
        raise RuleBroken(_("Situation reports are written by members and committees of the branch."))
    if on_behalf and organization.pk not in by.reach.leader_of:
        raise RuleBroken(_("Only the secretary or deputy writes on behalf of the committee."))
    author = sealing.author_mark(by.reach.person_id)
    if known := SituationReport.objects.filter(submission=submission, author_mark=author).first():
        return known
    barred = sealing.marks_of(person.pk for person in concerned)
    if sealing.mark_of(by.reach.person_id) in barred:
        raise RuleBroken(_("You cannot be concerned by your own report: leave your name out."))
    # Whoever leads the branch writes to the level above it.
    starts_above = past_branch or on_behalf or organization.pk in by.reach.leader_of
    found = route(organization, today, barred=barred, author=author, above=organization.path if starts_above else "")
    if found is None:
        raise RuleBroken(
            _("No level above is free of those concerned. Hand it to the discipline body on paper; nothing was stored.")
        )
    level, people = found
    limits, key = terms_of(organization), token(12)
    report = SituationReport.objects.create(
        public_id=key, organization=organization, category=category, sent_on=today, on_behalf=on_behalf,
        past_branch=starts_above, author_mark=author, barred=barred, routed_to=level, submission=submission,
        author_sealed=sealing.sealed("author", key, by.reach.person_name),
        words_sealed=sealing.sealed("report", key, {"words": words, "concerned": [one.name for one in concerned]}),
        due_on=terms.working_days_after(today, limits[terms.REPORT_SEEN], working_days(today)),
        answer_due_on=terms.after(today, limits[terms.REPORT_ANSWER]),
        retain_until=terms.months_after(today, limits[terms.RETENTION]),
    )  # fmt: skip
    _address(report, people)
    # No actor and no branch: the trail must not tell who wrote past the branch.
    audit(by=None, action="situation_sent", subject=report)
    return report


def _address(report: SituationReport, people: Sequence[Person]) -> None:
    report.recipients.all().delete()
    ReportRecipient.objects.bulk_create(ReportRecipient(report=report, person=person) for person in people)


def _received(report: SituationReport, by: "User", version: int) -> SituationReport:
    """Locked, as it is now, if the user is one of its recipients."""
    mine = SituationReport.objects.received_by(by).filter(pk=report.pk, erased_on=None).values("pk")
    row = SituationReport.objects.select_for_update().filter(pk__in=mine).first()
    if row is None:
        raise RuleBroken(_("Only those it was sent to can do this."))
    if row.version != version:
        raise EditConflict(_("This has changed meanwhile: look at it again."))
    if row.state == State.ANSWERED:
        raise RuleBroken(_("It has been answered already."))
    return row


def _note(report: SituationReport, by: "User", step: str, today: date, words: str = "") -> None:
    key = token(12)
    ReportEvent.objects.create(
        report=report, key=key, step=step, on=today, level_id=report.routed_to_id, by_id=by.reach.person_id,
        words_sealed=sealing.sealed("event", key, {"words": words}) if words else None,
    )  # fmt: skip
    report.version += 1
    report.save()
    audit(by=by, action=f"situation_{step}", subject=report, organization_id=report.routed_to_id)


@transaction.atomic
def report_acknowledge(*, report: SituationReport, by: "User", today: date, version: int) -> None:
    """The author sees that somebody looks into it, and by when the answer comes."""
    report = _received(report, by, version)
    if report.state != State.SENT:
        raise RuleBroken(_("It has been acknowledged already."))
    report.state, report.due_on = State.ACKNOWLEDGED, report.answer_due_on
    _note(report, by, ACKNOWLEDGE, today)


@transaction.atomic
def report_pass_up(*, report: SituationReport, by: "User", today: date, version: int, words: str) -> None:
    """To the next level above that is not concerned; the promised day stays."""
    report = _received(report, by, version)
    level = report.routed_to
    found = route(report.organization, today, barred=report.barred, author=report.author_mark, above=level.path)
    if found is None:
        raise RuleBroken(_("No level above can receive it."))
    above, people = found
    _note(report, by, PASS_UP, today, words)
    report.routed_to, report.state = above, State.SENT
    report.due_on = report.answer_due_on
    report.save()
    _address(report, people)


@transaction.atomic
def report_answer(*, report: SituationReport, by: "User", today: date, version: int, words: str) -> None:
    """Closes it; the author reads the answer."""
    report = _received(report, by, version)
    report.state, report.due_on = State.ANSWERED, None
    _note(report, by, ANSWER, today, words)


def report_read(*, report: SituationReport, by: "User", is_author: bool) -> dict[str, Any]:
    """The words, and for recipients who wrote them; the trail keeps a recipient's reading, by field names."""
    said = NOTHING | (sealing.opened("report", report.public_id, report.words_sealed) or {})
    if is_author:
        return said | {"author": ""}
    audit(by=by, action="situation_read", subject=report, organization_id=report.routed_to_id,
          fields=["author", "words"])  # fmt: skip
    return said | {"author": sealing.opened("author", report.public_id, report.author_sealed) or ""}


def reports_follow(*, today: date) -> int:
    """Posts change: recipients of open reports are those who hold the posts today; where somebody concerned has come to hold
    one at the level, or nobody is left, the report moves up. Returns how many were changed. A second run changes nothing.
    """
    changed = 0
    for pk in list(SituationReport.objects.owed().order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            changed += _follow(pk, today)
    return changed


def _follow(pk: int, today: date) -> bool:
    rows = SituationReport.objects.select_for_update(of=("self",)).select_related("organization", "routed_to")
    report = rows.filter(pk=pk, due_on__isnull=False).first()
    if report is None:
        return False
    level = report.routed_to
    below = level.path + "x" if level.path != report.organization.path else ""  # from this level on
    found = route(report.organization, today, barred=report.barred, author=report.author_mark, above=below)
    if found is None:
        return False
    now, people = found
    if now.pk == level.pk and {one.pk for one in people} == set(report.recipients.values_list("person", flat=True)):
        return False
    if now.pk != level.pk:
        ReportEvent.objects.create(report=report, step=MOVED, on=today, level=level)
        report.routed_to = now
        report.version += 1
        report.save(update_fields=["routed_to", "version"])
    _address(report, people)
    return True
