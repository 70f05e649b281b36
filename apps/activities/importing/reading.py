"""From sheets to lines: what stands in the cells, before anybody asks the branch. Every trouble carries its cell."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.utils.translation import gettext as _

from apps.activities.importing.words import HEADERS
from apps.branches.names import clean_name
from apps.core.headers import Header, find_header, header_key, pick_sheets
from apps.core.workbook import LIMITS, Cell, Row, Sheet, WorkbookError, column_letter, read_workbook
from apps.core.written_dates import DateUnreadable, read_date

MOST_ROWS = 500
RANK = {header_key(name): place for one in HEADERS.fields for place, name in enumerate(one.names)}
NOTES = re.compile(r"^(合计|总计|小计|共计|填表|制表|审核|备注|说明|注[:：]|total|note)", re.IGNORECASE)
COUNTS = ("expected", "present", "leave", "minutes_long")
NAMES = ("chair", "minute_taker", "lecturer")
LISTS = ("people", "guests")
LONG = ("topics", "content", "resolution")
LONGEST = {"place": 80, "chair": 60, "minute_taker": 60, "lecturer": 60, "title": 500, "group": 60, "branch": 80}
_CLOCK = r"(\d{1,2})[:时点](\d{2})?(?::\d{2})?分?"
_TIMES = re.compile(
    rf"(上午|下午|晚上|晚|am|pm)?\s*{_CLOCK}(?:\s*(?:-+|—+|–|~|至|到)\s*(上午|下午|晚上|晚|am|pm)?\s*{_CLOCK})?\Z"
)
_WEEKDAY = re.compile(r"\(?(?:星期|周|礼拜)[一二三四五六日天]\)?")
_BETWEEN = re.compile(r"[、,，;；/\n\t]+")
_BRACKETS = re.compile(r"[(（【\[][^)）】\]]*[)）】\]]")


@dataclass(slots=True)
class Problem:
    """`cell` as Excel names it. An error leaves the row out, a note only says what was made of it."""

    cell: str
    message: str
    is_error: bool = True


@dataclass(slots=True)
class Line:
    """One row. Everything is text, so that a line survives the way through the browser: days are ISO, lists lie on lines."""

    sheet: str
    number: int
    cells: dict[str, str] = field(default_factory=dict)  # field → cell
    values: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def trouble(self, key: str, message: str, *, is_error: bool = True) -> None:
        self.problems.append(Problem(self.cells.get(key) or str(self.number), message, is_error))

    def text(self, key: str) -> str:
        return self.values.get(key, "")

    def list(self, key: str) -> list[str]:
        return self.text(key).split("\n") if self.text(key) else []

    def count(self, key: str) -> int | None:
        return int(self.values[key]) if key in self.values else None

    @property
    def held_on(self) -> date | None:
        return date.fromisoformat(self.values["held"]) if self.text("held") else None

    @classmethod
    def load(cls, data: dict[str, Any]) -> "Line":
        return cls(**{**data, "problems": [Problem(**problem) for problem in data["problems"]]})

    def dump(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(slots=True)
class Reading:
    """`skipped`: rows that are no meetings, with the reason. `unread`: columns nobody knows. `fault`: nothing could be read."""

    lines: list[Line] = field(default_factory=list)
    skipped: list[Problem] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    fault: str = ""


def sheets_of(data: bytes, name: str) -> list[Sheet]:
    """WorkbookError says in words why a file cannot be read."""
    if len(data) > LIMITS.file_bytes:
        raise WorkbookError("too_big", _("The file is larger than 5 MB."))
    sheets = read_workbook(data, name)
    if not data.startswith(b"PK"):
        raise WorkbookError(
            "not_xlsx", _("Only .xlsx is read here. Open the file in Excel or WPS and save it as .xlsx.")
        )
    return sheets


def read(sheets: list[Sheet], today: date) -> Reading:
    """The sheets whose header is known, in order."""
    found = Reading()
    headers = {sheet.name: header for sheet in sheets if not sheet.hidden and (header := find_header(sheet, HEADERS))}
    chosen = [name for name in pick_sheets(headers) if _keys(headers[name]).keys() & {"held", "planned"}]
    if not chosen:
        found.fault = _(
            "No header was found. One column must be called “会议类型”, another “实际会议时间”; the others may be missing."
        )
        return found
    for sheet in sheets:
        if sheet.name in chosen:
            header = headers[sheet.name]
            found.lines += _lines(sheet, header, today, found.skipped)
            read_here = set(_keys(header).values())
            unread = (c.title for c in header.columns if c.title and not c.ignored and c.index not in read_here)
            found.unread += [title for title in unread if title not in found.unread]
    if not found.lines:
        found.fault = _("There is no meeting below the header.")
    if len(found.lines) > MOST_ROWS:
        found.fault = _("%(number)d rows are too many for one go. Import at most %(most)d at a time.") % {
            "number": len(found.lines), "most": MOST_ROWS,
        }  # fmt: skip
    return found


def _keys(header: Header) -> dict[str, int]:
    """Where each field stands. Of two columns of one meaning the one with the better name counts: 实际会议时间 before 日期."""
    keys = header.keys
    for column in sorted(header.unclear, key=lambda column: RANK.get(header_key(column.title), len(RANK))):
        keys.setdefault(column.choices[0], column.index)
    return keys


def _lines(sheet: Sheet, header: Header, today: date, skipped: list[Problem]) -> Iterator[Line]:
    keys = _keys(header)
    for row in sheet.rows[header.last :]:
        if row.is_empty:
            continue
        first = next((cell.text for cell in row.cells if not cell.is_empty), "")
        if row.hidden:
            skipped.append(Problem(str(row.number), _("Hidden row.")))
        elif NOTES.match(first.strip()):
            skipped.append(Problem(str(row.number), _("Total or note.")))
        elif all(row.cell(index).is_empty or row.cell(index).filled for index in keys.values()):
            skipped.append(Problem(str(row.number), _("Nothing of its own in this row.")))
        else:
            yield _line(sheet, row, keys, today)


def _line(sheet: Sheet, row: Row, keys: dict[str, int], today: date) -> Line:
    line = Line(sheet.name, row.number, {key: f"{column_letter(index)}{row.number}" for key, index in keys.items()})
    for key, index in keys.items():
        cell = row.cell(index)
        if key in ("held", "planned"):
            continue
        if cell.fault:
            line.trouble(key, _("The cell holds a formula without result or an error."))
        elif not cell.is_empty:
            _value(line, key, cell)
    _day(line, row, keys, sheet, today)
    if "type" not in line.values:
        line.trouble("type", _("The type of the meeting is missing."))
    return line


def _value(line: Line, key: str, cell: Cell) -> None:
    text = cell.text.strip()
    if key in COUNTS:
        bare = unicodedata.normalize("NFKC", text).rstrip("人名分钟 ")
        if not re.fullmatch(r"\d{1,4}", bare):
            line.trouble(key, _("“%(text)s” is not a whole number.") % {"text": text[:20]})
            return
        line.values[key] = str(int(bare))
    elif key in LISTS:
        line.values[key] = "\n".join(names_in(text))
    elif key in LONG:
        line.values[key] = text
    else:
        text = clean_name(_BRACKETS.sub("", text)) if key in NAMES else " ".join(text.split())
        most = LONGEST.get(key, 80)
        if len(text) > most:
            line.trouble(key, _("At most %(most)d characters.") % {"most": most})
            return
        line.values[key] = text


def names_in(text: str) -> list[str]:
    """Each name once, in order, without what stands in brackets behind it. Spaces part names only where nothing else does."""
    pieces = [piece for piece in _BETWEEN.split(_BRACKETS.sub("", text)) if piece.strip()]
    if len(pieces) == 1 and len(apart := pieces[0].split()) > 1 and all(len(name) > 1 for name in apart):
        pieces = apart
    names = (clean_name(piece)[:60] for piece in pieces)
    return list(dict.fromkeys(name for name in names if name))


def _day(line: Line, row: Row, keys: dict[str, int], sheet: Sheet, today: date) -> None:
    """The day held; where it is empty, the day planned."""
    for key in ("held", "planned"):
        if key in keys and (not (cell := row.cell(keys[key])).is_empty):
            break
    else:
        line.trouble("held" if "held" in keys else "planned", _("The date is missing."))
        return
    if cell.fault:
        line.trouble(key, _("The cell holds a formula without result or an error."))
        return
    if key == "planned" and "held" in keys:
        line.trouble(key, _("The day it was planned for is taken: no other is given."), is_error=False)
    cell, begins, ends = _split(cell)
    try:
        found = read_date(cell, today=today, as_shown=sheet.as_shown, date_1904=sheet.date_1904)
    except DateUnreadable as error:
        line.trouble(key, str(error.message))
        return
    if found.precision != "day":
        line.trouble(key, _("Only the month is given. Add the day, for example 2025-03-05."))
        return
    line.values["held"] = found.on.isoformat()
    for name, clock in (("begins", begins), ("ends", ends)):
        if clock is not None:
            line.values[name] = f"{clock:%H:%M}"


def _split(cell: Cell) -> tuple[Cell, time | None, time | None]:
    """The cell without its hours, and the hours."""
    if isinstance(cell.value, datetime):
        return cell, cell.value.time().replace(second=0, microsecond=0), None
    if not isinstance(cell.value, str):
        return cell, None, None
    text = _WEEKDAY.sub(" ", unicodedata.normalize("NFKC", cell.value).strip()).strip()
    text = text.replace("T", " ")
    found = _TIMES.search(text)
    if not found:
        return Cell(text, text), None, None
    begins, ends = _clock(*found.group(1, 2, 3)), None
    if found[5]:
        ends = _clock(found[4] or found[1], found[5], found[6])
    bare = text[: found.start()].strip()
    return Cell(bare, bare), begins, ends if begins and ends and ends > begins else None


def _clock(half: str | None, hour: str, minute: str | None) -> time | None:
    number = int(hour)
    if half in ("下午", "晚上", "晚", "pm") and number < 12:
        number += 12
    return time(number, int(minute or 0)) if number < 24 and int(minute or 0) < 60 else None
