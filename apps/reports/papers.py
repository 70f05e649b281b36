"""The report as a Word paper: three blocks on one sheet, and the figures. It is Chinese whatever the language of the screen."""

from datetime import timedelta

from django.utils import timezone, translation

from apps.core import docx as word
from apps.core.days import long_day
from apps.core.docx import FORM_HEADING, FORM_SMALL, FORM_TITLE, TABLE_FORM
from apps.reports import periods
from apps.reports.figures import Figure, Value
from apps.reports.models import ReportNote
from apps.reports.reading import Reading

WORDS = {
    "title": "{period}工作报告",
    "span": "{branch}　　{first}至{last}",
    "plan": "工作安排\n及分工",
    "work": "工作执行\n情　　况",
    "opinion": "上级党组织\n意　　见",
    "written": "填写人：{name}　　　　{day}",
    "to_write": "填写人：　　　　　　　　　　年　　月　　日",
    "draft": "草稿，尚未报送",
    "version": "第{number}次报送",
    "approved": "审核通过",
    "returned": "退回修改",
    "definitions": "数据口径",
}
WIDTHS = (28, 137)
FIGURE_WIDTHS = (58, 24.5, 58, 24.5)


def report_docx(reading: Reading) -> tuple[bytes, str]:
    """The paper and its name."""
    with translation.override("zh-hans"):
        return _draw(reading)


def _draw(reading: Reading) -> tuple[bytes, str]:
    report, version = reading.report, reading.version
    title = WORDS["title"].format(period=periods.label(report.months, report.starts_on))
    name = report.organization.name
    document = word.table_form(title=title, footer=f"{name} · {title}")
    word.add_paragraph(document, title, FORM_TITLE, align="center", line_pt=34, after_pt=4, keep=True)
    last = report.ends_before - timedelta(days=1)
    span = WORDS["span"].format(branch=name, first=long_day(report.starts_on), last=long_day(last))
    word.add_paragraph(document, span, FORM_SMALL, align="center", after_pt=2, keep=True)
    stand = WORDS["version"].format(number=version.number) if version else WORDS["draft"]
    word.add_paragraph(document, stand, FORM_SMALL, align="center", after_pt=6, keep=True)
    table = word.add_grid(document, WIDTHS, padding_mm=1)
    signed = _signed(reading)
    for label, lines in ((WORDS["plan"], reading.plan), (WORDS["work"], reading.work)):
        _row(table, label, [line.text for line in lines], signed)
    _row(table, WORDS["opinion"], *_opinion(reading))
    word.add_paragraph(document, "", TABLE_FORM.body, line_pt=10, keep=True)
    _figures(document, reading.figures)
    return word.to_bytes(document), f"{name} {title}"


def _row(table: word.Table, label: str, lines: list[str], signed: str) -> None:
    cells = word.add_row(table, height_mm=28, splits=True)
    word.write(cells[0], label, align="center")
    for line in lines:
        paragraph = word.add_paragraph(cells[1], line, TABLE_FORM.body)
        word.indent(paragraph, TABLE_FORM.body, "firstLine", 2)
    word.add_paragraph(cells[1], signed, FORM_SMALL, align="right")
    word.drop_first_paragraph(cells[1])


def _signed(reading: Reading) -> str:
    version = reading.version
    if version is None:
        return WORDS["to_write"]
    person = getattr(version.submitted_by, "person", None) if version.submitted_by else None
    day = long_day(timezone.localdate(version.submitted_at))
    return WORDS["written"].format(name=person.name if person else "", day=day)


def _opinion(reading: Reading) -> tuple[list[str], str]:
    note = reading.note
    decided = reading.version and note and note.kind in (ReportNote.Kind.APPROVED, ReportNote.Kind.RETURNED)
    if not decided or note is None:
        return [], WORDS["to_write"]
    lines = [f"{WORDS[note.kind]}{'：' if note.text else '。'}{note.text}"]
    return lines, WORDS["written"].format(name=note.author, day=long_day(timezone.localdate(note.at)))


def _figures(document: word.Document, figures: list[tuple[Figure, Value]]) -> None:
    table = word.add_grid(document, FIGURE_WIDTHS, padding_mm=0.5)
    pairs = [(str(figure.name), str(value)) for figure, value in figures]
    for start in range(0, len(pairs), 2):
        cells = word.add_row(table, height_mm=8)
        row = [text for pair in pairs[start : start + 2] for text in pair]
        for place, cell in enumerate(cells):
            word.write(
                cell, row[place] if place < len(row) else "", FORM_SMALL, align="left" if place % 2 == 0 else "center"
            )
    word.add_paragraph(document, WORDS["definitions"], FORM_HEADING, line_pt=24, keep=True)
    for figure, _value in figures:
        word.add_paragraph(document, f"{figure.name}：{figure.definition}", FORM_SMALL, line_pt=16)
