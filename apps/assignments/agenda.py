"""What is unfinished comes back on the next agenda of the branch's committee."""

from collections.abc import Iterable
from datetime import date

from django.db.models import F, Q
from django.utils.translation import gettext as _

from apps.activities.models import ActivityKind, Behaviour
from apps.assignments.models import Assignment
from apps.assignments.rules import AT_WORK, State
from apps.branches.models import Organization

MOST = 8


def unfinished(organization: Organization, kind: ActivityKind, today: date) -> Iterable[str]:
    """Due by today, without a day, sent back or declined; the oldest first. One query, none for other kinds of meeting."""
    if kind.behaviour != Behaviour.COMMITTEE:
        return
    due = Q(state__in=AT_WORK) & (Q(due_on__lte=today) | Q(due_on=None))
    rows = Assignment.objects.of_branch(organization.pk).filter(due | Q(state__in=(State.RETURNED, State.DECLINED)))
    titles = rows.order_by(F("due_on").asc(nulls_last=True), "pk").values_list("title", flat=True)
    for title in titles[:MOST]:
        yield _("Unfinished: %(task)s") % {"task": title}
