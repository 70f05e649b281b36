"""Names and words go when their time has come; what is counted stays."""

from collections.abc import Callable
from datetime import date

from django.db import transaction

from apps.core.models import audit
from apps.voices.models import Matter, MatterEvent, PracticalHelp, ReportEvent, SituationReport, Suggestion

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
    chosen = Matter.objects.filter(pk__in=[matter.pk for matter in matters])
    chosen.update(identity_sealed=None, words_sealed=None, code_hash=None, barred=[], due_on=None, erased_on=today)
    MatterEvent.objects.filter(matter__in=chosen).update(words_sealed=None)
    for matter in matters:
        audit(by=None, action="matter_erased", subject=matter, organization_id=matter.organization_id,
              fields=["identity", "words"])  # fmt: skip
    return len(matters)


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
