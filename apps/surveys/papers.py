"""The result of a survey as a Word paper, in Chinese."""

from apps.core.days import long_day
from apps.core.docx import (
    FORM_HEADING,
    FORM_SMALL,
    FORM_TITLE,
    TABLE_FORM,
    add_grid,
    add_paragraph,
    add_row,
    table_form,
    to_bytes,
    write,
)  # fmt: skip
from apps.surveys.models import Survey
from apps.surveys.results import Reading
from apps.surveys.rules import THRESHOLD

WIDTHS = (90, 36, 36)
TOO_FEW = f"少于 {THRESHOLD} 份，不公布。"


def result_docx(survey: Survey, reading: Reading) -> bytes:
    document = table_form(title=survey.title, footer=f"{survey.organization.name} {survey.title}")
    add_paragraph(document, survey.title, FORM_TITLE, align="center", line_pt=34, after_pt=4, keep=True)
    how = "不记名" if survey.is_anonymous else "记名"
    closed = long_day(survey.closed_on) if survey.closed_on else ""
    head = f"{survey.organization.name}　　{how}　　收回 {reading.answers} 份　　{closed}结束"
    add_paragraph(document, head, FORM_SMALL, align="center", after_pt=8)
    if reading.shown is None:
        add_paragraph(document, TOO_FEW, TABLE_FORM.body)
        return to_bytes(document)
    for number, shown in enumerate(reading.shown, start=1):
        add_paragraph(document, f"{number}．{shown.question.text}", FORM_HEADING, line_pt=24, keep=True)
        for part in shown.parts:
            if part.label:
                add_paragraph(document, part.label, TABLE_FORM.body, keep=True)
            if part.bars is None:
                add_paragraph(document, TOO_FEW, TABLE_FORM.body)
                continue
            table = add_grid(document, WIDTHS)
            for bar in part.bars:
                texts = (bar.label, f"{bar.count} 份", f"{bar.percent}%")
                for cell, text in zip(add_row(table, height_mm=8), texts, strict=True):
                    write(cell, str(text))
        for text in shown.texts:
            add_paragraph(document, f"· {text}", TABLE_FORM.body)
        if not shown.parts and not shown.texts:
            add_paragraph(document, "没有人填写。", TABLE_FORM.body)
    if survey.reply:
        add_paragraph(document, "支部答复", FORM_HEADING, line_pt=24, keep=True)
        add_paragraph(document, survey.reply, TABLE_FORM.body)
    return to_bytes(document)
