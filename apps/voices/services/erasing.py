"""Names and words go when their time has come; what is counted stays."""

from datetime import date

from django.db import transaction

from apps.core.models import audit
from apps.voices.models import Matter, MatterEvent

AT_ONCE = 500


def erase_due(*, today: date) -> int:
    """Every matter past its day, in committed chunks; a second run finds nothing. Returns how many.

    Erased even where the matter is still open: the day was promised to the visitor. The audit trail keeps that it was done.
    """
    erased = 0
    while chunk := _erase_chunk(today):
        erased += chunk
    return erased


@transaction.atomic
def _erase_chunk(today: date) -> int:
    rows = Matter.objects.to_erase(today).order_by("retain_until", "pk")
    matters = list(rows.select_for_update(skip_locked=True)[:AT_ONCE])
    chosen = Matter.objects.filter(pk__in=[matter.pk for matter in matters])
    chosen.update(
        identity_sealed=None, words_sealed=None, code_hash=None, barred=[], due_on=None, erased_on=today
    )  # fmt: skip
    MatterEvent.objects.filter(matter__in=chosen).update(words_sealed=None)
    for matter in matters:
        audit(by=None, action="matter_erased", subject=matter, organization_id=matter.organization_id,
              fields=["identity", "words"])  # fmt: skip
    return len(matters)
