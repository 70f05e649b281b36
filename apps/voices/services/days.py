"""Reception days: published, called off."""

from datetime import date, time
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.branches.models import Organization
from apps.core.errors import RuleBroken
from apps.core.models import audit
from apps.voices.models import ReceptionDay
from apps.voices.people import may_receive

if TYPE_CHECKING:
    from apps.accounts.models import User

AHEAD = 366


@transaction.atomic
def day_publish(
    *, organization: Organization, by: "User", today: date, held_on: date, starts_at: time, ends_at: time, place: str,
    receiver: str,
) -> ReceptionDay:  # fmt: skip
    """Time and place of reception are made known (信访工作条例 art. 18)."""
    if not may_receive(by, organization):
        raise RuleBroken(_("Only those who receive visitors here can publish reception days."))
    if not 0 <= (held_on - today).days <= AHEAD:
        raise RuleBroken(_("Choose a day from today on, at most a year ahead."))
    if ends_at <= starts_at:
        raise RuleBroken(_("It ends before it begins: correct the time."))
    try:
        with transaction.atomic():
            day = ReceptionDay.objects.create(
                organization=organization, held_on=held_on, starts_at=starts_at, ends_at=ends_at, place=place,
                receiver=receiver, created_by=by,
            )  # fmt: skip
    except IntegrityError:
        raise RuleBroken(_("A reception at this time is published already.")) from None
    audit(by=by, action="reception_published", subject=day, organization_id=organization.pk)
    return day


@transaction.atomic
def day_cancel(*, day: ReceptionDay, by: "User") -> None:
    if not may_receive(by, day.organization):
        raise RuleBroken(_("Only those who receive visitors here can call it off."))
    if ReceptionDay.objects.filter(pk=day.pk, is_cancelled=False).update(is_cancelled=True):
        audit(by=by, action="reception_cancelled", subject=day, organization_id=day.organization_id)
