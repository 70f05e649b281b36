"""What reminders ask of the ledger: three days before, on the day, and once it is overdue."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta

from django.db.models import BigIntegerField, Case, F, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.branches.models import Post
from apps.core.days import near_day
from apps.core.ladder import with_step
from apps.core.sources import Line, steps
from apps.supervision import rules
from apps.supervision.models import Rectification

LADDER = (-3, 0)
CATCH_UP = timedelta(days=366)


class Rectifications:
    """Asks the owner, or whoever holds the owner's post; while nobody is named, the branch. Silent while the checker looks."""

    slug = "rectification"
    label = gettext_lazy("What is to be put right")
    topic = "assignment"

    def owed(self, until: date) -> Iterator[QuerySet]:
        rows = Rectification.objects.working().filter(
            due_on__gt=until - CATCH_UP, due_on__lte=until + timedelta(days=-LADDER[0])
        )
        holder = (
            Post.objects.on(until)
            .filter(kind=OuterRef("owner_post"), organization=OuterRef("organization_id"))
            .order_by("starts_on", "pk")
        )
        rows = rows.annotate(
            who=Coalesce(F("owner_id"), Subquery(holder.values("person")[:1]), output_field=BigIntegerField())
        )
        yield steps(
            with_step(rows, until, ladder=LADDER, due="due_on"),
            source_id="pk",
            step="ladder_step",
            step_on="ladder_on",
            due_on="due_on",
            place="path",
            branch="organization_id",
            person="who",
            organization=Case(When(who=None, then=F("organization_id"))),
        )

    def still_owed(self, ids: Collection[int], today: date) -> set[int]:
        return set(Rectification.objects.working().filter(pk__in=ids).values_list("pk", flat=True))

    def paused(self, ids: Collection[int]) -> set[int]:
        return set()

    def overdue(self, ids: Collection[int], today: date) -> set[int]:
        return set(Rectification.objects.overdue(today).filter(pk__in=ids).values_list("pk", flat=True))

    def lines(self, ids: Collection[int], today: date) -> Mapping[int, Line]:
        """The kind of problem and where it was found: its text may name somebody."""
        rows = Rectification.objects.filter(pk__in=ids).select_related("organization")
        return {row.pk: _line(row, today) for row in rows}


def _line(row: Rectification, today: date) -> Line:
    late = (today - row.due_on).days if rules.is_overdue(row, today) else 0
    words = {"kind": row.get_category_display(), "source": row.get_source_display()}
    if late:
        when = ngettext("%(days)d day late", "%(days)d days late", late) % {"days": late}
    else:
        when = _("by %(day)s") % {"day": near_day(row.due_on, today)} if row.due_on else ""
    return Line(
        title=_("To put right: %(kind)s (%(source)s)") % words,
        when=when,
        url=reverse("supervision:rectification-detail", args=[row.organization.public_id, row.public_id]),
        due_on=row.due_on,
        is_late=bool(late),
    )
