"""The committee's table of a month as a workbook, in the words of the reader: the same cells as on the page."""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from apps.branches.models import Organization
from apps.core.days import long_day, month_name
from apps.core.sheets import SheetColumn, Table, write_xlsx
from apps.core.status import status
from apps.duties.board import Cell
from apps.duties.models import DutyRule
from apps.duties.subtree import Filters, Line, Page, month_of_subtree

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_BRANCHES = 2000  # about two seconds of writing; a larger subtree is filtered, or taken level by level
STEP = 1000


def month_workbook(top: Organization, month: date, today: date, filters: Filters) -> tuple[str, bytes]:
    """File name and bytes. Read in steps; where it stops at MOST_BRANCHES the sheet says so under the table."""
    pages = list(_pages(top, month, today, filters))
    rules: dict[str, DutyRule] = {}
    for page in pages:
        rules |= {rule.slug: rule for rule in page.rules}
    ordered = sorted(rules.values(), key=lambda rule: (rule.order, rule.slug))
    lines = [line for page in pages for line in page.lines]
    parents = dict(
        Organization.objects.filter(pk__in={line.organization.parent_id for line in lines}).values_list("pk", "name")
    )
    rows = [_row(line, ordered, parents) for line in lines]
    footer = []
    if pages[-1].next_after:
        text = _("Only the first %(number)d branches. Filter the page, or export level by level.")
        footer.append(text % {"number": MOST_BRANCHES})
    table = Table(
        name=month_name(month),
        title=_("Branch duties, %(month)s") % {"month": month_name(month)},
        subline=_("%(place)s, as of %(day)s") % {"place": top.name, "day": long_day(today)},
        columns=[
            SheetColumn(_("Branch"), 26),
            SheetColumn(pgettext("organization", "Below"), 20),
            *(SheetColumn(rule.name, 16) for rule in ordered),
        ],
        rows=rows,
        footer=footer,
    )
    return f"{top.name}_{month:%Y-%m}.xlsx", write_xlsx([table])


def _pages(top: Organization, month: date, today: date, filters: Filters) -> Iterator[Page]:
    after, seen = "", 0
    while True:
        page = month_of_subtree(top, month, today, filters, after=after, size=min(STEP, MOST_BRANCHES - seen))
        seen, after = seen + len(page.lines), page.next_after
        yield page
        if not after or seen >= MOST_BRANCHES:
            return


def _row(line: Line, rules: list[DutyRule], parents: dict[int, str]) -> list[str]:
    cells = line.shown(rule.slug for rule in rules)
    return [line.organization.name, parents.get(line.organization.parent_id, ""), *map(cell_words, cells)]


def cell_words(cell: Cell) -> str:
    """“已完成，11月5日开”: the state as the page says it, then the day; empty where nothing is owed."""
    if not cell.status:
        return ""
    return ", ".join(filter(None, [str(status("duty", cell.status).label), cell.text, cell.when]))
