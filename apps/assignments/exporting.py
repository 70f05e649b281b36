"""The roll-up of a request as a workbook, in the words of the reader. No names of people."""

from datetime import date

from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from apps.assignments.models import AssignmentEvent, Batch
from apps.assignments.rules import Act
from apps.core.days import long_day
from apps.core.sheets import SheetColumn, Table, write_xlsx
from apps.core.status import status

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST = 10_000


def workbook(batch: Batch, today: date) -> tuple[str, bytes]:
    """File name and bytes. Where it stops at MOST, the sheet says so under the table."""
    handed_in = AssignmentEvent.objects.filter(assignment=OuterRef("pk"), act__in=(Act.SUBMIT, Act.FINISH))
    rows = list(
        batch.assignments.annotate(submitted_at=Subquery(handed_in.order_by("-pk").values("at")[:1]))
        .select_related("organization")
        .order_by("pk")[: MOST + 1]
    )
    footer = [_("Only the first %(number)d branches.") % {"number": MOST}] if len(rows) > MOST else []
    table = Table(
        name=pgettext("sheet", "Request"),
        title=batch.title,
        subline=_("%(place)s, as of %(day)s") % {"place": batch.organization.name, "day": long_day(today)},
        columns=[
            SheetColumn(_("Branch"), 32), SheetColumn(pgettext("assignments", "State"), 12),
            SheetColumn(pgettext("assignment", "Due"), 14, "date"),
            SheetColumn(pgettext("assignments", "Last handed in"), 16, "date"),
        ],
        rows=[
            (
                one.organization.name, str(status("assignment", one.state).label), one.due_on,
                timezone.localdate(one.submitted_at) if one.submitted_at else None,
            )
            for one in rows[:MOST]
        ],
        footer=footer,
    )  # fmt: skip
    return f"{batch.title[:40]}_{today:%Y-%m-%d}.xlsx", write_xlsx([table])
