"""The rows that were not imported, with their cells as they were and a column 问题: corrected, it can be imported again.

Made when it is asked for and kept nowhere.
"""

from apps.core.sheets import SheetColumn, Table, write_xlsx
from apps.core.workbook import Row, Sheet, read_pasted, read_workbook
from apps.members.importing.files import Upload
from apps.members.importing.plan import PROBLEM, QUESTION, Plan, RowPlan
from apps.members.roster_columns import BY_KEY
from apps.members.roster_rows import OfferedSheet, RosterReading

TITLE = "有问题的行"


def workbook(upload: Upload, reading: RosterReading, plan: Plan) -> bytes:
    """One sheet for each sheet that was read. Words are in the language of the plan."""
    sources = read_pasted(upload.data) if isinstance(upload.data, str) else read_workbook(upload.data, upload.name)
    by_name = {sheet.name: sheet for sheet in sources}
    open_rows: dict[str, list[RowPlan]] = {}
    for each in plan.rows:
        if each.kind in (PROBLEM, QUESTION):
            open_rows.setdefault(each.row.sheet, []).append(each)
    tables = [_table(sheet, by_name[sheet.name], open_rows.get(sheet.name, [])) for sheet in reading.chosen]
    return write_xlsx(tables)


def _table(sheet: OfferedSheet, source: Sheet, plans: list[RowPlan]) -> Table:
    columns = [column for column in sheet.columns.columns if not column.ignored or column.title]
    heads = [SheetColumn("行", 6, "number")]
    for column in columns:
        known = BY_KEY.get(column.key)
        heads.append(SheetColumn(known.names[0] if known else column.title, 14, "id"))
    heads.append(SheetColumn("问题", 60))
    rows = {row.number: row for row in source.rows}
    body = [
        [each.row.number, *_cells(rows[each.row.number], [c.index for c in columns]), words_of(each)] for each in plans
    ]
    return Table(name=sheet.name or TITLE, title=TITLE, columns=heads, rows=body)


def _cells(row: Row, indexes: list[int]) -> list[str]:
    return ["" if row.cell(index).filled == "right" else row.cell(index).text for index in indexes]


def words_of(each: RowPlan) -> str:
    said = []
    for problem in each.row.problems:
        label = str(BY_KEY[problem.field].label) if problem.field in BY_KEY else ""
        place = " ".join(part for part in (problem.column, label) if part)
        said.append(f"{place}：{problem.message}" if place else str(problem.message))
    if each.candidates:
        said.append("、".join(known.person.name for known in each.candidates) + " ?")
    return "\n".join(said)
