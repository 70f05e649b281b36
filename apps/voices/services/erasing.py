"""Names and words go when their time has come; what is counted stays."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.errors import RuleBroken
from apps.core.models import audit
from apps.voices.models import Matter, MatterEvent, PracticalHelp, ReportEvent, SituationReport, Suggestion

if TYPE_CHECKING:
    from apps.accounts.models import User

AT_ONCE = 500


def erase_due(*, today: date) -> int:
    """Everything past its day, in committed chunks; a second run finds nothing. Returns how many.

    Erased even where it is still open: the day was promised. The audit trail keeps that it was done.
    """
    return sum(_all(erase, today) for erase in (_matters, _reports, _suggestions, _needs))


def _all(erase: Callable[[date], int], today: date) -> int:
    erased = 0
    while chunk := erase(today):
        erased += chunk
    return erased


@transaction.atomic
def _matters(today: date) -> int:
    rows = Matter.objects.to_erase(today).order_by("retain_until", "pk")
    matters = list(rows.select_for_update(skip_locked=True)[:AT_ONCE])
    _forget(matters, today, None)
    return len(matters)


@transaction.atomic
def matter_erase(*, matter: Matter, by: "User", today: date) -> None:
    """Because the visitor asks for it: by who received or handles it. What is counted stays, and nothing is owed any more."""
    row = Matter.objects.visible_to(by).filter(pk=matter.pk, erased_on=None).select_for_update().first()
    if row is None:
        raise RuleBroken(_("Names and words are erased already, or this is handled by somebody else now."))
    _forget([row], today, by)


def _forget(matters: list[Matter], today: date, by: "User | None") -> None:
    """Before its day the marks of whom it concerns stay: one more in a count would tell them."""
    chosen = Matter.objects.filter(pk__in=[matter.pk for matter in matters])
    marks: dict[str, list[str]] = {"barred": []} if by is None else {}
    chosen.update(identity_sealed=None, words_sealed=None, code_hash=None, due_on=None, erased_on=today, **marks)
    MatterEvent.objects.filter(matter__in=chosen).update(words_sealed=None)
    for matter in matters:
        audit(by=by, action="matter_erased", subject=matter, organization_id=matter.organization_id,
              fields=["identity", "words"])  # fmt: skip


@transaction.atomic
def _reports(today: date) -> int:
    rows = SituationReport.objects.to_erase(today).order_by("retain_until", "pk")
    reports = list(rows.select_for_update(skip_locked=True)[:AT_ONCE])
    chosen = SituationReport.objects.filter(pk__in=[report.pk for report in reports])
    chosen.update(author_sealed=None, words_sealed=None, author_mark="", barred=[], due_on=None, erased_on=today)
    ReportEvent.objects.filter(report__in=chosen).update(words_sealed=None)
    for report in reports:
        audit(by=None, action="situation_erased", subject=report, fields=["author", "words"])
        report.recipients.all().delete()
    return len(reports)


@transaction.atomic
def _suggestions(today: date) -> int:
    """What was made public stays: it was written for everyone, without the author's words."""
    rows = list(Suggestion.objects.to_erase(today).order_by("pk").select_for_update(skip_locked=True)[:AT_ONCE])
    Suggestion.objects.filter(pk__in=[row.pk for row in rows]).update(
        author_mark="", author_sealed=None, words_sealed=None, answer_sealed=None, erased_on=today
    )
    for row in rows:
        audit(by=None, action="suggestion_erased", subject=row, organization_id=row.organization_id,
              fields=["author", "words"])  # fmt: skip
    return len(rows)


@transaction.atomic
def _needs(today: date) -> int:
    rows = list(PracticalHelp.objects.to_erase(today).order_by("pk").select_for_update(skip_locked=True)[:AT_ONCE])
    PracticalHelp.objects.filter(pk__in=[row.pk for row in rows]).update(
        need_sealed=None, result_sealed=None, erased_on=today
    )
    for row in rows:
        audit(by=None, action="help_erased", subject=row, organization_id=row.organization_id,
              fields=["need", "result"])  # fmt: skip
    return len(rows)
