"""From sheets to lines: what stands in the cells, before anybody asks the tree. Every trouble carries its cell."""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from apps.branches import names
from apps.branches.importing.words import HEADERS, TYPES
from apps.branches.models import Organization
from apps.core.headers import Header, find_header, pick_sheets
from apps.core.workbook import Cell, Row, Sheet, column_letter
from apps.core.written_dates import DateUnreadable, read_date

Kind, BranchType = Organization.Kind, Organization.BranchType
MOST_ROWS = 500
FAR = date(2099, 12, 31)

NOTES = re.compile(r"^(合计|总计|小计|共计|填表|制表|审核|备注|说明|注[:：]|total|note)", re.IGNORECASE)
LONGEST = {"name": 80, "short_name": 30, "parent": 80, "usual_place": 80, "secretary": 60}


@dataclass(slots=True)
class Problem:
    """`cell` as Excel names it. An error leaves the row out, a warning only the value."""

    cell: str
    message: str
    is_error: bool = True


@dataclass(slots=True)
class Line:
    """One row with a name. Dates are ISO texts, so that a line survives the way through the browser."""

    sheet: str
    number: int
    cells: dict[str, str] = field(default_factory=dict)  # field → cell
    values: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.values.get("name", "")

    @property
    def has_error(self) -> bool:
        return any(problem.is_error for problem in self.problems)

    def trouble(self, key: str, message: str, *, is_error: bool = True) -> None:
        self.problems.append(Problem(self.cells.get(key) or str(self.number), message, is_error))

    def day(self, key: str) -> date | None:
        return date.fromisoformat(self.values[key]) if self.values.get(key) else None

    @classmethod
    def load(cls, data: dict[str, Any]) -> "Line":
        return cls(**{**data, "problems": [Problem(**problem) for problem in data["problems"]]})

    def dump(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(slots=True)
class Reading:
    """`skipped`: rows that are no organizations, with the reason. `fault`: nothing could be read at all."""

    lines: list[Line] = field(default_factory=list)
    skipped: list[Problem] = field(default_factory=list)
    fault: str = ""


def read(sheets: list[Sheet], today: date) -> Reading:
    """The sheets whose header is known, in order."""
    found = Reading()
    headers = {sheet.name: header for sheet in sheets if not sheet.hidden and (header := find_header(sheet, HEADERS))}
    chosen = pick_sheets(headers)
    if not chosen:
        found.fault = _(
            "No header was found. One column must be called “党组织名称”, another for example “上级党组织” or “书记”."
        )
        return found
    for sheet in sheets:
        if sheet.name in chosen:
            found.lines += _lines(sheet, headers[sheet.name], today, found.skipped)
    if not found.lines:
        found.fault = _("There is no row with a name below the header.")
    if len(found.lines) > MOST_ROWS:
        found.fault = _("%(number)d rows are too many for one go. Import at most %(most)d at a time.") % {
            "number": len(found.lines), "most": MOST_ROWS,
        }  # fmt: skip
    return found


def _lines(sheet: Sheet, header: Header, today: date, skipped: list[Problem]) -> Iterator[Line]:
    keys = header.keys
    for row in sheet.rows[header.last :]:
        if row.is_empty:
            continue
        first = next((cell.text for cell in row.cells if not cell.is_empty), "")
        name = row.cell(keys["name"])
        if row.hidden:
            skipped.append(Problem(str(row.number), _("Hidden row.")))
        elif NOTES.match(first.strip()):
            skipped.append(Problem(str(row.number), _("Total or note.")))
        elif name.filled or all(row.cell(index).is_empty or row.cell(index).filled for index in keys.values()):
            skipped.append(Problem(str(row.number), _("Nothing of its own in this row.")))
        else:
            yield _line(sheet, row, keys, today)


def _line(sheet: Sheet, row: Row, keys: dict[str, int], today: date) -> Line:
    line = Line(sheet.name, row.number, {key: f"{column_letter(index)}{row.number}" for key, index in keys.items()})
    for key, index in keys.items():
        cell = row.cell(index)
        if cell.fault:
            line.trouble(key, _("The cell holds a formula without result or an error."))
        elif not cell.is_empty:
            _value(line, key, cell, sheet, today)
    if not line.name and not any(problem.cell == line.cells["name"] for problem in line.problems):
        line.trouble("name", _("The name is missing."))
    _sort_kind(line)
    began, due, founded = line.day("term_started_on"), line.day("election_due_on"), line.day("founded_on")
    if began and founded and began < founded:
        line.trouble("term_started_on", _("A term begins after the founding."))
    if began and due and due <= began:
        line.trouble("election_due_on", _("The election comes after the beginning of the term."))
    return line


def _value(line: Line, key: str, cell: Cell, sheet: Sheet, today: date) -> None:
    if key in HEADERS.dates:
        until = FAR if key == "election_due_on" else today
        try:
            found = read_date(cell, today=until, as_shown=sheet.as_shown, date_1904=sheet.date_1904)
        except DateUnreadable as error:
            line.trouble(key, str(error.message))
            return
        line.values[key] = found.on.isoformat()
        return
    text = names.clean_name(cell.text) if key == "secretary" else " ".join(cell.text.split())
    if len(text) > LONGEST.get(key, 80):
        line.trouble(key, _("At most %(most)d characters.") % {"most": LONGEST.get(key, 80)})
        return
    line.values[key] = text


def _sort_kind(line: Line) -> None:
    """By the type column; without one by how the name ends, which is official usage. Both and different: somebody decides."""
    named, told = _kind_of_name(line.name), line.values.get("type", "")
    if told:
        found = TYPES.get("".join(told.lower().split()))
        if found is None:
            known = "党委, 党总支, 党支部, 联合党支部, 临时党支部, 流动党员党支部"
            line.trouble("type", _("“%(text)s” is not a known kind: %(known)s.") % {"text": told, "known": known})
            return
        if named and named[0] != found[0]:
            line.trouble("type", _("The kind does not fit the name."))
            return
        named = (found[0], found[1] or (named[1] if named else ""))
    if named is None:
        if line.name:
            line.trouble("name", _("Committee, general branch or branch? Add a column “类型”, or write the full name."))
        return
    line.values["kind"] = named[0].value
    line.values["branch_type"] = str(named[1] or (BranchType.ORDINARY if named[0] == Kind.BRANCH else ""))


def _kind_of_name(name: str) -> tuple[Kind, str] | None:
    if "总支" in name:
        return Kind.GENERAL_BRANCH, ""
    if "支部" in name:
        kinds = {"联合": BranchType.JOINT, "临时": BranchType.TEMPORARY, "流动党员": BranchType.MOBILE_MEMBER}
        return Kind.BRANCH, next((kind for word, kind in kinds.items() if word in name), "")
    if name.endswith(("委员会", "党委", "党工委")):
        return Kind.COMMITTEE, ""
    return None
